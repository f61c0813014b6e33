from odoo import api, models


class StockMove(models.Model):
    """Goods that come back, or leave once more, because of a claim (SPEC I1)."""

    _name = "stock.move"
    _inherit = ["order.desk.claim.document.mixin", "stock.move"]

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        # what replaces claimed goods does not melt into what is still to be delivered
        return [*super()._prepare_merge_moves_distinct_fields(), "claim_outcome_id"]

    def _prepare_move_split_vals(self, qty):
        return {
            **super()._prepare_move_split_vals(qty),
            "claim_outcome_id": self._pass_claim_outcome_on(),
        }

    def _get_returnable(self):
        """Return what of this delivered move can still come back, in its unit."""
        self.ensure_one()
        back = self.returned_move_ids.filtered(lambda move: move.state != "cancel")
        return self.quantity - sum(
            move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty,
                self.product_uom,
                round=False,
            )
            for move in back
        )

    def _choose_lots(self, lots):
        """Take these lots on a way back, where they tell all that comes."""
        self.ensure_one()
        named = self.origin_returned_move_id.lot_ids & lots
        tracking = self.product_id.tracking
        if tracking == "lot" and len(named) == 1:
            self.move_line_ids.lot_id = named
        elif tracking == "serial" and len(named) >= self.product_qty:
            self.lot_ids = named[: int(self.product_qty)]

    def _get_leaving_value(self):
        """Return the value of what has left by these moves."""
        left = self.filtered(lambda move: move.state == "done" and move._is_leaving())
        return sum(abs(value) for value in left.mapped("value"))
