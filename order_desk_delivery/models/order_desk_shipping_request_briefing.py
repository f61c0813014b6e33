from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.order_desk.quantity import format_quantity

from .order_desk_shipping_request import SHIPPING_STATES


class OrderDeskShippingRequest(models.Model):
    """The shipper is briefed point by point and confirms each by name (SPEC G3)."""

    _inherit = "order.desk.shipping.request"

    point_ids = fields.One2many(
        "order.desk.shipping.point", "request_id", "Briefing", readonly=True
    )
    is_briefed = fields.Boolean(
        compute="_compute_briefing",
        compute_sudo=True,
        help="A shipper has confirmed every point as it stands today.",
    )
    briefing_progress = fields.Float(compute="_compute_briefing", compute_sudo=True)
    briefing_text = fields.Char(
        "Points Confirmed", compute="_compute_briefing", compute_sudo=True
    )
    has_new_points = fields.Boolean(
        compute="_compute_briefing",
        compute_sudo=True,
        help="There is more to tell the shipper than when the briefing was made.",
    )
    can_brief = fields.Boolean(compute="_compute_can_brief")

    @api.depends(
        "state",
        "point_ids.confirmed_on",
        "point_ids.kept_value",
        "partner_shipping_id",
        "receiver",
        "contact",
        "phone",
        "carrier_id",
        "freight_payer",
        "note",
        "line_ids.quantity",
        "line_ids.sale_line_id.packaging_note",
    )
    @api.depends_context("lang")
    def _compute_briefing(self):
        self._fetch_briefing()
        for request in self:
            points = request.point_ids
            count = len(points)
            done = len(points.filtered("is_confirmed"))
            request.has_new_points = False
            if request._is_briefing_open():
                contents = request._get_briefing_points()
                count = len(contents)
                done = count - len(request._get_unconfirmed(contents))
                request.has_new_points = {c["key"] for c in contents} != set(
                    points.mapped("key")
                )
            request.is_briefed = bool(count) and done == count
            request.briefing_progress = 100.0 * done / count if count else 0.0
            request.briefing_text = self.env._(
                "%(done)s of %(all)s", done=done, all=count
            )

    @api.depends("state", "line_ids.move_ids.shipping_advice_id.state")
    @api.depends_context("uid")
    def _compute_can_brief(self):
        roles = self.env["order.desk.role"]
        mine = roles._get_own_companies(self.company_id, "shipping")
        for request in self:
            request.can_brief = (
                request.company_id in mine and request.sudo()._is_briefing_open()
            )

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "point_ids": []}

    # ------------------------------------------------------------- what it says

    def _get_briefing_points(self):
        """Return what the shipper is told, point by point, in the reader's language.

        Whoever knows of more that matters extends this.

        :return: a list of dicts: ``key`` (stays the same as long as the point is about
            the same thing), ``kind`` (of ``order.desk.shipping.point``), ``title`` and
            ``text``; a point lapses when its title or text changes
        """
        self.ensure_one()
        return [
            *self._get_address_points(),
            *self._get_goods_points(),
            *self._get_packaging_points(),
            *self._get_waiver_points(),
            *self._get_cash_points(),
        ]

    def _get_address_points(self):
        """Return where the goods go, who takes them in, and who carries them."""
        address = self.partner_shipping_id or self.partner_id
        payers = dict(self._fields["freight_payer"]._description_selection(self.env))
        people = [self.receiver, self.contact, self.phone]
        entries = (
            (
                "ship_to",
                self.env._("Ship to"),
                address.with_context(show_address=True).display_name,
            ),
            (
                "receiver",
                self.env._("Receiver"),
                "\n".join(text for text in people if text),
            ),
            (
                "carrier",
                self.env._("Carrier and freight"),
                "\n".join(
                    text
                    for text in (self.carrier_id.name, payers[self.freight_payer])
                    if text
                ),
            ),
            ("note", self.env._("Remarks of the sales admin"), self.note),
        )
        return [
            {
                "key": kind,
                "kind": "other" if kind == "note" else kind,
                "title": title,
                "text": text,
            }
            for kind, title, text in entries
            if text
        ]

    def _get_goods_points(self):
        """Return how much of what is to leave, a point for each line."""
        points = []
        for line in self.line_ids:
            sheet = line.order_id.sheet_id
            codes = (line.order_id.name, sheet.order_code, sheet.customer_code)
            points.append(
                {
                    "key": f"goods-{line.sale_line_id.id}",
                    "kind": "goods",
                    "title": self.env._(
                        "%(quantity)s %(unit)s × %(product)s",
                        quantity=format_quantity(line.quantity),
                        unit=line.product_uom_id.name,
                        product=line.product_id.display_name,
                    ),
                    "text": " · ".join(code for code in codes if code),
                }
            )
        return points

    def _get_packaging_points(self):
        """Return how the goods are packed, and what else was agreed on the order."""
        points = [
            {
                "key": f"packaging-{line.id}",
                "kind": "packaging",
                "title": self.env._("Packaging: %s", line.product_id.display_name),
                "text": line.packaging_note,
            }
            for line in self.line_ids.sale_line_id
            if line.packaging_note
        ]
        return points + [
            {
                "key": f"requirements-{sheet.id}",
                "kind": "requirements",
                "title": self.env._("Requirements: %s", sheet.order_id.name),
                "text": sheet.other_requirements,
            }
            for sheet in self.line_ids.order_id.sheet_id
            if sheet.other_requirements
        ]

    def _get_waiver_points(self):
        """Return what was let pass for these goods and is still to be made good."""
        return [
            {
                "key": f"waiver-{waiver.id}",
                "kind": "waiver",
                "title": self.env._("Waived: %s", waiver.display_name),
                "text": waiver._get_short_text(),
            }
            for waiver in self.line_ids.order_id.sheet_id._get_open_waivers()
        ]

    def _get_cash_points(self):
        """Return what is to be collected when the goods are handed over (SPEC G9)."""
        return [
            {
                "key": f"cash-{order.id}",
                "kind": "cash",
                "title": self.env._("Collect on delivery: %s", order.name),
                "text": format_amount(self.env, amount, order.currency_id),
            }
            for order, amount in self._get_cash_amounts().items()
            if amount
        ]

    def _get_cash_amounts(self):
        """Return what to collect of each order: ``{order: amount}``.

        Once everything has left, it is what was noted when it did.
        """
        orders = self.line_ids.order_id.filtered(
            lambda order: order._is_cash_on_delivery()
        )
        if not orders:
            return {}
        leaving = {
            line.sale_line_id: quantity
            for line in self.line_ids
            if (quantity := line._get_further_quantity())
        }
        if leaving:
            money = orders._get_finished_money(leaving)
            return {order: values["to_ask"] for order, values in money.items()}
        amounts = self.line_ids.move_ids.picking_id.mapped("collect_amounts")
        return {
            order: sum((found or {}).get(str(order.id), 0.0) for found in amounts)
            for order in orders
        }

    def _fetch_briefing(self):
        """Read at once what the briefings of many requests are made of."""
        lines = self.line_ids
        (lines.move_ids.shipping_advice_id | self.advice_ids).mapped("state")
        lines.sale_line_id.product_id.mapped("display_name")
        sheets = lines.order_id.sheet_id
        sheets.waiver_ids.mapped("state")
        sheets.accessory_ids.mapped("state")
        self.point_ids.mapped("key")

    # ------------------------------------------------------------- keeping it right

    def _is_briefing_open(self):
        """Tell whether there is still something to brief the shipper about.

        Afterwards the points stay as they were confirmed.
        """
        self.ensure_one()
        return self.state in SHIPPING_STATES and bool(
            self._get_open_lines()
            or self._get_unadvised_moves()
            or self.advice_ids.filtered(lambda advice: advice.state == "draft")
        )

    def _refresh_briefing(self):
        """Bring the points in line with what these requests say today."""
        requests = self.sudo()  # nobody writes points by hand; they tell of orders
        requests._fetch_briefing()
        requests.point_ids._refresh(
            "request_id",
            {
                request: request._get_briefing_points()
                for request in requests
                if request._is_briefing_open()
            },
        )
        self._update_todos()

    def _get_unconfirmed(self, contents=None):
        """Return the titles of what no shipper has confirmed as it stands today.

        :param contents: what ``_get_briefing_points`` returns, if it is known
        """
        self.ensure_one()
        if contents is None:
            contents = self._get_briefing_points() if self._is_briefing_open() else []
        confirmed = set(self.point_ids.filtered("is_confirmed").mapped("key"))
        return [c["title"] for c in contents if c["key"] not in confirmed]

    def action_issue(self):
        """Brief the shipper on what has been issued."""
        result = super().action_issue()
        self._refresh_briefing()
        return result

    def action_refresh_briefing(self):
        """Show the points that have come up since the briefing was made."""
        self.check_access("read")
        self._refresh_briefing()

    def _check_may_brief(self):
        """Refuse unless the current user may confirm the points of these now."""
        self.env["order.desk.role"]._check_fills(self.company_id, "shipping")
        closed = self.filtered(lambda request: not request.sudo()._is_briefing_open())
        if closed:
            raise UserError(
                self.env._(
                    "%s: there is nothing to confirm. It is not issued, or what has"
                    " left under it is on a shipping advice already.",
                    ", ".join(closed.mapped("display_name")),
                )
            )
