from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .common_money import OrderDeskMoneyCommon

PRICES = st.integers(0, 1_000_000)  # cents
LINES = st.lists(
    st.tuples(
        PRICES,
        st.integers(1, 1000),  # ordered
        st.integers(0, 100),  # discount
        st.integers(0, 120),  # percent of it that has left or leaves
    ),
    min_size=1,
    max_size=5,
)


def to_cents(value):
    """Round a fraction half up, as money is."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


@tagged("post_install", "-at_install")
class TestMoneyProperty(OrderDeskMoneyCommon):
    """The shipment's figures against an independent calculation with fractions."""

    def _make_lines(self, lines, fees):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.pump.id,
                            "product_uom_qty": ordered,
                            "price_unit": price / 100,
                            "discount": discount,
                        }
                    )
                    for price, ordered, discount, _percent in lines
                ]
                + [
                    Command.create(
                        {
                            "product_id": self.service_product.id,
                            "price_unit": fee / 100,
                        }
                    )
                    for fee in fees
                ],
            }
        )

    def _expect(self, order, quantities, deposit, offset):
        """Return what is needed for these quantities, calculated exactly."""
        total = Fraction(str(round(order.amount_total, 2)))
        goods = order.order_line.filtered(lambda line: line._is_goods())
        whole = part = Fraction(0)
        for line in goods:
            value = Fraction(str(round(line.price_total, 2)))
            whole += value
            quantity = Fraction(str(quantities.get(line, 0)))
            part += value * quantity / Fraction(str(line.product_uom_qty))
        if whole:
            value = to_cents(max(Fraction(0), total * part / whole))
        else:
            value = max(Fraction(0), total) if any(quantities.values()) else Fraction(0)
        if not value:
            return Fraction(0)
        if value >= total:
            set_off = deposit
        elif offset == "first":
            set_off = min(deposit, value)
        elif offset == "last":
            set_off = max(Fraction(0), value - total + deposit)
        else:
            set_off = to_cents(deposit * value / total)
        return deposit + value - set_off

    @settings(max_examples=60, deadline=None)
    @given(
        lines=LINES,
        fees=st.lists(st.integers(-20_000, 20_000), max_size=2),
        percent=st.integers(0, 100),
        offset=st.sampled_from(["proportional", "first", "last"]),
    )
    def test_what_is_needed_is_right_to_the_cent(self, lines, fees, percent, offset):
        with self.env.cr.savepoint(flush=True) as savepoint:
            self.class_balance.write(
                {"deposit_percent": percent, "deposit_offset": offset}
            )
            order = self._make_lines(lines, fees)
            goods = order.order_line.filtered(lambda line: line._is_goods())
            quantities = {
                line: line.product_uom_qty * share / 100
                for line, (_price, _ordered, _discount, share) in zip(
                    goods, lines, strict=True
                )
            }
            total = Fraction(str(round(order.amount_total, 2)))
            deposit = to_cents(max(Fraction(0), total) * percent / 100)
            money = order._get_shipment_money(quantities)[order]
            self.assertEqual(Fraction(str(round(order.deposit_required, 2))), deposit)
            self.assertEqual(
                Fraction(str(round(money["needed"], 2))),
                self._expect(order, quantities, deposit, offset),
            )
            savepoint.rollback()
        self.env.invalidate_all()

    @settings(max_examples=60, deadline=None)
    @given(
        lines=LINES,
        percent=st.integers(0, 100),
        offset=st.sampled_from(["proportional", "first", "last"]),
        steps=st.lists(st.integers(0, 100), min_size=1, max_size=4),
    )
    def test_no_shipment_costs_less_than_what_has_left(
        self, lines, percent, offset, steps
    ):
        """Whatever the set-off: never more has left than is paid, and the last
        shipment is paid with the rest of the order."""
        with self.env.cr.savepoint(flush=True) as savepoint:
            self.class_balance.write(
                {"deposit_percent": percent, "deposit_offset": offset}
            )
            order = self._make_lines(lines, [])
            goods = order.order_line.filtered(lambda line: line._is_goods())
            needed_before = 0.0
            for step in sorted(steps):
                quantities = {line: line.product_uom_qty * step / 100 for line in goods}
                money = order._get_shipment_money(quantities)[order]
                value = money["shipped_value"] + money["leaving_value"]
                self.assertGreaterEqual(round(money["needed"] - value, 2), 0)
                self.assertGreaterEqual(round(money["needed"] - needed_before, 2), 0)
                needed_before = money["needed"]
            everything = {line: line.product_uom_qty for line in goods}
            money = order._get_shipment_money(everything)[order]
            self.assertEqual(
                round(money["needed"], 2), round(max(0, order.amount_total), 2)
            )
            savepoint.rollback()
        self.env.invalidate_all()
