from odoo import Command
from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon

STAYS = "stay with their order"
ASTRAY = "a delivery goes to the customer"


@tagged("post_install", "-at_install")
class TestShippingDetours(OrderDeskDeliveryCommon):
    """Goods are not taken past the door by making them look like others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers_location = cls.env.ref("stock.stock_location_customers")
        cls.stock_location = cls.stock_warehouse.lot_stock_id
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf", "location_id": cls.stock_location.id}
        )

    def _make_step(self, sheet):
        """Return an earlier step of the delivery, ready to be done."""
        sheet.order_id.picking_ids.do_unreserve()
        move = self.env["stock.move"].create(
            {
                "product_id": self.pump.id,
                "product_uom_qty": 10,
                "sale_line_id": sheet.order_line.id,
                "location_id": self.stock_location.id,
                "location_dest_id": self.shelf.id,
            }
        )
        move._action_confirm(merge=False)
        move._action_assign()
        move.picked = True
        return move.with_user(self.shipper)

    def test_goods_do_not_leave_as_no_orders(self):
        sheet = self._make_released()
        moves = sheet.order_id.picking_ids.move_ids
        for user in (self.shipper, self.salesperson):
            with self.subTest(user=user.name), self.assert_refused(STAYS):
                moves.with_user(user).sale_line_id = False

    def test_goods_do_not_leave_as_those_of_another_order(self):
        sheet = self._make_released()
        plain = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [Command.create({"product_id": self.pump.id})],
            }
        )
        picking = sheet.order_id.picking_ids.with_user(self.shipper)
        with self.assert_refused(STAYS):
            picking.sale_id = plain
        with self.assert_refused(STAYS):
            picking.sale_id = False
        with self.assert_refused(STAYS):
            sheet.order_line.with_user(self.salesperson).move_ids = [Command.clear()]

    def test_delivery_does_not_go_anywhere_else(self):
        for usage in ("production", "inventory", "supplier", "internal"):
            sheet = self._make_released()
            picking = sheet.order_id.picking_ids.with_user(self.shipper)
            picking.location_dest_id = self.env["stock.location"].create(
                {"name": "X", "usage": usage}
            )
            with self.subTest(usage=usage), self.assert_refused(ASTRAY):
                self._ship(sheet)

    def test_details_do_not_leave_while_their_move_stays(self):
        sheet = self._make_released()
        picking = sheet.order_id.picking_ids.with_user(self.shipper)
        picking.do_unreserve()
        picking.move_ids.location_id = self.customers_location
        picking.move_ids.move_line_ids = [
            Command.clear(),
            Command.create(
                {
                    "picking_id": picking.id,
                    "product_id": self.pump.id,
                    "quantity": 10,
                    "picked": True,
                    "location_id": self.stock_location.id,
                    "location_dest_id": self.customers_location.id,
                }
            ),
        ]
        with self.assert_refused(ASTRAY):
            picking.button_validate()

    def test_delivery_may_start_from_another_shelf(self):
        sheet = self._make_released()
        moves = sheet.order_id.picking_ids.move_ids.with_user(self.shipper)
        moves.location_id = self.shelf
        self.assertEqual(moves.location_id, self.shelf)

    def test_what_has_left_is_not_undone_by_hand(self):
        sheet = self._make_released()
        self._issue(sheet)
        picking = self._ship(sheet, 4)
        with self.assert_refused(STAYS):
            picking.move_ids.with_user(self.shipper).state = "draft"

    def test_transfer_is_not_called_done_past_the_door(self):
        sheet = self._make_released()
        with self.assert_refused(STAYS):
            sheet.order_id.picking_ids.move_ids.with_user(self.shipper).state = "done"

    def test_earlier_step_does_not_end_at_the_customers(self):
        move = self._make_step(self._make_released())
        move.move_line_ids.location_dest_id = self.customers_location
        with self.assert_refused(ASTRAY):
            move._action_done()

    def test_earlier_step_that_is_done_does_not_end_at_the_customers(self):
        move = self._make_step(self._make_released())
        move._action_done()
        with self.assert_refused(ASTRAY):
            move.move_line_ids.location_dest_id = self.customers_location
        with self.assert_refused(ASTRAY):
            move.move_line_ids.copy(
                {"location_dest_id": self.customers_location.id, "quantity": 3}
            )

    def test_requested_goods_are_not_made_others(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        line = sheet.order_line.with_user(self.shipper)
        with self.assert_refused(f"{request.number} lets these goods leave"):
            line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        other = self.env["product.product"].create({"name": "Other", "type": "consu"})
        with self.assert_refused("Revise it before"):
            line.product_id = other
        request.action_revise()
        sheet.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
