from odoo import fields, models


class OrderDeskSheet(models.Model):
    _inherit = "order.desk.sheet"

    mrp_production_count = fields.Integer(
        related="order_id.mrp_production_count", groups="mrp.group_mrp_user"
    )

    def action_view_mrp_production(self):
        """Open the manufacturing orders of this sheet's sales order."""
        self.ensure_one()
        return self.order_id.action_view_mrp_production()
