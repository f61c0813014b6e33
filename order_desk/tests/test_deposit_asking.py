from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.account.models.account_move_send import AccountMoveSend

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestDepositAsking(OrderDeskMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")

    def _ask(self, order, user=None, via="email"):
        """Ask for the deposit as ``user``, the clerk; return the order's invoices."""
        order.sheet_id.with_user(user or self.clerk).action_ask_deposit(via)
        return order.invoice_ids

    def _get_kinds(self, order):
        return {kind for _sheet, kind, _user in order.sheet_id._get_open_todos()}

    # ------------------------------------------------------------- asking

    def test_clerk_asks_with_one_button_and_odoo_invoices(self):
        order = self._make_order()
        invoice = self._ask(order)
        self.assertEqual(invoice.amount_total, 300)
        self.assertEqual(invoice.state, "posted")
        self.assertTrue(invoice._is_downpayment())
        self.assertEqual(invoice.create_uid, self.clerk)
        self.assertFalse(invoice.invoice_payment_term_id)
        self.assertEqual(
            invoice.invoice_date_due, order.company_id._order_desk_pay_until()
        )
        self.assertIn("deposit_asked", order.sheet_id.milestone_ids.mapped("code"))

    def test_customer_gets_the_mail_with_the_link_to_pay(self):
        self.customer.lang = "zh_CN"
        invoice = self._ask(self._make_order())
        message = invoice.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual(message.partner_ids, self.customer)
        self.assertTrue(message.attachment_ids)
        self.assertTrue(invoice.is_move_sent)
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        bodies = "".join(mail.mapped("body_html"))
        self.assertIn(f"access_token={invoice.access_token}", bodies)
        self.assertIn(f"res_id={invoice.id}", bodies)

    def test_mail_is_in_the_customers_language(self):
        self.customer.lang = "zh_CN"
        order = self._make_order()
        with patch.object(
            AccountMoveSend, "_generate_and_send_invoices", autospec=True
        ) as send:
            self._ask(order)
        self.assertEqual(send.call_args.kwargs["mail_lang"], "zh_CN")

    def test_salesperson_asks_for_the_own_order_and_no_stranger_does(self):
        order = self._make_order()
        other = new_test_user(
            self.env, login="od_other", groups="sales_team.group_sale_salesman"
        )
        for user in (other, self.manager, self.stranger, self.accountant):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._ask(order, user)
        self.assertFalse(order.invoice_ids)
        self.assertTrue(self._ask(order, self.salesperson))

    def test_order_has_the_button_as_well(self):
        order = self._make_order()
        order.with_user(self.clerk).action_ask_deposit()
        self.assertEqual(order.invoice_ids.amount_total, 300)

    def test_condition_of_the_gate_offers_it(self):
        order = self._make_order().with_user(self.clerk)
        self.assertEqual(
            self._get_condition(order, "deposit")["action"], "Ask for deposit"
        )
        order.action_open_condition("deposit")
        invoice = order.sudo().invoice_ids
        self.assertEqual(invoice.amount_total, 300)
        self.assertEqual(
            self._get_condition(order, "deposit")["action"], "Remind of deposit"
        )
        order.action_open_condition("deposit")
        self.assertEqual(order.sudo().invoice_ids, invoice)

    def test_paid_deposit_opens_the_gate(self):
        order = self._make_order()
        invoice = self._ask(order)
        self.assertFalse(self._get_condition(order, "deposit")["holds"])
        self._pay(invoice)
        self.assertTrue(self._get_condition(order, "deposit")["holds"])

    def test_several_orders_at_once(self):
        orders = self._make_order() | self._make_order(20)
        orders.sheet_id.with_user(self.clerk).action_ask_deposit()
        self.assertEqual(orders.invoice_ids.mapped("amount_total"), [300, 600])

    def test_sheet_without_email_is_printed(self):
        self.customer.email = False
        order = self._make_order()
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self._ask(order)
        self.assertFalse(order.invoice_ids)
        action = order.sheet_id.with_user(self.clerk).action_ask_deposit("print")
        self.assertEqual(action["report_name"], "account.report_invoice_with_payments")
        self.assertEqual(order.invoice_ids.amount_total, 300)

    def test_invoice_goes_to_the_invoice_address(self):
        order = self._make_order()
        order.partner_invoice_id = self.env["res.partner"].create(
            {
                "name": "Bookkeeping",
                "type": "invoice",
                "parent_id": self.customer.id,
                "email": "books@example.com",
            }
        )
        message = self._ask(order).message_ids.filtered("partner_ids")
        self.assertEqual(message.partner_ids, order.partner_invoice_id)

    # ------------------------------------------------------------- once, and again

    def test_nobody_asks_twice(self):
        order = self._make_order()
        invoice = self._ask(order)
        with self.assertRaisesRegex(UserError, invoice.name):
            self._ask(order)
        self.assertEqual(order.invoice_ids, invoice)

    def test_reminder_sends_the_same_invoice(self):
        order = self._make_order()
        invoice = self._ask(order)
        count = len(invoice.message_ids)
        order.sheet_id.with_user(self.clerk).action_remind_deposit()
        self.assertEqual(order.invoice_ids, invoice)
        self.assertEqual(len(invoice.message_ids), count + 1)

    def test_no_reminder_before_the_first_request_or_after_the_payment(self):
        order = self._make_order()
        sheet = order.sheet_id.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "no invoice over the deposit"):
            sheet.action_remind_deposit()
        self._pay(self._ask(order))
        with self.assertRaisesRegex(UserError, "no invoice over the deposit"):
            sheet.action_remind_deposit()
        with self.assertRaisesRegex(UserError, "has been received"):
            sheet.action_ask_deposit()

    def test_draft_of_accounting_is_not_asked_for_again(self):
        order = self._make_order()
        draft = self._invoice_deposit(order, 300, post=False)
        with self.assertRaisesRegex(UserError, "is a draft"):
            self._ask(order)
        self.assertEqual(order.invoice_ids, draft)
        self.assertEqual(order.deposit_to_ask, 0)

    def test_only_what_is_missing_is_asked_for(self):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 120))
        self._invoice_deposit(order, 50)
        self._ask(order)
        self.assertEqual(
            sorted(order.invoice_ids.mapped("amount_total")), [50, 120, 130]
        )

    def test_grown_deposit_is_asked_for(self):
        order = self._make_order()
        self._ask(order)
        self.class_balance.deposit_percent = 40
        self._ask(order)
        self.assertEqual(sorted(order.invoice_ids.mapped("amount_total")), [100, 300])

    def test_credited_deposit_is_asked_for_again(self):
        order = self._make_order()
        self._credit(self._ask(order), reconcile=True)
        order.invalidate_recordset()
        self.assertEqual(order.deposit_to_ask, 300)

    def test_payment_on_its_way_to_the_bank_is_not_asked_for_again(self):
        self.env.company.order_desk_payment_basis = "matched"
        order = self._make_order()
        invoice = self._ask(order)
        self._pay(invoice)
        order.invalidate_recordset()
        self.assertEqual(order.amount_received, 0)
        self.assertEqual(order.deposit_to_ask, 0)
        with self.assertRaisesRegex(UserError, "no invoice over the deposit"):
            order.sheet_id.with_user(self.clerk).action_remind_deposit()

    # ------------------------------------------------------------- not now

    def test_no_deposit_before_the_approval(self):
        sheet = self._make_sheet()
        for state in ("draft", "review"):
            with self.subTest(state=state):
                with self.assertRaisesRegex(UserError, "not approved yet"):
                    sheet.with_user(self.clerk).action_ask_deposit()
                if state == "draft":
                    self._submit(sheet)

    def test_no_deposit_of_a_cancelled_order(self):
        order = self._make_order()
        order.sheet_id.with_user(self.clerk).action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self._ask(order)

    def test_no_deposit_where_none_is_due(self):
        self.class_balance.deposit_percent = 0
        order = self._make_order()
        with self.assertRaisesRegex(UserError, "no deposit is due"):
            self._ask(order)

    def test_no_deposit_of_orders_worth_nothing(self):
        for vals in ({"discount": 100}, {"price_unit": -5}):
            with self.subTest(vals=vals):
                order = self._make_order()
                order.order_line.write(vals)
                self.assertEqual(order.deposit_to_ask, 0)
                with self.assertRaisesRegex(UserError, "no deposit is due"):
                    self._ask(order)

    def test_orders_beside_the_desk_are_invoiced_as_usual(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "team_id": self.plain_team.id}
        )
        with self.assertRaisesRegex(UserError, "not at the order desk"):
            order.with_user(self.clerk).action_ask_deposit()

    # ------------------------------------------------------------- any order

    def test_whole_order_in_advance(self):
        self.class_balance.deposit_percent = 100
        self.pump.list_price = 33.33
        order = self._make_order(3)
        self.assertEqual(self._ask(order).amount_total, 99.99)

    def test_taxes_included_in_the_price(self):
        tax = self.tax_sale_a.copy(
            {"name": "Included", "price_include_override": "tax_included"}
        )
        self.pump.list_price = 33.33
        order = self._make_order(7, tax_ids=[Command.set(tax.ids)])
        order.order_line[0].copy(
            {"order_id": order.id, "tax_ids": [Command.set(self.tax_sale_b.ids)]}
        )
        self._sign_pending(order.sheet_id)
        self.assertEqual(self._ask(order).amount_total, order.deposit_required)
        self._pay(order.invoice_ids)
        self.assertTrue(self._get_condition(order, "deposit")["holds"])

    def test_locked_order(self):
        order = self._make_order()
        order.action_lock()
        self.assertEqual(self._ask(order).amount_total, 300)

    def test_order_in_another_currency(self):
        currency = self.env.ref("base.EUR")
        currency.active = True
        currency.rate_ids.unlink()
        order = self._make_order()
        order.currency_id = currency
        self._sign_pending(order.sheet_id)
        with self.assertRaisesRegex(UserError, "no exchange rate for EUR"):
            self._ask(order)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 0.5, "name": "2000-01-01"}
        )
        order.invalidate_recordset()
        invoice = self._ask(order)
        self.assertEqual(invoice.currency_id, currency)
        self.assertEqual(invoice.amount_total, order.deposit_required)

    def test_company_that_cannot_invoice_yet(self):
        order = self._make_order()
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.env.company.id), ("type", "=", "sale")]
        )
        order.company_id.downpayment_account_id = False
        journals.default_account_id = False
        for field in ("income", "downpayment"):
            name = f"property_account_{field}_categ_id"
            if name in self.category:
                self.category[name] = False
        self.env.company.income_account_id = False
        self.pump.property_account_income_id = False
        with self.assertRaisesRegex(UserError, "no account for down payments"):
            self._ask(order)
        journals.active = False
        with self.assertRaisesRegex(UserError, "no sales journal"):
            self._ask(order)
        self.assertFalse(order.invoice_ids)

    def test_order_of_the_other_company_of_the_clerk(self):
        company = self.setup_other_company()["company"]
        order = self._make_order()
        self.clerk.company_ids |= company
        self.clerk.company_id = company
        sheet = order.sheet_id.with_user(self.clerk).with_context(
            allowed_company_ids=[company.id, order.company_id.id]
        )
        sheet.action_ask_deposit()
        self.assertEqual(order.invoice_ids.company_id, order.company_id)
        self.assertEqual(order.invoice_ids.amount_total, 300)

    def test_money_paid_online_for_the_order_is_used(self):
        order = self._make_order()
        journal = self.company_data["default_journal_bank"]
        provider = self.env["payment.provider"].create(
            {"name": "Test provider", "state": "test", "journal_id": journal.id}
        )
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": order.name,
                "amount": 400,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "done",
            }
        )
        payment = self.env["account.payment"].create(
            {
                "amount": 400,
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "journal_id": journal.id,
                "currency_id": order.currency_id.id,
                "payment_transaction_id": transaction.id,
            }
        )
        payment.action_post()
        transaction.payment_id = payment
        invoice = self._ask(order)
        self.assertEqual(invoice.amount_residual, 0)
        self.assertTrue(self._get_condition(order, "deposit")["holds"])

    # ------------------------------------------------------------- the sheet stays

    def test_down_payment_leaves_signatures_and_content_alone(self):
        order = self._make_order()
        sheet = order.sheet_id
        before, entered = sheet.digests, sheet.entered_by_ids
        self._pay(self._ask(order))
        sheet.invalidate_recordset()
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        self.assertEqual(sheet.digests, before)
        self.assertFalse(sheet.is_changed)
        self.assertEqual(sheet.entered_by_ids, entered)
        self.assertFalse(sheet.order_line.filtered("is_downpayment"))
        self.assertFalse(sheet._get_print_lines().filtered("is_downpayment"))
        self.assertEqual(sheet.order_line, sheet._get_content_lines())

    def test_line_that_hides_as_a_down_payment_is_signed(self):
        order = self._make_order()
        order.order_line[0].copy({"order_id": order.id, "is_downpayment": True})
        self.assertTrue(order.sheet_id.is_changed)
        self.assertEqual(len(order.sheet_id.order_line), 2)

    # ------------------------------------------------------------- to-dos

    def test_clerk_has_a_todo_until_it_is_asked(self):
        order = self._make_order()
        self.assertIn("ask_deposit", self._get_kinds(order))
        (todo,) = (
            activity
            for (_s, kind, _u), activity in order.sheet_id._get_open_todos().items()
            if kind == "ask_deposit"
        )
        self.assertEqual(todo.user_id, self.clerk)
        self._ask(order)
        self.assertNotIn("ask_deposit", self._get_kinds(order))

    def test_todo_comes_with_the_approval(self):
        sheet = self._make_sheet()
        self._submit(sheet)
        self.assertNotIn("ask_deposit", self._get_kinds(sheet.order_id))
        self._approve(sheet)
        self.assertIn("ask_deposit", self._get_kinds(sheet.order_id))

    def test_figures_of_many_orders_take_as_many_queries_as_of_one(self):
        orders = self.env["sale.order"].union(*(self._make_order() for _n in range(4)))
        self._ask(orders[0])
        self.env.flush_all()
        counts = []
        for some in (orders[:1], orders):
            self.env.invalidate_all()
            some.mapped("sheet_id.state")
            start = self.cr.sql_log_count
            some.mapped("deposit_to_ask")
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_due_date_follows_the_companys_setting(self):
        self.env.company.order_desk_follow_up_days = 1
        order = self._make_order()
        due = self._ask(order).invoice_date_due
        today = order.company_id._order_desk_date()
        self.assertGreater(due, today)
        self.assertEqual(due, order.company_id._order_desk_add_working_days(today, 1))
        self.assertLess(due, fields.Date.add(today, days=10))
