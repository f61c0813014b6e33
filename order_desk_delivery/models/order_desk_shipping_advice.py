from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.order_desk.models.ir_attachment import IMAGE_TYPES

SENT_VIA = [
    ("email", "E-mail"),
    ("print", "Print"),
    ("fax", "Fax"),
    ("phone", "Phone"),
]
RECEIVED_VIA = [
    ("portal", "On the page of the advice"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("fax", "Fax"),
    ("in_person", "In person"),
]
# the customer has been told
SENT_STATES = ("sent", "arrived")
# a telephone number has at least so many digits anywhere
LEAST_PHONE_DIGITS = 5


class OrderDeskShippingAdvice(models.Model):
    """Tells the customer what was shipped, how, and when it should arrive (SPEC G4).

    The shipper fills it in after the goods have left under a request; the sales admin
    checks and sends it. What has left is read from the transfers.
    """

    _name = "order.desk.shipping.advice"
    _description = "Shipping Advice"
    _inherit = [
        "order.desk.number.mixin",
        "order.desk.protected.mixin",
        "order.desk.portal.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "request_id.number", "tracking_ref"]
    _mail_post_access = "read"
    _check_company_auto = True

    number = fields.Char(
        readonly=True,
        copy=False,
        index="trigram",
        help="Given when the shipper hands it in.",
    )
    # what the layout of documents prints at the foot of each page
    name = fields.Char("Document", related="display_name")
    version = fields.Integer(
        default=1,
        required=True,
        readonly=True,
        copy=False,
        help="Grows each time the advice is corrected and sent again.",
    )
    request_id = fields.Many2one(
        "order.desk.shipping.request",
        "Shipping Request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Goes to",
        required=True,
        index=True,
        ondelete="restrict",
        help="The customer's contact who is told.",
    )
    state = fields.Selection(
        [
            ("draft", "With the Shipper"),
            ("submitted", "To Check"),
            ("sent", "Sent"),
            ("arrived", "Arrived"),
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
    move_ids = fields.One2many(
        "stock.move", "shipping_advice_id", "What Has Left", readonly=True
    )
    line_ids = fields.One2many(
        "order.desk.shipping.advice.line", "advice_id", "Goods", readonly=True
    )
    order_ids = fields.Many2many(
        "sale.order",
        "order_desk_shipping_advice_order_rel",
        compute="_compute_order_ids",
        store=True,
        string="Sales Orders",
    )
    sheet_ids = fields.Many2many(
        "order.desk.sheet",
        "order_desk_shipping_advice_sheet_rel",
        compute="_compute_order_ids",
        store=True,
        string="Configuration Sheets",
    )

    carrier_id = fields.Many2one("delivery.carrier", check_company=True, tracking=True)
    tracking_ref = fields.Char("Tracking Number", size=64, copy=False, tracking=True)
    vehicle = fields.Char(
        size=32, tracking=True, help="Number plate, wagon, ship or flight."
    )
    driver = fields.Char(size=64, tracking=True)
    driver_phone = fields.Char(size=32, tracking=True)
    package_count = fields.Integer("Packages", tracking=True)
    weight = fields.Float(digits="Stock Weight", tracking=True)
    weight_uom_name = fields.Char(compute="_compute_weight_uom_name")
    photo_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_shipping_advice_photo_rel",
        string="Photos of the Load",
        copy=False,
        help="For our own eyes; the customer does not get them.",
    )
    remark = fields.Text(
        "Remark to the Customer", help="Stands on the advice.", tracking=True
    )
    shipped_on = fields.Datetime("Left on", readonly=True, copy=False)
    expected_arrival = fields.Datetime(copy=False, tracking=True)
    due_arrival_date = fields.Date(related="request_id.due_arrival_date")
    promised_day = fields.Date(
        "Arrival Promised",
        compute="_compute_promised_day",
        compute_sudo=True,
        help="What the customer was promised; the first day, if there are several.",
    )
    is_late = fields.Boolean(
        "Later than Promised", compute="_compute_promised_day", compute_sudo=True
    )
    late_reason = fields.Text(
        "Why It Is Later",
        copy=False,
        tracking=True,
        help="The customer reads it, when the goods arrive later than promised.",
    )

    submitted_on = fields.Datetime("Handed in", readonly=True, copy=False)
    submitted_by_id = fields.Many2one(
        "res.users", "Handed in by", readonly=True, copy=False, ondelete="restrict"
    )
    sent_back_note = fields.Text("Sent Back", readonly=True, copy=False)
    briefing_note = fields.Text(
        "Briefing",
        readonly=True,
        copy=False,
        help="The points of the briefing as they were confirmed.",
    )
    check_ids = fields.One2many(
        "order.desk.shipping.check", "advice_id", "Fields Checked", readonly=True
    )
    sent_on = fields.Datetime(readonly=True, copy=False)
    sent_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    sent_via = fields.Selection(SENT_VIA, readonly=True, copy=False)
    received_clear_on = fields.Datetime("Received Clearly", readonly=True, copy=False)
    received_clear_name = fields.Char(
        "Received by",
        readonly=True,
        copy=False,
        help="Who at the customer's says that the advice is there and legible.",
    )
    received_clear_via = fields.Selection(RECEIVED_VIA, readonly=True, copy=False)
    received_clear_by_id = fields.Many2one(
        "res.users",
        "Receipt Noted by",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Empty when the customer has noted it on the page.",
    )
    arrived_on = fields.Datetime(readonly=True, copy=False, tracking=True)

    _number_uniq = models.UniqueIndex(
        "(number, company_id)", "This company already has an advice of this number."
    )
    _package_count_positive = models.Constraint(
        "CHECK(package_count >= 0)", "There cannot be fewer than no packages."
    )
    _weight_positive = models.Constraint(
        "CHECK(weight >= 0)", "The weight cannot be negative."
    )

    # ------------------------------------------------------------- computed

    @api.depends("number", "version", "request_id.number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for advice in self:
            if not advice.number:
                advice.display_name = self.env._(
                    "Shipping advice for %s", advice.request_id.display_name
                )
            elif advice.version > 1:
                advice.display_name = f"{advice.number}/{advice.version}"
            else:
                advice.display_name = advice.number

    @api.depends("line_ids.order_id")
    def _compute_order_ids(self):
        for advice in self:
            advice.order_ids = advice.line_ids.order_id
            advice.sheet_ids = advice.line_ids.order_id.sheet_id

    def _compute_weight_uom_name(self):
        templates = self.env["product.template"]
        self.weight_uom_name = templates._get_weight_uom_name_from_ir_config_parameter()

    @api.depends(
        "expected_arrival",
        "sheet_ids.promise_date",
        "sheet_ids.order_id.service_level_id",
        "sheet_ids.order_id.commitment_date",
    )
    def _compute_promised_day(self):
        for advice in self:
            day = advice._get_promised_day()
            arrival = advice.expected_arrival
            advice.promised_day = day
            advice.is_late = bool(
                day and arrival and advice.company_id._order_desk_date(arrival) > day
            )

    def _get_promised_day(self):
        """Return the first day that the customer was promised, or False."""
        self.ensure_one()
        days = [sheet._get_promised_arrival() for sheet in self.sheet_ids]
        return min(filter(None, days), default=False)

    # ------------------------------------------------------------- what is right

    @api.constrains("driver_phone")
    def _check_driver_phone(self):
        for advice in self:
            phone = advice.driver_phone or ""
            digits = sum(sign.isdecimal() for sign in phone)
            if phone and digits < LEAST_PHONE_DIGITS:
                raise ValidationError(
                    self.env._("“%s” is not a telephone number.", phone)
                )

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for advice in self:
            customer = advice.request_id.partner_id.commercial_partner_id
            if advice.partner_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s, whose goods these"
                        " are.",
                        contact=advice.partner_id.display_name,
                        customer=customer.display_name,
                    )
                )

    @api.constrains("photo_ids")
    def _check_photo_ids(self):
        for photo in self.photo_ids:
            photo._order_desk_check_file(photo.name, photo.raw, IMAGE_TYPES)

    # ------------------------------------------------------------- protection

    @api.model
    def _get_entered_numbers(self):
        return ("package_count", "weight")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "number": False,
            "version": 1,
            "state": "draft",
            "move_ids": [],
            "line_ids": [],
            "check_ids": [],
            "shipped_on": False,
            "submitted_on": False,
            "submitted_by_id": False,
            "sent_back_note": False,
            "briefing_note": False,
            "sent_on": False,
            "sent_by_id": False,
            "sent_via": False,
            "received_clear_on": False,
            "received_clear_name": False,
            "received_clear_via": False,
            "received_clear_by_id": False,
            "arrived_on": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {*super()._get_fixed_fields(), "request_id"}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("A shipping advice is made from its shipping request.")
            )
        return super().create(vals_list)

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "A shipping advice cannot be duplicated. It is made from its shipping"
                " request when goods have left."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_in(self):
        kept = self.filtered(lambda advice: advice.number)
        if kept:
            raise UserError(
                self.env._(
                    "%s was handed in and stays on file. Withdraw it instead.",
                    ", ".join(kept.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------- what follows

    # here, and not where they are called: each part of the module adds its own

    def _note_sent(self):
        """Start what follows once the customer knows: tracking, the receipt."""

    def _note_corrected(self):
        """Follow what was corrected after sending, e.g. the expected arrival."""
