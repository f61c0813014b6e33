from odoo import api, models
from odoo.fields import Domain

# what is in the hands of a shipper
OPEN_REQUESTS = ("draft", "issued", "shipped")


class OrderDeskAccessory(models.Model):
    """Which accessories travel with which goods (SPEC C6)."""

    _inherit = "order.desk.accessory"

    def _filter_due(self, leaving):
        """Return those that travel with what is leaving, or should have left before.

        An accessory of a line is due with the line's first goods; what was added after
        them, with whatever leaves next.

        :param leaving: ``{line: quantity}`` beyond what has left, see
            ``sale.order._order_desk_conditions``; None for what is ready
        """
        orders = self.order_id
        shipped = orders._get_shipped_quantities()
        if leaving is None:
            leaving = orders._get_next_quantities(shipped)
        gone = {
            line: shipped.get(line, 0.0) + leaving.get(line, 0.0)
            for line in orders.order_line
        }
        return self.filtered(lambda accessory: accessory._is_due(gone))

    def _is_due(self, gone):
        """Tell whether it travels with these goods or with some before.

        :param gone: ``{line: what has left once the goods in question are gone}``
        """
        self.ensure_one()
        goods = self.order_id.order_line.filtered(lambda line: line._is_goods())
        if self.travels == "apart":
            return False
        if self.travels == "last":
            return all(
                line.product_uom_id.compare(gone.get(line, 0.0), line.product_uom_qty)
                >= 0
                for line in goods
            )
        lines = self.sale_line_id & goods if self.travels == "line" else goods
        return any(gone.get(line, 0.0) > 0 for line in lines or goods)

    def _waits_for_goods(self):
        """Tell whether goods are still to leave that it travels with."""
        self.ensure_one()
        if self.travels == "apart":
            return False
        # whoever packs need not read sales orders
        order = self.sudo().order_id
        shipped = order._get_shipped_quantities()
        return any(
            line.product_uom_id.compare(shipped.get(line, 0.0), line.product_uom_qty)
            < 0
            for line in order.order_line
            if line._is_goods()
        )

    def _ship_with(self, moves):
        """Let packed accessories leave with these moves, which are done.

        :param moves: what has just left for customers, as superuser
        """
        sheets = moves.sale_line_id.order_id.sheet_id
        packed = self.search(
            Domain("sheet_id", "in", sheets.ids)
            & Domain("state", "=", "packed")
            & Domain("travels", "!=", "apart")
        )
        if not packed:
            return
        moves_by_order = moves.grouped(lambda move: move.sale_line_id.order_id)
        for accessory in packed._filter_due({}):
            left = accessory._filter_moves(moves_by_order[accessory.order_id])
            if not left:
                continue
            accessory.write(
                {
                    "state": "shipped",
                    "shipped_on": left[:1].date,
                    "picking_id": left.picking_id[:1].id,
                    "request_id": left.shipping_request_line_id.request_id[:1].id,
                }
            )

    @api.model
    def _get_gone_with(self, moves):
        """Return the accessories that have left along with these moves.

        :param moves: as superuser; whoever reads papers need not read accessories
        """
        return self.sudo().search(
            Domain("state", "=", "shipped")
            & Domain("picking_id", "in", moves.picking_id.ids)
            & Domain("sheet_id", "in", moves.sale_line_id.order_id.sheet_id.ids)
        )

    def _filter_moves(self, moves):
        """Return with which of the moves of its order it leaves, its line's first."""
        self.ensure_one()
        if self.request_id.state in OPEN_REQUESTS:
            moves = moves.filtered(
                lambda move: move.shipping_request_line_id.request_id == self.request_id
            )
        return moves.sorted(lambda move: move.sale_line_id != self.sale_line_id)
