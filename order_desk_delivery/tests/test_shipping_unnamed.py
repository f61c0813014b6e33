from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OrderDeskDeliveryCommon

UNNAMED_TYPE = "order_desk_delivery.mail_activity_type_left_unnamed"


@tagged("post_install", "-at_install")
class TestShippingUnnamed(OrderDeskDeliveryCommon):
    """A delivery by hand that may be a controlled order's is seen (SPEC G1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls._make_released()
        cls.line = cls.sheet.order_line

    def _deliver(self, partner=None, product=None):
        """Have the shipper send ten by a transfer of their own; return the move."""
        picking_type = self.stock_warehouse.out_type_id
        places = {
            "location_id": self.stock_warehouse.lot_stock_id.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
        }
        product = product or self.pump
        picking = (
            self.env["stock.picking"]
            .with_user(self.shipper)
            .create(
                {
                    "partner_id": (partner or self.customer).id,
                    "picking_type_id": picking_type.id,
                    **places,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": 10,
                                "quantity": 10,
                                "picked": True,
                                **places,
                            }
                        )
                    ],
                }
            )
        )
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking.move_ids.sudo()

    def _follow(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "order_desk_delivery.ir_cron_follow_advices"
            ).method_direct_trigger()
        return self.sheet.activity_ids.filtered(
            lambda todo: todo.activity_type_id == self.env.ref(UNNAMED_TYPE)
        )

    def test_sales_admin_is_asked_once_whose_goods_left(self):
        move = self._deliver(self._make_site("Site"))
        self.assertFalse(move.left_without_request)
        todo = self._follow()
        self.assertEqual(todo.user_id, self.sales_admin)
        self.assertIn(move.picking_id.name, todo.summary)
        self.assertEqual(move.resembled_line_id, self.line)
        self.assertEqual(self._follow(), todo)

    def test_each_is_asked_in_their_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.sales_admin.lang = "zh_CN"
        self._deliver()
        self.assertNotIn("Left without", self._follow().summary)

    @mute_logger("odoo.addons.order_desk.models.ir_cron")
    def test_goods_in_trouble_stop_no_others(self):
        bad, good = self._deliver(), self._deliver()
        get_receiver = self.registry["stock.move"]._get_receiver

        def fail(moves):
            if bad in moves:
                raise ValueError("trouble")
            return get_receiver(moves)

        with patch.object(self.registry["stock.move"], "_get_receiver", fail):
            self.assertIn(good.picking_id.name, self._follow().summary)
        self.assertFalse(bad.is_unnamed)

    def test_goods_for_the_customers_customer_are_seen(self):
        user = self.env["res.partner"].create({"name": "Customer's customer"})
        self.sheet.order_id.partner_shipping_id = user
        self._deliver(user)
        self.assertEqual(self._follow().user_id, self.sales_admin)

    def test_others_are_left_alone(self):
        other = self.env["product.product"].create({"name": "Other", "type": "consu"})
        stranger = self.env["res.partner"].create({"name": "Other customer"})
        moves = self._deliver(product=other) | self._deliver(stranger)
        self._issue(self.sheet)
        self._ship(self.sheet)
        moves |= self._deliver()  # the order waits for nothing any more
        self.assertFalse(self._follow())
        self.assertFalse(any(moves.mapped("is_unnamed")))

    def test_company_without_requests_is_left_alone(self):
        self.roles["shipping_request"].active = False
        self._deliver()
        self.assertFalse(self._follow())

    def test_goods_of_the_order_need_a_request_later(self):
        move = self._deliver()
        self._follow()
        move.with_user(self.sales_admin).action_take_to_order()
        self.assertEqual(self.line.qty_delivered, 10)
        self.assertFalse(move.is_unnamed)
        self.assertFalse(self._follow())
        self.assertEqual(self.sheet.order_id._get_left_without_request(), move)
        with self.assert_refused("Without a shipping request: 20.00 Units"):
            self._ship(self.sheet)
        action = self.sheet.with_user(self.sales_admin).action_prepare_shipping()
        request = self.env[action["res_model"]].browse(action["res_id"])
        request = request.with_user(self.sales_admin)
        request.check_ids.is_looked = True
        request.action_issue()
        self.assertEqual(request.state, "shipped")

    def test_goods_that_are_another_matter_are_not_asked_about_again(self):
        move = self._deliver()
        self._follow()
        move.with_user(self.sales_admin).action_leave_unnamed()
        self.assertFalse(self._follow())
        self.assertFalse(move.is_unnamed)
        with self.assertRaisesRegex(UserError, "left without naming"):
            move.with_user(self.sales_admin).action_take_to_order()

    def test_managers_see_that_it_is_open(self):
        company = self.env.company.with_user(self.manager)
        before = company.order_desk_left_count
        move = self._deliver()
        self._follow()
        company.invalidate_recordset()
        self.assertEqual(company.order_desk_left_count, before + 1)
        move.with_user(self.sales_admin).action_leave_unnamed()
        company.invalidate_recordset()
        self.assertEqual(company.order_desk_left_count, before)

    def test_buttons_are_shown_to_those_who_settle_it(self):
        move = self._deliver()
        self.assertTrue(move.with_user(self.sales_admin).sudo(False).can_request)
        self.assertFalse(move.with_user(self.shipper).sudo(False).can_request)

    def test_shipper_does_not_settle_it(self):
        move = self._deliver()
        self._follow()
        for name in ("action_take_to_order", "action_leave_unnamed"):
            with self.subTest(name=name), self.assert_refused("up to Sales Admin"):
                getattr(move.with_user(self.shipper), name)()
        with self.assertRaises(AccessError):
            move.with_user(self.shipper).is_unnamed = False

    def test_order_that_is_named_once_the_goods_are_gone(self):
        move = self._deliver()
        move.with_user(self.shipper).sale_line_id = self.line
        self.assertTrue(move.left_without_request)
        self.assertEqual(self.sheet.order_id._get_left_without_request(), move)
