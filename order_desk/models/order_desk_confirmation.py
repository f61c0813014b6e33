from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from .order_desk_sheet import CONFIRMING_STATES

SENT_VIA = [
    ("email", "E-mail"),
    ("print", "Print"),
    ("fax", "Fax"),
    ("in_person", "Handed over"),
]


class OrderDeskConfirmation(models.Model):
    """The order confirmation: what the customer gets, checks, signs and returns.

    One for each sheet and revision (SPEC D1, D2). The desk makes and moves it through
    the ``action_*`` methods; people write on it only what ``_get_open_fields`` names.
    """

    _name = "order.desk.confirmation"
    _description = "Order Confirmation"
    _inherit = ["order.desk.portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, index="trigram")
    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    order_id = fields.Many2one(related="sheet_id.order_id")
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    clerk_id = fields.Many2one(related="sheet_id.clerk_id")
    revision_id = fields.Many2one(
        "order.desk.revision",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    revision = fields.Integer(
        related="revision_id.number", store=True, string="Revision Number"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Goes to",
        required=True,
        index=True,
        help="The customer's contact who gets the confirmation.",
    )
    state = fields.Selection(
        [
            ("draft", "Proof-Reading"),
            ("sent", "Sent"),
            ("returned", "Returned"),
            ("verified", "Verified"),
            ("replaced", "Out of Date"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "order.desk.confirmation.line", "confirmation_id", "Proof-Reading"
    )
    unread_count = fields.Integer("Still to Read", compute="_compute_unread_count")
    is_current = fields.Boolean(
        compute="_compute_is_current",
        compute_sudo=True,
        help="It says what the order says today, for the finish date of today.",
    )

    finish_date = fields.Date(
        readonly=True, help="When the goods are assembled, as the customer knows it."
    )
    promise_date = fields.Date(
        readonly=True, help="When the goods are shipped, as the customer knows it."
    )
    sent_on = fields.Datetime(readonly=True)
    sent_by_id = fields.Many2one("res.users", readonly=True)
    sent_via = fields.Selection(SENT_VIA, readonly=True)
    received_clear_on = fields.Datetime("Received Clearly", readonly=True)
    received_clear_by_id = fields.Many2one(
        "res.users",
        "Receipt Noted by",
        readonly=True,
        help="Who heard from the customer that the confirmation is there and legible.",
    )
    returned_on = fields.Datetime(readonly=True)
    returned_via = fields.Selection(
        [
            ("portal", "Signed in the portal"),
            ("upload", "Uploaded in the portal"),
            ("clerk", "Filed by the clerk"),
        ],
        readonly=True,
    )
    returned_by_name = fields.Char("Confirmed by", readonly=True)
    signature = fields.Image(
        max_width=1024, max_height=1024, attachment=False, readonly=True
    )
    remarks = fields.Text("Customer's Remarks", readonly=True)
    return_copy_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_confirmation_return_copy_rel",
        readonly=True,
        help="The confirmation as the customer returned it.",
    )
    check_item_ids = fields.Many2many(
        "order.desk.check.item",
        string="Looked at",
        domain=[("usage", "=", "return_copy")],
        help="What was looked at on the return copy.",
    )
    remarks_settled = fields.Text(
        "How the Remarks were Settled",
        help="What was agreed with the customer about their remarks.",
    )
    verified_by_id = fields.Many2one("res.users", readonly=True)
    verified_on = fields.Datetime(readonly=True)

    _sheet_revision_uniq = models.UniqueIndex(
        "(sheet_id, revision)", "A revision has one confirmation only."
    )
    # the scheduled shift looks for the due ones among all there ever were
    _shift_due_idx = models.Index("(shift_due_on) WHERE shift_due_on IS NOT NULL")

    @api.depends("line_ids.is_read")
    def _compute_unread_count(self):
        for confirmation in self:
            confirmation.unread_count = len(confirmation._get_unread_lines())

    @api.depends(
        "state",
        "finish_date",
        "revision_id",
        "sheet_id.digests",
        "sheet_id.finish_date",
        "sheet_id.valid_from_revision",
    )
    def _compute_is_current(self):
        for confirmation in self:
            sheet = confirmation.sheet_id
            confirmation.is_current = (
                confirmation.state != "replaced"
                and confirmation.revision >= sheet.valid_from_revision
                and confirmation.finish_date == sheet.finish_date
                and sheet._is_same_for_customer(confirmation.revision_id)
            )

    def _get_unread_lines(self):
        return self.line_ids.filtered(lambda line: not line.is_read)

    # ------------------------------------------------------------- protection

    @api.model
    def _get_open_fields(self):
        """Return the fields that people may write; the desk keeps all others."""
        return {
            "partner_id",
            "line_ids",
            "check_item_ids",
            "remarks_settled",
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }

    def write(self, vals):
        kept = set(vals) - self._get_open_fields()
        if kept and not self.env.su:
            labels = self.fields_get(list(kept), ["string"])
            raise AccessError(
                self.env._(
                    "%s cannot be changed by hand. Use the buttons of the order"
                    " confirmation.",
                    ", ".join(sorted(label["string"] for label in labels.values())),
                )
            )
        if not self.env.su:
            self._check_open_fields(vals)
        return super().write(vals)

    def _check_open_fields(self, vals):
        """Refuse to change what has been sent, or what has been verified."""
        names = {"partner_id"} & set(vals)
        closed = self.filtered(lambda c: names and c.state != "draft")
        names = {"check_item_ids", "remarks_settled"} & set(vals)
        closed |= self.filtered(lambda c: names and c.state != "returned")
        if closed:
            raise AccessError(
                self.env._(
                    "%s: this cannot be changed at this step any more.",
                    ", ".join(closed.mapped("name")),
                )
            )

    def _is_evidence(self, attachment):
        """Tell whether a file of this confirmation proves what was agreed."""
        self.ensure_one()
        return attachment in self.return_copy_ids or (
            # in whatever language and with whatever dates it was printed
            bool(self.sent_on)
            and (attachment.name or "").startswith(self.name)
            and attachment.mimetype == "application/pdf"
        )

    # ------------------------------------------------------------- in the portal

    def _get_portal_customer(self):
        return self.partner_id

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/order-confirmations/{self.id}"

    def _is_portal_visible(self):
        return super()._is_portal_visible() and self.state != "draft"

    def _extra_token_values(self):
        return [*super()._extra_token_values(), self.revision]

    def _get_newer(self):
        """Return the confirmation the customer has got instead of this one."""
        self.ensure_one()
        return self.sheet_id.confirmation_ids.filtered(
            lambda other: other.state not in ("draft", "replaced")
        )[:1]

    def _get_closed_reason(self):
        """Return why the customer cannot confirm this now, or "" if they can."""
        self.ensure_one()
        if self.state in ("returned", "verified"):
            return self.env._(
                "%(number)s has been confirmed already: by %(name)s on %(date)s.",
                number=self.name,
                name=self.returned_by_name,
                date=self.company_id._order_desk_moment_text(self.returned_on),
            )
        if self.sheet_id.state == "cancel":
            return self.env._("The order of %s has been cancelled.", self.name)
        if self.state == "replaced":
            newer = self._get_newer()
            return (
                self.env._(
                    "%(number)s has been replaced by %(newer)s.",
                    number=self.name,
                    newer=newer.name,
                )
                if newer
                else self.env._("%s is not valid any more.", self.name)
            )
        if self.state == "draft":
            return self.env._("%s has not been sent yet.", self.name)
        if self.sheet_id.state not in CONFIRMING_STATES or not self.is_current:
            return self.env._(
                "The order has changed since %s was sent. A new confirmation follows.",
                self.name,
            )
        return ""

    # ------------------------------------------------------------- on paper

    def _get_pdf_name(self):
        """Return the file name of the document as it stands.

        Other dates or a signature make another file: what was sent stays as it was.
        """
        self.ensure_one()
        parts = [
            self.name,
            str(len(self.shift_ids)) if self.shift_ids else "",
            self.env._("signed") if self.signature else "",
        ]
        return "-".join(part for part in parts if part) + ".pdf"

    def _has_pdf(self):
        """Tell whether the document still says what the customer has got."""
        self.ensure_one()
        report = self.env.ref("order_desk.action_report_confirmation").sudo()
        return self.is_current or bool(report.retrieve_attachment(self))

    def _get_print_lines(self):
        """Return the order lines as the customer reads them, sections included."""
        self.ensure_one()
        lines = self.sheet_id._get_content_lines()
        sections = self.order_id.order_line._filter_content().filtered(
            lambda line: line.display_type in ("line_section", "line_subsection")
        )
        return (lines | sections).sorted(lambda line: (line.sequence, line.id))

    def _get_delivery_day(self):
        """Return the delivery date the customer asked for, in the company's days."""
        self.ensure_one()
        moment = self.order_id.commitment_date
        return self.company_id._order_desk_date(moment) if moment else False

    def _get_return_day(self):
        """Return the day by whose end the return copy keeps the finish date."""
        self.ensure_one()
        due = self.shift_due_on
        return self.company_id._order_desk_date(due) if due else False

    def _get_header_text(self):
        """Return what is proof-read beside the lines: customer, terms and dates."""
        self.ensure_one()
        order = self.order_id
        day = self._get_delivery_day()
        entries = (
            (self.env._("Customer"), order.partner_id.display_name),
            (
                self.env._("Ship to"),
                order.partner_shipping_id.with_context(
                    show_address=True
                ).display_name.replace("\n", ", "),
            ),
            (self.env._("Payment terms"), order.payment_term_id.name),
            (self.env._("Delivery date"), day and format_date(self.env, day)),
            (
                self.env._("Finish date"),
                self.finish_date and format_date(self.env, self.finish_date),
            ),
            (self.env._("Other requirements"), self.sheet_id.other_requirements),
        )
        return "\n".join(f"{label}: {text}" for label, text in entries if text)
