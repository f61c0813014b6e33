from odoo import api, models


class OrderDeskRevision(models.Model):
    _inherit = "order.desk.revision"

    @api.model
    def _get_tolerance_text(self, over, under):
        """Return a tolerance as the forms print it, nothing where there is none."""
        if not over and not under:
            return ""
        return f"+{over or 0:g}% / −{under or 0:g}%"
