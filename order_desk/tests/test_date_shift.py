from datetime import date, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .test_confirmation import ConfirmationCommon

FRIDAY = date(2026, 3, 6)  # two days before summer time begins in New York
ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Pacific/Auckland")


class ShiftCommon(ConfirmationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Test hours", "tz": "Asia/Shanghai"}
        )
        cls.env.company.resource_calendar_id = cls.calendar
        cls._set_hours(range(5), 17)

    @classmethod
    def _set_hours(cls, days, end):
        """Work from 8 to ``end`` on these days of the week."""
        cls.calendar.attendance_ids = [(5,)] + [
            (
                0,
                0,
                {
                    "name": "Work",
                    "dayofweek": str(day),
                    "hour_from": 8,
                    "hour_to": end,
                    "day_period": "morning",
                },
            )
            for day in days
        ]

    @classmethod
    def _set_holidays(cls, days):
        cls.calendar.leave_ids.unlink()
        cls.env["resource.calendar.leaves"].create(
            [
                {
                    "name": "Holiday",
                    "calendar_id": cls.calendar.id,
                    "date_from": cls._at(day, 0),
                    "date_to": cls._at(day, 23, 59),
                }
                for day in days
            ]
        )

    @classmethod
    def _at(cls, day, hour, minute=0):
        """Return the moment (UTC, as Odoo has it) of a clock of the company."""
        local = datetime.combine(day, time(hour, minute), ZoneInfo(cls.calendar.tz))
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def _run(self, *moment):
        """Let the scheduler pass by at this moment of the company."""
        self._run_at(self._at(*moment))

    def _run_at(self, moment):
        # it commits after each batch, which a test must not
        committed = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", return_value=60
        )
        with freeze_time(moment), committed:
            self.env["order.desk.confirmation"]._cron_shift_finish_dates()

    def _get_sent_at(self, *moment):
        """Return a confirmation sent at this moment; finished on the 20th."""
        sheet = self._get_sheet()
        sheet.sudo().finish_date = date(2026, 3, 20)
        with freeze_time(self._at(*moment)):
            return self._send(sheet)


@tagged("post_install", "-at_install")
class TestDateShift(ShiftCommon):
    def test_end_of_the_day_moves_the_dates_by_one_working_day(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        sheet = confirmation.sheet_id
        self._run(FRIDAY, 16, 59)
        self.assertFalse(sheet.shift_ids)
        self._run(FRIDAY, 17)
        # the 20th is a Friday
        self.assertRecordValues(
            sheet.shift_ids,
            [
                {
                    "confirmation_id": confirmation.id,
                    "kind": "no_return_copy",
                    "shifted_on": FRIDAY,
                    "old_finish_date": date(2026, 3, 20),
                    "finish_date": date(2026, 3, 23),
                    "old_promise_date": date(2026, 3, 20),
                    "promise_date": date(2026, 3, 23),
                }
            ],
        )
        for record in (sheet, confirmation):
            self.assertEqual(record.finish_date, date(2026, 3, 23))
            self.assertEqual(record.promise_date, date(2026, 3, 23))
        self.assertEqual(confirmation.shift_days, 1)
        self.assertIn(confirmation.name, sheet.message_ids[0].body)

    def test_shifted_confirmation_is_still_what_the_customer_confirms(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        self._run(FRIDAY, 18)
        self.assertTrue(confirmation.is_current)
        self._file_return(confirmation)
        confirmation.action_verify()
        self.assertTrue(self._get_condition(confirmation.sheet_id)["holds"])

    def test_scheduled_action_shifts(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        cron = self.env.ref("order_desk.ir_cron_shift_finish_dates")
        with freeze_time(self._at(FRIDAY, 18)), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(confirmation.shift_days, 1)

    def test_second_run_of_the_evening_shifts_nothing(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        for minute in (0, 1, 59):
            self._run(FRIDAY, 18, minute)
        self.assertEqual(confirmation.shift_days, 1)

    def test_longer_hours_do_not_count_a_day_twice(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        self._run(FRIDAY, 17, 30)
        self._set_hours(range(5), 19)
        self._run(FRIDAY, 20)
        self.assertEqual(confirmation.shift_days, 1)

    def test_holiday_declared_in_between_does_not_count(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        self._set_holidays([FRIDAY])
        self._run(FRIDAY, 18)
        self.assertFalse(confirmation.shift_days)
        self._run(FRIDAY + timedelta(days=3), 18)
        self.assertEqual(confirmation.shift_days, 1)

    def test_paused_server_catches_up_without_weekends_and_holidays(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        self._set_holidays([FRIDAY + timedelta(days=3)])
        self._run(FRIDAY + timedelta(days=7), 16)  # Friday again, before closing
        self.assertEqual(
            confirmation.shift_ids.sorted("shifted_on").mapped("shifted_on"),
            [FRIDAY + timedelta(days=number) for number in (0, 4, 5, 6)],
        )
        self.assertEqual(confirmation.finish_date, date(2026, 3, 26))

    def test_sent_after_closing_time_counts_from_the_next_working_day(self):
        confirmation = self._get_sent_at(FRIDAY, 17, 30)
        self._run(FRIDAY, 23)
        self._run(FRIDAY + timedelta(days=2), 23)
        self.assertFalse(confirmation.shift_days)
        self._run(FRIDAY + timedelta(days=3), 17)
        self.assertEqual(confirmation.shift_days, 1)

    def test_return_copy_stops_the_shifts(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        with freeze_time(self._at(FRIDAY, 16)):
            self._file_return(confirmation)
        self._run(FRIDAY + timedelta(days=10), 18)
        self.assertFalse(confirmation.shift_ids)

    def test_copy_sent_back_counts_from_that_day_on(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        with freeze_time(self._at(FRIDAY, 16)):
            self._file_return(confirmation)
        monday, tuesday = FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=4)
        with freeze_time(self._at(tuesday, 9)):
            confirmation.action_send_back("Not legible")
        self._run(tuesday, 16)
        self.assertFalse(confirmation.shift_days)
        self._run(tuesday, 18)
        self.assertEqual(confirmation.shift_ids.shifted_on, tuesday)
        self.assertNotEqual(confirmation.shift_ids.shifted_on, monday)

    def test_nobody_is_late_while_the_order_is_changed(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        confirmation.sheet_id.order_line.product_uom_qty = 11
        self._run(FRIDAY + timedelta(days=4), 18)
        self.assertFalse(confirmation.shift_days)
        confirmation.sheet_id.order_line.product_uom_qty = 10
        self._run(FRIDAY + timedelta(days=4), 23)
        self.assertFalse(confirmation.shift_days)
        self._run(FRIDAY + timedelta(days=5), 18)
        self.assertEqual(confirmation.shift_days, 1)

    def test_company_west_of_utc_closes_on_its_own_evening(self):
        self.calendar.tz = "America/New_York"
        confirmation = self._get_sent_at(FRIDAY, 10)
        self._run_at("2026-03-06 17:30:00")  # half past noon in New York
        self.assertFalse(confirmation.shift_days)
        # summer time has begun: 17:00 is 21:00 UTC on Monday, 22:00 on Friday
        self._run_at("2026-03-09 21:00:00")
        self.assertEqual(
            sorted(confirmation.shift_ids.mapped("shifted_on")),
            [FRIDAY, date(2026, 3, 9)],
        )

    def test_relaxed_promise_keeps_its_distance(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        sheet = confirmation.sheet_id
        with freeze_time(self._at(FRIDAY, 11)):
            sheet.with_user(self.clerk).action_relax_promise("2026-03-30", "Terms")
        self._run(FRIDAY, 18)
        self.assertEqual(sheet.finish_date, date(2026, 3, 23))
        self.assertEqual(sheet.promise_date, date(2026, 3, 31))

    def test_date_shift_is_never_changed_or_deleted(self):
        confirmation = self._get_sent_at(FRIDAY, 10)
        self._run(FRIDAY, 18)
        with self.assertRaises(UserError):
            confirmation.shift_ids.reason = "Nothing"
        with self.assertRaises(UserError):
            confirmation.shift_ids.unlink()

    def test_many_confirmations_shift_each_on_their_own(self):
        first = self._get_sent_at(FRIDAY, 10)
        second = self._get_sent_at(FRIDAY, 17, 30)
        self._run(FRIDAY + timedelta(days=3), 18)
        self.assertEqual((first.shift_days, second.shift_days), (2, 1))


@tagged("post_install", "-at_install")
class TestDateShiftCount(ShiftCommon):
    """The number of shifts against a simple count, over any calendar."""

    @settings(
        max_examples=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.differing_executors],
    )
    @given(
        zone=st.sampled_from(ZONES),
        weekdays=st.sets(st.integers(0, 6), min_size=1),
        closing=st.integers(9, 23),
        start=st.dates(date(2026, 2, 20), date(2026, 11, 10)),
        sent_hour=st.integers(0, 23),
        holidays=st.sets(st.integers(0, 12), max_size=5),
        days=st.integers(0, 10),
        run_hour=st.integers(0, 23),
    )
    def test_shifts_are_the_working_days_that_ended(
        self, zone, weekdays, closing, start, sent_hour, holidays, days, run_hour
    ):
        self.calendar.tz = zone
        self._set_hours(sorted(weekdays), closing)
        holidays = {start + timedelta(days=number) for number in holidays}
        self._set_holidays(sorted(holidays))
        sent = self._at(start, sent_hour)
        now = max(sent, self._at(start + timedelta(days=days), run_hour))
        expected = [
            day
            for number in range(days + 1)
            if (day := start + timedelta(days=number)).weekday() in weekdays
            and day not in holidays
            and sent < self._at(day, closing) <= now
        ]
        confirmation = self._get_fresh(sent)
        # the scheduler runs at any time, and more than once
        for moment in (sent + (now - sent) / 2, now, now):
            self._run_at(moment)
        self.assertEqual(sorted(confirmation.shift_ids.mapped("shifted_on")), expected)
        self.assertEqual(confirmation.shift_days, len(expected))
        finish = date(2026, 12, 31)
        for _day in expected:
            finish += timedelta(days=1)
            while finish.weekday() not in weekdays or finish in holidays:
                finish += timedelta(days=1)
        self.assertEqual(confirmation.finish_date, finish)

    def _get_fresh(self, sent):
        """Return the one confirmation of this test, sent once more at ``sent``."""
        if not hasattr(self, "confirmation"):
            self.confirmation = self._get_sent().sudo()
        confirmation = self.confirmation
        confirmation.flush_recordset()
        self.env.cr.execute(
            "DELETE FROM order_desk_date_shift WHERE confirmation_id = %s",
            [confirmation.id],
        )
        confirmation.invalidate_recordset()
        confirmation.sheet_id.finish_date = date(2026, 12, 31)
        confirmation.write(
            {"finish_date": date(2026, 12, 31), "sent_on": sent, "shift_days": 0}
        )
        with freeze_time(sent):
            confirmation._await_return_copy()
        self.assertGreater(confirmation.shift_due_on, fields.Datetime.to_datetime(sent))
        return confirmation
