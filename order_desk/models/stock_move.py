from collections import defaultdict

from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Let nothing leave whose shipping gate is closed, whatever door it takes.

        The gate is asked once the moves are done, as only then it is certain what
        leaves; a refusal takes all of it back.
        """
        # the warehouse need not be able to read sales orders
        orders = self.filtered("sale_line_id").sudo().sale_line_id.order_id
        orders.sheet_id._start_over_if_second()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._pass_order_desk_gate()
        return moves

    def _pass_order_desk_gate(self):
        """Ask the gate about what has left by these moves; a refusal takes it back."""
        left = self.filtered(lambda move: move.state == "done" and move._is_leaving())
        left._note_leaving()
        # the warehouse need not be able to read sales orders
        orders = left.sudo().sale_line_id.order_id
        orders._check_order_desk_gate("shipping", leaving={})

    def _note_leaving(self):
        """Note under what these goods have left, just before the gate is asked.

        Modules that keep documents of shipments extend this.
        """

    def _is_leaving(self):
        """Tell whether goods leave for the customer by this move, in the last step."""
        self.ensure_one()
        return self.location_dest_id._is_outgoing() and not (
            self.location_id._is_outgoing()
        )

    def _get_leaving_quantities(self):
        """Return what is about to leave by these moves of one transfer.

        It is what is picked, else what is reserved, else all that is asked for.

        :return: ``{sale order line: quantity in its unit}``
        """
        picked = self.filtered(lambda move: move.picked and move.quantity > 0)
        moves = picked or self.filtered(lambda move: move.quantity > 0)
        if moves:
            return moves._get_further_quantities()
        return self._get_further_quantities(lambda move: move.product_uom_qty)

    def _get_line_quantities(self):
        """Return what these moves ship, less what they bring back.

        :return: ``{sale order line: quantity in its unit}``
        """
        return {
            line: line._get_quantity_of_parts(parts)
            for line, parts in self._get_line_parts().items()
        }

    def _get_further_quantities(self, get_quantity=lambda move: move.quantity):
        """Return what these moves ship beyond what has left already.

        The second part of a kit adds nothing to the first, see
        ``_get_quantity_of_parts``.

        :param get_quantity: what to take of each move, in its unit
        :return: ``{sale order line: quantity in its unit}``
        """
        coming = self._get_line_parts(get_quantity)
        done = self.sale_line_id.move_ids.filtered(lambda move: move.state == "done")
        gone = done._get_line_parts()
        further = {}
        for line, parts in coming.items():
            before = gone.get(line, {})
            after = {
                product: before.get(product, 0.0) + parts.get(product, 0.0)
                for product in {*before, *parts}
            }
            further[line] = line._get_quantity_of_parts(
                after
            ) - line._get_quantity_of_parts(before)
        return further

    def _get_line_parts(self, get_quantity=lambda move: move.quantity):
        """Return ``{line: {product: quantity in its unit}}`` of what ships."""
        parts_by_line = defaultdict(lambda: defaultdict(float))
        # Odoo asks the database each time; few places serve many moves
        is_outgoing = {
            location: location._is_outgoing()
            for location in self.location_id | self.location_dest_id
        }
        for move in self:
            line = move.sale_line_id
            back = is_outgoing[move.location_id]
            if not line or back == is_outgoing[move.location_dest_id]:
                continue  # not the step that matters, e.g. picking or packing
            quantity = move.product_uom._compute_quantity(
                get_quantity(move), move.product_id.uom_id, round=False
            )
            parts_by_line[line][move.product_id] += -quantity if back else quantity
        return parts_by_line

    def _action_assign(self, force_qty=False):
        """Have a notice proposed soon for what is finished now (SPEC F3)."""
        result = super()._action_assign(force_qty=force_qty)
        # the warehouse need not be able to read sales orders
        reserved = self.sudo().filtered(
            lambda move: (
                move.state in ("assigned", "partially_available")
                and move.sale_line_id.order_id.sheet_id
                and move._is_leaving()
            )
        )
        cron = self.env.ref(
            "order_desk.ir_cron_follow_balance", raise_if_not_found=False
        )
        if reserved and cron:
            cron.sudo()._trigger()  # nobody triggers scheduled actions by hand
        return result
