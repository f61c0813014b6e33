from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# the customer's word is there
IN_STATES = ("signed", "filed")


class OrderDeskReceipt(models.Model):
    """The delivery receipt: the customer's signed word on what arrived (SPEC G7).

    Made when goods have left. The customer opens it by a QR code and signs it, or signs
    the paper copy, which is filed. It keeps what was shipped by then and what the
    customer says has come; nobody writes it by hand.
    """

    _name = "order.desk.receipt"
    _description = "Delivery Receipt"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "order.desk.portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "order_ids.name"]
    _mail_post_access = "read"
    _check_company_auto = True

    number = fields.Char(readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    customer_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="Whose order it is.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Receiver",
        required=True,
        index=True,
        ondelete="restrict",
        help="Who takes the goods in. The link speaks for them alone: when the receiver"
        " is changed, links that were given out lapse.",
    )
    advice_id = fields.Many2one(
        "order.desk.shipping.advice",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    request_id = fields.Many2one(
        "order.desk.shipping.request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    state = fields.Selection(
        [
            ("open", "Awaited"),
            ("signed", "Signed by the Customer"),
            ("filed", "Filed on Paper"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "order.desk.receipt.line", "receipt_id", "Goods", readonly=True
    )
    order_ids = fields.Many2many(
        "sale.order",
        "order_desk_receipt_order_rel",
        compute="_compute_order_ids",
        store=True,
        string="Sales Orders",
    )
    sheet_ids = fields.Many2many(
        "order.desk.sheet",
        "order_desk_receipt_sheet_rel",
        compute="_compute_order_ids",
        store=True,
        string="Configuration Sheets",
    )
    shipped_on = fields.Datetime(readonly=True, copy=False)
    expected_on = fields.Datetime(
        "Expected Arrival",
        compute="_compute_expected_on",
        store=True,
        help="As the shipping advice says; without one, three working days after the"
        " goods have left.",
    )
    due_on = fields.Datetime(
        compute="_compute_due_on",
        store=True,
        index="btree_not_null",
        help="When the sales admin asks for a receipt that has not come.",
    )
    escalate_on = fields.Datetime(
        compute="_compute_due_on",
        store=True,
        help="When the superior is told of a receipt that has not come.",
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    received_on = fields.Date(
        "Received on", readonly=True, copy=False, tracking=True, help="As signed."
    )
    signed_on = fields.Datetime(
        readonly=True, copy=False, help="When it was signed, or filed."
    )
    signed_name = fields.Char(
        "Signed by", readonly=True, copy=False, help="Who took the goods in."
    )
    signed_lang = fields.Char("Language", readonly=True, copy=False)
    signature = fields.Image(
        readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024
    )
    remark = fields.Text("The Receiver's Remarks", readonly=True, copy=False)
    paper_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_receipt_paper_rel",
        string="Signed Paper",
        readonly=True,
        copy=False,
        help="Photos or a scan of the signed copy.",
    )
    filed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    has_differences = fields.Boolean(
        "Differences", compute="_compute_has_differences", store=True
    )
    link_version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Each renewal counts one up; links of other versions open nothing.",
    )
    is_link_revoked = fields.Boolean("Link Revoked", readonly=True, copy=False)

    _number_uniq = models.UniqueIndex(
        "(number, company_id)",
        "This company already has a delivery receipt of this number.",
    )
    _awaited_idx = models.Index("(due_on) WHERE state = 'open'")

    @api.depends("line_ids.order_id")
    def _compute_order_ids(self):
        for receipt in self:
            receipt.order_ids = receipt.line_ids.order_id
            receipt.sheet_ids = receipt.line_ids.order_id.sheet_id

    @api.depends("advice_id.expected_arrival", "shipped_on")
    def _compute_expected_on(self):
        for receipt in self:
            receipt.expected_on = (
                receipt.advice_id.expected_arrival or receipt._get_usual_arrival()
            )

    @api.depends("expected_on")
    def _compute_due_on(self):
        for receipt in self:
            company, hours = receipt.company_id, receipt._get_hours()
            start = receipt.expected_on
            plan = company._order_desk_plan_hours
            receipt.due_on = start and plan(hours, start)
            receipt.escalate_on = start and plan(2 * hours, start)

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for receipt in self:
            receipt.is_overdue = bool(
                receipt.state == "open" and receipt.due_on and receipt.due_on <= now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "=", "open") & Domain(
            "due_on", "<=", fields.Datetime.now()
        )
        return domain if True in value else ~domain

    @api.depends("line_ids.difference")
    def _compute_has_differences(self):
        for receipt in self:
            receipt.has_differences = bool(receipt._get_difference_lines())

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "number": False,
            "state": "open",
            "shipped_on": False,
            "received_on": False,
            "signed_on": False,
            "signed_name": False,
            "signed_lang": False,
            "signature": False,
            "remark": False,
            "paper_ids": [],
            "filed_by_id": False,
            "link_version": 1,
            "is_link_revoked": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {
            "company_id",
            "customer_id",
            "advice_id",
            "request_id",
            "line_ids",
        }

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s cannot be changed by hand. Use the buttons of the delivery receipt.",
            names,
        )

    def write(self, vals):
        if "partner_id" in vals and not self.env.su:
            closed = [reason for r in self if (reason := r._get_closed_reason())]
            if closed:
                raise UserError("\n".join(closed))
        return super().write(vals)

    # ------------------------------------------------------------- what it says

    def _get_difference_lines(self):
        """Return the lines of which not all came, or not as it should."""
        return self.line_ids.filtered("difference")

    def _is_in(self):
        """Tell whether the customer's word is there."""
        self.ensure_one()
        return self.state in IN_STATES

    def _is_evidence(self, attachment):
        """Tell whether a file of this receipt proves the delivery."""
        self.ensure_one()
        return self._is_in() and (
            attachment in self.paper_ids
            or attachment.res_field == "signature"
            or attachment.name == self._get_pdf_name()
        )

    def _get_closed_reason(self):
        """Return why this receipt cannot be signed any more, or ""."""
        self.ensure_one()
        if self.state == "withdrawn":
            return self.env._(
                "%s has been withdrawn: there is nothing to sign.", self.number
            )
        if self.state == "filed":
            return self.env._(
                "%(number)s was signed on paper by %(name)s and has been filed.",
                number=self.number,
                name=self.signed_name,
            )
        if self.state == "signed":
            return self.env._(
                "%(number)s was signed by %(name)s on %(date)s.",
                number=self.number,
                name=self.signed_name,
                date=self.company_id._order_desk_moment_text(self.signed_on),
            )
        return ""

    # ------------------------------------------------------------- on paper

    def _get_shipped_day(self):
        """Return the company's day on which the goods left; readers' clocks differ."""
        self.ensure_one()
        return self.shipped_on and self.company_id._order_desk_date(self.shipped_on)

    def _get_order_text(self):
        """Return the orders with the customer's own references."""
        self.ensure_one()
        return ", ".join(
            f"{order.name} ({order.client_order_ref})"
            if order.client_order_ref
            else order.name
            for order in self.sudo().order_ids  # the receiver need not read orders
        )

    def _get_accessories(self):
        """Return the accessories that have left along with these goods."""
        self.ensure_one()
        moves = self.sudo().line_ids.move_ids  # the receiver need not read transfers
        return self.env["order.desk.accessory"]._get_gone_with(moves)

    def _get_collect_text(self):
        """Return what the customer pays before the goods are handed over (SPEC G9).

        Nothing to a receiver who is not the customer: the driver has the delivery
        slip.
        """
        self.ensure_one()
        own = self.partner_id.commercial_partner_id == self.customer_id
        if self.state != "open" or not own:
            return ""
        return self.collect_on_delivery or ""

    def _get_pdf_name(self):
        """Return the file name of the document."""
        self.ensure_one()
        return f"{self.number}.pdf"
