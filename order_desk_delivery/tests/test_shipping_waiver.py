from html import unescape

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon


@tagged("post_install", "-at_install")
class TestShippingWaiver(OrderDeskDeliveryCommon):
    """In an emergency goods go first; the request is made good later (SPEC G2)."""

    def _waive(self, sheets, user=None):
        sheets.with_user(user or self.service).action_waive(
            "shipping",
            "shipping_request",
            "The customer's line stands still",
            "Shipping request",
            self._soon(3),
        )
        return sheets.waiver_ids.filtered(lambda w: w.condition == "shipping_request")

    def _prepare_later(self, sheets):
        action = sheets.with_user(self.sales_admin).action_prepare_shipping()
        return (
            self.env["order.desk.shipping.request"]
            .with_user(self.sales_admin)
            .browse(action["res_id"])
        )

    def _make_good(self, sheets):
        request = self._prepare_later(sheets)
        request.check_ids.is_looked = True
        request.action_issue()
        return request

    def _get_condition(self, sheet):
        conditions = sheet.order_id._get_gate_conditions("shipping")[sheet.order_id]
        return {c["code"]: c for c in conditions}["shipping_request"]

    def test_customer_service_has_the_right_at_first(self):
        company = self.env["res.company"].create({"name": "New company"})
        rights = self.env["order.desk.waiver.right"].search(
            [("company_id", "=", company.id), ("condition", "=", "shipping_request")]
        )
        self.assertEqual(rights.role_id.code, "customer_service")

    def test_customer_service_lets_goods_go(self):
        sheet = self._make_released()
        waiver = self._waive(sheet)
        self._ship(sheet)
        self.assertEqual(sheet.order_id.picking_ids.state, "done")
        self.assertEqual(waiver.state, "open")
        moves = sheet.order_id._get_left_without_request()
        self.assertEqual(moves, sheet.order_id.picking_ids.move_ids)

    def test_shippers_are_told_that_goods_may_go_first(self):
        sheet = self._make_released()
        self._waive(sheet)
        told = self.env["mail.message"].search(
            [
                ("model", "=", sheet._name),
                ("res_id", "=", sheet.id),
                ("partner_ids", "in", self.shipper.partner_id.ids),
            ]
        )
        self.assertIn("The customer's line stands still", unescape(told.body))

    def test_others_may_not(self):
        sheet = self._make_released()
        for user in (self.sales_admin, self.followup):
            with self.assertRaisesRegex(UserError, "may not waive"):
                self._waive(sheet, user)
        for user in (self.shipper, self.stranger):  # they read no sheets
            with self.assertRaises(AccessError):
                self._waive(sheet, user)

    def test_request_made_later_makes_it_good(self):
        sheet = self._make_released()
        waiver = self._waive(sheet)
        self._ship(sheet)
        request = self._make_good(sheet)
        self.assertRecordValues(
            request,
            [
                {
                    "state": "shipped",
                    "is_made_good": True,
                    "order_ids": sheet.order_id.ids,
                }
            ],
        )
        self.assertEqual(request.line_ids.shipped_quantity, 10)
        self.assertEqual(request.picking_ids, sheet.order_id.picking_ids)
        self.assertFalse(sheet.order_id._get_left_without_request())
        self.assertEqual(waiver.state, "made_good")

    def test_rest_needs_a_request_once_it_is_made_good(self):
        sheet = self._make_released()
        waiver = self._waive(sheet)
        self._ship(sheet, 4)
        self.assertEqual(self._make_good(sheet).line_ids.quantity, 4)
        self.assertEqual(waiver.state, "made_good")
        with self.assert_refused("6.00 Units"):
            self._ship(sheet)
        self._issue(sheet, {sheet.order_line: 6})
        self._ship(sheet)
        self.assertTrue(self._get_condition(sheet)["holds"])

    def test_waiver_is_not_made_good_by_a_word(self):
        sheet = self._make_released()
        waiver = self._waive(sheet)
        self._ship(sheet)
        self.assertFalse(waiver.with_user(self.service).can_make_good)
        with self.assertRaisesRegex(UserError, "prepare and issue"):
            waiver.with_user(self.service).action_made_good("Done")

    def test_waiver_nobody_needed_is_closed_by_the_request(self):
        sheet = self._make_released()
        waiver = self._waive(sheet)
        self._issue(sheet)
        self.assertEqual(waiver.state, "made_good")

    def test_withdrawn_waiver_leaves_what_has_left_on_the_list(self):
        sheet = self._make_released()
        waiver = self._waive(sheet)
        self._ship(sheet, 4)
        waiver.with_user(self.service).action_withdraw("Over")
        self.assertIn(
            "Without a shipping request", self._get_condition(sheet)["reason"]
        )
        self._issue(sheet, {sheet.order_line: 6})
        with self.assert_refused("Without a shipping request: 4.00 Units"):
            self._ship(sheet)
        self._make_good(sheet)
        self._ship(sheet)
        self.assertTrue(self._get_condition(sheet)["holds"])

    def test_more_that_left_meanwhile_is_asked_for(self):
        sheet = self._make_released()
        self._waive(sheet)
        self._ship(sheet, 4)
        request = self._prepare_later(sheet)
        request.check_ids.is_looked = True
        self._ship(sheet)
        with self.assertRaisesRegex(UserError, "10.00 Units have left"):
            request.action_issue()
        again = self._prepare_later(sheet)
        self.assertFalse(request.exists())
        self.assertEqual(again.line_ids.quantity, 10)

    # ------------------------------------------------------------- to-dos

    def _get_todo(self, sheet, name):
        kind = self.env.ref(f"order_desk_delivery.mail_activity_type_{name}")
        return sheet.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_sales_admin_is_told_what_is_ready(self):
        sheet = self._make_released()
        sheet._update_todos()
        todo = self._get_todo(sheet, "request_shipping")
        self.assertEqual(todo.user_id, self.sales_admin)
        self._issue(sheet)
        self.assertFalse(self._get_todo(sheet, "request_shipping"))

    def test_what_left_without_a_request_is_chased(self):
        sheet = self._make_released()
        self._waive(sheet)
        self._ship(sheet)
        todo = self._get_todo(sheet, "request_later")
        self.assertEqual(todo.user_id, self.sales_admin)
        self._make_good(sheet)
        self.assertFalse(self._get_todo(sheet, "request_later"))

    def test_list_of_what_left_names_who_let_it_go(self):
        sheet = self._make_released()
        waiver = self._waive(sheet)
        self._ship(sheet)
        moves = self.env["stock.move"].with_user(self.sales_admin)
        move = moves.search(
            [
                ("left_without_request", "=", True),
                ("sale_line_id", "in", sheet.order_line.ids),
            ]
        )
        self.assertRecordValues(
            move,
            [
                {
                    "request_waived_by_id": self.service.id,
                    "request_make_good_by": waiver.make_good_by,
                    "shipping_request_id": False,
                }
            ],
        )
        action = move.action_prepare_later()
        request = self.env["order.desk.shipping.request"].browse(action["res_id"])
        self.assertTrue(request.is_made_good)
