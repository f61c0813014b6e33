from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import OrderDeskMrpCommon

PERCENT = st.integers(0, 10000)  # hundredths of a percent
LINES = st.lists(
    st.tuples(st.integers(1, 500000), PERCENT, PERCENT), min_size=1, max_size=4
)
HUNDREDTH = Fraction(1, 100)


def to_fraction(value):
    return Fraction(str(round(value, 6)))


@tagged("post_install", "-at_install")
class TestToleranceProperty(OrderDeskMrpCommon):
    """The limits against an independent calculation with fractions."""

    def _make_lines(self, lines):
        """Return new order lines; quantities are in hundredths of the unit."""
        return self.env["sale.order.line"].union(
            *(
                self.env["sale.order.line"].new(
                    {
                        "product_id": self.pump.id,
                        "product_uom_id": self.pump.uom_id.id,
                        "product_uom_qty": quantity / 100,
                        "launched_qty": quantity / 100,
                        "tolerance_over": over / 100,
                        "tolerance_under": under / 100,
                    }
                )
                for quantity, over, under in lines
            )
        )

    @settings(max_examples=200, deadline=None)
    @given(lines=LINES)
    @example(lines=[(250000, 0, 9941)])  # in binary a trifle more than 14.75
    def test_limits_are_rounded_inwards_and_never_off(self, lines):
        productions = self.env["mrp.production"]
        limits = self._make_lines(lines)._get_limits(self.pump, productions)
        ordered = sum(Fraction(quantity, 100) for quantity, _o, _u in lines)
        most = sum(
            Fraction(q, 100) * (1 + Fraction(over, 10000)) for q, over, _u in lines
        )
        least = sum(
            Fraction(q, 100) * (1 - Fraction(under, 10000)) for q, _o, under in lines
        )
        self.assertEqual(to_fraction(limits["ordered"]), ordered)
        self.assertLessEqual(to_fraction(limits["most"]), most)
        self.assertGreater(to_fraction(limits["most"]) + HUNDREDTH, most)
        self.assertGreaterEqual(to_fraction(limits["least"]), least)
        self.assertLess(to_fraction(limits["least"]) - HUNDREDTH, least)
        self.assertGreaterEqual(limits["most"], limits["least"])

    @settings(max_examples=200, deadline=None)
    @given(quantity=st.integers(1, 100000), batch=st.integers(1, 10000))
    def test_batches_hold_what_is_ordered_with_less_than_one_to_spare(
        self, quantity, batch
    ):
        self.pump_bom.write({"enable_batch_size": True, "batch_size": batch / 100})
        production = self.env["mrp.production"].new({"bom_id": self.pump_bom.id})
        rounded = production._round_to_batches(self.pump, quantity / 100)
        expected = -(-quantity // batch) * batch
        self.assertEqual(to_fraction(rounded), Fraction(expected, 100))
