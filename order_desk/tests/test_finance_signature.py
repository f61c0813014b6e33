from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import new_test_user, tagged

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestFinanceSignature(OrderDeskMoneyCommon):
    """The company wants a person to confirm what has arrived (SPEC F4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.order_desk_finance_confirms = True
        cls.finance_role = (
            cls.env["order.desk.role"]
            .with_context(active_test=False)
            .search([("company_id", "=", cls.env.company.id), ("step", "=", "finance")])
        )
        cls.finance_role.active = True
        cls.finance_role.user_ids = False
        cls.finance_role.group_id = cls.env.ref("account.group_account_invoice")

    def _todos(self, order, kind="confirm_receipt"):
        todo_type = self.env.ref(f"order_desk.mail_activity_type_{kind}")
        return order.sheet_id.activity_ids.filtered(
            lambda activity: activity.activity_type_id == todo_type
        )

    def _paid_order(self, amount=300):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 300), amount)
        order.sheet_id._follow_money()
        return order

    def test_money_counts_once_finance_has_confirmed_it(self):
        order = self._paid_order()
        self.assertFalse(self._get_condition(order, "deposit")["holds"])
        self.assertEqual(order.amount_received, 300)
        self.assertEqual(order.with_user(self.accountant).money_state, "confirm")
        order.with_user(self.accountant).action_confirm_receipt()
        self.assertTrue(self._get_condition(order, "deposit")["holds"])

    def test_signature_says_in_words_what_was_verified(self):
        order = self._paid_order()
        order.with_user(self.accountant).action_confirm_receipt()
        signature = order.sheet_id.signature_ids.filtered("seen_reconcile_id")
        self.assertEqual(signature.role_id, self.finance_role)
        self.assertEqual(signature.user_id, self.accountant)
        self.assertEqual(signature.decision, "signed")
        for text in ("300.00", "1,000.00", order.invoice_ids.name):
            self.assertIn(text, signature.statement)
        self.assertTrue(signature.is_current)

    def test_signature_does_not_lapse_with_the_content(self):
        order = self._paid_order()
        order.with_user(self.accountant).action_confirm_receipt()
        signature = order.sheet_id.signature_ids.filtered("seen_reconcile_id")
        order.sheet_id.other_requirements = "Blue"
        self.assertTrue(signature.is_current)
        self.assertNotIn(
            self.finance_role, order.sheet_id._get_roles_to_sign()[order.sheet_id]
        )

    def test_what_arrives_later_is_confirmed_anew(self):
        order = self._paid_order(100)
        order.with_user(self.accountant).action_confirm_receipt()
        self._pay(order.invoice_ids, 200)
        order.sheet_id._follow_money()
        self.assertEqual(order._get_received()[order], (300, 100))
        self.assertTrue(self._todos(order))
        order.with_user(self.accountant).action_confirm_receipt()
        self.assertEqual(order._get_received()[order], (300, 300))
        self.assertFalse(self._todos(order))

    def test_arrived_money_is_a_to_do_of_finance(self):
        order = self._paid_order()
        self.assertIn(self.accountant, self._todos(order).user_id)
        order.with_user(self.accountant).action_confirm_receipt()
        self.assertFalse(self._todos(order))

    def test_what_is_paid_back_is_not_confirmed_any_more(self):
        order = self._paid_order()
        order.with_user(self.accountant).action_confirm_receipt()
        self._pay(self._credit(order.invoice_ids, quantity=0.5))
        self.assertEqual(order._get_received()[order], (150, 150))
        self.assertFalse(self._get_condition(order, "deposit")["holds"])

    def test_many_orders_are_confirmed_at_once(self):
        orders = self._paid_order() | self._paid_order()
        orders.with_user(self.accountant).action_confirm_receipt()
        self.assertEqual(orders._get_counted(), dict.fromkeys(orders, 300))

    def test_condition_offers_it_to_finance_alone(self):
        order = self._paid_order()
        for user in (self.accountant, self.salesperson, self.manager):
            condition = self._get_condition(order.with_user(user), "deposit")
            check = self.assertEqual if user == self.accountant else self.assertNotEqual
            check(condition["action"], "Confirm receipt", user.name)
        order.with_user(self.accountant).action_open_condition("deposit")
        self.assertTrue(self._get_condition(order, "deposit")["holds"])

    # ------------------------------------------------------------- bad input

    def test_nobody_else_confirms(self):
        order = self._paid_order()
        for user in (self.clerk, self.manager):
            with (
                self.subTest(user=user.name),
                self.assertRaisesRegex(UserError, "cannot confirm"),
            ):
                order.with_user(user).action_confirm_receipt()
        with self.assertRaises(AccessError):
            order.with_user(self.stranger).action_confirm_receipt()
        self.assertFalse(order.sheet_id.signature_ids.filtered("seen_reconcile_id"))

    def test_only_named_people_confirm(self):
        order = self._paid_order()
        chief = new_test_user(
            self.env,
            login="od_chief_accountant",
            groups="account.group_account_invoice",
        )
        self.finance_role.user_ids = chief
        with self.assertRaisesRegex(UserError, "od_chief_accountant"):
            order.with_user(self.accountant).action_confirm_receipt()
        order.with_user(chief).action_confirm_receipt()
        self.assertTrue(self._get_condition(order, "deposit")["holds"])

    def test_nothing_new_is_said(self):
        order = self._make_order()
        with self.assertRaisesRegex(UserError, "nothing new has arrived"):
            order.with_user(self.accountant).action_confirm_receipt()

    def test_confirming_twice_is_said(self):
        order = self._paid_order()
        order.with_user(self.accountant).action_confirm_receipt()
        with self.assertRaisesRegex(UserError, "nothing new has arrived"):
            order.with_user(self.accountant).action_confirm_receipt()
        self.assertEqual(
            len(order.sheet_id.signature_ids.filtered("seen_reconcile_id")), 1
        )

    def test_two_at_once_do_not_confirm_twice(self):
        order = self._paid_order()
        sheets = self.env.registry["order.desk.sheet"]
        with (
            patch.object(sheets, "lock_for_update", side_effect=LockError("busy")),
            self.assertRaisesRegex(UserError, "Somebody else"),
        ):
            order.with_user(self.accountant).action_confirm_receipt()
        self.assertFalse(order.sheet_id.signature_ids.filtered("seen_reconcile_id"))

    def test_one_order_without_news_stops_all(self):
        orders = self._paid_order() | self._make_order()
        with self.assertRaisesRegex(UserError, orders[1].name):
            orders.with_user(self.accountant).action_confirm_receipt()
        self.assertFalse(orders.sheet_id.signature_ids.filtered("seen_reconcile_id"))

    def test_setting_off_says_that_money_counts_by_itself(self):
        order = self._paid_order()
        self.env.company.order_desk_finance_confirms = False
        self.assertTrue(self._get_condition(order, "deposit")["holds"])
        with self.assertRaisesRegex(UserError, "counts by itself"):
            order.with_user(self.accountant).action_confirm_receipt()

    def test_accountant_of_another_company_confirms_nothing(self):
        order = self._paid_order()
        other = self.env["res.company"].create({"name": "Second factory"})
        stranger = new_test_user(
            self.env,
            login="od_other_accountant",
            groups="account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        with self.assertRaises(AccessError):
            order.with_user(stranger).action_confirm_receipt()

    def test_finance_role_signs_nothing_else(self):
        order = self._paid_order()
        sheet = order.sheet_id.with_user(self.accountant)
        with self.assertRaises(UserError):
            sheet.action_sign(self.finance_role.id)
        with self.assertRaises(UserError):
            sheet.action_refuse(self.finance_role.id, "No")

    def test_nobody_makes_up_a_signature(self):
        order = self._paid_order()
        values = {
            "sheet_id": order.sheet_id.id,
            "role_id": self.finance_role.id,
            "user_id": self.accountant.id,
            "decision": "signed",
            "seen_reconcile_id": 999999,
        }
        with self.assertRaises(AccessError):
            self.env["order.desk.signature"].with_user(self.accountant).create(values)

    def test_money_taken_back_and_paid_again_is_confirmed_again(self):
        order = self._paid_order()
        order.with_user(self.accountant).action_confirm_receipt()
        invoice = order.invoice_ids
        invoice.line_ids.remove_move_reconcile()
        self.assertEqual(order._get_received()[order], (0, 0))
        self._pay(invoice)
        self.assertEqual(order._get_received()[order], (300, 0))

    def test_submitting_asks_for_somebody_who_confirms(self):
        self.finance_role.active = False
        sheet = self._make_sheet()
        with self.assertRaisesRegex(UserError, "Finance"):
            self._submit(sheet)
        self.env.company.order_desk_finance_confirms = False
        self._submit(sheet)
        self.assertEqual(sheet.state, "review")
