from odoo import api, fields, models


class OrderDeskShippingRequest(models.Model):
    """What the screens and the paper of a shipping request show besides."""

    _inherit = "order.desk.shipping.request"

    goods = fields.Char("Goods in Short", compute="_compute_goods", compute_sudo=True)
    has_left = fields.Boolean(
        "Some Has Left",
        compute="_compute_goods",
        compute_sudo=True,
        help="Goods have left under this request.",
    )
    can_issue = fields.Boolean(
        compute="_compute_can_issue", help="The user fills the role."
    )
    obstacles = fields.Text(
        compute="_compute_obstacles",
        compute_sudo=True,
        help="What is still in the way of issuing it, and what is not ready yet.",
    )
    waiver_note = fields.Text(
        "Waivers",
        compute="_compute_waiver_note",
        compute_sudo=True,
        help="The open waivers of the orders.",
    )
    transfer_count = fields.Integer(
        compute="_compute_transfer_count", compute_sudo=True
    )

    @api.depends("line_ids.quantity", "line_ids.move_ids")
    @api.depends_context("lang")
    def _compute_goods(self):
        for request in self:
            values = [line._get_look_value() for line in request.line_ids[:3]]
            if len(request.line_ids) > 3:
                more = len(request.line_ids) - 3
                values.append(self.env._("… and %s more", more))
            request.goods = ", ".join(values)
            request.has_left = bool(request.line_ids.move_ids)

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_can_issue(self):
        roles = self.env["order.desk.role"]
        mine = roles._get_own_companies(self.company_id, "shipping_request")
        for request in self:
            request.can_issue = request.company_id in mine

    @api.depends("state", "line_ids.quantity", "partner_shipping_id")
    @api.depends_context("lang")
    def _compute_obstacles(self):
        drafts = self.filtered(lambda r: r.state == "draft" and r.line_ids and r.id)
        errors = drafts._get_issue_errors()
        for request in self:
            texts = [
                text
                for text in errors.get(request, ())
                # it stands on the tab itself
                if text != request._get_unlooked_error()
            ]
            if request in drafts and not request.is_made_good:
                texts += request._get_not_ready()
            request.obstacles = "\n".join(texts) or False

    def _get_not_ready(self):
        """Return a warning for each line of which less is ready than requested."""
        self.ensure_one()
        return [
            self.env._(
                "%(product)s of %(order)s: %(ready)s of %(quantity)s are reserved for"
                " the delivery so far.",
                product=line.product_id.display_name,
                order=line.order_id.name,
                ready=line._format(line.ready_quantity),
                quantity=line._format(line.quantity),
            )
            for line in self.line_ids
            if line.product_uom_id.compare(line.ready_quantity, line.quantity) < 0
        ]

    @api.depends("order_ids.waiver_note")
    @api.depends_context("lang")
    def _compute_waiver_note(self):
        for request in self:
            notes = [
                f"{order.name}: {order.waiver_note}"
                for order in request.order_ids
                if order.waiver_note
            ]
            request.waiver_note = "\n".join(notes) or False

    @api.depends("picking_ids", "line_ids.move_ids.picking_id")
    def _compute_transfer_count(self):
        for request in self:
            request.transfer_count = len(request._get_transfers())

    def _get_transfers(self):
        """Return the transfers that are linked, or by which goods have left."""
        return self.picking_ids | self.line_ids.move_ids.picking_id

    def action_view_transfers(self):
        """Open the transfers of these requests."""
        transfers = self.sudo()._get_transfers()  # as on the button
        return transfers.sudo(self.env.su)._get_records_action(
            name=self.env._("Transfers")
        )

    def action_open_withdraw(self):
        """Open the dialog in which these requests are withdrawn."""
        wizard = self.env["order.desk.shipping.request.withdraw"].create(
            {"request_ids": self.ids}
        )
        return wizard._get_records_action(name=self.env._("Withdraw"), target="new")

    # ------------------------------------------------------------- on paper

    def _get_record_url(self):
        """Return where the QR code leads: to this request, for whoever may read it."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/order-desk-shipping-request/{self.id}"

    def _get_print_ship_to(self):
        """Return the ship-to as it was issued, in the reader's words if it still is."""
        self.ensure_one()
        if self.issued_ship_to in (False, self._get_neutral_ship_to()):
            return self.ship_to
        return self.issued_ship_to

    def _get_print_waivers(self):
        """Return what the paper says about waivers, a text for each."""
        self.ensure_one()
        # whoever prints it need not read sheets
        waivers = self.sudo().sheet_ids._get_open_waivers()
        return [f"{w.order_id.name} · {w._get_short_text()}" for w in waivers]
