from odoo import models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def _get_order_finish_date(self):
        """Return the finish date of the order this makes a line of, if it has one."""
        self.ensure_one()
        return self.sale_line_id.order_id.sheet_id.finish_date
