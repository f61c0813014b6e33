from odoo import Command, models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _prepare_archive_lines(self):
        """Return the values of the shipments that these moves make.

        What left by no transfer counts for its order.

        :return: ``{transfer or sale order: values}``
        """
        shipments = self.grouped(
            lambda move: move.picking_id or move.sale_line_id.order_id
        )
        return {key: moves._prepare_archive_vals() for key, moves in shipments.items()}

    def _prepare_archive_vals(self):
        """Return what an archive keeps of these moves of one shipment."""
        orders = self.sale_line_id.order_id.filtered("sheet_id")
        advices = self.shipping_advice_id
        receipts = self._get_receipts()
        needs_advice = any(move._needs_advice() for move in self)
        return {
            "picking_id": self.picking_id[:1].id,
            "order_ids": [Command.set(orders.ids)],
            "order_names": ", ".join(orders.mapped("name")),
            "partner_id": orders.partner_id.commercial_partner_id[:1].id,
            "shipped_on": max(self.mapped("date")),
            "advice_id": advices[:1].id,
            "receipt_id": receipts[:1].id,
            "slip_state": "there" if self.picking_id else "missing",
            "advice_state": self._get_paper_state(
                needs_advice,
                advices and all(advices.mapped("sent_on")),
                all(move.shipping_advice_id for move in self),
            ),
            "receipt_state": self._get_paper_state(
                any(not move._has_come_back() for move in self),
                receipts and all(r.state in ("signed", "filed") for r in receipts),
                all(move._get_receipts() or move._has_come_back() for move in self),
            ),
        }

    def _get_slips(self):
        """Return by which transfers these moves have left: their names, each once."""
        return sorted({move.picking_id.name or move.reference or "" for move in self})

    def _get_paper_state(self, is_needed, is_there, is_complete):
        """Return whether a paper is there, missing or not needed."""
        if is_there and is_complete:
            return "there"
        return "missing" if is_needed else "none"
