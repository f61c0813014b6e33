from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

# goods of an order that end there have neither stayed nor left for the customer
ODD_PLACES = ("inventory", "production", "supplier")
# what this transaction knows: moves are being done by Odoo, so the gate is asked
DOING = "order_desk_moves_being_done"


class StockMove(models.Model):
    _inherit = "stock.move"

    def write(self, vals):
        if {"sale_line_id", "state"} & set(vals) and not self.env.su:
            self._check_stays_controlled(vals)
        return super().write(vals)

    def _check_stays_controlled(self, vals):
        """Refuse to take goods of controlled orders past the door by hand.

        :raise UserError: they would leave as no order's or without the gate being
            asked, or what has left would not have left
        """
        is_doing = self.env.cr.precommit.data.get(DOING)
        # the warehouse need not be able to read sales orders
        moves = self.sudo().filtered("sale_line_id.order_id.sheet_id")
        taken = moves.filtered(
            lambda move: (
                (
                    move.state != "cancel"
                    and vals.get("sale_line_id", move.sale_line_id.id)
                    != move.sale_line_id.id
                )
                or (move.state == "done" and vals.get("state", "done") != "done")
                or (
                    move.state != "done"
                    and vals.get("state") == "done"
                    and not is_doing
                )
            )
        )
        if taken:
            raise UserError(
                self.env._(
                    "%(goods)s of %(orders)s: these goods stay with their order. Cancel"
                    " the transfer if they are not to leave; bring back by a return"
                    " what has left.",
                    **taken._get_goods_values(),
                )
            )

    def _get_goods_values(self):
        """Return what messages say of these moves, as superuser."""
        return {
            "goods": ", ".join(self.product_id.mapped("display_name")),
            "orders": ", ".join(self.sale_line_id.order_id.mapped("name")),
        }

    def _action_done(self, cancel_backorder=False):
        """Let nothing leave whose shipping gate is closed, whatever door it takes.

        The gate is asked once the moves are done, as only then it is certain what
        leaves; a refusal takes all of it back.
        """
        # the warehouse need not be able to read sales orders
        orders = self.filtered("sale_line_id").sudo().sale_line_id.order_id
        orders.sheet_id._start_over_if_second()
        known = self.env.cr.precommit.data
        before = known.get(DOING)
        known[DOING] = True
        try:
            moves = super()._action_done(cancel_backorder=cancel_backorder)
        finally:
            known[DOING] = before
        moves._pass_order_desk_gate()
        return moves

    def _pass_order_desk_gate(self):
        """Ask the gate about what has left by these moves; a refusal takes it back."""
        left = self.filtered(lambda move: move.state == "done" and move._is_leaving())
        (self - left)._check_stays_here()
        left._follow_order()
        left._note_leaving()
        # the warehouse need not be able to read sales orders
        orders = left.sudo().sale_line_id.order_id
        orders._check_order_desk_gate("shipping", leaving={})

    def _follow_order(self):
        """Make what is done on a controlled order's transfer its own, as Odoo does.

        Odoo leaves out what is scrapped, or is added to a transfer that is done.
        """
        # the warehouse need not be able to read sales orders
        added = self.sudo().filtered(
            lambda move: not move.sale_line_id and move.picking_id.sale_id.sheet_id
        )
        added._action_synch_order()

    def _note_leaving(self):
        """Note under what these goods have left, just before the gate is asked.

        Modules that keep documents of shipments extend this.
        """

    def _is_leaving(self):
        """Tell whether goods leave for the customer by this move, in the last step."""
        self.ensure_one()
        return self._is_way_out(self.location_id, self.location_dest_id)

    def _is_way_out(self, source, destination):
        """Tell whether goods leave for the customer between these places."""
        return (
            destination._order_desk_is_outgoing()
            and not source._order_desk_is_outgoing()
        )

    def _check_stays_here(self):
        """Refuse what takes goods of controlled orders past the customer's door.

        A delivery goes to the customer, and what does not go there has no detailed
        operations that do.

        :raise UserError: names the goods and the orders
        """
        # the warehouse need not be able to read sales orders
        moves = self.sudo().filtered(
            lambda move: move.state == "done" and move.sale_line_id.order_id.sheet_id
        )
        astray = moves.filtered(lambda move: move._goes_astray())
        if astray:
            raise UserError(
                self.env._(
                    "%(goods)s of %(orders)s: a delivery goes to the customer, and"
                    " nothing else does. Correct where the transfer and its detailed"
                    " operations come from and go to.",
                    **astray._get_goods_values(),
                )
            )

    def _goes_astray(self):
        """Tell whether this move, which does not leave by itself, takes goods away."""
        self.ensure_one()
        if any(
            line._is_apart()
            and self._is_way_out(line.location_id, line.location_dest_id)
            for line in self.move_line_ids
        ):
            return True
        usage = self.location_dest_id.usage
        is_delivery = self.picking_type_id.code == "outgoing" and usage == "internal"
        return (is_delivery or usage in ODD_PLACES) and (
            self.location_id.usage == "internal"
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
        for move in self:
            line = move.sale_line_id
            back = move.location_id._order_desk_is_outgoing()
            if not line or back == move.location_dest_id._order_desk_is_outgoing():
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
