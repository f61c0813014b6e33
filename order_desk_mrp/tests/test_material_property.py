import math
from collections import defaultdict
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .common_material import OrderDeskMaterialCommon

HUNDREDTHS = st.integers(1, 500)  # a quantity on a bill of materials
PARTS = 6


@tagged("post_install", "-at_install")
class TestMaterialProperty(OrderDeskMaterialCommon):
    """The explosion against a naive recursion with fractions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.piece = cls.env.ref("uom.product_uom_unit")
        cls.parts = cls.env["product.product"].create(
            [{"name": f"Test part {n}", "is_storable": True} for n in range(PARTS)]
        )
        cls.rounding = Fraction(str(cls.piece.rounding))

    def _build(self, bills):
        """Make bills of materials: part n consists of parts with higher numbers.

        :param bills: ``{number: (made at once, [(number, hundredths)])}``
        """
        for number, (batch, lines) in bills.items():
            self.env["mrp.bom"].create(
                {
                    "product_tmpl_id": self.parts[number].product_tmpl_id.id,
                    "product_qty": batch,
                    "bom_line_ids": [
                        Command.create(
                            {
                                "product_id": self.parts[inner].id,
                                "product_qty": quantity / 100,
                            }
                        )
                        for inner, quantity in lines
                    ],
                }
            )

    def _round_up(self, quantity):
        return math.ceil(quantity / self.rounding) * self.rounding

    def _expect(self, bills, needed, stock):
        """Return what is needed of each part, from the top down, exactly."""
        gross = defaultdict(Fraction, needed)
        for number in range(PARTS):
            gross[number] = self._round_up(gross[number])
            if number not in bills:
                continue
            batch, lines = bills[number]
            made = max(Fraction(0), gross[number] - stock.get(number, 0))
            for inner, quantity in lines if made else ():
                gross[inner] += self._round_up(made / batch * Fraction(quantity, 100))
        return {number: quantity for number, quantity in gross.items() if quantity}

    @settings(max_examples=25, deadline=None)
    @given(
        data=st.data(), ordered=st.lists(st.integers(1, 200), min_size=1, max_size=3)
    )
    def test_needed_quantities_are_those_of_the_recursion(self, data, ordered):
        bills = {
            number: (
                data.draw(st.integers(1, 12)),
                data.draw(
                    st.lists(
                        st.tuples(st.integers(number + 1, PARTS - 1), HUNDREDTHS),
                        min_size=1,
                        max_size=3,
                    )
                ),
            )
            for number in data.draw(st.sets(st.integers(0, PARTS - 2)))
        }
        stock = {
            number: data.draw(st.integers(1, 50))
            for number in data.draw(st.sets(st.integers(0, PARTS - 1)))
        }
        with self.env.cr.savepoint(flush=True) as savepoint:
            self._build(bills)
            for number, quantity in stock.items():
                self._put_in_stock(self.parts[number], quantity)
            sheet = self._make_sheet()
            sheet.order_id.order_line = [
                Command.clear(),
                *(
                    Command.create(
                        {"product_id": self.parts[0].id, "product_uom_qty": quantity}
                    )
                    for quantity in ordered
                ),
            ]
            plan = self.env["order.desk.material.plan"]._get_plans(sheet)[sheet]
            numbers = {part: number for number, part in enumerate(self.parts)}
            self.assertEqual(
                {
                    numbers[product]: Fraction(str(round(need.quantity, 6)))
                    for product, need in plan.needs.items()
                },
                self._expect(bills, {0: Fraction(sum(ordered))}, stock),
            )
            for need in plan.needs.values():
                if not need.bom:
                    there = stock.get(numbers[need.product], 0)
                    self.assertAlmostEqual(
                        need.supply["missing"], max(0, need.quantity - there), 6
                    )
            savepoint.rollback()
        self.env.invalidate_all()
