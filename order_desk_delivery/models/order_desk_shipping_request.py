from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# the states in which a request is the shipper's business
SHIPPING_STATES = ("issued", "shipped")


class OrderDeskShippingRequest(models.Model):
    """The sales admin's order to the shipper to ship; nothing leaves without (SPEC G1).

    For one order of a customer, several, or a part. What has left under it is read from
    Odoo's stock moves, which it links and never makes.
    """

    _name = "order.desk.shipping.request"
    _description = "Shipping Request"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "order_ids.name"]
    _mail_post_access = "read"
    _check_company_auto = True

    number = fields.Char(
        readonly=True, copy=False, index="trigram", help="Given when it is issued."
    )
    # what the layout of documents prints at the foot of each page
    name = fields.Char("Document", related="display_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("issued", "Issued"),
            ("shipped", "Shipped"),
            ("received", "Received"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "order.desk.shipping.request.line", "request_id", "Goods", copy=True
    )
    order_ids = fields.Many2many(
        "sale.order",
        "order_desk_shipping_request_order_rel",
        compute="_compute_order_ids",
        store=True,
        string="Sales Orders",
    )
    sheet_ids = fields.Many2many(
        "order.desk.sheet",
        "order_desk_shipping_request_sheet_rel",
        compute="_compute_order_ids",
        store=True,
        string="Configuration Sheets",
    )
    # to search by: the warehouse reads no sheets
    order_code = fields.Char(related="sheet_ids.order_code")
    partner_shipping_id = fields.Many2one(
        "res.partner",
        "Ship to",
        compute="_compute_partner_shipping_id",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
        help="That of the orders. Goods that go elsewhere need an order that says so.",
    )
    ship_to = fields.Text(
        "Ship-to Address", compute="_compute_ship_to", compute_sudo=True
    )
    issued_ship_to = fields.Text(
        "Address Issued",
        readonly=True,
        copy=False,
        help="The address as it was when the request was issued.",
    )
    receiver = fields.Char(
        compute="_compute_receiver",
        store=True,
        readonly=False,
        help="The company or site that takes the goods in.",
    )
    contact = fields.Char(
        compute="_compute_receiver",
        store=True,
        readonly=False,
        help="Who takes the goods in.",
    )
    phone = fields.Char(compute="_compute_receiver", store=True, readonly=False)
    carrier_id = fields.Many2one(
        "delivery.carrier",
        compute="_compute_carrier_id",
        store=True,
        readonly=False,
        check_company=True,
    )
    freight_payer = fields.Selection(
        [
            ("sender", "We pay"),
            ("receiver", "The customer pays on arrival"),
            ("invoiced", "We pay and invoice it"),
        ],
        "Freight Paid by",
        default="sender",
        required=True,
    )
    note = fields.Text("Remarks to the Shipper")
    issued_on = fields.Datetime(readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    issue_count = fields.Integer(
        "Version", readonly=True, copy=False, help="How often it has been issued."
    )
    shipped_on = fields.Datetime(readonly=True, copy=False, help="When all had left.")
    withdrawn_on = fields.Datetime(readonly=True, copy=False)
    withdrawn_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    withdrawal_reason = fields.Text(readonly=True, copy=False)
    is_made_good = fields.Boolean(
        "Made Later",
        readonly=True,
        copy=False,
        help="Made for goods that had left without a request, in an emergency.",
    )
    picking_ids = fields.One2many(
        "stock.picking", "shipping_request_id", "Transfers", readonly=True
    )

    _number_uniq = models.UniqueIndex(
        "(number, company_id)", "This company already has a request of this number."
    )

    @api.depends("line_ids.order_id")
    def _compute_order_ids(self):
        for request in self:
            request.order_ids = request.line_ids.order_id
            request.sheet_ids = request.line_ids.order_id.sheet_id

    @api.depends("order_ids.partner_shipping_id")
    def _compute_partner_shipping_id(self):
        """Follow the orders as long as the request is being prepared."""
        for request in self:
            if request.state == "draft":
                request.partner_shipping_id = request.order_ids[:1].partner_shipping_id

    @api.depends(
        lambda self: [
            "partner_shipping_id.name",
            "partner_shipping_id.commercial_partner_id.name",
            *(
                f"partner_shipping_id.{name}"
                for name in self.env["res.partner"]._display_address_depends()
            ),
        ]
    )
    @api.depends_context("lang")
    def _compute_ship_to(self):
        for request in self:
            request.ship_to = request._get_address(request.partner_shipping_id)

    @api.depends("partner_shipping_id")
    def _compute_receiver(self):
        """Propose who takes the goods in, as the address book says."""
        for request in self:
            partner = request.partner_shipping_id
            company = partner.commercial_partner_id
            person = request._get_contact()
            request.receiver = company.name or partner.name
            request.contact = person.name if person != company else False
            request.phone = person.phone or partner.phone or company.phone

    def _get_contact(self):
        """Return the person who may take the goods in, else the address itself.

        That is the person it goes to, somebody at the address, who has ordered, or the
        only person of the company.
        """
        self.ensure_one()
        address = self.partner_shipping_id
        company = address.commercial_partner_id
        there = self._filter_people(address.child_ids)
        if address != company and (people := self._filter_people(address) or there):
            return people[0]
        ordered_by = self._filter_people(self.order_ids.partner_id).filtered(
            lambda partner: (
                partner != company and partner.commercial_partner_id == company
            )
        )
        return ordered_by[:1] or (there if len(there) == 1 else address)

    @api.model
    def _filter_people(self, partners):
        """Return those of these contacts that are people, not places or companies."""
        return partners.filtered(
            lambda partner: (
                partner.name and partner.type == "contact" and not partner.is_company
            )
        )

    @api.depends("order_ids")
    def _compute_carrier_id(self):
        for request in self:
            partners = request.partner_shipping_id | request.order_ids.partner_id
            usual = partners.with_company(request.company_id)
            request.carrier_id = (
                request.carrier_id
                or request.order_ids.carrier_id[:1]
                or usual.property_delivery_carrier_id[:1]
            )

    @api.depends("number", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.number or self.env._(
                "Shipping request for %s", request.partner_id.name or ""
            )

    @api.model
    def _get_address(self, partner):
        """Return a ship-to as people write it on a parcel."""
        address = partner._display_address(without_company=True)
        lines = [partner.commercial_partner_id.name, partner.name, *address.split("\n")]
        lines = [line.strip() for line in lines if line and line.strip()]
        return "\n".join(dict.fromkeys(lines))  # a company's own address names it twice

    def _get_neutral_ship_to(self):
        """Return the ship-to the same for every reader, to tell if it has changed."""
        self.ensure_one()
        return self.with_context(lang="en_US").ship_to

    @api.constrains("partner_id", "company_id", "line_ids")
    def _check_customer(self):
        """Keep to the orders of one customer that are under the desk's control."""
        for request in self.sudo():  # whoever prepares need not be able to read orders
            for order in request.line_ids.order_id:
                if order.partner_id.commercial_partner_id != request.partner_id:
                    raise ValidationError(
                        self.env._(
                            "%(order)s is an order of %(other)s, not of %(customer)s. A"
                            " shipping request is for one customer.",
                            order=order.name,
                            other=order.partner_id.commercial_partner_id.name,
                            customer=request.partner_id.name,
                        )
                    )
                if not order.sheet_id:
                    raise ValidationError(
                        self.env._(
                            "%s has no configuration sheet. Its goods leave without a"
                            " shipping request.",
                            order.name,
                        )
                    )

    # ------------------------------------------------------------- protection

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "number": False,
            "state": "draft",
            "issued_on": False,
            "issued_by_id": False,
            "issue_count": 0,
            "issued_ship_to": False,
            "shipped_on": False,
            "withdrawn_on": False,
            "withdrawn_by_id": False,
            "withdrawal_reason": False,
            "is_made_good": False,
            "picking_ids": [],
        }

    @api.model
    def _get_content_fields(self):
        """Return what a request says; it is changed while it is prepared alone."""
        return {
            "company_id",
            "partner_id",
            "partner_shipping_id",
            "receiver",
            "contact",
            "phone",
            "service_level_id",
            "carrier_id",
            "freight_payer",
            "note",
            "line_ids",
            "check_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        requests._update_checks()
        return requests

    def write(self, vals):
        if self._get_content_fields() & set(vals) and not self.env.su:
            self._check_prepared()
        result = super().write(vals)
        if "line_ids" in vals:
            self._update_checks()
        return result

    def _check_prepared(self):
        """Refuse to change what the shipper works by."""
        issued = self.filtered(lambda request: request.state != "draft")
        if issued:
            raise UserError(
                self.env._(
                    "%s is not being prepared, so what it says stays. Revise it, or"
                    " prepare another one.",
                    ", ".join(issued.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_numbered(self):
        kept = self.filtered("number")
        if kept:
            raise UserError(
                self.env._(
                    "%s has been issued and stays on file. Withdraw it instead.",
                    ", ".join(kept.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        """Return who has to do what; each part of shipping adds what is its own."""
        return {}

    # ------------------------------------------------------------- issuing

    def action_issue(self):
        """Let the goods of these requests leave (SPEC G1).

        :raise UserError: not prepared any more, not looked at, more than is open, or
            the shipping gate is closed for these quantities; none is issued then
        """
        self._start()
        self._check_states(["draft"])
        errors = [
            "\n".join([request.display_name, *(f"• {text}" for text in found)])
            for request, found in self.sudo()._get_issue_errors().items()
            if found
        ]
        if errors:
            raise UserError("\n\n".join(errors))
        self.sudo()._issue()  # protected fields, the checks are above
        return True

    def _issue(self):
        """Give these requests their numbers and let the goods leave."""
        now = fields.Datetime.now()
        for request in self:
            number = request.number or request.company_id._order_desk_next_number(
                self._name
            )
            request.write(
                {
                    "number": number,
                    "state": "issued",
                    "issued_on": now,
                    "issued_by_id": self.env.uid,
                    "issue_count": request.issue_count + 1,
                    "issued_ship_to": request._get_neutral_ship_to(),
                }
            )
            request._tell(request._get_issued_sentence())
        self.filtered("is_made_good")._make_good()
        self.filtered(lambda r: r.state == "issued").line_ids._link_transfers()
        self.sheet_ids._note_requested()
        self._update_todos()

    def _note_shipped(self):
        """Start what follows once all goods of these requests have left."""

    def _get_open_lines(self):
        """Return the lines of these requests under which goods may still leave."""
        return self.line_ids._filter_open()
