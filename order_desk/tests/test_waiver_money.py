from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestWaiverMoney(OrderDeskMoneyCommon):
    """Waivers of what accounting decides: an order of 1000, a deposit of 300."""

    def _waive(self, order, condition="deposit", gate="production"):
        order.invalidate_recordset()
        order.sheet_id.with_user(self.manager).action_waive(
            gate, condition, "Old friend", "The money", self._soon(5)
        )
        return order.sheet_id.waiver_ids.sorted("id")[-1:]

    def _follow(self, order):
        self.env.invalidate_all()
        order.sheet_id._make_good_waivers()

    def _reverse(self, payment):
        payment.move_id.line_ids.remove_move_reconcile()
        self.env.invalidate_all()

    # ------------------------------------------------------------- deposit

    def test_received_deposit_makes_it_good(self):
        order = self._make_order()
        waiver = self._waive(order)
        invoice = self._invoice_deposit(order, 300)
        self._pay(invoice, 100)
        self._follow(order)
        self.assertEqual(waiver.state, "open")
        self._pay(invoice)
        self._follow(order)
        self.assertEqual(waiver.state, "made_good")
        self.assertTrue(waiver.made_good_on)
        self.assertFalse(waiver.made_good_by_id)
        self.assertTrue(self._get_condition(order, "deposit")["holds"])

    def test_payment_that_is_reversed_closes_the_gate_again(self):
        order = self._make_order()
        self._waive(order)
        payment = self._pay(self._invoice_deposit(order, 300))
        self._follow(order)
        self._reverse(payment)
        self.assertFalse(self._get_condition(order, "deposit")["holds"])

    def test_part_of_the_deposit_leaves_less_to_waive(self):
        order = self._make_order()
        payment = self._pay(self._invoice_deposit(order, 300), 200)
        waiver = self._waive(order)
        self.assertEqual(waiver.covered_missing, 100)
        self._reverse(payment)
        condition = self._get_condition(order, "deposit")
        self.assertFalse(condition["holds"])
        self.assertIn("100", condition["reason"])

    def test_waived_deposit_lets_production_start(self):
        order = self._make_order()
        self._confirm(order.sheet_id)
        with self.assert_refused("300"):
            order.sheet_id.with_user(self.clerk).action_release()
        self._waive(order)
        order.sheet_id.with_user(self.clerk).action_release()
        self.assertTrue(order.picking_ids)

    # ------------------------------------------------------------- agreed deposit

    def _agree_on(self, order, percent):
        order.write({"deposit_is_agreed": True, "deposit_agreed_percent": percent})
        self.env.invalidate_all()

    def test_lower_deposit_needs_a_waiver_that_goes_on_to_count(self):
        sheet = self._make_sheet()
        order = sheet.order_id
        self._agree_on(order, 10)
        self._code_order(sheet)
        self.assertFalse(self._get_condition(order, "agreed_deposit")["holds"])
        waiver = self._waive(order, "agreed_deposit")
        self.assertEqual(waiver.covered_missing, 200)
        self.assertTrue(self._get_condition(order, "agreed_deposit")["holds"])
        self._pay(self._invoice_deposit(order, 100))
        self._follow(order)
        self.assertTrue(self._get_condition(order, "deposit")["holds"])
        self.assertEqual(waiver.state, "open")
        self._pay(self._invoice_deposit(order, 200))
        self._follow(order)
        self.assertEqual(waiver.state, "made_good")
        self.assertTrue(self._get_condition(order, "agreed_deposit")["holds"])

    def test_still_lower_deposit_is_asked_again(self):
        sheet = self._make_sheet()
        order = sheet.order_id
        self._agree_on(order, 10)
        self._code_order(sheet)
        self._waive(order, "agreed_deposit")
        self._agree_on(order, 5)
        self.assertFalse(self._get_condition(order, "agreed_deposit")["holds"])

    # ------------------------------------------------------------- balance

    def test_waived_balance_lets_the_goods_leave_and_no_more(self):
        order = self._make_released()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.quantity = 5
        waiver = self._waive(order, "balance", "shipping")
        self.assertEqual(waiver.covered_missing, 350)
        self._ship(order, 5)
        with self.assert_refused("700"):
            self._ship(order)
        self._follow(order)
        self.assertEqual(waiver.state, "open")
        self._pay(self._invoice_deposit(order, 350))
        self._follow(order)
        self.assertEqual(waiver.state, "made_good")
        with self.assert_refused("350"):
            self._ship(order)

    def test_goods_that_are_unreserved_do_not_make_the_balance_good(self):
        self.class_balance.deposit_offset = "first"
        order = self._make_released()
        order.picking_ids.action_assign()
        waiver = self._waive(order, "balance", "shipping")
        order.picking_ids.move_ids.quantity = 3
        self.assertTrue(self._get_condition(order, "balance", "shipping")["holds"])
        self._follow(order)
        self.assertEqual(waiver.state, "open")

    def test_second_waiver_takes_the_place_of_the_first(self):
        order = self._make_released()
        order.picking_ids.action_assign()
        order.picking_ids.move_ids.quantity = 5
        first = self._waive(order, "balance", "shipping")
        self._ship(order, 5)
        second = self._waive(order, "balance", "shipping")
        self.assertEqual(first.state, "lapsed")
        self.assertEqual(second.covered_missing, 700)
        self._ship(order)
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})

    def test_withdrawn_waiver_stops_the_shipper(self):
        order = self._make_released()
        order.picking_ids.action_assign()
        waiver = self._waive(order, "balance", "shipping")
        waiver.with_user(self.manager).action_withdraw("Rumours")
        with self.assert_refused("700"):
            self._ship(order)

    def test_cancelling_keeps_what_has_left_unpaid_to_make_good(self):
        order = self._make_released()
        order.picking_ids.action_assign()
        waiver = self._waive(order, "balance", "shipping")
        self._ship(order, 5)
        order._action_cancel()
        self.assertEqual(waiver.state, "open")

    def test_order_that_is_paid_in_full_is_made_good_whatever_was_missing(self):
        order = self._make_released()
        order.picking_ids.action_assign()
        waiver = self._waive(order, "balance", "shipping")
        order.action_unlock()
        order.order_line.filtered(lambda line: line.product_id == self.pump)[
            :1
        ].price_unit = 80
        self._pay(self._invoice_deposit(order, 500))
        self._follow(order)
        self.assertEqual(waiver.state, "made_good")

    # ------------------------------------------------------------- credit

    def test_waived_credit_covers_the_debt_of_that_day(self):
        self.customer.order_desk_class_id = self.class_credit
        old = self._make_order()
        invoice = self._invoice_deposit(old, 400, post=False)
        invoice.invoice_date_due = "2020-01-01"
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = "2020-01-01"
        invoice.action_post()
        order = self._make_order()
        self.assertFalse(self._get_condition(order, "credit")["holds"])
        waiver = self._waive(order, "credit")
        self.assertEqual(waiver.covered_missing, 400)
        self.assertTrue(self._get_condition(order, "credit")["holds"])
        # each gate and each order is waived by itself
        self.assertFalse(self._get_condition(order, "credit", "shipping")["holds"])
        self.assertFalse(self._get_condition(old, "credit")["holds"])
        more = self._invoice_deposit(old, 100, post=False)
        more.invoice_payment_term_id = False
        more.invoice_date_due = "2020-01-01"
        more.action_post()
        self.env.invalidate_all()
        self.assertFalse(self._get_condition(order, "credit")["holds"])
        self._pay(invoice | more)
        self._follow(order)
        self.assertEqual(waiver.state, "made_good")

    # ------------------------------------------------------------- many at once

    def test_queries_do_not_grow_with_the_orders(self):
        orders = self.env["sale.order"].union(*(self._make_order() for _n in range(6)))
        orders.sheet_id.with_user(self.manager).action_waive(
            "production", "deposit", "Fair", "The deposit", self._soon(5)
        )

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            conditions = some._order_desk_conditions("production")
            before = self.env.cr.sql_log_count
            some.with_user(self.manager).sudo()._apply_waivers("production", conditions)
            return self.env.cr.sql_log_count - before

        count(orders)  # whatever is cached for everybody
        self.assertEqual(count(orders), count(orders[:2]))

    def test_refusal_names_the_limit(self):
        self.env["order.desk.waiver.right"].create(
            {"condition": "deposit", "user_ids": self.clerk.ids, "max_amount": 299.99}
        )
        order = self._make_order()
        with self.assertRaisesRegex(UserError, "299.99"):
            order.sheet_id.with_user(self.clerk).action_waive(
                "production", "deposit", "Fair", "The deposit", self._soon(5)
            )
