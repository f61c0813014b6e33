from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from pytz import timezone, utc

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_dates import OrderDeskDatesCommon

MONDAY = date(2026, 6, 8)
TUESDAY, FRIDAY = date(2026, 6, 9), date(2026, 6, 12)
NEXT_MONDAY, NEXT_TUESDAY = date(2026, 6, 15), date(2026, 6, 16)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati")


@tagged("post_install", "-at_install")
class TestCutOff(OrderDeskDatesCommon):
    """Known before 17:15, an order is placed that day, else the next (SPEC A6)."""

    def _placed(self, day, *clock):
        return self.company._order_desk_get_placed_and_arranged(
            self._at(day, time(*clock))
        )

    def test_an_order_before_the_cut_off_is_placed_that_day(self):
        self.assertEqual(self._placed(MONDAY, 17, 14, 59), (MONDAY, TUESDAY))

    def test_an_order_at_the_cut_off_is_placed_the_next_day(self):
        self.assertEqual(
            self._placed(MONDAY, 17, 15), (TUESDAY, TUESDAY + timedelta(days=1))
        )

    def test_a_late_order_of_friday_is_placed_on_monday(self):
        self.assertEqual(self._placed(FRIDAY, 17, 16), (NEXT_MONDAY, NEXT_TUESDAY))

    def test_an_order_of_friday_is_arranged_on_monday(self):
        self.assertEqual(self._placed(FRIDAY, 9), (FRIDAY, NEXT_MONDAY))

    def test_an_order_on_a_day_off_is_placed_on_the_next_working_day(self):
        saturday = FRIDAY + timedelta(days=1)
        for clock in (time(9), time(23, 59)):
            with self.subTest(clock=clock):
                self.assertEqual(
                    self._placed(saturday, clock.hour, clock.minute)[0], NEXT_MONDAY
                )

    def test_a_late_order_on_sunday_is_placed_on_monday(self):
        self.assertEqual(
            self._placed(NEXT_MONDAY - timedelta(days=1), 18)[0], NEXT_MONDAY
        )

    def test_an_order_at_midnight_is_the_new_days(self):
        self.assertEqual(self._placed(TUESDAY, 0)[0], TUESDAY)

    def test_a_week_of_holidays_is_skipped(self):
        self._add_holidays(TUESDAY, NEXT_MONDAY)
        self.assertEqual(
            self._placed(MONDAY, 17, 15),
            (NEXT_TUESDAY, NEXT_TUESDAY + timedelta(days=1)),
        )
        self.assertEqual(self._placed(MONDAY, 9), (MONDAY, NEXT_TUESDAY))
        self.assertEqual(self._placed(FRIDAY, 9)[0], NEXT_TUESDAY)

    def test_without_working_hours_every_day_counts(self):
        self.calendar.attendance_ids.unlink()
        self.assertEqual(
            self._placed(FRIDAY, 18),
            (FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)),
        )

    def test_the_cut_off_is_the_clock_on_the_wall_in_summer_and_winter(self):
        self.calendar.tz = "Europe/Berlin"
        winter, summer = date(2026, 3, 27), date(2026, 3, 30)  # the clocks change
        for day, hour in ((winter, 16), (summer, 15)):
            at_cut_off = datetime.combine(day, time(hour, 15))
            for seconds, expected in ((-1, day), (0, None)):
                moment = at_cut_off + timedelta(seconds=seconds)
                placed = self.company._order_desk_get_placed_and_arranged(moment)[0]
                with self.subTest(moment=moment):
                    self.assertEqual(placed == day, expected == day)

    def test_a_cut_off_in_the_hour_that_does_not_exist(self):
        self.calendar.tz = "Europe/Berlin"
        self.company.order_desk_cut_off = 2.5
        self.calendar.attendance_ids.unlink()
        day = date(2026, 3, 29)  # from 02:00 to 03:00
        counted = self.company._order_desk_get_counted_day
        self.assertEqual(counted(datetime(2026, 3, 29, 0, 59)), day)
        self.assertEqual(counted(datetime(2026, 3, 29, 2, 0)), day + timedelta(days=1))

    def test_a_shift_that_ends_at_midnight_ends_on_its_day(self):
        self.calendar.attendance_ids.unlink()
        self.calendar.attendance_ids = [
            Command.create(
                {"name": "Late", "dayofweek": str(n), "hour_from": 16, "hour_to": 24}
            )
            for n in range(5)
        ]
        self.assertEqual(self._placed(MONDAY, 9), (MONDAY, TUESDAY))
        self.assertEqual(self._placed(FRIDAY, 23), (NEXT_MONDAY, NEXT_TUESDAY))

    def test_a_cut_off_that_is_no_time_of_the_day_is_refused(self):
        for value in (-0.1, 24, 23.999, 99):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                self.company.order_desk_cut_off = value

    def test_the_desks_administrator_sets_the_cut_off(self):
        settings_ = self.env["order.desk.settings"].with_user(self.administrator)
        dialog = settings_.create({})
        self.assertEqual(dialog.order_desk_cut_off, 17.25)
        dialog.order_desk_cut_off = 16.5
        dialog.action_save()
        self.assertEqual(self.company.order_desk_cut_off, 16.5)

    def test_days_before_a_day_are_working_days(self):
        back = self.company._order_desk_go_back_working_days
        self.assertEqual(back(NEXT_MONDAY, 1), FRIDAY)
        self.assertEqual(back(NEXT_MONDAY - timedelta(days=1), 0), FRIDAY)
        self._add_holidays(TUESDAY, FRIDAY)
        self.assertEqual(back(NEXT_MONDAY, 1), MONDAY)

    # ------------------------------------------------------------- any moment

    @given(
        zone=st.sampled_from(ZONES),
        cut_off=st.integers(0, 24 * 60 - 1),
        moment=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),
        holiday=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
        length=st.integers(0, 9),
    )
    @settings(max_examples=120, deadline=None)
    def test_any_moment(self, zone, cut_off, moment, holiday, length):
        """Against a count on the local calendar that knows nothing of UTC."""
        moment = moment.replace(microsecond=0)
        self.calendar.tz = zone
        self.company.order_desk_cut_off = cut_off / 60
        self.calendar.leave_ids.unlink()
        last = holiday + timedelta(days=length - 1)
        if length:
            self._add_holidays(holiday, last)
        local = utc.localize(moment).astimezone(timezone(zone))

        def next_working_day(day):
            while day.weekday() > 4 or holiday <= day <= last:
                day += timedelta(days=1)
            return day

        is_late = local.hour * 60 + local.minute >= cut_off
        if self._is_at_change_of_clocks(local):
            return  # the hour there is twice or never
        placed = next_working_day(local.date() + timedelta(days=is_late))
        arranged = next_working_day(placed + timedelta(days=1))
        self.assertEqual(
            self.company._order_desk_get_placed_and_arranged(moment),
            (placed, arranged),
        )

    @given(
        zone=st.sampled_from(ZONES),
        cut_off=st.integers(0, 24 * 60 - 1),
        moment=st.datetimes(datetime(2026, 3, 27), datetime(2026, 4, 2)),
        later=st.integers(0, 26 * 60),
        autumn=st.booleans(),
    )
    @settings(max_examples=120, deadline=None)
    def test_who_comes_later_is_never_placed_earlier(
        self, zone, cut_off, moment, later, autumn
    ):
        """Also in the nights in which the clocks change."""
        self.calendar.tz = zone
        self.company.order_desk_cut_off = cut_off / 60
        moment = moment.replace(microsecond=0) + timedelta(days=210 * autumn)
        place = self.company._order_desk_get_placed_and_arranged
        first, second = place(moment), place(moment + timedelta(minutes=later))
        self.assertLessEqual(first, second)
        self.assertLess(first[0], first[1])

    @staticmethod
    def _is_at_change_of_clocks(local):
        offsets = {
            (local + timedelta(hours=hours))
            .tzinfo.normalize(local + timedelta(hours=hours))
            .utcoffset()
            for hours in (-24, 0, 24)
        }
        return len(offsets) > 1
