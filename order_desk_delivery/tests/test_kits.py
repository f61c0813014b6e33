from odoo import Command
from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon


@tagged("-standard", "order_desk_shipping", "post_install", "-at_install")
class TestKits(OrderDeskDeliveryCommon):
    """Parts of a kit leave under the request for the kit (SPEC G1).

    Where Odoo knows bills of materials, see tests/test_other_modules.py. A kit is ten
    pumps, each of a shaft and three seals.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shaft, cls.seal = cls.env["product.product"].create(
            [
                {"name": "Test shaft", "is_storable": True},
                {"name": "Test seal", "is_storable": True},
            ]
        )
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.pump.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.shaft.id, "product_qty": 1}),
                    Command.create({"product_id": cls.seal.id, "product_qty": 3}),
                ],
            }
        )
        for part in cls.shaft | cls.seal:
            cls._put_in_stock(part, 1000)
        cls.sheet = cls._make_released()
        cls.line = cls.sheet.order_line

    def _ship_parts(self, shafts, seals):
        """Let the shipper validate these parts; the rest is back-ordered."""
        picking = self.sheet.order_id.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        for move in picking.move_ids:
            move.quantity = shafts if move.product_id == self.shaft else seals
            move.picked = bool(move.quantity)
        picking.with_user(self.shipper).with_context(
            skip_backorder=True
        ).button_validate()
        return picking

    def _assert_line(self, request, shipped, remaining):
        line = request.line_ids
        self.assertEqual(
            (line.shipped_quantity, line.remaining_quantity), (shipped, remaining)
        )

    def test_nothing_of_a_kit_leaves_without_a_request(self):
        with self.assert_refused("Without a shipping request: 1.00 Units of .*pump"):
            self._ship_parts(0, 3)

    def test_requested_kits_leave_whole(self):
        request = self._issue(self.sheet, {self.line: 4})
        self._ship_parts(4, 12)
        self._assert_line(request, 4, 0)
        self.assertEqual(request.state, "shipped")
        with self.assert_refused("6.00 Units"):
            self._ship_parts(6, 18)

    def test_parts_leave_one_after_the_other(self):
        request = self._issue(self.sheet, {self.line: 4})
        self._ship_parts(4, 0)
        self._assert_line(request, 0, 4)
        self.assertEqual(request.state, "issued")
        self._ship_parts(0, 6)
        self._assert_line(request, 2, 2)
        self._ship_parts(0, 6)
        self._assert_line(request, 4, 0)
        self.assertEqual(request.state, "shipped")

    def test_more_parts_than_requested_are_refused(self):
        request = self._issue(self.sheet, {self.line: 4})
        with self.assert_refused("5.00 Units.*only 4.00 Units"):
            self._ship_parts(5, 12)
        self._ship_parts(4, 0)
        with self.assert_refused("5.00 Units of .*pump"):
            self._ship_parts(0, 15)
        with self.assert_refused("1.00 Units of .*pump"):
            self._ship_parts(1, 12)
        self._ship_parts(0, 12)
        self.assertEqual(request.state, "shipped")

    def test_further_kits_are_requested_while_parts_are_missing(self):
        first = self._issue(self.sheet, {self.line: 4})
        self._ship_parts(4, 0)
        self.assertEqual(self.sheet.order_id._get_to_request(), {self.line: 6})
        second = self._issue(self.sheet, {self.line: 6})
        self._ship_parts(0, 12)
        self._ship_parts(6, 18)
        self.assertEqual((first.state, second.state), ("shipped", "shipped"))

    def test_no_more_is_requested_than_is_ordered(self):
        self._issue(self.sheet, {self.line: 4})
        self._ship_parts(4, 0)
        with self.assert_refused("7.00 Units are requested, and only 6.00 Units"):
            self._issue(self.sheet, {self.line: 7})

    def test_parts_that_were_given_up_are_requested_anew(self):
        first = self._issue(self.sheet, {self.line: 4})
        self._ship_parts(4, 0)
        first.action_close_rest()
        with self.assert_refused("4.00 Units of .*pump"):
            self._ship_parts(0, 12)
        self._issue(self.sheet, {self.line: 10})
        with self.assert_refused("7.00 Units of .*pump"):
            self._ship_parts(7, 30)
        self._ship_parts(6, 30)
        self.assertEqual(self.sheet.order_id.delivery_status, "full")

    def test_what_has_left_is_corrected_by_parts(self):
        request = self._issue(self.sheet, {self.line: 4})
        picking = self._ship_parts(4, 12)
        seals = picking.move_line_ids.filtered(lambda m: m.product_id == self.seal)
        with self.assert_refused("5.00 Units of .*pump"):
            seals.with_user(self.shipper).quantity = 15
        seals.with_user(self.shipper).quantity = 9
        self._assert_line(request, 3, 1)

    def test_receiver_counts_the_parts(self):
        self._issue(self.sheet)
        picking = self._ship_parts(4, 12)
        rows = picking.move_ids._prepare_receipt_lines()
        self.assertEqual(
            {row["product_id"]: row["expected_qty"] for row in rows},
            {self.shaft.id: 4, self.seal.id: 12},
        )

    def test_kits_on_a_route_of_two_steps(self):
        self.stock_warehouse.delivery_steps = "pick_ship"
        sheet = self._make_released()
        request = self._issue(sheet, {sheet.order_line: 4})
        pick = sheet.order_id.picking_ids
        for move in pick.move_ids:
            move.quantity = 4 if move.product_id == self.shaft else 12
            move.picked = True
        pick.with_context(skip_backorder=True).button_validate()
        ship = pick.move_ids.move_dest_ids.picking_id
        for move in ship.move_ids:
            move.picked = move.product_id == self.shaft
        ship.with_user(self.shipper).with_context(skip_backorder=True).button_validate()
        self._assert_line(request, 0, 4)
        seals = sheet.order_id.picking_ids.filtered(
            lambda p: p.state == "assigned" and p.picking_type_code == "outgoing"
        )
        seals.move_ids.picked = True
        seals.with_user(self.shipper).button_validate()
        self._assert_line(request, 4, 0)
