from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestMoneyFollow(OrderDeskMoneyCommon):
    """Money that moves: what it opens, who is told, what was taken back (SPEC D5)."""

    def _follow(self):
        """Run what accounting has left to do."""
        with self.enter_registry_test_mode():
            self.env.ref("order_desk.ir_cron_follow_money").method_direct_trigger()
        self.env.invalidate_all()

    def _todos(self, order, kind):
        todo_type = self.env.ref(f"order_desk.mail_activity_type_{kind}")
        return order.sheet_id.activity_ids.filtered(
            lambda activity: activity.activity_type_id == todo_type
        )

    def _posts(self, order, text):
        return order.sheet_id.message_ids.filtered(lambda m: text in (m.body or ""))

    def _codes(self, order):
        return order.sheet_id.milestone_ids.mapped("code")

    # ------------------------------------------------------------- arrived

    def test_deposit_as_the_last_thing_releases_the_order(self):
        order = self._make_order()
        self._confirm(order.sheet_id)
        invoice = self._invoice_deposit(order, 300)
        self.assertEqual(order.sheet_id.state, "confirming")
        self._pay(invoice)
        self.assertTrue(order.sheet_id.money_moved)
        self._follow()
        self.assertEqual(order.sheet_id.state, "released")
        self.assertTrue(order.picking_ids)
        self.assertFalse(order.sheet_id.money_moved)

    def test_salesperson_is_told_what_arrived_and_what_it_opened(self):
        order = self._make_order()
        self._confirm(order.sheet_id)
        self._pay(self._invoice_deposit(order, 300))
        self._follow()
        post = self._posts(order, "has arrived for")
        self.assertEqual(len(post), 1)
        self.assertIn("300.00", post.body)
        self.assertIn("released to production", post.body)
        self.assertIn(self.salesperson.partner_id, post.notified_partner_ids)

    def test_salesperson_is_told_what_is_still_open(self):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 300))
        self._follow()
        self.assertEqual(order.sheet_id.state, "confirming")
        post = self._posts(order, "has arrived for")
        self.assertIn("Order confirmation by the customer", post.body)

    def test_without_salesperson_the_clerk_is_told(self):
        order = self._make_order()
        order.user_id = False
        self._pay(self._invoice_deposit(order, 300))
        self._follow()
        self.assertIn(
            self.clerk.partner_id,
            self._posts(order, "has arrived for").notified_partner_ids,
        )

    def test_two_partial_payments_are_told_one_by_one(self):
        order = self._make_order()
        self._confirm(order.sheet_id)
        invoice = self._invoice_deposit(order, 300)
        self._pay(invoice, 100)
        self._follow()
        self.assertEqual(order.sheet_id.state, "confirming")
        self._pay(invoice, 200)
        self._follow()
        self.assertEqual(order.sheet_id.state, "released")
        first, second = self._posts(order, "has arrived for").sorted("id")
        self.assertIn("100.00", first.body)
        self.assertIn("200.00", second.body)

    def test_nothing_new_is_not_told(self):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 300))
        self._follow()
        order.sheet_id.sudo().money_moved = True
        self._follow()
        self.assertEqual(len(self._posts(order, "has arrived for")), 1)

    def test_milestones_are_reached_once(self):
        order = self._make_released()
        self._follow()
        self.assertEqual(self._codes(order).count("deposit_received"), 1)
        self.assertNotIn("balance_received", self._codes(order))
        self._pay(self._invoice_rest(order))
        self._follow()
        self.assertEqual(self._codes(order).count("deposit_received"), 1)
        self.assertEqual(self._codes(order).count("balance_received"), 1)
        way = [step["code"] for step in order.sheet_id.way]
        self.assertLess(way.index("deposit_received"), way.index("released"))
        self.assertIn("balance_received", way)

    def test_way_of_an_order_without_deposit_has_no_such_step(self):
        self.customer.order_desk_class_id = self._make_class("TT")
        way = [step["code"] for step in self._make_order().sheet_id.way]
        self.assertNotIn("deposit_received", way)
        self.assertNotIn("balance_received", way)

    def test_payment_releases_nothing_where_no_money_is_asked_for(self):
        self.customer.order_desk_class_id = self._make_class("TT")
        order = self._make_order()
        self._confirm(order.sheet_id)
        self._pay(self._invoice_deposit(order, 300))
        self._follow()
        self.assertEqual(order.sheet_id.state, "confirming")

    def test_payment_in_another_company_moves_nothing(self):
        order = self._make_order()
        other = self.env["res.company"].create({"name": "Second factory"})
        self.env["account.chart.template"].try_loading("generic_coa", other, False)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "company_id": other.id,
                "journal_id": self.env["account.journal"]
                .search([("company_id", "=", other.id), ("type", "=", "sale")], limit=1)
                .id,
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-01",
                "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 300})],
            }
        )
        invoice.action_post()
        self.accountant.company_ids |= other
        self._pay(invoice.with_context(allowed_company_ids=other.ids), 300)
        self.assertFalse(order.sheet_id.money_moved)
        self.assertEqual(order.amount_received, 0)

    def test_one_bad_order_does_not_stop_the_others(self):
        bad, good = self._make_order(), self._make_order()
        for order in (bad, good):
            self._confirm(order.sheet_id)
            self._pay(self._invoice_deposit(order, 300))
        sheets = self.env.registry["order.desk.sheet"]
        release = sheets._action_release

        reason = "No rule for the product"

        def fail(sheet):
            if sheet.order_id == bad:
                raise UserError(reason)
            return release(sheet)

        with patch.object(sheets, "_action_release", fail):
            self._follow()
        self.assertEqual(good.sheet_id.state, "released")
        self.assertEqual(bad.sheet_id.state, "confirming")
        self.assertTrue(self._posts(bad, "No rule for the product"))
        self.assertEqual(self._todos(bad, "money_trouble").user_id, self.clerk)
        bad.sheet_id.with_user(self.clerk).action_release()
        self.assertFalse(self._todos(bad, "money_trouble"))
        self.assertFalse(bad.sheet_id.money_trouble)

    # ------------------------------------------------------------- taken back

    def _take_back(self, payment):
        payment.move_id.line_ids.remove_move_reconcile()
        self._follow()

    def _paid_release(self):
        order = self._make_order()
        self._confirm(order.sheet_id)
        payment = self._pay(self._invoice_deposit(order, 300))
        self._follow()
        self.assertEqual(order.sheet_id.state, "released")
        return order, payment

    def test_deposit_taken_back_after_the_release_is_an_incident(self):
        order, payment = self._paid_release()
        self._take_back(payment)
        self.assertFalse(self._get_condition(order, "deposit")["holds"])
        self.assertTrue(order.sheet_id.money_lost)
        users = self._todos(order, "money_lost").user_id
        self.assertIn(self.salesperson, users)
        self.assertIn(self.clerk, users)
        post = self._posts(order, "Money was taken back")
        self.assertEqual(len(post), 1)
        self.assertIn("300.00", post.body)
        self.assertIn("Nothing has left yet", post.body)

    def test_finance_is_told_of_money_taken_back(self):
        role = (
            self.env["order.desk.role"]
            .with_context(active_test=False)
            .search(
                [("company_id", "=", self.env.company.id), ("step", "=", "finance")]
            )
        )
        role.active = True
        order, payment = self._paid_release()
        self._take_back(payment)
        self.assertIn(self.accountant, self._todos(order, "money_lost").user_id)

    def test_what_has_left_is_listed_when_money_is_taken_back(self):
        order, _deposit = self._paid_release()
        payment = self._pay(self._invoice_rest(order))
        picking = self._ship(order, 4)
        self._follow()
        self._take_back(payment)
        post = self._posts(order, "Money was taken back")
        self.assertIn(picking.name, post.body)
        self.assertIn("4 Units of", post.body)
        self.assertIn("400.00", post.body)
        self.assertIn("6 Units of", post.body)
        self.assertFalse(self._get_condition(order, "balance", "shipping")["holds"])

    def test_incident_is_told_once_and_goes_when_made_good(self):
        order, payment = self._paid_release()
        self._take_back(payment)
        order.sheet_id.sudo().money_moved = True
        self._follow()
        self.assertEqual(len(self._posts(order, "Money was taken back")), 1)
        self._pay(order.invoice_ids)
        self._follow()
        self.assertFalse(order.sheet_id.money_lost)
        self.assertFalse(self._todos(order, "money_lost"))
        self._take_back(order.invoice_ids._get_reconciled_payments()[-1:])
        self.assertEqual(len(self._posts(order, "Money was taken back")), 2)

    def test_refund_after_the_release_is_an_incident(self):
        order, _payment = self._paid_release()
        self._pay(self._credit(order.invoice_ids))
        self._follow()
        self.assertTrue(order.sheet_id.money_lost)

    def test_credit_note_after_the_release_is_an_incident(self):
        order, _payment = self._paid_release()
        self._credit(order.invoice_ids)
        self._follow()
        self.assertTrue(order.sheet_id.money_lost)

    def test_order_that_has_grown_lost_no_money(self):
        order, _payment = self._paid_release()
        order.order_line[:1].product_uom_qty = 20
        self._sign_pending(order.sheet_id)
        self.assertFalse(self._get_condition(order, "deposit")["holds"])
        self._pay(self._invoice_deposit(order, 300), 100)
        self._follow()
        self.assertFalse(order.sheet_id.money_lost)
        self.assertFalse(self._todos(order, "money_lost"))

    def test_held_procurement_starts_when_the_money_is_there(self):
        order, _payment = self._paid_release()
        order.order_line[:1].product_uom_qty = 20
        self._sign_pending(order.sheet_id)
        self._confirm(order.sheet_id)
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_qty")), 10)
        self._pay(self._invoice_deposit(order, 300))
        self._follow()
        self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_qty")), 20)

    def test_flags_of_the_desk_are_not_written_by_hand(self):
        sheet = self._make_order().sheet_id
        for name in ("money_lost", "money_stood", "told_reconcile_id", "money_trouble"):
            with self.subTest(name), self.assertRaises(UserError):
                sheet.with_user(self.clerk).write({name: False})

    def test_trouble_with_one_order_stops_no_other(self):
        orders = self._make_order() | self._make_order()
        for order in orders:
            self._pay(self._invoice_deposit(order, 300))
        bad, good = orders.sheet_id
        sheets = type(bad)
        plain = sheets._make_good_waivers

        def make_good(self):
            if bad in self:
                raise ValueError("bad")
            return plain(self)

        with (
            patch.object(sheets, "_make_good_waivers", make_good),
            mute_logger("odoo.addons.order_desk.models.ir_cron"),
        ):
            self._follow()
        self.assertFalse(good.money_moved)
        self.assertIn("deposit_received", good.milestone_ids.mapped("code"))
        self.assertTrue(bad.money_moved)
