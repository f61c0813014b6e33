from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount

SENT_VIA = [
    ("email", "E-mail"),
    ("print", "Print"),
    ("fax", "Fax"),
    ("phone", "Phone"),
]


class OrderDeskBalanceNotice(models.Model):
    """The balance payment notice: asks a customer to pay for what is finished.

    The desk makes and moves it through the ``action_*`` methods; people write on it
    only what ``_get_open_fields`` names (SPEC F3). It keeps what was asked for; what
    has been received is always read from the accounts.
    """

    _name = "order.desk.balance.notice"
    _description = "Balance Payment Notice"
    _inherit = ["order.desk.portal.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "order_id.name"]
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    order_id = fields.Many2one(
        related="sheet_id.order_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    clerk_id = fields.Many2one(related="sheet_id.clerk_id")
    user_id = fields.Many2one(related="sheet_id.user_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Goes to",
        required=True,
        index=True,
        help="The customer's contact who gets the notice and pays.",
    )
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("sent", "Sent"),
            ("paid", "Paid"),
            ("withdrawn", "Withdrawn"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        help="Paid: the accounts say so, nobody types it in.",
    )
    line_ids = fields.One2many("order.desk.balance.notice.line", "notice_id", "Goods")
    is_cash_on_delivery = fields.Boolean(
        compute="_compute_is_cash_on_delivery", compute_sudo=True
    )
    remark = fields.Text(help="Words to the customer; they stand on the notice.")

    shipped_value = fields.Monetary(
        "Shipped Before", readonly=True, help="Value of what had left, with taxes."
    )
    leaving_value = fields.Monetary(
        "Value of These Goods", readonly=True, help="With taxes."
    )
    amount_needed = fields.Monetary(
        "Needed in Total",
        readonly=True,
        help="What must have been received before these goods leave: what has left,"
        " these goods, and the deposit that is kept for later shipments.",
    )
    amount_asked = fields.Monetary(
        readonly=True, help="What the customer was asked to pay."
    )
    amount_open = fields.Monetary(
        "Still to Pay",
        compute="_compute_amount_open",
        compute_sudo=True,
        help="What of it has not been received yet, as the accounts say.",
    )
    table = fields.Json("How It Came About", compute="_compute_table")
    invoice_id = fields.Many2one(
        "account.move",
        "Down-Payment Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Made for what no other invoice asked for.",
    )

    finished_on = fields.Datetime(
        readonly=True, help="Since when the goods have been ready for shipment."
    )
    pay_until = fields.Date(help="Until when the customer is asked to pay.")
    sent_on = fields.Datetime(readonly=True)
    sent_by_id = fields.Many2one("res.users", readonly=True)
    sent_via = fields.Selection(SENT_VIA, readonly=True)
    promised_date = fields.Date(
        readonly=True, tracking=True, help="When the customer has promised to pay."
    )
    promised_by = fields.Char(readonly=True, help="Who promised it at the customer's.")
    promise_noted_by_id = fields.Many2one("res.users", readonly=True)
    promise_noted_on = fields.Datetime(readonly=True)
    escalated_on = fields.Datetime(readonly=True)

    _sheet_draft_uniq = models.UniqueIndex(
        "(sheet_id) WHERE state = 'draft'",
        "A balance payment notice is being prepared for this order already.",
    )
    _sheet_sent_uniq = models.UniqueIndex(
        "(sheet_id) WHERE state = 'sent'",
        "This order has an open balance payment notice already.",
    )

    @api.depends("name", "order_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = notice.name or self.env._(
                "Balance notice of %s", notice.order_id.name
            )

    @api.depends("order_id.cash_on_delivery")
    def _compute_is_cash_on_delivery(self):
        for notice in self:
            notice.is_cash_on_delivery = notice.order_id.cash_on_delivery

    @api.depends("state", "amount_asked", "amount_needed", "order_id.amount_received")
    def _compute_amount_open(self):
        orders = self.order_id
        orders.fetch(["company_id", "currency_id"])  # of all at once
        received = orders._get_received()
        for notice in self:
            missing = notice.amount_needed - received[notice.order_id][0]
            notice.amount_open = (
                0.0
                if notice.state == "withdrawn"
                else notice.currency_id.round(
                    max(0.0, min(missing, notice.amount_asked))
                )
            )

    @api.depends("shipped_value", "leaving_value", "amount_needed", "amount_open")
    @api.depends_context("lang")
    def _compute_table(self):
        """Tell how the amount came about, in rows as in ``sale.order``'s table."""
        for notice in self:
            zero = notice.currency_id.is_zero
            notice.table = [
                {
                    "kind": kind,
                    "label": label,
                    "amount": amount,
                    "text": format_amount(self.env, amount, notice.currency_id),
                    "move_id": False,
                }
                for kind, label, amount in notice._get_table_rows()
                if not zero(amount) or kind in ("leaving", "due")
            ]

    def _get_table_rows(self):
        """Return the rows of the table: ``[(kind, label, amount)]``."""
        self.ensure_one()
        kept = self.amount_needed - self.shipped_value - self.leaving_value
        # the sum is the customer's own business; whoever reads the notice sees it
        received = self.sudo().order_id.amount_received
        return [
            ("shipped", self.env._("Goods shipped before"), self.shipped_value),
            ("leaving", self.env._("These goods"), self.leaving_value),
            ("deposit", self.env._("Deposit kept for later shipments"), kept),
            ("received", self.env._("Received so far"), -received),
            ("due", self.env._("To pay"), self.amount_open),
        ]

    # ------------------------------------------------------------- protection

    @api.model
    def _get_open_fields(self):
        """Return the fields that people may write; the desk keeps all others."""
        return {
            "partner_id",
            "line_ids",
            "pay_until",
            "remark",
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }

    def write(self, vals):
        kept = set(vals) - self._get_open_fields()
        if kept and not self.env.su:
            labels = self.fields_get(list(kept), ["string"])
            raise AccessError(
                self.env._(
                    "%s cannot be changed by hand. Use the buttons of the balance"
                    " payment notice.",
                    ", ".join(sorted(label["string"] for label in labels.values())),
                )
            )
        names = {"partner_id", "line_ids", "pay_until", "remark"} & set(vals)
        closed = self.filtered(lambda notice: names and notice.state != "draft")
        if closed and not self.env.su:
            raise AccessError(
                self.env._(
                    "%s has been sent. Prepare a new notice instead.",
                    ", ".join(closed.mapped("display_name")),
                )
            )
        return super().write(vals)

    # ------------------------------------------------------------- in the portal

    def _get_portal_customer(self):
        return self.partner_id

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/balance-notices/{self.id}"

    def _is_portal_visible(self):
        return super()._is_portal_visible() and self.state != "draft"

    def _filter_for_portal(self, user):
        """Return those of these notices that ``user`` finds in the portal."""
        return self.filtered(
            lambda notice: (
                notice._is_portal_visible()
                and notice._belongs_to_customer(user.partner_id)
            )
        )

    def _get_newer(self):
        """Return the notice the customer has got instead of this one."""
        self.ensure_one()
        return self.sheet_id.balance_notice_ids.filtered(
            lambda other: other.id > self.id and other.state in ("sent", "paid")
        )[:1]

    def _get_closed_reason(self):
        """Return why nothing is to be paid on this notice, or "" if something is."""
        self.ensure_one()
        if self.state == "withdrawn":
            newer = self._get_newer()
            if newer:
                return self.env._(
                    "%(number)s has been replaced by %(newer)s.",
                    number=self.name,
                    newer=newer.name,
                )
            return self.env._("%s is not valid any more.", self.name)
        if not self.amount_open:
            return self.env._("%s has been paid. Thank you!", self.name)
        return ""

    def _get_payables(self):
        """Return the invoices on which to pay what is open.

        :return: ``[(invoice, amount, address of its page)]``
        """
        self.ensure_one()
        order = self.order_id
        left = self.amount_open
        payables = []
        # the oldest first, as accounting would
        asked = order._get_asked()[order]
        for invoice in sorted(asked, key=lambda i: (i.invoice_date or i.date, i.id)):
            if invoice.state != "posted" or not invoice.amount_residual or left <= 0:
                continue
            amount = min(left, asked[invoice])
            left -= amount
            payables.append((invoice, amount, self._get_payment_url(invoice, amount)))
        return payables

    def _get_payment_url(self, invoice, amount):
        """Return Odoo's own page of ``invoice``, to pay ``amount`` of this order."""
        amount = min(
            invoice.amount_residual,
            self.currency_id._convert(
                amount,
                invoice.currency_id,
                self.company_id,
                self.company_id._order_desk_date(),
            ),
        )
        if not invoice._has_to_be_paid():  # bank details are on its page
            return invoice.get_portal_url()
        # nobody but accounting makes payment links; the visitor has been let in
        wizard_sudo = self.env["payment.link.wizard"].sudo()
        return wizard_sudo.new(
            {
                "res_model": invoice._name,
                "res_id": invoice.id,
                "amount": amount,
                "currency_id": invoice.currency_id.id,
                "partner_id": invoice.partner_id.id,
            }
        ).link

    # ------------------------------------------------------------- on paper

    def _get_pdf_name(self):
        """Return the file name of the document: what was sent stays as it was."""
        self.ensure_one()
        return f"{self.name}.pdf"

    def _get_age(self):
        """Return how many days the goods have been finished, and today's date."""
        self.ensure_one()
        company = self.company_id
        today = company._order_desk_date()
        return (today - company._order_desk_date(self.finished_on)).days, today

    def _get_print_lines(self):
        """Return the lines of what is to be paid; the others are for our own eyes."""
        self.ensure_one()
        return self.line_ids.filtered("quantity")

    def _get_references(self):
        """Return what the customer quotes with a transfer."""
        self.ensure_one()
        invoices = [invoice for invoice, _amount, _url in self._get_payables()]
        names = [invoice.payment_reference or invoice.name for invoice in invoices]
        return ", ".join([*names, self.name or ""])

    def _get_delivery_day(self):
        """Return on which of the company's days the goods are to be shipped."""
        self.ensure_one()
        sheet = self.sheet_id
        moment = self.order_id.commitment_date
        return sheet.promise_date or (
            self.company_id._order_desk_date(moment) if moment else False
        )

    def _get_bank(self):
        """Return the bank account to which the customer transfers the amount."""
        self.ensure_one()
        return (
            self.invoice_id.partner_bank_id
            or (
                self.company_id.partner_id.bank_ids.filtered(
                    lambda bank: (
                        bank.company_id in (self.company_id, bank.company_id.browse())
                    )
                )[:1]
            )
        )
