from odoo import api, models


class SaleOrder(models.Model):
    """Nothing leaves without a shipping request: a condition of the gate (SPEC G1)."""

    _inherit = "sale.order"

    @api.depends("order_line.shipping_request_line_ids.request_id.state")
    def _compute_order_desk_gates(self):
        return super()._compute_order_desk_gates()

    def _order_desk_conditions(self, gate, leaving=None):
        conditions = super()._order_desk_conditions(gate, leaving)
        if gate != "shipping" or not conditions:
            return conditions
        # whoever ships need not be able to read orders or requests
        orders = self.browse().union(*conditions).sudo()
        found = orders._get_shipping_request_conditions(leaving)
        for order in conditions:
            if order in found:
                conditions[order].append(found[order])
        return conditions

    def _get_shipping_roles(self):
        """Return who makes shipping requests: ``{order: roles}`` of those that ask."""
        controlled = self.filtered("sheet_id")
        roles = self.env["order.desk.role"]._get_step_roles(
            controlled.company_id, "shipping_request"
        )
        return {
            order: roles[order.company_id]
            for order in controlled
            if roles[order.company_id]
        }

    def _get_shipping_request_conditions(self, leaving):
        """Return the condition of the orders that ask for requests.

        :param leaving: see ``_order_desk_conditions``; empty once the goods are gone
        """
        roles = self._get_shipping_roles()
        orders = self.browse().union(*roles)
        if leaving is None:
            leaving = orders._get_next_quantities(orders._get_shipped_quantities())
        left = orders._get_left_without_request()
        lines = self.env["order.desk.shipping.request.line"].sudo()  # as in the caller
        sale_lines = (left.sale_line_id | lines.sale_line_id.union(*leaving)).filtered(
            lambda line: line.order_id in orders
        )
        open_lines = sale_lines.shipping_request_line_ids._filter_open()
        by_sale_line = open_lines.grouped("sale_line_id")
        reasons = {order: [] for order in orders}
        for line, moves in left.grouped("sale_line_id").items():
            reasons[line.order_id].append(
                line._get_left_reason(moves, by_sale_line.get(line, lines))
            )
        for line in sale_lines:
            if reason := line._get_request_reason(
                leaving.get(line, 0.0), by_sale_line.get(line, lines)
            ):
                reasons[line.order_id].append(reason)
        return {
            order: order._get_shipping_request_condition(reasons[order], roles[order])
            for order in orders
        }

    def _get_shipping_request_condition(self, reasons, roles):
        self.ensure_one()
        people = dict.fromkeys(user.name for user in roles.signer_ids)
        return self._make_condition(
            "shipping_request",
            self.env._("Shipping request"),
            "\n".join(reasons),
            ", ".join(people),
            self.env._("Prepare") if roles._filter_mine() else "",
        )

    def _get_left_without_request(self):
        """Return the moves by which goods left and that no request has made good."""
        # whoever ships need not be able to read all transfers
        return self.sudo().order_line.move_ids.filtered(
            lambda move: (
                move.left_without_request
                and not move.shipping_request_line_id
                and move.state == "done"
            )
        )

    def _get_whole_shipped_quantities(self):
        """Return what has left whole and has not come back: ``{line: quantity}``."""
        done = self.order_line.move_ids.filtered(lambda move: move.state == "done")
        return {
            line: line._get_whole_quantity_of_parts(parts)
            for line, parts in done._get_line_parts().items()
        }

    def _get_heading_quantities(self):
        """Return what is reserved on its way out: ``{order line: quantity}``.

        On a route of several steps the goods count from the first one on; their last
        transfer comes into being later.
        """
        heading = self.order_line.move_ids.filtered(
            lambda move: (
                move.state in ("assigned", "partially_available")
                and move.quantity > 0
                and (move._is_leaving() or move._is_heading_out())
            )
        )
        parts = {}
        for move in heading:
            found = parts.setdefault(move.sale_line_id, {})
            found[move.product_id] = (
                found.get(move.product_id, 0.0) + move._get_own_quantity()
            )
        return {line: line._get_quantity_of_parts(parts[line]) for line in parts}

    def action_open_condition(self, code):
        """Prepare the shipping request that the gate asks for."""
        if code != "shipping_request":
            return super().action_open_condition(code)
        return self.sheet_id.action_prepare_shipping()
