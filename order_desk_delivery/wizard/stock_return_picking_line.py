from odoo import models


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    def _prepare_move_default_values(self, new_picking):
        return {
            **super()._prepare_move_default_values(new_picking),
            "claim_outcome_id": self.wizard_id._pass_claim_outcome_on(),
        }
