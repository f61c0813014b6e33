from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    shipping_gate = fields.Json(
        compute="_compute_shipping_gate",
        compute_sudo=True,
        groups="base.group_user",  # customers read their own transfers
        help="Conditions to meet before the goods of this transfer may leave.",
    )

    waiver_note = fields.Text(
        "Waivers",
        compute="_compute_waiver_note",
        compute_sudo=True,
        groups="base.group_user",
        help="The open waivers of the orders of this transfer.",
    )

    @api.depends("sale_id.waiver_note", "move_ids.sale_line_id.order_id.waiver_note")
    @api.depends_context("lang")
    def _compute_waiver_note(self):
        for picking in self:
            notes = picking._get_desk_orders().mapped("waiver_note")
            picking.waiver_note = "\n".join(filter(None, notes)) or False

    def _get_desk_orders(self):
        """Return the orders of this transfer that are under the desk's control."""
        self.ensure_one()
        orders = self.sale_id | self.move_ids.sale_line_id.order_id
        return orders.filtered("sheet_id")

    def _get_waiver_texts(self):
        """Return what the shipping papers say about waivers, a text for each."""
        self.ensure_one()
        # who prints the papers need not read sheets
        sheets = self.sudo()._get_desk_orders().sheet_id
        return [waiver._get_short_text() for waiver in sheets._get_open_waivers()]

    @api.depends("state", "move_ids.quantity", "move_ids.picked")
    @api.depends_context("lang", "uid")
    def _compute_shipping_gate(self):
        """Read the gate for the quantities that really leave (SPEC F3)."""
        self.shipping_gate = False
        for picking in self:
            moves = picking.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel") and move._is_leaving()
            )
            orders = moves.sale_line_id.order_id.filtered("sheet_id")
            if not orders:
                continue
            conditions = orders._get_gate_conditions(
                "shipping", moves._get_leaving_quantities()
            )
            picking.shipping_gate = [
                {**condition, "action": ""}
                for order in orders
                for condition in conditions[order]
            ]

    def _action_done(self):
        """Ask the gate again where goods left that nobody had ordered.

        Odoo adds them to the order once the moves are done.
        """
        result = super()._action_done()
        # the warehouse need not be able to read sales orders
        unordered = self.sudo().move_ids.filtered(
            lambda move: move.sale_line_id and not move.sale_line_id.product_uom_qty
        )
        unordered._pass_order_desk_gate()
        return result
