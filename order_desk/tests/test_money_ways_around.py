from odoo import Command
from odoo.tests import tagged

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestMoneyWaysAround(OrderDeskMoneyCommon):
    """What a client could write to have goods leave for less than was signed."""

    def _seller(self, records):
        return records.with_user(self.salesperson)

    def test_goods_called_a_down_payment_are_paid_all_the_same(self):
        order = self._make_released()
        self._seller(order.order_line).filtered(lambda line: line._is_goods()).write(
            {"is_downpayment": True}
        )
        with self.assert_refused("700"):
            self._ship(order)

    def test_a_line_of_a_running_order_stays_on_it(self):
        order = self._make_released()
        plain = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "user_id": self.salesperson.id,
            }
        )
        line = order.order_line.filtered(lambda line: line._is_goods())
        with self.assert_refused("stay"):
            self._seller(line).order_id = plain
        with self.assert_refused("stay"):
            self._seller(plain).order_line = [Command.link(line.id)]
        self._seller(line).order_id = order

    def test_a_lower_price_ships_once_it_is_signed(self):
        order = self._make_released()
        line = order.order_line.filtered(lambda line: line._is_goods())
        self._seller(line).price_unit = 30
        with self.assert_refused("terms"):
            self._ship(order)
        self._sign_pending(order.sheet_id)
        self._ship(order)

    def test_a_discount_line_ships_once_it_is_signed(self):
        order = self._make_released()
        self._seller(order).order_line = [
            Command.create({"product_id": self.service_product.id, "price_unit": -700})
        ]
        with self.assert_refused("terms"):
            self._ship(order)

    def test_another_customer_ships_once_it_is_signed(self):
        order = self._make_released()
        other = self.customer.copy(
            {"name": "Pays later", "order_desk_class_id": self.class_terms.id}
        )
        self._seller(order).partner_id = other
        with self.assert_refused("terms"):
            self._ship(order)

    def test_more_or_fewer_of_the_goods_ship_without_a_signature(self):
        order = self._make_released()
        self._pay(self._invoice_deposit(order, 700))
        line = order.order_line.filtered(lambda line: line._is_goods())
        self._seller(line).product_uom_qty = 12
        self._ship(order, 5)
        self._seller(line).product_uom_qty = 8
        self._ship(order)
        self.assertEqual(line.qty_delivered, 8)
