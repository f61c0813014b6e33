from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.order_desk.tests.common import PNG

from .common_advice import AdviceCommon


@tagged("post_install", "-at_install")
class TestShippingAdvice(AdviceCommon):
    # ------------------------------------------------------------- making it

    def test_nothing_has_left_nothing_is_told(self):
        request = self._issue(self._make_released())
        with self.assertRaisesRegex(UserError, "nothing has left"):
            request.with_user(self.shipper).action_make_advice()

    def test_the_draft_tells_what_has_left(self):
        request = self._make_left(10, leaving=4)
        self.assertTrue(request.has_unadvised_moves)
        advice = self._make_advice(request)
        self.assertRecordValues(
            advice.line_ids,
            [
                {
                    "quantity": 4.0,
                    "requested_quantity": 10.0,
                    "title": "[TP-1] Test pump",
                }
            ],
        )
        self.assertEqual(advice.move_ids.quantity, 4.0)
        self.assertEqual(advice.shipped_on, advice.move_ids.date)
        self.assertFalse(request.has_unadvised_moves)

    def test_what_the_transfer_knows_is_filled_in(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._brief(request)
        picking = sheet.order_id.picking_ids
        picking.write(
            {
                "carrier_id": self.carrier.id,
                "carrier_tracking_ref": "T-1",
                "shipping_weight": 12.5,
            }
        )
        self._ship(sheet)
        picking.shipping_weight = 12.5
        action = request.with_user(self.shipper).action_make_advice()
        self.assertRecordValues(
            self.env["order.desk.shipping.advice"].browse(action["res_id"]),
            [
                {
                    "carrier_id": self.carrier.id,
                    "tracking_ref": "T-1",
                    "weight": 12.5,
                    "partner_id": self.customer.id,
                }
            ],
        )

    def test_arrival_is_proposed_by_the_carriers_days(self):
        self.carrier.order_desk_days = 2
        sheet = self._make_released()
        request = self._issue(sheet)
        request.sudo().carrier_id = self.carrier
        self._brief(request)
        self._ship(sheet)
        action = request.with_user(self.shipper).action_make_advice()
        advice = self.env["order.desk.shipping.advice"].browse(action["res_id"])
        company = self.env.company
        left, arrival = map(
            company._order_desk_date, (advice.shipped_on, advice.expected_arrival)
        )
        self.assertEqual(arrival, company._order_desk_add_working_days(left, 2))

    def test_transfer_leads_on_to_the_advice(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._brief(request)
        picking = sheet.order_id.picking_ids.with_user(self.shipper)
        self.assertFalse(picking.can_make_advice)
        self._ship(sheet)
        self.env.invalidate_all()
        self.assertTrue(picking.can_make_advice)
        picking.action_make_shipping_advice()
        self.assertEqual(len(request.advice_ids), 1)

    def test_asking_again_opens_the_same_draft(self):
        request = self._make_left()
        self.assertEqual(
            self._make_advice(request),
            self._make_advice(request),
        )

    def test_each_departure_has_its_own_advice(self):
        request = self._make_left(10, leaving=4)
        first = self._submit_advice(request)
        self._ship(request.sheet_ids)
        second = self._make_advice(request)
        self.assertNotEqual(first, second)
        self.assertEqual((first.line_ids.quantity, second.line_ids.quantity), (4, 6))

    def test_what_left_since_is_taken_into_the_draft(self):
        request = self._make_left(10, leaving=4)
        advice = self._make_advice(request)
        self._ship(request.sheet_ids)
        advice.action_take_in()
        self.assertEqual(advice.line_ids.quantity, 10)
        with self.assertRaisesRegex(UserError, "nothing more"):
            advice.action_take_in()

    def test_several_orders_in_one_request_are_several_lines(self):
        sheets = self._make_released() | self._make_released(3)
        request = self._issue(sheets)
        self._brief(request)
        self._ship(sheets)
        advice = self._make_advice(request)
        self.assertEqual(advice.line_ids.mapped("quantity"), [10, 3])
        self.assertEqual(advice.sudo().sheet_ids, sheets)

    def test_what_left_in_an_emergency_is_told_once_it_is_made_good(self):
        sheet = self._make_released()
        sheet.with_user(self.service).action_waive(
            "shipping",
            "shipping_request",
            "The customer's line stands still",
            "Shipping request",
            self._soon(3),
        )
        self._ship(sheet)
        action = sheet.with_user(self.sales_admin).action_prepare_shipping()
        request = self.env[action["res_model"]].with_user(self.sales_admin)
        request = request.browse(action["res_id"])
        request.check_ids.is_looked = True
        request.action_issue()
        self.assertTrue(request.has_unadvised_moves)
        self._brief(request)
        self.assertEqual(self._submit_advice(request).line_ids.quantity, 10)

    def test_a_draft_that_is_thrown_away_leaves_the_goods_to_another(self):
        request = self._make_left()
        advice = self._make_advice(request)
        advice.action_discard()
        self.assertFalse(advice.exists())
        self.assertTrue(request.has_unadvised_moves)
        self.assertTrue(self._make_advice(request).line_ids)

    def test_lots_are_named(self):
        self.pump.tracking = "lot"
        lot = self.env["stock.lot"].create({"name": "L-7", "product_id": self.pump.id})
        self._put_in_stock(self.pump, 10, lot)
        sheet = self._make_released()
        request = self._issue(sheet)
        self._brief(request)
        picking = sheet.order_id.picking_ids
        picking.move_line_ids.unlink()
        picking.move_ids.move_line_ids = [
            (
                0,
                0,
                {
                    "lot_id": lot.id,
                    "quantity": 10,
                    "product_id": self.pump.id,
                    "picking_id": picking.id,
                },
            )
        ]
        picking.move_ids.picked = True
        picking.with_user(self.shipper).button_validate()
        self.assertEqual(self._make_advice(request).line_ids.lot_names, "L-7")

    # ------------------------------------------------------------- handing in

    def test_all_that_is_missing_is_named_at_once(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._ship(sheet)
        advice = self._make_advice(
            request, carrier_id=False, package_count=0, expected_arrival=False
        )
        with self.assertRaises(UserError) as caught:
            advice.action_submit()
        for text in (
            "the carrier or the vehicle",
            "the number of packages",
            "the expected arrival",
            "no shipper has confirmed: Ship to",
        ):
            self.assertIn(text, str(caught.exception))

    def test_a_vehicle_does_for_a_carrier(self):
        advice = self._submit_advice(carrier_id=False, vehicle="ZJ-A 12345")
        self.assertEqual(advice.state, "submitted")

    def test_it_cannot_arrive_before_it_left(self):
        advice = self._make_advice(
            expected_arrival=fields.Datetime.now() - timedelta(days=1)
        )
        with self.assertRaisesRegex(UserError, "before the goods left"):
            advice.action_submit()

    def test_a_year_too_far_is_a_slip(self):
        advice = self._make_advice(
            expected_arrival=fields.Datetime.now() + timedelta(days=400)
        )
        with self.assertRaisesRegex(UserError, "more than a year"):
            advice.action_submit()

    def test_handing_in_gives_the_number_and_keeps_the_briefing(self):
        advice = self._submit_advice()
        self.assertTrue(advice.number.startswith("SA"))
        self.assertEqual(advice.submitted_by_id, self.shipper)
        self.assertIn("Test shipper", advice.briefing_note)

    def test_handing_in_many_stops_at_none_or_hands_in_all(self):
        good, bad = self._make_advice(), self._make_advice(package_count=0)
        with self.assertRaisesRegex(UserError, "packages"):
            (good | bad).action_submit()
        self.assertEqual(good.state, "draft")
        bad.package_count = 1
        (good | bad).action_submit()
        self.assertEqual((good | bad).mapped("state"), ["submitted"] * 2)
        self.assertEqual(len(set((good | bad).mapped("number"))), 2)

    def test_handing_in_twice_is_told(self):
        advice = self._make_advice()
        advice.action_submit()
        with self.assertRaisesRegex(UserError, "has been handed in"):
            advice.action_submit()

    def test_nobody_but_a_shipper_hands_in(self):
        advice = self._make_advice().with_user(self.sales_admin)
        with self.assertRaisesRegex(UserError, "Test shipper"):
            advice.action_submit()

    def test_the_transfer_learns_the_tracking_number(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._brief(request)
        sheet.order_id.picking_ids.carrier_id = self.carrier
        self._ship(sheet)
        advice = self._submit_advice(request, tracking_ref="T-9")
        self.assertEqual(advice.move_ids.picking_id.carrier_tracking_ref, "T-9")

    def test_a_drivers_number_has_digits(self):
        advice = self._make_advice(driver_phone="+49 (0)151 23-45 ext. 6")
        with self.assertRaises(ValidationError):
            advice.driver_phone = "call me"

    def test_photos_are_pictures(self):
        advice = self._make_advice()
        owner = {"res_model": advice._name, "res_id": advice.id}
        files = advice.env["ir.attachment"].create(
            [
                {"name": "load.png", "raw": PNG, **owner},
                {"name": "load.exe", "raw": b"MZ nothing to see", **owner},
            ]
        )
        advice.photo_ids = files[0]
        with self.assertRaises(UserError):
            advice.photo_ids = files[1]

    def test_strangers_are_not_told(self):
        advice = self._make_advice()
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            advice.partner_id = self.stranger.partner_id

    # ------------------------------------------------------------- side doors

    def test_nobody_makes_or_moves_an_advice_by_hand(self):
        advice = self._make_advice()
        for vals in (
            {"state": "sent"},
            {"number": "SA-1"},
            {"request_id": advice.request_id.id},
            {"received_clear_on": fields.Datetime.now()},
            {"line_ids": [(5,)]},
            {"move_ids": [(5,)]},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                advice.write(vals)
        with self.assertRaises(AccessError):
            advice.create(
                {"request_id": advice.request_id.id, "partner_id": self.customer.id}
            )
        with self.assertRaises(UserError):
            advice.copy()

    def test_a_move_is_not_put_on_an_advice_by_hand(self):
        advice = self._make_advice()
        for vals in ({"shipping_advice_id": False}, {"shipping_advice_id": advice.id}):
            with self.assertRaises(AccessError):
                advice.move_ids.with_user(self.shipper).write(vals)

    def test_what_was_handed_in_is_the_sales_admins(self):
        advice = self._submit_advice()
        with self.assertRaisesRegex(AccessError, "cannot be filled in by you"):
            advice.with_user(self.shipper).package_count = 9
        advice.package_count = 9
        advice.check_ids.action_confirm()
        advice.action_send("print")
        with self.assertRaises(AccessError):
            advice.package_count = 8

    def test_another_company_does_not_see_it(self):
        company = self.env["res.company"].create({"name": "Other"})
        advice = self._make_advice()
        self.shipper.write({"company_ids": [(4, company.id)]})
        others = self.env["order.desk.shipping.advice"].with_user(self.shipper)
        others = others.with_context(allowed_company_ids=company.ids)
        self.assertFalse(others.search([("id", "=", advice.id)]))
        self.assertFalse(
            others.env["order.desk.shipping.point"].search(
                [("request_id", "=", advice.request_id.id)]
            )
        )

    def test_a_salesperson_sees_the_advices_of_their_orders(self):
        advice = self._make_advice()
        mine = advice.with_user(self.salesperson)
        found = mine.search([("id", "=", advice.id)])
        self.assertEqual(found.line_ids.quantity, 10)
        advice.sudo().order_ids.user_id = self.clerk
        self.env.invalidate_all()
        self.assertFalse(mine.search([("id", "=", advice.id)]))
        self.assertFalse(
            mine.env["order.desk.shipping.advice.line"].search(
                [("advice_id", "=", advice.id)]
            )
        )

    def test_a_shipper_opens_the_screens_with_the_rights_of_the_warehouse(self):
        advice = self._make_advice()
        for kind in ("list", "kanban", "form"):
            models = advice.get_view(view_type=kind)["models"]
            values = advice.web_read({name: {} for name in models[advice._name]})
            self.assertEqual(values[0]["id"], advice.id)

    # ------------------------------------------------------------- to-dos

    def _get_todo_users(self, record, name):
        kind = self.env.ref(f"order_desk_delivery.mail_activity_type_{name}")
        return (
            record.sudo()
            .activity_ids.filtered(lambda todo: todo.activity_type_id == kind)
            .user_id
        )

    def test_who_has_it_to_do(self):
        request = self._make_left()
        self._run_cron()
        self.assertEqual(self._get_todo_users(request, "write_advice"), self.shipper)
        advice = self._make_advice(request)
        self.assertFalse(self._get_todo_users(request, "write_advice"))
        self.assertEqual(self._get_todo_users(advice, "submit_advice"), self.shipper)
        advice.action_submit()
        self.assertEqual(self._get_todo_users(advice, "check_advice"), self.sales_admin)
        advice = advice.with_user(self.sales_admin)
        advice.check_ids.action_confirm()
        advice.action_send("print")
        self.assertEqual(
            self._get_todo_users(advice, "advice_receipt"), self.sales_admin
        )
        advice.action_note_receipt("Ms Lin")
        self.assertFalse(advice.sudo().activity_ids)
