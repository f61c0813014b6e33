from odoo import Command, fields
from odoo.tests import tagged

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestMoneyReceived(OrderDeskMoneyCommon):
    def assert_received(self, order, amount):
        order.invalidate_recordset()
        self.assertAlmostEqual(order.amount_received, amount, 6)

    def test_deposit_and_balance_follow_the_class(self):
        order = self._make_order()
        self.assertEqual(order.amount_total, 1000)
        self.assertEqual(order.deposit_required, 300)
        self.assertEqual(order.amount_received, 0)
        self.assertEqual(order.balance_due, 1000)

    def test_an_unpaid_invoice_is_no_money(self):
        order = self._make_order()
        self._invoice_deposit(order, 300)
        self.assert_received(order, 0)

    def test_a_paid_deposit_is_received(self):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 300))
        self.assert_received(order, 300)
        self.assertEqual(order.balance_due, 700)

    def test_a_partial_payment_counts_for_what_it_is(self):
        order = self._make_order()
        invoice = self._invoice_deposit(order, 300)
        self._pay(invoice, 100)
        self.assert_received(order, 100)
        self._pay(invoice, 50.55)
        self.assert_received(order, 150.55)

    def test_a_draft_payment_is_no_money(self):
        order = self._make_order()
        invoice = self._invoice_deposit(order, 300)
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": 300,
                "memo": invoice.name,
            }
        )
        self.assert_received(order, 0)

    def test_an_unreconciled_payment_is_no_money_of_the_order(self):
        order = self._make_order()
        self._invoice_deposit(order, 300)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": 300,
            }
        )
        payment.action_post()
        self.assert_received(order, 0)

    def test_deposit_and_final_invoice_add_up_to_the_order(self):
        order = self._make_released()
        self._pay(self._invoice_deposit(order, 700))
        self._ship(order)
        final = self._invoice_rest(order)
        self.assertEqual(final.amount_total, 0)
        self.assert_received(order, 1000)

    def test_one_invoice_for_two_orders_is_shared_by_their_lines(self):
        self.pump.invoice_policy = "order"
        first, second = self._make_order(10), self._make_order(30)
        invoice = self._invoice_rest(first | second)
        self.assertEqual(len(invoice), 1)
        self._pay(invoice, 1000)
        self.assert_received(first, 250)
        self.assert_received(second, 750)

    def test_lines_of_no_order_take_their_share(self):
        self.pump.invoice_policy = "order"
        order = self._make_order()
        invoice = self._invoice_rest(order, post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Else", "price_unit": 1000, "tax_ids": False})
        ]
        invoice.action_post()
        self._pay(invoice, 500)
        self.assert_received(order, 250)

    def test_two_invoices_paid_by_one_payment(self):
        order, other = self._make_order(), self._make_order()
        invoices = self._invoice_deposit(order, 300) | self._invoice_deposit(other, 200)
        self._pay(invoices)
        self.assert_received(order, 300)
        self.assert_received(other, 200)

    def test_a_payment_taken_back_is_not_received(self):
        order = self._make_order()
        payment = self._pay(self._invoice_deposit(order, 300))
        payment.move_id.line_ids.remove_move_reconcile()
        self.assert_received(order, 0)

    def test_a_reconciliation_opened_and_closed_again(self):
        order = self._make_order()
        invoice = self._invoice_deposit(order, 300)
        payment = self._pay(invoice)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assert_received(order, 0)
        lines = (payment.move_id | invoice).line_ids.filtered(
            lambda aml: aml.account_type == "asset_receivable"
        )
        lines.reconcile()
        self.assert_received(order, 300)

    def test_a_payment_set_to_draft_and_posted_again(self):
        order = self._make_order()
        payment = self._pay(self._invoice_deposit(order, 300))
        payment.action_draft()
        self.assert_received(order, 0)
        payment.action_post()
        self.assert_received(order, 300)

    def test_a_credit_note_after_payment_gives_the_money_free(self):
        self.pump.invoice_policy = "order"
        order = self._make_order()
        invoice = self._invoice_rest(order)
        self._pay(invoice)
        note = self._credit(invoice, quantity=3)
        self.assert_received(order, 700)
        self._pay(note)
        self.assert_received(order, 700)

    def test_a_credit_note_before_payment_is_no_money(self):
        self.pump.invoice_policy = "order"
        order = self._make_order()
        invoice = self._invoice_rest(order)
        note = self._credit(invoice, quantity=3)
        self.assert_received(order, 0)
        (invoice | note).line_ids.filtered(
            lambda aml: aml.account_type == "asset_receivable"
        ).reconcile()
        self.assert_received(order, 0)
        self._pay(invoice)
        self.assert_received(order, 700)

    def test_an_open_credit_note_beside_an_open_invoice_takes_no_money_away(self):
        self.pump.invoice_policy = "order"
        order = self._make_order()
        invoice = self._invoice_rest(order)
        self._pay(invoice, 400)
        self._credit(invoice, quantity=6)
        self.assert_received(order, 400)

    def test_a_credit_note_used_for_another_order_moves_the_money_there(self):
        self.pump.invoice_policy = "order"
        order, other = self._make_order(), self._make_order()
        invoice = self._invoice_rest(order)
        self._pay(invoice)
        note = self._credit(invoice)
        second = self._invoice_rest(other)
        (note | second).line_ids.filtered(
            lambda aml: aml.account_type == "asset_receivable"
        ).reconcile()
        self.assert_received(order, 0)
        self.assert_received(other, 1000)

    def test_a_cancelled_deposit_is_received_with_the_invoice_it_is_used_for(self):
        self.pump.invoice_policy = "order"
        order = self._make_order()
        deposit = self._invoice_deposit(order, 300)
        self._pay(deposit)
        note = self._credit(deposit)
        self.assert_received(order, 0)
        invoice = self._invoice_rest(order)
        invoice.js_assign_outstanding_line(
            note.line_ids.filtered(
                lambda aml: aml.account_type == "asset_receivable"
            ).id
        )
        self.assert_received(order, 300)

    def test_a_write_off_counts_as_the_company_chooses(self):
        order = self._make_order()
        self._pay(
            self._invoice_deposit(order, 300),
            299.5,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assert_received(order, 300)
        self.env.company.order_desk_count_write_offs = False
        self.assert_received(order, 299.5)

    def test_an_entry_typed_in_by_hand_is_no_money(self):
        order = self._make_order()
        invoice = self._invoice_deposit(order, 300)
        receivable = invoice.line_ids.filtered(
            lambda aml: aml.account_type == "asset_receivable"
        )
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": self.customer.id,
                            "credit": 300,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_expense"
                            ].id,
                            "debit": 300,
                        }
                    ),
                ]
            }
        )
        entry.action_post()
        (
            receivable
            | entry.line_ids.filtered(lambda a: a.account_type == "asset_receivable")
        ).reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assert_received(order, 0)

    def test_an_early_payment_discount_is_in_the_contract(self):
        self.env.company.order_desk_count_write_offs = False
        terms = self.env["account.payment.term"].create(
            {
                "name": "2% within 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
            }
        )
        self.customer.property_payment_term_id = terms
        self.pump.invoice_policy = "order"
        order = self._make_order()
        order.payment_term_id = terms
        invoice = self._invoice_rest(order, invoice_payment_term_id=terms.id)
        payment = self._pay(invoice)
        self.assertEqual(payment.amount, 980)
        self.assert_received(order, 1000)

    def test_cash_rounding_is_nobodys(self):
        self.pump.invoice_policy = "order"
        self.pump.list_price = 100.003
        order = self._make_order(10)
        self.assertEqual(order.amount_total, 1000.03)
        invoice = self._invoice_rest(
            order, invoice_cash_rounding_id=self.cash_rounding_a.id
        )
        self.assertEqual(invoice.amount_total, 1000.05)
        self._pay(invoice)
        self.assert_received(order, 1000.03)

    def test_taxes_included_in_the_price(self):
        tax = self.tax_sale_a.copy(
            {"name": "Included", "amount": 13, "price_include_override": "tax_included"}
        )
        self.pump.taxes_id = tax
        self.pump.invoice_policy = "order"
        order = self._make_order()
        self.assertEqual(order.amount_total, 1000)
        self._pay(self._invoice_deposit(order, 300))
        self._pay(self._invoice_rest(order))
        self.assert_received(order, 1000)

    def test_taxes_on_top_are_paid_as_well(self):
        self.pump.taxes_id = self.tax_sale_a.copy({"name": "On top", "amount": 13})
        self.pump.invoice_policy = "order"
        order = self._make_order(3)
        self.assertEqual(order.amount_total, 339)
        self._pay(self._invoice_deposit(order, order.deposit_required))
        self.assert_received(order, 101.7)
        self._pay(self._invoice_rest(order))
        self.assert_received(order, 339)

    def test_payments_count_once_matched_with_the_bank_if_the_company_wants(self):
        self.env.company.order_desk_payment_basis = "matched"
        order = self._make_order()
        payment = self._pay(self._invoice_deposit(order, 300))
        self.assert_received(order, 0)
        self._match_with_bank(payment)
        self.assertTrue(payment.is_matched)
        self.assert_received(order, 300)

    def test_a_bank_statement_line_pays_an_invoice_directly(self):
        self.env.company.order_desk_payment_basis = "matched"
        order = self._make_order()
        invoice = self._invoice_deposit(order, 300)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_ref": invoice.name,
                "amount": 300,
                "partner_id": self.customer.id,
            }
        )
        receivable = invoice.line_ids.filtered(
            lambda aml: aml.account_type == "asset_receivable"
        )
        suspense = line._seek_for_lines()[1]
        suspense.account_id = receivable.account_id
        (suspense | receivable).reconcile()
        self.assert_received(order, 300)

    def test_unallocated_money_is_shown_and_not_counted(self):
        order = self._make_order()
        self._invoice_deposit(order, 300)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_id": self.customer.id,
                "amount": 120,
            }
        )
        payment.action_post()
        key = (self.env.company, self.customer)
        self.assertEqual(order._get_unallocated(), {key: 120})
        self.assert_received(order, 0)

    def test_the_table_explains_the_balance(self):
        order = self._make_order()
        invoice = self._invoice_deposit(order, 300)
        self._pay(invoice)
        table = {row["kind"]: row for row in order.balance_table}
        self.assertEqual(table["total"]["amount"], 1000)
        self.assertEqual(table["received"]["amount"], -300)
        self.assertIn(invoice.name, table["received"]["label"])
        self.assertEqual(table["balance"]["amount"], 700)


@tagged("post_install", "-at_install")
class TestMoneyCurrencies(OrderDeskMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump.invoice_policy = "order"
        cls.foreign = cls.setup_other_currency(
            "EUR", rates=[("2020-01-01", 2.0), ("2021-01-01", 4.0)]
        )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": cls.foreign.id}
        )

    def test_an_order_in_a_foreign_currency(self):
        self.customer.property_product_pricelist = self.pricelist
        order = self._make_order()
        self.assertEqual(order.currency_id, self.foreign)
        self.assertEqual(order.deposit_required, 1200)
        self._pay(self._invoice_deposit(order, 1200))
        order.invalidate_recordset()
        self.assertEqual(order.amount_received, 1200)

    def test_exchange_differences_do_not_count(self):
        self.customer.property_product_pricelist = self.pricelist
        order = self._make_order()
        invoice = self._invoice_rest(order, invoice_date="2020-06-01")
        payment = self._pay(
            invoice, payment_date="2021-06-01", currency_id=self.foreign.id
        )
        self.assertTrue(
            payment.move_id.line_ids.matched_debit_ids.exchange_move_id
            or payment.move_id.line_ids.matched_credit_ids.exchange_move_id
        )
        order.invalidate_recordset()
        self.assertEqual(order.amount_received, 4000)

    def test_a_payment_in_another_currency_than_the_invoice(self):
        order = self._make_order()
        invoice = self._invoice_rest(order)
        self._pay(invoice, 2000, currency_id=self.foreign.id)
        order.invalidate_recordset()
        self.assertEqual(order.amount_received, 500)

    def test_an_invoice_in_another_currency_than_the_order(self):
        order = self._make_order()
        invoice = self._invoice_rest(order, post=False)
        invoice.invoice_date = fields.Date.to_date("2021-06-01")
        invoice.currency_id = self.foreign
        invoice.invoice_line_ids.price_unit = 400
        invoice.action_post()
        self._pay(invoice, 2000)
        order.invalidate_recordset()
        self.assertEqual(order.amount_received, 500)

    def test_a_currency_without_a_rate_is_not_counted(self):
        order = self._make_order()
        invoice = self._invoice_rest(order, post=False)
        invoice.currency_id = self.foreign
        invoice.action_post()
        self._pay(invoice)
        self.foreign.rate_ids.unlink()
        order.invalidate_recordset()
        self.assertEqual(order.amount_received, 0)
        condition = self._get_condition(order, "deposit")
        self.assertIn("EUR", condition["reason"])
