from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date
from odoo.tools.misc import clean_context

# the steps in which a deposit is asked for: the contract is formed
DEPOSIT_STATES = ("countersign", "coding", "confirming", "released")


class SaleOrder(models.Model):
    """Money asked for in advance: Odoo's own down-payment invoices (SPEC F1, F3)."""

    _inherit = "sale.order"

    deposit_to_ask = fields.Monetary(
        compute="_compute_deposit_to_ask",
        compute_sudo=True,
        groups="base.group_user",
        help="What of the deposit no invoice has asked for yet.",
    )
    deposit_asked = fields.Monetary(
        compute="_compute_deposit_to_ask",
        compute_sudo=True,
        groups="base.group_user",
        help="What the customer has been asked for and has not paid yet.",
    )

    @api.depends("state", "sheet_id.state", "deposit_required", "amount_received")
    def _compute_deposit_to_ask(self):
        asking = self.filtered(lambda order: order._is_deposit_step())
        missing = asking._get_deposit_missing()
        asked = asking._get_asked()
        for order in self:
            order.deposit_asked = min(
                missing.get(order, 0.0), sum(asked.get(order, {}).values())
            )
            order.deposit_to_ask = missing.get(order, 0.0) - order.deposit_asked

    def _is_deposit_step(self):
        """Tell whether the order is at a step in which a deposit may be asked for."""
        self.ensure_one()
        return self.state == "sale" and self.sudo().sheet_id.state in DEPOSIT_STATES

    def _get_deposit_missing(self):
        """Return what of the deposit has not been received: ``{order: amount}``."""
        return {
            order: order.currency_id.round(max(0.0, order.deposit_required - received))
            for order, (received, _verified) in self._get_received().items()
        }

    def _get_asked(self):
        """Return what invoices ask for: ``{order: {invoice: amount}}``.

        It is what has not been received yet, in the currency of the order. Invoices
        that accounting has yet to post count as well, so nobody asks twice.
        """
        orders = self.sudo()._origin  # the sum is for people without accounting rights
        asked = {order.id: {} for order in orders}
        for row in orders._read_settlements(by_invoice=True):
            order = self.browse(row["order_id"])
            invoice = orders.env["account.move"].browse(row["move_id"])
            rate = order.sudo()._get_settlement_rate(row) or 0.0
            amount = order._get_open_share(invoice, row) * rate
            if order.currency_id.compare_amounts(amount, 0) > 0:
                asked[order.id][invoice] = order.currency_id.round(amount)
        for order in orders:
            for line in order._get_draft_down_payments():
                invoice = line.move_id
                amount = order._convert_from(line.currency_id, line.price_total)
                asked[order.id][invoice] = asked[order.id].get(invoice, 0.0) + amount
        return {order: asked[order._origin.id] for order in self if order._origin}

    def _get_open_share(self, invoice, row):
        """Return what of this order on ``invoice`` counts as asked for, not received.

        A registered payment is not asked for again while the bank is yet to show it.
        """
        if self.company_id.order_desk_payment_basis == "registered" or all(
            invoice._get_reconciled_payments().mapped("is_matched")
        ):
            return row["debit"]
        share = sum(
            line.price_total / len(line.sale_line_ids)
            for line in invoice.invoice_line_ids
            if self in line.sale_line_ids.order_id
        )
        return max(float(row["debit"]), share - float(row["settled"]))

    def _get_draft_down_payments(self):
        """Return the lines of down-payment invoices that are drafts."""
        lines = self.order_line.filtered("is_downpayment").invoice_lines
        return lines.filtered(
            lambda line: (
                line.parent_state == "draft" and line.move_id.move_type == "out_invoice"
            )
        )

    def _convert_from(self, currency, amount):
        """Return ``amount`` of ``currency`` in the currency of this order, of today."""
        self.ensure_one()
        return currency._convert(
            amount,
            self.currency_id,
            self.company_id,
            self.company_id._order_desk_date(),
        )

    # ------------------------------------------------------------- what stands against it

    def _get_deposit_errors(self, via):
        """Return why the deposit cannot be asked for now: ``{order: reason}``."""
        missing = self._get_deposit_missing()
        asked = self._get_asked()
        reasons = {
            order: order._get_deposit_error(missing[order], asked[order])
            or order._get_invoicing_error()
            or order._get_email_error(order.partner_invoice_id, via)
            for order in self
        }
        return {order: reason for order, reason in reasons.items() if reason}

    def _get_deposit_error(self, missing, asked):
        """Return why no deposit is to be asked for, or "" when one is."""
        self.ensure_one()
        if error := self._get_step_error():
            return error
        if not self.deposit_required:
            return self.env._(
                "%s: no deposit is due. The customer class and the order ask for none,"
                " or the order is worth nothing.",
                self.name,
            )
        if not missing:
            return self.env._("%s: the deposit has been received.", self.name)
        if self.currency_id.compare_amounts(missing, sum(asked.values())) > 0:
            return ""
        drafts = [invoice for invoice in asked if invoice.state == "draft"]
        if drafts:
            return self.env._(
                "%(order)s: %(invoice)s asks for the deposit and is a draft. Accounting"
                " posts and sends it, or deletes it.",
                order=self.name,
                invoice=drafts[0].display_name,
            )
        return self.env._(
            "%(order)s: the deposit has been asked for already: %(invoices)s. Use the"
            " button “Send Deposit Invoice Again” for a"
            " reminder.",
            order=self.name,
            invoices=self._get_asked_text(asked),
        )

    def _get_step_error(self):
        """Return why no money is asked for at this step of the order, or ""."""
        self.ensure_one()
        if not self.sheet_id:
            return self.env._(
                "%s is not at the order desk. Invoice it in Odoo's usual way.",
                self.name,
            )
        state = self.sudo().sheet_id.state
        if self.state == "cancel" or state == "cancel":
            return self.env._("%s is cancelled.", self.name)
        if state == "done":
            return self.env._("%s is done.", self.name)
        if not self._is_deposit_step():
            return self.env._(
                "%s is not approved yet. Money is asked for when the general manager"
                " has approved the configuration sheet.",
                self.name,
            )
        return ""

    def _get_asked_text(self, asked):
        """Return the invoices in ``asked`` with what is open, for messages."""
        return ", ".join(
            self.env._(
                "%(invoice)s of %(date)s, %(amount)s open",
                invoice=invoice.name,
                date=format_date(self.env, invoice.invoice_date),
                amount=format_amount(self.env, amount, self.currency_id),
            )
            for invoice, amount in asked.items()
        )

    def _get_email_error(self, partner, via):
        if via != "email" or partner.email:
            return ""
        return self.env._(
            "%(customer)s has no e-mail address, so nothing can be sent for %(order)s."
            " Enter the address on the contact, or print and send it another way.",
            customer=partner.display_name,
            order=self.name,
        )

    def _get_invoicing_error(self):
        """Return what accounting has to set up before this order is invoiced, or ""."""
        self.ensure_one()
        order = self.sudo().with_company(self.company_id)  # reads accounting's set-up
        company = order.company_id
        values = {"order": order.name, "company": company.name}
        journals = order.env["account.journal"]
        journal = order.journal_id or journals.search(
            [*journals._check_company_domain(company), ("type", "=", "sale")], limit=1
        )
        if not journal:
            return self.env._(
                "%(order)s cannot be invoiced: %(company)s has no sales journal. An"
                " accountant chooses a chart of accounts under Invoicing ▸"
                " Configuration ▸ Settings.",
                **values,
            )
        if not order._has_down_payment_accounts(journal):
            return self.env._(
                "%(order)s cannot be invoiced: %(company)s has no account for down"
                " payments. An accountant enters one under Invoicing ▸ Configuration ▸"
                " Settings, or an income account on the product category.",
                **values,
            )
        unrated = order._get_currencies_without_rate(order.currency_id)
        if unrated:
            return self.env._(
                "%(order)s cannot be invoiced: there is no exchange rate for"
                " %(currency)s. An accountant enters one under Invoicing ▸"
                " Configuration ▸ Currencies.",
                order=order.name,
                currency=unrated.name,
            )
        return ""

    def _has_down_payment_accounts(self, journal):
        """Tell whether a down payment of this order finds the accounts it is booked on."""
        accounts = self.env["account.account"]
        receivable = self.partner_invoice_id.property_account_receivable_id or (
            accounts.search(
                [
                    *accounts._check_company_domain(self.company_id),
                    ("account_type", "=", "asset_receivable"),
                ],
                limit=1,
            )
        )
        if not receivable:
            return False
        if self.company_id.downpayment_account_id or journal.default_account_id:
            return True
        found = [
            product.product_tmpl_id.get_product_accounts(self.fiscal_position_id)
            for product in self.order_line.product_id
        ]
        return all(each.get("downpayment") or each.get("income") for each in found)

    # ------------------------------------------------------------- asking

    def action_ask_deposit(self, via="email"):
        """Ask for the deposits: post Odoo's down-payment invoices and send them.

        :param via: "email" or "print"
        :return: a notification, or what is to be printed
        :raise UserError: nothing to ask for, asked for already, or it cannot be
            invoiced or sent; nothing is done then
        """
        self._start_asking()
        if errors := self._get_deposit_errors(via):
            raise UserError("\n".join(errors.values()))
        invoices = self.env["account.move"].sudo()  # see _post_down_payment
        for order in self:
            invoice = order._post_down_payment(order.deposit_to_ask)
            order.sheet_id._message_log(
                body=self.env._(
                    "The deposit was asked for: %(invoice)s over %(amount)s.",
                    invoice=invoice.name,
                    amount=format_amount(
                        self.env, invoice.amount_total, invoice.currency_id
                    ),
                )
            )
            invoices += invoice
        self.sheet_id._add_milestones("deposit_asked")
        return self._hand_over(invoices, via)

    def action_remind_deposit(self, via="email"):
        """Send the invoices that ask for the deposits once more.

        :raise UserError: the deposit has not been asked for, or has been received
        """
        self._start_asking()
        errors = []
        invoices = self.env["account.move"].sudo()  # see _post_down_payment
        for order, asked in self._get_asked().items():
            unpaid = invoices.union(*asked).filtered(
                lambda invoice: invoice.state == "posted" and invoice.amount_residual
            )
            if not unpaid or not order.deposit_asked:
                errors.append(
                    self.env._(
                        "%s: no invoice over the deposit waits for the customer's"
                        " payment.",
                        order.name,
                    )
                )
            elif error := order._get_email_error(order.partner_invoice_id, via):
                errors.append(error)
            invoices |= unpaid
        if errors:
            raise UserError("\n".join(errors))
        for order in self:
            order.sheet_id._message_log(
                body=self.env._("The customer was reminded of the deposit.")
            )
        return self._hand_over(invoices, via)

    def _start_asking(self):
        """Let one person at a time ask for money, if they may at all."""
        self.check_access("read")
        sheets = self.sheet_id
        sheets.check_access("write")
        sheets._lock()
        sheets._start_over_if_second()

    def _post_down_payment(self, amount, due_on=None):
        """Post Odoo's own down-payment invoice over ``amount`` of this order.

        :param due_on: the day until which to pay, by default a few working days on
        """
        self.ensure_one()
        # Who takes orders has no rights in accounting: after the checks above the desk
        # posts this one document, the same as accounting's own wizard makes.
        order_sudo = (
            self.sudo()
            .with_context(clean_context(self.env.context))
            .with_company(self.company_id)
        )
        company = self.company_id
        wizard = order_sudo.env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": order_sudo.ids,
                "advance_payment_method": "fixed",
                "fixed_amount": amount,
            }
        )
        invoice = wizard._create_invoices(order_sudo)
        # the order's terms are for the goods; what is paid before them is due at once
        invoice.invoice_payment_term_id = False
        invoice.invoice_date = company._order_desk_date()
        invoice.invoice_date_due = due_on or company._order_desk_pay_until()
        # Odoo sets off what the customer has paid online for the order already
        invoice.action_post()
        return invoice

    def _hand_over(self, invoices, via):
        """Send or print these invoices; the to-dos follow.

        :return: a notification, or what is to be printed
        """
        if via == "email":
            for invoice in invoices:
                self._email_invoice(invoice)
        self.sheet_id._update_todos()
        if via == "print":
            report = self.env.ref("account.account_invoices")
            return report.report_action(invoices.ids, config=False)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Sent: %s",
                    ", ".join(
                        self.env._(
                            "%(invoice)s to %(customer)s",
                            invoice=invoice.name,
                            customer=invoice.partner_id.display_name,
                        )
                        for invoice in invoices
                    ),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _email_invoice(self, invoice):
        """Send Odoo's own invoice mail, with the link to look at it and pay online."""
        sender = self.env["account.move.send"].with_context(
            clean_context(self.env.context)
        )
        # see _post_down_payment
        sender.sudo().with_company(invoice.company_id)._generate_and_send_invoices(
            invoice,
            sending_methods=["email"],
            mail_lang=invoice.partner_id.lang or self.env.lang,
        )

    def action_open_condition(self, code):
        if code == "deposit" and self.sheet_id.has_access("write"):
            return self.action_ask_deposit()
        return super().action_open_condition(code)
