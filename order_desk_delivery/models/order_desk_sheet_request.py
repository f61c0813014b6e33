from odoo import api, fields, models
from odoo.fields import Domain


class OrderDeskSheet(models.Model):
    """Shipping requests of the orders, and which orders wait for one (SPEC G1)."""

    _inherit = "order.desk.sheet"

    shipping_request_ids = fields.Many2many(
        "order.desk.shipping.request",
        "order_desk_shipping_request_sheet_rel",
        string="Shipping Requests",
        readonly=True,
    )
    shipping_request_count = fields.Integer(compute="_compute_shipping_request_count")
    partner_shipping_id = fields.Many2one(related="order_id.partner_shipping_id")
    ready_goods = fields.Text(
        compute="_compute_ready_goods",
        compute_sudo=True,
        help="Reserved for the delivery and not on a shipping request yet.",
    )
    waits_before_shipping = fields.Text(
        "Waits for",
        compute="_compute_ready_goods",
        compute_sudo=True,
        help="What has to be done before a shipping request can be issued.",
    )
    is_ready_to_ship = fields.Boolean(
        compute="_compute_ready_goods",
        search="_search_is_ready_to_ship",
        compute_sudo=True,
        help="Goods are ready, and nothing but the shipping request is missing.",
    )
    has_ready_goods = fields.Boolean(
        compute="_compute_ready_goods",
        search="_search_has_ready_goods",
        compute_sudo=True,
    )

    @api.depends("shipping_request_ids")
    def _compute_shipping_request_count(self):
        for sheet in self:
            sheet.shipping_request_count = len(sheet.shipping_request_ids)

    @api.depends("order_id.order_line.move_ids.state", "order_id.shipping_gate")
    @api.depends_context("lang")
    def _compute_ready_goods(self):
        orders = self.order_id
        ready = orders._get_to_request()
        gates = orders._get_gate_conditions("shipping", ready)
        for sheet in self:
            order = sheet.order_id
            lines = order.order_line.filtered(lambda line: line in ready)
            unmet = [
                condition
                for condition in gates.get(order, ())
                if condition["code"] != "shipping_request" and not condition["holds"]
            ]
            sheet.ready_goods = "\n".join(
                self.env._(
                    "%(label)s: %(value)s",
                    label=line.product_id.display_name,
                    value=line._format_shipping_quantity(ready[line]),
                )
                for line in lines
            )
            sheet.waits_before_shipping = "\n".join(
                self.env._(
                    "%(condition)s (%(actor)s)",
                    condition=condition["label"],
                    actor=condition["actor"],
                )
                if condition["actor"]
                else condition["label"]
                for condition in unmet
            )
            sheet.has_ready_goods = bool(lines)
            sheet.is_ready_to_ship = bool(lines) and not unmet

    def _search_has_ready_goods(self, operator, value):
        return self._search_ready("has_ready_goods", operator, value)

    def _search_is_ready_to_ship(self, operator, value):
        return self._search_ready("is_ready_to_ship", operator, value)

    @api.model
    def _search_ready(self, name, operator, value):
        """Find the sheets with reserved goods, then ask their requests and gates."""
        if operator != "in":
            return NotImplemented
        # managers need not be able to read stock moves
        reserved = (
            self.env["stock.move"]
            .sudo()
            ._search(
                [
                    ("state", "in", ("assigned", "partially_available")),
                    ("sale_line_id", "!=", False),
                ]
            )
        )
        sheets = (
            self.sudo().search(  # the rules of the reader are applied to the result
                [
                    ("state", "=", "released"),
                    ("company_id", "in", self.env.companies.ids),
                    ("order_id.order_line.move_ids", "in", reserved),
                ]
            )
        )
        found = Domain("id", "in", sheets.filtered(name).ids)
        return found if True in value else ~found

    # ------------------------------------------------------------- preparing

    def action_prepare_shipping(self):
        """Prepare the shipping requests of these sheets, and open them (SPEC G1).

        :raise UserError: a sheet that is not released, or of which nothing is ready
        """
        requests = self.env["order.desk.shipping.request"]
        requests.check_access("create")
        self.check_access("read")
        self._start_over_if_second()  # two who prepare the same at the same moment
        # whoever prepares need not be able to read orders
        orders = self.sudo().order_id
        left = orders._get_left_without_request().sale_line_id.order_id
        (self - left.sheet_id)._check_states(["released"])
        prepared = requests
        if left:  # what is owed comes first
            prepared |= requests._prepare_later(left)
        if orders - left or not left:
            prepared |= requests._prepare(orders - left)
        return prepared._get_records_action(name=self.env._("Shipping Requests"))

    def action_view_shipping_requests(self):
        """Open the shipping requests of these sheets."""
        return self.shipping_request_ids._get_records_action(
            name=self.env._("Shipping Requests")
        )

    def _note_requested(self):
        """Note that a request has been issued for these sheets, as superuser."""
        self._add_milestones("shipping_requested")
        self._make_good_waivers()
        self._update_todos()

    def _action_cancel(self):
        result = super()._action_cancel()
        # nobody who cancels need be able to read requests
        self.sudo()._free_shipping_requests()
        return result

    def _free_shipping_requests(self):
        """Let nothing more of these cancelled orders leave under their requests."""
        lines = self.order_id.order_line.shipping_request_line_ids
        lines.filtered(lambda line: line.request_id.state == "draft").unlink()
        lines = lines.exists()._filter_open()
        requests = lines.request_id
        untouched = requests.filtered(
            lambda request: not request.line_ids.move_ids and request.sheet_ids <= self
        )
        untouched._withdraw(self.env._("The order was cancelled."))
        (lines - untouched.line_ids)._close_rest()
        for request in requests - untouched:
            request._update_todos()
