from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_advice import AdviceCommon


@tagged("post_install", "-at_install")
class TestShippingBriefing(AdviceCommon):
    def _get_points(self, request):
        return {point.key.split("-")[0]: point for point in request.point_ids}

    def test_a_request_that_is_prepared_briefs_nobody(self):
        self.assertFalse(self._request(self._make_released()).point_ids)

    def test_the_briefing_tells_what_is_to_leave_and_where_to(self):
        sheet = self._make_released(packaging_note="Crates of two")
        request = self._request(sheet)
        request.write(
            {
                "receiver": "Dock 3",
                "contact": "Ms Lin",
                "phone": "+86 571 1",
                "carrier_id": self.carrier.id,
                "note": "Fragile, no stacking",
            }
        )
        request.check_ids.is_looked = True
        request.check_ids.is_looked = True
        request.action_issue()
        points = self._get_points(request.with_user(self.shipper))
        self.assertIn("1 Dock Road", points["ship_to"].text)
        self.assertEqual(points["receiver"].text, "Dock 3\nMs Lin\n+86 571 1")
        self.assertIn("Test carrier", points["carrier"].text)
        self.assertIn("10 Units × [TP-1] Test pump", points["goods"].title)
        self.assertIn(sheet.order_code, points["goods"].text)
        self.assertEqual(points["packaging"].text, "Crates of two")
        self.assertEqual(points["note"].text, "Fragile, no stacking")

    def test_the_shipper_confirms_by_name(self):
        request = self._issue(self._make_released())
        point = request.with_user(self.shipper).point_ids[0]
        point.action_confirm()
        self.assertEqual(point.confirmed_by_id, self.shipper)
        self.assertTrue(point.is_confirmed)
        self.assertFalse(request.is_briefed)

    def test_every_point_confirmed_is_a_briefing(self):
        requests = self._issue(self._make_released()) | self._issue(
            self._make_released(5)
        )
        self._brief(requests)
        self.assertEqual(requests.mapped("is_briefed"), [True, True])

    def test_a_point_that_says_something_else_lapses(self):
        request = self._request(self._make_released())
        request.contact = "Ms Lin"
        request.check_ids.is_looked = True
        request.check_ids.is_looked = True
        request.action_issue()
        self._brief(request)
        request.sudo().contact = "Mr Wang"
        point = self._get_points(request)["receiver"]
        self.assertTrue(point.has_lapsed)
        self.assertFalse(request.is_briefed)
        self._brief(request)
        self.assertFalse(point.has_lapsed)

    def test_an_address_that_is_edited_makes_its_point_lapse(self):
        request = self._issue(self._make_released())
        self._brief(request)
        self.customer.street = "2 Dock Road"
        self.env.invalidate_all()
        self.assertTrue(self._get_points(request)["ship_to"].has_lapsed)

    def test_another_language_lapses_nothing(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        request = self._issue(self._make_released())
        self._brief(request)
        self.assertTrue(request.with_context(lang="zh_CN").is_briefed)

    def test_what_comes_up_later_is_a_new_point(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._brief(request)
        sheet.order_line.sudo().packaging_note = "Pallets"
        self.env.invalidate_all()
        self.assertTrue(request.has_new_points)
        self.assertFalse(request.is_briefed)
        request.with_user(self.shipper).action_refresh_briefing()
        self.assertEqual(self._get_points(request)["packaging"].text, "Pallets")
        self._brief(request)
        self.assertTrue(request.is_briefed)

    def test_what_does_not_apply_any_more_is_no_point(self):
        sheet = self._make_released(packaging_note="Crates")
        request = self._issue(sheet)
        sheet.order_line.sudo().packaging_note = False
        self.env.invalidate_all()
        point = self._get_points(request)["packaging"].with_user(self.shipper)
        with self.assertRaisesRegex(UserError, "does not apply any more"):
            point.action_confirm()
        request.action_refresh_briefing()
        self.assertFalse(point.exists())

    def test_nobody_but_a_shipper_confirms(self):
        request = self._issue(self._make_released())
        for user in (self.sales_admin, self.clerk):
            with self.assertRaisesRegex(UserError, "Test shipper"):
                request.with_user(user).point_ids[0].action_confirm()
        with self.assertRaises(AccessError):
            request.with_user(self.stranger).point_ids[0].action_confirm()

    def test_a_stand_in_confirms_for_the_shipper(self):
        self.stranger.group_ids += self.env.ref("stock.group_stock_user")
        self.env["order.desk.stand.in"].create(
            {
                "user_id": self.shipper.id,
                "stand_in_id": self.stranger.id,
                "date_from": self._today(),
                "date_to": self._soon(3),
            }
        )
        request = self._issue(self._make_released())
        point = request.with_user(self.stranger).point_ids[0]
        point.action_confirm()
        self.assertEqual(point.confirmed_for_id, self.shipper)

    def test_confirming_twice_names_the_first(self):
        point = self._issue(self._make_released()).with_user(self.shipper).point_ids[0]
        point.action_confirm()
        with self.assertRaisesRegex(UserError, "Test shipper confirmed"):
            point.action_confirm()

    def test_a_confirmation_is_taken_back_until_the_advice_is_handed_in(self):
        request = self._make_left()
        point = request.with_user(self.shipper).point_ids[0]
        point.action_unconfirm()
        self.assertFalse(point.is_confirmed)
        point.action_confirm()
        self._submit_advice(request)
        with self.assertRaises(UserError):
            point.action_unconfirm()

    def test_nobody_writes_a_point_by_hand(self):
        point = self._issue(self._make_released()).with_user(self.shipper).point_ids[0]
        with self.assertRaises(AccessError):
            point.write({"confirmed_by_id": self.shipper.id})
        with self.assertRaises(AccessError):
            point.create({"request_id": point.request_id.id, "key": "x"})

    def test_what_is_on_an_advice_is_told_as_it_was(self):
        request = self._make_left()
        self._submit_advice(request)
        request.sudo().contact = "Mr Wang"
        self.customer.street = "2 Dock Road"
        self.env.invalidate_all()
        points = self._get_points(request)
        self.assertIn("1 Dock Road", points["ship_to"].text)
        self.assertTrue(request.is_briefed)
        with self.assertRaisesRegex(UserError, "nothing to confirm"):
            points["goods"].with_user(self.shipper).action_confirm()

    def _get_todos(self, request, name):
        kind = self.env.ref(f"order_desk_delivery.mail_activity_type_{name}")
        return request.sudo().activity_ids.filtered(
            lambda todo: todo.activity_type_id == kind
        )

    def test_the_shipper_has_it_to_do_until_all_is_confirmed(self):
        request = self._issue(self._make_released())
        self.assertEqual(self._get_todos(request, "briefing").user_id, self.shipper)
        self._brief(request)
        self.assertFalse(self._get_todos(request, "briefing"))

    def test_the_superior_is_told_when_it_is_late(self):
        self.roles["shipper"].superior_id = self.manager
        request = self._issue(self._make_released())
        with freeze_time(fields.Datetime.now() + timedelta(days=7)):
            self._run_cron()
        self.assertEqual(
            self._get_todos(request, "shipping_late").user_id, self.manager
        )

    def test_the_briefing_of_many_requests_takes_no_more_queries(self):
        sheets = self.env["order.desk.sheet"].union(
            *(self._make_released() for _number in range(4))
        )
        requests = self.env["order.desk.shipping.request"].union(
            *(self._issue(sheet) for sheet in sheets)
        )
        counts = []
        for some in (requests[:1], requests):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.shipper).mapped("briefing_text")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)
