from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import OrderDeskCommon

CENT = Decimal("0.01")


def to_cents(value):
    """Return a price in whole cents, counted in decimals and not as the model does."""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


@tagged("post_install", "-at_install")
class TestPriceProperty(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls._make_sheet()
        cls.line = cls.sheet.order_line
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        listed=st.integers(1, 500_000),
        cost=st.integers(0, 500_000),
        price=st.integers(0, 500_000),
        discount=st.sampled_from([0, 5, 10, 25, 50, 100]),
        by_dozen=st.booleans(),
    )
    def test_price_exception_agrees_with_a_count_in_decimals(
        self, listed, cost, price, discount, by_dozen
    ):
        """All amounts are cents of the order's currency."""
        factor = 12 if by_dozen else 1
        self.pump.write({"list_price": listed / 100, "standard_price": cost / 100})
        self.line.write(
            {
                "product_uom_id": (
                    self.dozen.id
                    if by_dozen
                    else self.env.ref("uom.product_uom_unit").id
                ),
                "price_unit": price / 100,
                "discount": discount,
            }
        )
        self.env.add_to_compute(self.line._fields["policy_price"], self.line)
        self.env.add_to_compute(self.line._fields["price_exception"], self.line)
        net = to_cents(Decimal(price) * (100 - discount) / 100 / 100)
        if cost and net < to_cents(Decimal(cost) * factor / 100):
            expected = "below_cost"
        elif net == to_cents(Decimal(listed) * factor / 100):
            expected = False
        else:
            expected = "off_list"
        self.assertEqual(self.line.price_exception, expected)
