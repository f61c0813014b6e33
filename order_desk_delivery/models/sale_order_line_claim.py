from typing import NamedTuple

from odoo import models

from .order_desk_claim import DEAD_STATES


class Claimable(NamedTuple):
    """What of an order's line has left, and what of it can still be claimed."""

    shipped: float
    open: float


class SaleOrderLine(models.Model):
    """What of an order's lines can be claimed (SPEC I1)."""

    _inherit = "sale.order.line"

    def _get_claimable_quantities(self, without=None):
        """Return what has left and can be claimed: ``{line: Claimable}``.

        What came back without a claim cannot be claimed any more; what came back, or
        left anew, because of a claim can be claimed as often as it has left.

        :param without: claims that are left out of account
        """
        lines = self.sudo()  # whoever takes a claim down need not read transfers
        moves = lines.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and (move._is_leaving() or not move.claim_outcome_id)
            )
        )
        shipped = moves._get_line_quantities()
        claimed = lines._get_claimed_quantities(without)
        return {
            line.with_env(self.env): Claimable(
                shipped.get(line, 0.0),
                max(0.0, shipped.get(line, 0.0) - claimed.get(line, 0.0)),
            )
            for line in lines
        }

    def _get_claimed_quantities(self, without=None):
        """Return what living claims claim of these lines: ``{line: quantity}``."""
        rows = self.env["order.desk.claim.line"]._read_group(
            [
                ("sale_line_id", "in", self.ids),
                ("claim_id.state", "not in", DEAD_STATES),
                ("claim_id", "not in", without.ids if without else []),
            ],
            ["sale_line_id"],
            ["quantity:sum"],
        )
        return dict(rows)

    def _get_delivered_moves(self):
        """Return the moves by which these lines have left, the last ones first."""
        moves = self.sudo().move_ids  # see above
        return moves.filtered(
            lambda move: move.state == "done" and move._is_leaving()
        ).sorted(lambda move: (move.date, move.id), reverse=True)

    def _get_credited_quantities(self):
        """Return what was credited already: ``{invoice: quantity}`` in this unit.

        Under an empty invoice stands what was credited without naming one.
        """
        self.ensure_one()
        credited = {}
        for line in self.invoice_lines:
            if line.move_id.move_type != "out_refund" or line.parent_state == "cancel":
                continue
            invoice = line.move_id.reversed_entry_id
            credited[invoice] = credited.get(
                invoice, 0.0
            ) + line.product_uom_id._compute_quantity(
                line.quantity, self.product_uom_id, round=False
            )
        return credited
