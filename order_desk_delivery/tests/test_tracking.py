from datetime import date, datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools import format_date

from .common_advice import AdviceCommon
from .common_dates import OrderDeskDatesCommon

MONDAY = date(2026, 6, 8)


class TrackingCommon(AdviceCommon, OrderDeskDatesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles["shipping_request"].deadline_hours = 8
        cls.company.partner_id.write(
            {"country_id": cls.env.ref("base.cn").id, "state_id": False}
        )

    def _send_on(self, day, days=2, level=None, clock=time(9), **vals):
        """Return an advice sent on ``day``, of a shipment that takes some days."""
        request = self._make_left()
        if level:
            request.sudo().service_level_id = level  # it is issued already
        with freeze_time(self._at(day, clock)):
            request.sudo().issued_on = datetime.now()
            arrival = days is not None and self._at(
                day + timedelta(days=days), time(15)
            )
            advice = self._make_advice(request, expected_arrival=arrival, **vals)
            advice.sudo().shipped_on = datetime.now()
            advice.sudo().late_reason = "Test"
            advice.action_submit()
            advice = advice.with_user(self.sales_admin)
            advice.check_ids.action_confirm()
            advice.action_send("print")
        return advice

    def _plan(self, advice):
        planned = advice.tracking_check_ids.filtered(lambda c: c.state == "planned")
        return [((c.due_date - MONDAY).days, c.kind) for c in planned.sorted()]

    def _next(self, advice):
        return advice.tracking_check_ids.filtered("is_next")


@tagged("post_install", "-at_install")
class TestTrackingPlan(TrackingCommon):
    """Checks are planned from service level and distance (SPEC G6)."""

    def test_within_the_country_one_looks_once_on_the_way(self):
        advice = self._send_on(MONDAY, 4, self.standard)
        self.assertEqual(self._plan(advice), [(2, "way"), (4, "arrival"), (7, "late")])

    def test_in_the_same_state_one_looks_on_the_day_of_arrival(self):
        state = self.env.ref("base.state_cn_ZJ")
        self.company.partner_id.state_id = state
        self.customer.state_id = state
        advice = self._send_on(MONDAY, 2, self.standard)
        self.assertEqual(self._plan(advice), [(2, "arrival"), (3, "late")])

    def test_abroad_one_looks_more_often(self):
        self.customer.country_id = self.env.ref("base.de")
        advice = self._send_on(MONDAY, 9, self.standard)
        self.assertEqual(
            self._plan(advice),
            [(3, "way"), (7, "way"), (9, "arrival"), (10, "late")],
        )

    def test_nobody_looks_on_days_off(self):
        self._add_holidays(MONDAY + timedelta(days=1), MONDAY + timedelta(days=7))
        advice = self._send_on(MONDAY, 4, self.standard)
        self.assertEqual(self._plan(advice), [(8, "arrival"), (9, "late")])

    def test_a_shipment_that_arrives_today_is_looked_for_today(self):
        advice = self._send_on(MONDAY, 0, self.urgent)
        self.assertEqual(self._plan(advice), [(0, "arrival"), (1, "late")])

    def test_without_an_expected_arrival_the_service_level_gives_it(self):
        advice = self._send_on(MONDAY, 2, self.urgent)
        advice.sudo().expected_arrival = False
        with freeze_time(self._at(MONDAY, time(9))):
            advice._plan_checks()
        self.assertEqual(self._plan(advice), [(2, "arrival"), (3, "late")])

    def test_what_is_corrected_is_planned_anew(self):
        advice = self._send_on(MONDAY, 2, self.urgent)
        with freeze_time(self._at(MONDAY, time(10))):
            later = self._at(MONDAY + timedelta(days=8), time(12))
            advice.action_correct({"expected_arrival": later}, "Typing", "print")
        self.assertEqual(self._plan(advice), [(8, "arrival"), (9, "late")])

    def test_what_is_withdrawn_is_not_looked_for(self):
        advice = self._send_on(MONDAY)
        advice.action_withdraw("Wrong customer")
        self.assertFalse(self._plan(advice))
        self.assertFalse(self._next(advice))

    def test_one_check_of_each_shipment_stands_in_the_list(self):
        advice = self._send_on(MONDAY, 4, self.standard)
        self.assertEqual(self._next(advice), advice.tracking_check_ids.sorted()[0])

    def test_the_plan_can_be_changed(self):
        advice = self._send_on(MONDAY, 2, self.urgent)
        check = self._next(advice)
        late = advice.tracking_check_ids - check
        late.due_date = MONDAY
        self.assertEqual(self._next(advice), late)
        added = check.create(
            {"advice_id": advice.id, "due_date": MONDAY - timedelta(1)}
        )
        self.assertEqual(self._next(advice), added)
        (late | check).unlink()
        self.assertEqual(advice.tracking_check_ids, added)

    def test_the_last_check_of_a_shipment_stays(self):
        advice = self._send_on(MONDAY)
        with self.assertRaisesRegex(UserError, "last check"):
            advice.tracking_check_ids.unlink()

    def test_who_tracks_has_the_drivers_number(self):
        driver = {"driver": "Mr Chen", "driver_phone": "+86 138 0000 0000"}
        check = self._next(self._send_on(MONDAY, **driver))
        with Form(check) as form:
            self.assertEqual(form.driver, driver["driver"])
            self.assertEqual(form.driver_phone, driver["driver_phone"])

    def test_a_draft_is_not_looked_for(self):
        advice = self._make_advice()
        with self.assertRaisesRegex(UserError, "on their way"):
            self.env["order.desk.tracking.check"].with_user(self.sales_admin).create(
                {"advice_id": advice.id, "due_date": MONDAY}
            )

    def test_what_was_found_is_not_typed_in(self):
        check = self._next(self._send_on(MONDAY))
        for vals in ({"state": "done"}, {"outcome": "arrived"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                check.write(vals)

    def test_the_warehouse_reads_and_does_not_write(self):
        check = self._next(self._send_on(MONDAY)).with_user(self.shipper)
        self.assertTrue(check.display_name)
        with self.assertRaises(AccessError):
            check.action_on_way()

    def test_salespeople_see_their_own_shipments(self):
        check = self._next(self._send_on(MONDAY))
        other = new_test_user(
            self.env, "odd_seller", "sales_team.group_sale_salesman", name="Seller"
        )
        self.assertTrue(check.with_user(self.salesperson).has_access("read"))
        self.assertFalse(check.with_user(other).has_access("read"))
        self.assertFalse(check.with_user(self.stranger).has_access("read"))


@tagged("post_install", "-at_install")
class TestTrackingAnswers(TrackingCommon):
    """One tap says where the goods are (SPEC G6)."""

    def setUp(self):
        super().setUp()
        self.advice = self._send_on(MONDAY, 2, self.urgent)
        self.sheet = self.advice.sheet_ids
        self.check = self._next(self.advice)

    def _on(self, number, clock=time(10)):
        return freeze_time(self._at(MONDAY + timedelta(days=number), clock))

    def _todos(self, type_name):
        activity_type = self.env.ref(f"order_desk_delivery.{type_name}")
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", activity_type.id),
                (
                    "res_id",
                    "in",
                    [*self.sheet.ids, *self.advice.tracking_check_ids.ids],
                ),
            ]
        )

    def test_on_the_way_goes_on_with_the_next_check(self):
        with self._on(2):
            self.check.action_on_way()
        self.assertEqual(self.check.outcome, "on_way")
        self.assertEqual(self.check.answered_by_id, self.sales_admin)
        self.assertEqual(self._plan(self.advice), [(3, "late")])

    def test_after_the_last_check_one_looks_every_working_day(self):
        for number in (2, 3, 4, 7):
            with self._on(number):
                self._next(self.advice).action_on_way()
        self.assertEqual(self._plan(self.advice), [(8, "late")])

    def test_arrived_ends_the_tracking(self):
        with self._on(2):
            self.check.action_arrived()
        self.assertEqual(self.advice.state, "arrived")
        self.assertEqual(
            self.advice.arrived_on, self._at(MONDAY + timedelta(days=2), time(10))
        )
        self.assertFalse(self._plan(self.advice))
        self.assertIn("arrived", self.sheet.milestone_ids.mapped("code"))

    def test_the_salesperson_is_told_of_the_arrival(self):
        with self._on(2):
            self.check.action_arrived()
        todo = self._todos("mail_activity_type_arrived")
        self.assertEqual(todo.user_id, self.salesperson)
        day = format_date(self.env, MONDAY + timedelta(days=2))
        self.assertIn(f"Arrived on {day}", todo.summary)
        todo.with_user(self.salesperson).action_feedback("Thanks")

    def test_goods_arrive_neither_tomorrow_nor_before_they_left(self):
        with self._on(2):
            for day in (3, -1):
                moment = self._at(MONDAY + timedelta(days=day), time(10))
                with self.subTest(day=day), self.assertRaisesRegex(UserError, "cannot"):
                    self.check.action_arrived(moment)

    def test_a_wrong_tap_is_taken_back(self):
        with self._on(2):
            self.check.action_arrived()
            self.check.action_undo_arrival()
        self.assertEqual(self.advice.state, "sent")
        self.assertFalse(self.advice.arrived_on)
        self.assertEqual(self._next(self.advice), self.check)
        self.assertFalse(self._todos("mail_activity_type_arrived"))

    def test_a_signed_arrival_is_not_taken_back(self):
        with self._on(2):
            self.check.action_arrived()
            receipts = self.env["order.desk.receipt"]
            receipt = receipts.search([("advice_id", "=", self.advice.id)])
            self.assertTrue(receipt)
            receipt.state = "signed"
            with self.assertRaisesRegex(UserError, "signed"):
                self.check.action_undo_arrival()

    def test_delayed_takes_a_new_day_and_a_reason(self):
        with self._on(2):
            for new_date, reason in (
                (False, "Snow"),
                (MONDAY + timedelta(days=9), " "),
                (MONDAY, "Snow"),
                (MONDAY + timedelta(days=500), "Snow"),
            ):
                with self.subTest(new_date=new_date), self.assertRaises(UserError):
                    self.check.action_delay(new_date, reason)
        self.assertEqual(self.check.state, "planned")

    def test_delayed_moves_the_arrival_and_the_plan(self):
        with self._on(2):
            self.check.action_delay(MONDAY + timedelta(days=4), "Snow")
        self.assertEqual(
            self.company._order_desk_date(self.advice.expected_arrival),
            MONDAY + timedelta(days=4),
        )
        self.assertEqual(self._plan(self.advice), [(4, "arrival"), (7, "late")])
        todo = self._todos("mail_activity_type_delayed")
        self.assertEqual(todo.user_id, self.salesperson)
        self.assertIn("Snow", todo.note)

    def test_the_customer_is_told_of_a_delay(self):
        with self._on(2):
            self.check.action_delay(MONDAY + timedelta(days=4), "Snow", True)
        message = self.advice.message_ids.filtered(
            lambda m: self.customer in m.partner_ids
        )[:1]
        self.assertIn("Snow", message.body)
        self.assertIn("06/12/2026", message.body)

    def test_a_customer_without_an_address_cannot_be_mailed(self):
        self.customer.email = False
        with self._on(2), self.assertRaisesRegex(UserError, "no e-mail address"):
            self.check.action_delay(MONDAY + timedelta(days=4), "Snow", True)

    def test_trouble_is_handed_on(self):
        reported = []
        self.patch(
            self.registry["order.desk.sheet"],
            "_report_trouble",
            lambda sheet, *args, **values: reported.append((sheet, *args)),
        )
        with self._on(2):
            self.check.action_trouble("Truck upside down", "In a ditch")
        [(sheet, kind, name, description)] = reported
        self.assertEqual(
            (sheet, kind, name), (self.sheet, "transport", "Truck upside down")
        )
        self.assertIn("In a ditch", description)
        self.assertIn(self.carrier.name, description)
        self.assertEqual(self._plan(self.advice), [(3, "late")])

    def test_trouble_needs_a_word(self):
        with self.assertRaisesRegex(UserError, "one line"):
            self.check.action_trouble("  ")

    def test_what_is_answered_is_not_answered_again(self):
        with self._on(2):
            self.check.action_on_way()
            with self.assertRaisesRegex(UserError, self.sales_admin.name):
                self.check.with_user(self.service).action_arrived()

    def test_a_clerk_without_the_role_does_not_track(self):
        with self.assertRaisesRegex(AccessError, "sales admin"):
            self.check.with_user(self.clerk).action_on_way()

    def test_without_the_role_any_clerk_tracks(self):
        self.roles["shipping_request"].active = False
        with self._on(2):
            self.check.with_user(self.clerk).action_on_way()
        self.assertEqual(self.check.state, "done")

    def test_many_shipments_are_answered_at_once(self):
        other = self._next(self._send_on(MONDAY, 2, self.urgent))
        with self._on(2):
            (self.check | other).action_arrived()
        self.assertEqual(
            set((self.check | other).advice_id.mapped("state")), {"arrived"}
        )

    def test_an_overlooked_check_lapses_with_the_next_answer(self):
        late = self.advice.tracking_check_ids - self.check
        with self._on(3):
            late.action_on_way()
        self.assertEqual(self.check.state, "skipped")

    def test_the_receipt_ends_the_tracking_too(self):
        with self._on(2):
            self.advice.sudo()._note_arrival(datetime.now())
        self.assertFalse(self._plan(self.advice))
        self.assertTrue(self._todos("mail_activity_type_arrived"))

    def test_the_dialog_asks_for_day_and_reason(self):
        with self._on(2):
            action = self.check.action_open_delay()
            dialog = self.env[action["res_model"]].with_user(self.sales_admin)
            with Form(dialog.browse(action["res_id"])) as form:
                proposed = fields.Date.to_date(form.new_date)
                self.assertEqual(proposed, MONDAY + timedelta(days=3))
                form.reason = "Snow"
            form.record.action_answer()
        self.assertEqual(self.check.outcome, "delayed")

    def test_the_carriers_page_opens(self):
        self.advice.sudo().tracking_ref = "T 7"
        self.assertTrue(self.check.has_link)
        self.assertIn("track.example.com", self.check.action_open_link()["url"])

    def test_a_carrier_without_a_page_is_no_trouble(self):
        self.assertFalse(self.check.has_link)
        with self.assertRaisesRegex(UserError, "no page"):
            self.check.action_open_link()

    # ------------------------------------------------------------- reminders

    def _follow(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("order_desk_delivery.ir_cron_follow_tracking")
            cron.method_direct_trigger()

    def test_nobody_is_reminded_before_the_day(self):
        with self._on(1):
            self._follow()
        self.assertFalse(self._todos("mail_activity_type_tracking"))

    def test_who_asked_for_the_shipment_is_reminded_on_the_day(self):
        with self._on(2):
            self._follow()
        todo = self._todos("mail_activity_type_tracking")
        self.assertEqual(todo.user_id, self.sales_admin)
        self.assertEqual(self.check.user_id, self.sales_admin)

    def test_the_superior_is_told_when_nobody_looks(self):
        self.roles["shipping_request"].superior_id = self.manager
        with self._on(2):
            self._follow()
        with self._on(4):
            self._follow()
        self.assertEqual(
            self._todos("mail_activity_type_tracking").user_id,
            self.sales_admin | self.manager,
        )

    def test_the_salesperson_is_told_of_a_late_shipment_before_the_customer_calls(self):
        with self._on(2):
            self.check.action_on_way()
        with self._on(3):
            self._follow()
            self.assertTrue(self._next(self.advice).is_late)
        todo = self._todos("mail_activity_type_tracking_late")
        self.assertEqual(todo.user_id, self.salesperson)

    def test_the_to_dos_go_with_the_answer(self):
        with self._on(2):
            self._follow()
            self.check.action_arrived()
        self.assertFalse(self._todos("mail_activity_type_tracking"))
