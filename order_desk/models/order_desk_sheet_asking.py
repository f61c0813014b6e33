from odoo import api, fields, models
from odoo.fields import Domain


class OrderDeskSheet(models.Model):
    """Money asked for on the order of a sheet (SPEC F1, F3)."""

    _inherit = "order.desk.sheet"

    deposit_to_ask = fields.Monetary(related="order_id.deposit_to_ask")
    deposit_asked = fields.Monetary(related="order_id.deposit_asked")
    invoice_email = fields.Char(related="order_id.partner_invoice_id.email")
    balance_notice_ids = fields.One2many(
        "order.desk.balance.notice",
        "sheet_id",
        "Balance Payment Notices",
        readonly=True,
    )
    balance_notice_id = fields.Many2one(
        "order.desk.balance.notice",
        "Balance Payment Notice",
        compute="_compute_balance_notice_id",
        compute_sudo=True,
        help="The latest one that is not withdrawn.",
    )
    balance_notice_state = fields.Selection(
        "_get_balance_notice_states",
        "Balance Status",
        compute="_compute_balance_notice_id",
        compute_sudo=True,
    )
    finished_to_ask = fields.Monetary(
        compute="_compute_finished_to_ask",
        compute_sudo=True,
        help="What is due for finished goods and no notice has asked for yet.",
    )

    @api.model
    def _get_balance_notice_states(self):
        """Return the states of a notice in the reader's language."""
        field = self.env["order.desk.balance.notice"]._fields["state"]
        return field._description_selection(self.env)

    @api.depends("balance_notice_ids.state")
    def _compute_balance_notice_id(self):
        for sheet in self:
            notices = sheet.balance_notice_ids.filtered(
                lambda notice: notice.state != "withdrawn"
            )
            sheet.balance_notice_id = notices.sorted("id")[-1:]
            sheet.balance_notice_state = sheet.balance_notice_id.state

    @api.depends(
        "state", "order_id.amount_received", "balance_notice_ids.amount_needed"
    )
    def _compute_finished_to_ask(self):
        to_ask = self._get_finished_to_ask()
        for sheet in self:
            sheet.finished_to_ask = to_ask.get(sheet, 0.0)

    def _get_finished_to_ask(self):
        """Return what is due for finished goods and not asked for: ``{sheet: amount}``.

        What is asked for already, for these goods exactly, is 0.
        """
        released = self.filtered(lambda sheet: sheet.state == "released")
        result = {}
        for order, money in released.order_id._get_finished_money().items():
            notice = order.sheet_id.balance_notice_id
            asked = notice.state == "sent" and not order.currency_id.compare_amounts(
                notice.amount_needed, money["needed"]
            )
            result[order.sheet_id] = 0.0 if asked else money["to_ask"]
        return result

    # ------------------------------------------------------------- buttons

    def action_ask_deposit(self, via="email"):
        """Ask for the deposits of these sheets' orders, see ``sale.order``."""
        self.check_access("write")
        return self.order_id.action_ask_deposit(via)

    def action_remind_deposit(self, via="email"):
        """Send the invoices over the deposits again, see ``sale.order``."""
        self.check_access("write")
        return self.order_id.action_remind_deposit(via)

    def action_ask_balance(self):
        """Prepare the balance payment notices, see ``sale.order``."""
        self.check_access("write")
        return self.order_id.action_ask_balance()

    def action_view_balance_notices(self):
        """Open the balance payment notices of these sheets."""
        return self.balance_notice_ids._get_records_action(
            name=self.env._("Balance Payment Notices")
        )

    # ------------------------------------------------------------- what comes next

    def _get_asking_todos(self):
        """Return what the clerk has to ask the customer to pay: ``[(sheet, kind)]``."""
        sheets = self.sudo()
        orders = sheets.order_id.filtered(lambda order: order._is_asking_step())
        due = orders.filtered("deposit_to_ask")
        return [
            *((sheet, "ask_deposit") for sheet in self if sheet.sudo().order_id in due),
            *(
                (sheet, "ask_balance")
                for sheet in self
                if "draft" in sheet.sudo().balance_notice_ids.mapped("state")
            ),
        ]

    @api.model
    def _get_finished_sheets(self):
        """Return the released sheets of which goods are reserved for the customer."""
        # the scheduled action looks at all warehouses
        moves = self.env["stock.move"].sudo()
        domain = Domain("state", "in", ("assigned", "partially_available"))
        domain &= Domain("sale_line_id.order_id.sheet_id.state", "=", "released")
        return moves.search(domain).sale_line_id.order_id.sheet_id

    def _follow_notices(self):
        """Propose notices for what is finished, escalate promises not kept."""
        self._follow_finished()
        self.balance_notice_ids._escalate()

    def _follow_finished(self):
        """Propose a notice where something is due for finished goods."""
        sheets = self.sudo()  # the desk's own scheduled work
        to_ask = sheets._get_finished_to_ask()
        due = sheets.filtered(lambda sheet: to_ask.get(sheet))
        notices = sheets.env["order.desk.balance.notice"]
        notices._prepare(due.order_id)
        for sheet in sheets - due:
            drafts = sheet.balance_notice_ids.filtered(lambda n: n.state == "draft")
            drafts.unlink()
        sheets._update_todos()

    def _end_notices(self):
        """Take the notices back: the orders are cancelled."""
        notices = self.balance_notice_ids
        drafts = notices.filtered(lambda notice: notice.state == "draft")
        (notices - drafts)._withdraw(self.env._("The order was cancelled."))
        drafts.unlink()
