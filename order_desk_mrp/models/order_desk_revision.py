from odoo import api, models

from .order_desk_sheet_engineering import ANSWER_ASPECT


class OrderDeskRevision(models.Model):
    _inherit = "order.desk.revision"

    @api.model
    def _get_changes(self, old, new, aspects=None):
        if aspects is not None and ANSWER_ASPECT in aspects:
            # the lines themselves, and what they are called, are in this one
            aspects = {*aspects, "engineering"}
        return super()._get_changes(old, new, aspects)

    @api.model
    def _get_tolerance_text(self, over, under):
        """Return a tolerance as the forms print it, nothing where there is none."""
        if not over and not under:
            return ""
        return f"+{over or 0:g}% / −{under or 0:g}%"
