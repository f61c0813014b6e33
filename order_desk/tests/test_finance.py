import math

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestFinanceList(OrderDeskMoneyCommon):
    """What an accountant sees who works in Invoicing and nothing else (SPEC F4)."""

    at_hand_after = math.inf

    def _find(self, domain, user=None):
        orders = self.env["sale.order"].with_user(user or self.accountant)
        return orders.search(
            [("sheet_id", "!=", False), ("partner_id", "=", self.customer.id), *domain]
        )

    def _read(self, order):
        order.invalidate_recordset()
        return order.with_user(self.accountant)

    def test_order_without_its_deposit_waits_for_it(self):
        order = self._make_order()
        found = self._find([("money_state", "=", "deposit")])
        self.assertEqual(found, order)
        self.assertRecordValues(
            found,
            [
                {
                    "money_gate": "production",
                    "money_due": 300.0,
                    "deposit_required": 300.0,
                    "amount_received": 0.0,
                    "balance_due": 1000.0,
                    "order_desk_class_id": self.class_balance.id,
                    "order_desk_code": order.sheet_id.order_code,
                }
            ],
        )
        self.assertIn("No invoice yet", found.money_hint)

    def test_two_partial_payments_open_the_gate_together(self):
        order = self._make_order()
        invoice = self._invoice_deposit(order, 300)
        self._pay(invoice, 100)
        self.assertEqual(self._read(order).money_due, 200)
        self.assertIn(invoice.name, order.money_hint)
        self._pay(invoice, 200)
        self.assertFalse(self._read(order).money_state)
        self.assertFalse(self._find([("money_state", "!=", False)]))

    def test_released_order_waits_for_the_balance(self):
        order = self._make_released()
        self.assertEqual(self._find([("money_state", "=", "balance")]), order)
        self.assertEqual(self._find([("money_gate", "=", "shipping")]), order)
        self.assertEqual(self._read(order).money_due, 700)

    def test_paid_and_shipped_order_waits_for_nothing(self):
        order = self._make_released()
        self._pay(self._invoice_rest(order))
        self._ship(order)
        self.assertFalse(self._read(order).money_state)

    def test_order_on_terms_waits_for_nothing(self):
        self.customer.order_desk_class_id = self._make_class("TT")
        order = self._make_order()
        self.assertFalse(self._read(order).money_state)

    def test_order_over_its_credit_is_in_the_list(self):
        self.customer.order_desk_class_id = self.class_credit
        self.env.company.account_use_credit_limit = True
        self.customer.credit_limit = 500
        order = self._make_order()
        self.assertEqual(self._find([("money_state", "=", "credit")]), order)
        action = order.with_user(self.accountant).action_view_money_invoices()
        self.assertEqual(action["res_model"], "account.move")

    def test_order_that_is_not_confirmed_waits_for_nothing(self):
        order = self._make_order(state="draft")
        self.assertFalse(self._read(order).money_state)
        self.assertNotIn(order, self._find([("money_state", "!=", False)]))

    def test_order_without_a_sheet_is_not_concerned(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [Command.create({"product_id": self.pump.id})],
            }
        )
        order.action_confirm()
        self.assertFalse(self._read(order).money_state)
        self.assertFalse(order.money_gate)

    # ------------------------------------------------------------- unallocated

    def _pay_in_advance(self, amount=400, partner=None):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": (partner or self.customer).id,
                "amount": amount,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        return payment

    def test_unallocated_money_is_shown_and_not_counted(self):
        order = self._make_order()
        self._pay_in_advance()
        self.assertEqual(self._find([("is_money_coverable", "=", True)]), order)
        found = self._read(order)
        self.assertEqual(found.money_unallocated, 400)
        self.assertEqual(found.money_due, 300)
        self.assertIn("the deposit has to be asked for", found.money_hint)
        invoice = self._invoice_deposit(order, 300)
        self.assertIn(
            f"register it against invoice {invoice.name}", self._read(order).money_hint
        )

    def test_unallocated_money_opens_in_the_list_of_odoo(self):
        order = self._make_order()
        payment = self._pay_in_advance()
        action = order.with_user(self.accountant).action_view_money_unallocated()
        lines = (
            self.env[action["res_model"]]
            .with_user(self.accountant)
            .search(action["domain"])
        )
        self.assertEqual(lines.move_id, payment.move_id)

    def test_unallocated_money_of_another_customer_covers_nothing(self):
        self._make_order()
        self._pay_in_advance(partner=self.env["res.partner"].create({"name": "Other"}))
        self.assertFalse(self._find([("is_money_coverable", "=", True)]))

    # ------------------------------------------------------------- one click

    def test_one_click_opens_the_invoice(self):
        order = self._make_order()
        invoice = self._invoice_deposit(order, 300)
        action = order.with_user(self.accountant).action_view_money_invoices()
        self.assertEqual(action["res_id"], invoice.id)

    def test_without_an_invoice_the_click_says_what_to_do(self):
        order = self._make_order()
        with self.assertRaisesRegex(UserError, "Ask for deposit"):
            order.with_user(self.accountant).action_view_money_invoices()

    # ------------------------------------------------------------- rights

    def test_accountant_opens_list_form_and_sheet(self):
        order = self._make_order()
        for view in ("list", "kanban", "form"):
            ref = f"order_desk.sale_order_view_{view}_finance"
            orders = self.env["sale.order"].with_user(self.accountant)
            orders.get_view(self.env.ref(ref).id, view)
        with Form(
            order.with_user(self.accountant), "order_desk.sale_order_view_form_finance"
        ):
            pass
        with Form(order.sheet_id.with_user(self.accountant)) as form:
            self.assertEqual(form.state, "confirming")

    def test_accountant_changes_nothing_at_the_desk(self):
        sheet = self._make_order().sheet_id.with_user(self.accountant)
        for action in (
            lambda: sheet.write({"other_requirements": "x"}),
            lambda: sheet.action_release(),
            lambda: sheet.unlink(),
            lambda: sheet.signature_ids[:1].unlink(),
            lambda: sheet.milestone_ids[:1].write({"reached_on": False}),
        ):
            # AccessError is one as well
            with self.assertRaises(UserError):
                action()

    def test_accountant_reads_no_price_policy(self):
        sheet = self._make_order().sheet_id.with_user(self.accountant)
        names = ("price_reason", "exceptions", "noted_exceptions", "card_exceptions")
        for name in names:
            with self.subTest(name), self.assertRaises(AccessError):
                sheet.read([name])

    def test_accountant_of_another_company_sees_nothing(self):
        order = self._make_order()
        other = self.env["res.company"].create({"name": "Second factory"})
        stranger = new_test_user(
            self.env,
            login="od_other_accountant",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self._find([("money_state", "=", "deposit")], stranger))
        self.assertFalse(order.sheet_id.with_user(stranger).has_access("read"))

    def test_salesperson_with_accounting_sees_own_orders_only(self):
        order = self._make_order()
        both = new_test_user(
            self.env,
            login="od_both",
            groups="account.group_account_invoice,sales_team.group_sale_salesman",
        )
        self.assertFalse(order.sheet_id.with_user(both).has_access("read"))

    # ------------------------------------------------------------- many at once

    def test_list_is_read_at_once_for_many_orders(self):
        orders = self.env["sale.order"].union(*(self._make_order() for _i in range(2)))
        more = orders.union(*(self._make_order() for _i in range(6)))
        for order in more[::2]:
            self._pay(self._invoice_deposit(order, 300), 100)
        counts = []
        for some in (orders, more):
            self.env.flush_all()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            some[:1].with_user(self.accountant).mapped("money_state")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.env["sale.order"].with_user(self.accountant)
            found.search([("id", "in", some.ids), ("money_state", "=", "deposit")])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_list_is_grouped_by_class_and_gate(self):
        order = self._make_order()
        released = self._make_released()
        orders = self.env["sale.order"].with_user(self.accountant)
        domain = [("id", "in", (order | released).ids)]
        by_gate = dict(orders._read_group(domain, ["money_gate"], ["id:recordset"]))
        self.assertEqual(by_gate, {"production": order, "shipping": released})
        groups = orders._read_group(domain, ["order_desk_class_id"], ["__count"])
        self.assertEqual(groups, [(self.class_balance, 2)])
        self.assertEqual(
            self._find([("order_desk_class_id", "=", self.class_balance.id)]),
            orders.browse((order | released).ids).sorted("id", reverse=True),
        )

    def test_unclassified_customers_are_found_under_the_strictest_class(self):
        self.customer.order_desk_class_id = False
        strictest = self.env["order.desk.customer.class"]._get_strictest()
        order = self._make_order()
        self.assertEqual(
            self._find([("order_desk_class_id", "=", strictest.id)]), order
        )
        groups = self.env["sale.order"]._read_group(
            [("id", "=", order.id)], ["order_desk_class_id"]
        )
        self.assertEqual(groups, [(strictest,)])
