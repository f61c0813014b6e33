from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import clean_context

# the steps in which money is asked for in advance: the contract is formed
ASKING_STATES = ("countersign", "coding", "confirming", "released")


class SaleOrder(models.Model):
    """Money asked for in advance: Odoo's own down-payment invoices (SPEC F1, F3)."""

    _inherit = "sale.order"

    def _is_asking_step(self):
        """Tell whether the order is at a step in which money may be asked for."""
        self.ensure_one()
        return self.state == "sale" and self.sudo().sheet_id.state in ASKING_STATES

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

    # ------------------------------------------------------------- what is in the way

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
        if not self._is_asking_step():
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
                amount=self._format_order_money(amount),
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
        """Tell whether a down payment of this order finds its accounts."""
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
        context = clean_context(self.env.context)  # a client's defaults reach all lines
        env_sudo = self.env(context=context, su=True)
        order_sudo = self.with_env(env_sudo).with_company(self.company_id)
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
        self.invalidate_recordset(["deposit_to_ask", "deposit_asked"])
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
        # see _post_down_payment
        env_sudo = self.env(context=clean_context(self.env.context), su=True)
        sender_sudo = env_sudo["account.move.send"].with_company(invoice.company_id)
        sender_sudo._generate_and_send_invoices(
            invoice.with_env(sender_sudo.env),
            sending_methods=["email"],
            mail_lang=invoice.partner_id.lang or self.env.lang,
        )
