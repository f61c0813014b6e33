from odoo import models


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    def action_raise_incident(self):
        """Open the dialog in which an incident at this work order is reported."""
        self.ensure_one()
        return self.env["order.desk.incident"]._get_raise_action(
            workorder_id=self.id,
            production_id=self.production_id.id,
            order_code=self.production_id.order_code,
        )
