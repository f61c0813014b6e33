from odoo import models


class StockReturnPicking(models.TransientModel):
    """What comes back because of a claim, and what leaves instead (SPEC I1)."""

    _name = "stock.return.picking"
    _inherit = ["order.desk.claim.document.mixin", "stock.return.picking"]

    def _get_proc_values(self, line):
        values = super()._get_proc_values(line)
        if self.claim_outcome_id:
            values["claim_outcome_id"] = self.claim_outcome_id.id
        return values
