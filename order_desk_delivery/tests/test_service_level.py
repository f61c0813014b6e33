from ast import literal_eval
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from lxml import etree
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common_dates import OrderDeskDatesCommon

MONDAY = date(2026, 6, 8)


def day(number):
    """Return the day ``number`` days after that Monday."""
    return MONDAY + timedelta(days=number)


@tagged("post_install", "-at_install")
class TestServiceLevel(OrderDeskDatesCommon):
    """Urgent, standard, or the customer's date give the due dates (SPEC G8)."""

    def _make_dated(self, received=None, wished=None, level=None):
        """Return a sheet received on a moment, with a wished day and a level."""
        received = received or self._at(MONDAY, time(10))
        with patch.object(
            self.registry["order.desk.sheet"],
            "_get_received_on",
            lambda _sheet: received,
        ):
            sheet = self._make_sheet(complete=False)
            if level:
                sheet.order_id.service_level_id = level
            sheet.order_id.commitment_date = wished and self._at(wished, time(12))
            self.env.flush_all()
        return sheet

    def _due(self, sheet):
        return sheet.due_pick_date, sheet.due_arrival_date

    # ------------------------------------------------------------- the levels

    def test_urgent_arrives_a_day_after_it_is_picked_up(self):
        sheet = self._make_dated(level=self.urgent)
        self.assertEqual((sheet.placed_date, sheet.arranged_date), (day(0), day(1)))
        self.assertEqual(self._due(sheet), (day(1), day(2)))

    def test_standard_arrives_within_three_working_days(self):
        sheet = self._make_dated(level=self.standard)
        self.assertEqual(self._due(sheet), (day(1), day(4)))

    def test_after_the_cut_off_everything_is_a_day_later(self):
        sheet = self._make_dated(self._at(MONDAY, time(17, 30)), level=self.urgent)
        self.assertEqual((sheet.placed_date, sheet.arranged_date), (day(1), day(2)))
        self.assertEqual(self._due(sheet), (day(2), day(3)))

    def test_what_is_to_be_placed_and_arranged_is_found(self):
        sheet = self._make_dated()
        clerk = self.env["order.desk.sheet"].with_user(self.clerk)
        view = self.env.ref("order_desk_delivery.order_desk_sheet_view_search")
        domains = {
            node.get("name"): literal_eval(node.get("domain"))
            for node in etree.fromstring(view.arch).iter("filter")
            if node.get("domain")
        }

        def found(name, number):
            with freeze_time(self._at(day(number), time(10))):
                return sheet in clerk.search(domains[name])

        self.assertFalse(found("to_place", -1))
        self.assertTrue(found("to_place", 0))
        self.assertFalse(found("to_arrange", 0))
        self.assertTrue(found("to_arrange", 1))
        sheet.order_id.carrier_id = self.env["delivery.carrier"].search(
            [("active", "=", True)], limit=1
        )
        self.assertFalse(found("to_arrange", 1))

    def test_a_week_of_holidays_is_no_time_on_the_way(self):
        self._add_holidays(day(2), day(8))
        sheet = self._make_dated(level=self.urgent)
        self.assertEqual(self._due(sheet), (day(1), day(9)))

    def test_a_fixed_date_is_the_customers(self):
        sheet = self._make_dated(wished=day(18), level=self.fixed)
        self.assertEqual(self._due(sheet), (day(15), day(18)))

    def test_goods_for_a_near_date_are_not_picked_up_before_they_are_arranged(self):
        sheet = self._make_dated(wished=day(2), level=self.fixed)
        self.assertEqual(self._due(sheet), (day(1), day(2)))
        self.assertIn("too soon", sheet.dates_note)

    def test_enough_time_on_the_way_needs_no_note(self):
        self.assertFalse(self._make_dated(wished=day(18), level=self.fixed).dates_note)

    def test_goods_are_not_picked_up_before_they_are_promised_to_be_ready(self):
        sheet = self._make_dated(level=self.standard)
        sheet.finish_date = day(10)
        self.assertEqual(self._due(sheet), (day(10), day(15)))
        sheet.promise_date = day(11)
        self.assertEqual(self._due(sheet), (day(11), day(16)))

    # ------------------------------------------------------------- choosing

    def test_an_order_with_a_date_goes_on_that_date(self):
        sheet = self._make_dated(wished=day(18))
        self.assertEqual(sheet.service_level_id, self.fixed)

    def test_an_order_without_a_date_has_no_level_yet(self):
        sheet = self._make_dated()
        self.assertFalse(sheet.service_level_id)
        self.assertEqual(self._due(sheet), (False, False))

    def test_a_chosen_level_stays_when_the_date_changes(self):
        sheet = self._make_dated(level=self.urgent)
        sheet.order_id.commitment_date = self._at(day(20), time(12))
        self.assertEqual(sheet.service_level_id, self.urgent)

    def test_a_level_by_days_proposes_the_date(self):
        sheet = self._make_dated()
        self.assertEqual(self._propose(sheet, MONDAY), day(2))

    def test_an_order_that_has_waited_is_proposed_no_day_that_is_over(self):
        sheet = self._make_dated()
        self.assertEqual(self._propose(sheet, day(14)), day(16))

    def _propose(self, sheet, today):
        """Return the day that is proposed for urgent goods on a morning."""
        with (
            freeze_time(self._at(today, time(10))),
            Form(sheet.with_user(self.clerk)) as form,
        ):
            form.service_level_id = self.urgent
            return self.company._order_desk_date(form.commitment_date)

    def test_a_plain_order_gets_no_level(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "commitment_date": datetime(2026, 6, 20),
            }
        )
        self.assertFalse(order.service_level_id)

    def test_a_level_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.urgent.copy({"company_id": other.id})
        sheet = self._make_dated()
        with self.assertRaises(UserError):
            sheet.order_id.service_level_id = self.env[
                "order.desk.service.level"
            ].search([("company_id", "=", other.id)])

    def test_a_company_with_a_fixed_level_of_its_own_uses_that(self):
        self.fixed.active = False
        own = self.fixed.copy(
            {"company_id": self.company.id, "active": True, "days": 5}
        )
        self.assertEqual(self._make_dated(wished=day(18)).service_level_id, own)

    # ------------------------------------------------------------- changing later

    def test_another_level_later_is_said_on_the_sheet(self):
        sheet = self._make_dated(level=self.standard)
        sheet.with_user(self.salesperson).service_level_id = self.urgent
        self.assertEqual(self._due(sheet), (day(1), day(2)))
        self.assertIn(
            f"{self.standard.name} → {self.urgent.name}",
            str(sheet.message_ids[:1].body),
        )

    def test_a_holiday_entered_later_changes_no_past(self):
        sheet = self._make_dated(level=self.urgent)
        self._add_holidays(day(0), day(4))
        self.company.order_desk_cut_off = 8
        sheet.invalidate_recordset()
        self.assertEqual(sheet.placed_date, day(0))

    def test_a_strangers_hands_off_the_levels(self):
        with self.assertRaises(AccessError):
            self.urgent.with_user(self.clerk).days = 5
        self.urgent.with_user(self.administrator).days = 2
        self.assertEqual(self.urgent.days, 2)

    @mute_logger("odoo.sql_db")
    def test_nonsense_is_refused(self):
        for values in ({"days": -1}, {"days": 400}, {"abroad_checks": -1}):
            with self.subTest(values=values), self.assertRaises(CheckViolation):
                self.urgent.write(values)
                self.env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_a_code_is_there_once(self):
        with self.assertRaises(UniqueViolation):
            self.urgent.copy({}).write({"code": "urgent"})
            self.env.flush_all()

    # ------------------------------------------------------------- Odoo's own dates

    def test_transfers_are_scheduled_for_the_day_of_picking_up(self):
        sheet = self._make_released()
        move = sheet.order_id.picking_ids.move_ids
        self.assertEqual(sheet.service_level_id, self.fixed)
        self.assertEqual(move.date, sheet._get_pick_moment())
        self.assertEqual(self.company._order_desk_date(move.date), sheet.due_pick_date)
        self.assertEqual(move.date_deadline, sheet.commitment_date)

    def test_open_transfers_follow_another_level(self):
        sheet = self._make_released()
        sheet.order_id.service_level_id = self.urgent
        picking = sheet.order_id.picking_ids
        self.assertEqual(picking.scheduled_date, sheet._get_pick_moment())

    def test_a_transfer_scheduled_by_hand_stays(self):
        sheet = self._make_released()
        picking = sheet.order_id.picking_ids
        by_hand = picking.scheduled_date + timedelta(days=2)
        picking.scheduled_date = by_hand
        sheet.order_id.service_level_id = self.urgent
        self.assertEqual(picking.scheduled_date, by_hand)

    def test_transfers_that_are_done_stay(self):
        sheet = self._make_released()
        self._issue(sheet)
        self._ship(sheet)
        picking = sheet.order_id.picking_ids
        done = picking.move_ids.date
        sheet.order_id.service_level_id = self.urgent
        self.assertEqual(picking.move_ids.date, done)

    def test_a_plain_orders_transfers_are_odoos(self):
        wished = datetime(2026, 12, 20, 4)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "commitment_date": wished,
                "order_line": [(0, 0, {"product_id": self.pump.id})],
            }
        )
        order.action_confirm()
        self.assertEqual(order.picking_ids.scheduled_date, wished)

    # ------------------------------------------------------------- requests

    def test_a_requests_dates_count_from_its_issue(self):
        sheet = self._make_released()
        sheet.order_id.service_level_id = self.urgent
        request = self._request(sheet)
        self.assertEqual(request.service_level_id, self.urgent)
        self.assertFalse(request.due_pick_date)
        request.sudo().issued_on = self._at(day(7), time(9))
        self.assertEqual(self._due(request), (day(8), day(9)))
        request.sudo().issued_on = self._at(day(7), time(18))
        self.assertEqual(self._due(request), (day(9), day(10)))

    def test_a_request_on_a_near_customers_date_goes_at_once(self):
        sheet = self._make_released()
        sheet.order_id.commitment_date = self._at(day(10), time(12))
        request = self._request(sheet)
        request.sudo().issued_on = self._at(day(9), time(9))
        self.assertEqual(self._due(request), (day(9), day(10)))

    def test_a_request_for_several_orders_is_as_urgent_as_the_most_urgent(self):
        sheets = self._make_released() | self._make_released()
        sheets[1].order_id.service_level_id = self.urgent
        self.assertEqual(self._request(sheets).service_level_id, self.urgent)

    def test_a_request_may_have_another_level_than_its_order(self):
        sheet = self._make_released()
        request = self._request(sheet)
        request.service_level_id = self.urgent
        request.line_ids.quantity = 1
        self.assertEqual(request.service_level_id, self.urgent)
        self.assertEqual(sheet.service_level_id, self.fixed)

    def test_very_many_orders_are_dated_with_few_queries(self):
        sheets = self.env["order.desk.sheet"].union(
            *(self._make_dated(level=self.standard) for _n in range(12))
        )
        for name in ("placed_date", "arranged_date", "due_pick_date"):
            self.env.add_to_compute(sheets._fields[name], sheets[:2])
        self.env.invalidate_all(flush=False)
        few = self._count(lambda: sheets[:2]._recompute_recordset())
        for name in ("placed_date", "arranged_date", "due_pick_date"):
            self.env.add_to_compute(sheets._fields[name], sheets)
        self.env.invalidate_all(flush=False)
        many = self._count(lambda: sheets._recompute_recordset())
        self.assertLessEqual(many, few + 3)

    def _count(self, function):
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
