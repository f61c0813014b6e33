from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    claim_outcome_id = fields.Many2one("order.desk.claim.outcome", readonly=True)

    def _get_proc_values(self, line):
        values = super()._get_proc_values(line)
        if self.claim_outcome_id:
            values["claim_outcome_id"] = self.claim_outcome_id.id
        return values
