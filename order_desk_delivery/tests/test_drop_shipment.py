from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import OrderDeskDeliveryCommon
from .test_shipping_door import NO_REQUEST


@tagged("-standard", "order_desk_shipping", "post_install", "-at_install")
class TestDropShipment(OrderDeskDeliveryCommon):
    """What the vendor sends to the customer leaves under a request as well (SPEC G1).

    Where Odoo has drop shipments, see tests/test_other_modules.py.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = new_test_user(
            cls.env,
            login="odd_buyer",
            name="Test buyer",
            groups="purchase.group_purchase_user,stock.group_stock_user",
            tz="Asia/Shanghai",
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Test vendor"})
        cls.pump.write(
            {
                "route_ids": [
                    Command.set(
                        cls.env.ref("stock_dropshipping.route_drop_shipping").ids
                    )
                ],
                "seller_ids": [Command.create({"partner_id": cls.vendor.id})],
            }
        )
        cls.sheet = cls._make_released()
        cls.purchase = cls.sheet.order_line.purchase_line_ids.order_id.with_user(
            cls.buyer
        )

    def _order(self):
        """Let the buyer order the goods; return the transfer to the customer."""
        self.purchase.button_confirm()
        picking = self.purchase.picking_ids
        self.assertTrue(picking.is_dropship)
        picking.move_ids.picked = True
        return picking

    def test_goods_are_ready_when_they_are_ordered(self):
        sheets = self.env["order.desk.sheet"].with_user(self.sales_admin)
        ready = [("has_ready_goods", "=", True)]
        self.assertNotIn(self.sheet, sheets.search(ready))
        self._order()
        self.assertIn(self.sheet, sheets.search(ready))
        self.assertIn("10.00 Units", self.sheet.ready_goods)

    def test_transfer_without_a_request_is_refused(self):
        picking = self._order()
        with self.assert_refused(NO_REQUEST):
            picking.button_validate()
        with self.assert_refused(NO_REQUEST):
            picking.with_user(self.shipper).button_validate()

    def test_request_that_the_sales_admin_prepares_lets_them_leave(self):
        picking = self._order()
        action = self.sheet.with_user(self.sales_admin).action_prepare_shipping()
        request = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(request.line_ids.quantity, 10)
        request = request.with_user(self.sales_admin)
        request.check_ids.is_looked = True
        request.action_issue()
        self.assertEqual(picking.shipping_request_id, request)
        picking.button_validate()
        self.assertEqual((picking.state, request.state), ("done", "shipped"))
        self.assertEqual(self.sheet.order_line.qty_delivered, 10)

    def test_part_is_sent_and_the_rest_follows(self):
        picking = self._order()
        request = self._issue(self.sheet, {self.sheet.order_line: 4})
        with self.assert_refused("only 4.00 Units"):
            picking.button_validate()
        picking.move_ids.quantity = 4
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(request.state, "shipped")
        rest = self.purchase.picking_ids - picking
        rest.move_ids.picked = True
        with self.assert_refused("6.00 Units"):
            rest.button_validate()

    def test_vendor_sends_the_goods_elsewhere(self):
        self.purchase.dest_address_id = self._make_site("Elsewhere")
        picking = self._order()
        self._issue(self.sheet)
        with self.assert_refused("another ship-to"):
            picking.button_validate()

    def test_buyer_enters_a_drop_shipment_of_their_own(self):
        """Without the sales order's line Odoo's own order does not know of it."""
        picking = self._order()
        copy = picking.copy()
        copy.action_confirm()
        copy.move_ids.picked = True
        with self.assert_refused("Without a shipping request: 10.00 Units"):
            copy.button_validate()

    def test_returned_drop_shipment_needs_none(self):
        picking = self._order()
        self._issue(self.sheet)
        picking.button_validate()
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 3
        back = wizard._create_return()
        back.move_ids.picked = True
        back.with_user(self.shipper).button_validate()
        self.assertEqual(back.state, "done")
