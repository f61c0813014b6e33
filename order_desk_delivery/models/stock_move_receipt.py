from collections import defaultdict

from odoo import fields, models


class StockMove(models.Model):
    """What has left, and whether the customer has signed for it (SPEC G7)."""

    _inherit = "stock.move"

    receipt_line_ids = fields.Many2many(
        "order.desk.receipt.line",
        "order_desk_receipt_line_move_rel",
        string="Lines of Delivery Receipts",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def _filter_without_receipt(self):
        """Return those that have left for a customer of the desk, without a receipt.

        What came back in full needs none.
        """
        return self.filtered(
            lambda move: (
                move.state == "done"
                and move.sale_line_id.order_id.sheet_id
                and move._is_leaving()
                and not move._get_receipts()
                and not move._has_come_back()
            )
        )

    def _get_receipts(self):
        """Return the receipts of these moves that were not withdrawn."""
        return self.receipt_line_ids.receipt_id.filtered(
            lambda receipt: receipt.state != "withdrawn"
        )

    def _has_come_back(self):
        """Tell whether all that left by this move was brought back."""
        self.ensure_one()
        back = self.returned_move_ids.filtered(lambda move: move.state == "done")
        returned = sum(
            move.product_uom._compute_quantity(move.quantity, self.product_uom)
            for move in back
        )
        return self.product_uom.compare(returned, self.quantity) >= 0

    def _group_for_receipts(self):
        """Return the moves of each shipment as lists of ids."""
        groups = defaultdict(list)
        for move in self:
            advice = move.shipping_advice_id
            request = move.shipping_request_line_id.request_id
            groups[move.company_id, advice or request or move.picking_id].append(
                move.id
            )
        return list(groups.values())

    def _prepare_receipt_lines(self):
        """Return what a receipt says of these moves, a dict for each article.

        In the unit of the order; parts of a kit are counted each for itself, as that is
        what the receiver finds in the boxes.
        """
        rows = {}
        for move in self.sorted(
            lambda move: (
                move.sale_line_id.order_id.id,
                move.sale_line_id.sequence,
                move.id,
            )
        ):
            line, product = move.sale_line_id, move.product_id
            unit = line.product_uom_id if line.product_id == product else product.uom_id
            row = rows.setdefault(
                (line, product),
                {
                    "sale_line_id": line.id,
                    "product_id": product.id,
                    "product_uom_id": unit.id,
                    "expected_qty": 0.0,
                    "move_ids": [],
                    "lot_ids": [],
                },
            )
            row["expected_qty"] += move.product_uom._compute_quantity(
                move.quantity, unit, round=False
            )
            row["move_ids"].append(move.id)
            row["lot_ids"] += move.move_line_ids.lot_id.ids
        return [
            {
                **row,
                "move_ids": [fields.Command.set(row["move_ids"])],
                "lot_ids": [fields.Command.set(row["lot_ids"])],
            }
            for row in rows.values()
        ]

    def _is_all_received(self):
        """Tell whether the customers have signed for all that has left by these."""
        return all(
            any(receipt._is_in() for receipt in move._get_receipts())
            or move._has_come_back()
            for move in self
            if move.state == "done" and move._is_leaving()
        )

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        """Take orders up again for which more is to leave, e.g. in exchange."""
        result = super()._action_confirm(
            merge=merge, merge_into=merge_into, create_proc=create_proc
        )
        # the warehouse need not be able to read sales orders
        result.sudo().sale_line_id.order_id.sheet_id._reopen_undelivered()
        return result
