from odoo import Command
from odoo.tests import Form, tagged

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestShippingMoney(OrderDeskMoneyCommon):
    def assert_due(self, order, quantities, due):
        """Check what is due before ``quantities`` (one per goods line) may leave."""
        lines = order.order_line.filtered(lambda line: line._is_goods())
        order.invalidate_recordset()
        leaving = dict(zip(lines, quantities, strict=True))
        self.assertEqual(order._get_shipment_money(leaving)[order]["due"], due)

    def test_goods_ship_once_the_balance_is_received(self):
        order = self._make_released()
        with self.assert_refused("700"):
            self._ship(order)
        self._pay(self._invoice_deposit(order, 700))
        self.assertEqual(self._ship(order).state, "done")

    def test_nothing_has_moved_after_a_refusal(self):
        order = self._make_released()
        with self.assert_refused():
            self._ship(order)
        self.assertEqual(order.picking_ids.state, "assigned")

    def test_the_deposit_is_set_off_in_proportion(self):
        order = self._make_released()
        self.assert_due(order, [5], 350)
        self.assert_due(order, [10], 700)

    def test_the_deposit_is_set_off_first(self):
        self.class_balance.deposit_offset = "first"
        order = self._make_released()
        self.assert_due(order, [3], 0)
        self.assert_due(order, [5], 200)
        self.assert_due(order, [10], 700)

    def test_the_deposit_is_set_off_last(self):
        self.class_balance.deposit_offset = "last"
        order = self._make_released()
        self.assert_due(order, [5], 500)
        self.assert_due(order, [7], 700)
        self.assert_due(order, [10], 700)

    def test_a_part_ships_for_its_part_of_the_balance(self):
        order = self._make_released()
        self._pay(self._invoice_deposit(order, 350))
        self._ship(order, 5)
        self.assertEqual(len(order.picking_ids), 2)
        with self.assert_refused("350"):
            self._ship(order)
        self._pay(self._invoice_deposit(order, 350))
        self._ship(order)
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})

    def test_more_than_ordered_is_paid_as_well(self):
        order = self._make_released()
        self._pay(self._invoice_deposit(order, 700))
        with self.assert_refused("100"):
            self._ship(order, 11)

    def test_a_product_nobody_ordered_is_paid_as_well(self):
        for policy in ("delivery", "order"):
            self._check_unordered(policy)

    def _check_unordered(self, policy):
        order = self._make_released()
        self._pay(self._invoice_deposit(order, 700))
        extra = self.env["product.product"].create(
            {
                "name": "Extra",
                "type": "consu",
                "list_price": 50,
                "taxes_id": False,
                "invoice_policy": policy,
            }
        )
        picking = order.picking_ids
        picking.move_ids = [
            Command.create(
                {
                    "product_id": extra.id,
                    "product_uom_qty": 2,
                    "quantity": 2,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        with self.assert_refused("100"):
            self._ship(order, user=self.env.user)

    def test_goods_that_came_back_are_not_paid_twice(self):
        order = self._make_released()
        self._pay(self._invoice_deposit(order, 700))
        picking = self._ship(order).sudo()
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 4
        back = wizard._create_return()
        back.move_ids.picked = True
        back.button_validate()
        line = order.order_line.filtered(lambda line: line._is_goods())
        self.assertEqual(order._get_shipped_quantities(), {line: 6})
        self.assert_due(order, [4], 0)

    def test_freight_and_discount_are_spread_over_the_goods(self):
        freight = self.service_product
        order = self._make_order(state="draft")
        order.order_line = [
            Command.create({"product_id": freight.id, "price_unit": 60}),
            Command.create({"product_id": freight.id, "price_unit": -20}),
        ]
        self.assertEqual(order.amount_total, 1040)
        self.assertEqual(order.deposit_required, 312)
        self.assert_due(order, [5], 312 + 520 - 156)
        self.assert_due(order, [10], 1040)

    def test_free_goods_ship_with_the_others(self):
        order = self._make_order(state="draft")
        order.order_line = [
            Command.create({"product_id": self.pump.id, "discount": 100})
        ]
        self.assert_due(order, [0, 1], 0)
        self.assert_due(order, [10, 1], 1000)

    def test_an_order_of_free_goods_is_paid_with_its_first_piece(self):
        order = self._make_order(state="draft", discount=100)
        order.order_line = [
            Command.create({"product_id": self.service_product.id, "price_unit": 60})
        ]
        self.class_balance.deposit_percent = 0
        self.assert_due(order, [1], 60)

    def test_another_unit_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._make_order(
            quantity=2, state="draft", product_uom_id=dozen.id, price_unit=1200
        )
        self.assertEqual(order.amount_total, 2400)
        self._code_order(order.sheet_id)
        self._pay(self._invoice_deposit(order, 720))
        self._release_order(order)
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.quantity = 6  # half a dozen
        self.assertEqual(
            order._get_ready_quantities(),
            {order.order_line.filtered(lambda line: line._is_goods()): 0.5},
        )
        picking.invalidate_recordset()
        condition = next(c for c in picking.shipping_gate if c["code"] == "balance")
        self.assertEqual(condition["missing"], 420)

    def test_an_order_worth_nothing_ships(self):
        order = self._make_order(discount=100)
        self.assertEqual(order.deposit_required, 0)
        self._release_order(order)
        self.assertEqual(self._ship(order).state, "done")

    def test_a_negative_order_owes_nothing(self):
        order = self._make_order(state="draft")
        order.order_line = [
            Command.create({"product_id": self.service_product.id, "price_unit": -1500})
        ]
        self.assertEqual(order.amount_total, -500)
        self.assertEqual(order.deposit_required, 0)
        self.assertEqual(order.balance_due, 0)
        self.assert_due(order, [10], 0)

    def test_a_deposit_of_all(self):
        self.class_balance.deposit_percent = 100
        order = self._make_released()
        self.assertEqual(order.balance_due, 0)
        self.assertEqual(self._ship(order).state, "done")

    def test_a_deposit_larger_than_the_reduced_order(self):
        order = self._make_released()
        order.order_line.filtered(lambda line: line._is_goods()).product_uom_qty = 2
        self.assertEqual(order.amount_total, 200)
        self.assertEqual(order.deposit_required, 60)
        self.assert_due(order, [2], 0)
        self.assertEqual(order.balance_due, 0)

    def test_class_a_ships_before_it_pays(self):
        self.customer.order_desk_class_id = self.class_credit
        order = self._make_released()
        self.assertEqual(order.deposit_required, 0)
        self.assertEqual(self._ship(order).state, "done")

    def test_cash_on_delivery_ships_unpaid_once_signed(self):
        order = self._make_released()
        order.cash_on_delivery = True
        with self.assert_refused():
            self._ship(order)
        self._sign_pending(order.sheet_id)
        self.assertEqual(self._ship(order).state, "done")

    def test_a_payment_taken_back_closes_the_gate(self):
        order = self._make_released()
        payment = self._pay(self._invoice_deposit(order, 700))
        payment.action_draft()
        with self.assert_refused("700"):
            self._ship(order)

    def test_plain_orders_ship_unpaid(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [Command.create({"product_id": self.pump.id})],
            }
        )
        order.action_confirm()
        self.assertEqual(self._ship(order).state, "done")

    def test_two_orders_in_one_call_each_need_their_own_money(self):
        paid, unpaid = self._make_released(), self._make_released()
        self._pay(self._invoice_deposit(paid, 700))
        pickings = paid.picking_ids | unpaid.picking_ids
        pickings.action_assign()
        pickings.move_ids.picked = True
        with self.assert_refused() as error:
            pickings.with_user(self.shipper).button_validate()
        self.assertIn(unpaid.name, str(error.exception))
        self.assertNotIn(paid.name, str(error.exception))


@tagged("post_install", "-at_install")
class TestProductionMoney(OrderDeskMoneyCommon):
    def test_no_release_before_the_deposit(self):
        order = self._make_order()
        self._confirm(order.sheet_id)
        with self.assert_refused("Deposit of"):
            order.sheet_id.with_user(self.clerk).action_release()
        self._pay(self._invoice_deposit(order, 300))
        order.sheet_id.with_user(self.clerk).action_release()
        self.assertEqual(order.sheet_id.state, "released")

    def test_the_deposit_says_what_is_missing_and_who_pays(self):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 100))
        condition = self._get_condition(order, "deposit")
        self.assertFalse(condition["holds"])
        self.assertEqual(condition["missing"], 200)
        self.assertIn("100", condition["reason"])
        self.assertEqual(condition["actor"], self.customer.name)

    def test_a_larger_order_asks_for_the_rest_of_the_deposit(self):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 300))
        self.assertTrue(self._get_condition(order, "deposit")["holds"])
        order.order_line.filtered(lambda line: line._is_goods()).product_uom_qty = 20
        self.assertEqual(self._get_condition(order, "deposit")["missing"], 300)

    def test_a_deposit_agreed_above_the_class_is_asked_for(self):
        order = self._make_order(state="draft")
        order.write({"deposit_is_agreed": True, "deposit_agreed_percent": 50})
        self.assertEqual(order.deposit_required, 500)
        self.assertFalse(self._get_condition(order, "agreed_deposit"))

    def test_a_deposit_agreed_below_the_class_needs_a_waiver(self):
        order = self._make_order(state="draft")
        order.write({"deposit_is_agreed": True, "deposit_agreed_percent": 10})
        self.assertEqual(order.deposit_required, 100)
        condition = self._get_condition(order, "agreed_deposit")
        self.assertFalse(condition["holds"])
        self.assertEqual(condition["missing"], 200)

    def test_an_agreed_deposit_is_signed(self):
        order = self._make_order()
        self.assertFalse(order.sheet_id.is_changed)
        order.write({"deposit_is_agreed": True, "deposit_agreed_percent": 50})
        self.assertTrue(order.sheet_id.is_changed)

    def test_an_impossible_agreed_deposit_is_refused(self):
        order = self._make_order(state="draft")
        with self.assert_refused("between 0 and 100"):
            order.deposit_agreed_percent = 101

    def test_down_payments_leave_the_signatures_as_they_are(self):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 300))
        self.assertFalse(order.sheet_id.is_changed)
        self.assertEqual(order.sheet_id.state, "confirming")

    def test_overdue_invoices_stop_an_order_beyond_what_is_tolerated(self):
        self.customer.order_desk_class_id = self.class_credit
        order = self._make_order()
        invoice = self._make_overdue_invoice()
        self.assertEqual(self._get_condition(order, "credit")["missing"], 500)
        self.class_credit.max_overdue_amount = 500
        self.assertTrue(self._get_condition(order, "credit")["holds"])
        self.class_credit.max_overdue_amount = 0
        self.class_credit.max_overdue_days = 100000
        self.assertTrue(self._get_condition(order, "credit")["holds"])
        self.class_credit.max_overdue_days = 0
        self._pay(invoice)
        self.assertTrue(self._get_condition(order, "credit")["holds"])

    def _make_overdue_invoice(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2020-01-01",
                "invoice_date_due": "2020-01-31",
                "invoice_line_ids": [
                    Command.create({"name": "Old", "price_unit": 500, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        return invoice

    def test_the_credit_limit_counts_what_is_not_invoiced_yet(self):
        self.customer.order_desk_class_id = self.class_credit
        self.env.company.account_use_credit_limit = True
        self.customer.credit_limit = 1500
        first = self._make_order()
        self.assertTrue(self._get_condition(first, "credit")["holds"])
        second = self._make_order()
        condition = self._get_condition(second, "credit")
        self.assertEqual(condition["missing"], 500)
        self.assertIn("500", condition["reason"])

    def test_credit_is_checked_before_shipment_again(self):
        self.customer.order_desk_class_id = self.class_credit
        order = self._make_released()
        self._make_overdue_invoice()
        with self.assert_refused("Overdue"):
            self._ship(order)

    def test_a_new_order_opens_before_it_has_a_customer(self):
        with Form(self.env["sale.order"].with_user(self.clerk)) as order:
            self.assertFalse(order.partner_id)
            order.partner_id = self.customer
            order.team_id = self.team
        order = self.env["sale.order"].browse(order.id)
        self.assertEqual(order.deposit_required, 0)
        self.assertEqual(order.balance_table[-1]["amount"], 0)

    def test_the_strictest_class_applies_without_one(self):
        self.env["order.desk.customer.class"].create(
            {"code": "TX", "name": "Strictest", "sequence": 999, "deposit_percent": 80}
        )
        self.customer.order_desk_class_id = False
        order = self._make_order(state="draft")
        self.assertEqual(order.deposit_required, 800)

    def test_the_strictest_class_applies_with_an_archived_one(self):
        strictest = self.env["order.desk.customer.class"]._get_strictest()
        order = self._make_order(state="draft")
        self.class_balance.active = False
        order.invalidate_recordset()
        self.assertEqual(order.deposit_percent, strictest.deposit_percent)
