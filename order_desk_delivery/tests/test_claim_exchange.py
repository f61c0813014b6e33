from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_claim import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimExchange(ClaimCommon):
    """What leaves in exchange was paid already, in whatever order (SPEC F3, I1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.order_desk_class_id = cls.env["order.desk.customer.class"].create(
            {"code": "TB", "name": "Test balance", "ship_on": "balance"}
        )
        cls._pay(cls._invoice())
        cls.outcome = cls._decide(cls._take(), "exchange").with_user(cls.shipper)
        cls.outcome.action_make()
        cls.back = cls.outcome.move_ids.filtered(lambda m: not m._is_leaving())
        cls.new = cls.outcome.move_ids - cls.back

    def _leave(self, quantity=2):
        """Let the new goods leave before those in exchange are in."""
        self._issue(self.sheet, {self.line: quantity})
        self.new.write({"quantity": quantity, "picked": True})
        self.new.picking_id.with_user(self.shipper).button_validate()

    def _receive(self):
        self.back.picked = True
        self.back.picking_id.with_user(self.shipper).button_validate()

    def _get_due(self, quantity=0):
        order = self.sheet.order_id
        order.invalidate_recordset()
        return order._get_shipment_money({self.line: quantity})[order]["due"]

    def test_new_goods_leave_before_the_old_ones_are_in(self):
        self._leave()
        self.assertEqual(self.new.state, "done")
        self.assertEqual(self._get_due(), 0)
        self._receive()
        self.assertEqual(self._get_due(), 0)

    def test_new_goods_leave_when_the_old_ones_are_in(self):
        self._receive()
        self.assertEqual(self._get_due(2), 0)
        self._leave()
        self.assertEqual(self.outcome.state, "done")

    def test_no_more_leaves_in_exchange_than_was_decided(self):
        self.back.with_user(self.shipper).product_uom_qty = 9
        with self.assertRaisesRegex(UserError, "only 2.00 Units"):
            self._leave(3)
        self.assertGreater(self._get_due(3), 0)

    def test_customer_who_keeps_the_old_goods_as_well_owes_them(self):
        self._leave()
        self.back.picking_id.action_cancel()
        self.assertGreater(self._get_due(), 0)

    def test_what_has_left_is_told_as_it_is(self):
        self.assertEqual(self.sheet.order_id._get_shipped_quantities(), {self.line: 10})

    def test_more_came_back_than_was_decided(self):
        self.back.product_uom_qty = 9
        self.back.quantity = 5
        self.back.picked = True
        self.back.picking_id.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self.outcome.move_ids.mapped("state").count("done"), 1)
        self.assertEqual(self.sheet.order_id._get_kept_quantities(), {self.line: 5})
