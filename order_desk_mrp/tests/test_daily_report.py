from datetime import date, datetime, timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytz import timezone

from odoo import Command, fields
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.order_desk_mrp.models.order_desk_daily_report_reading import (
    get_overlap,
)

from .common import OrderDeskMrpCommon

# a Tuesday; 17:00 in Shanghai
DAY = date(2026, 3, 3)
EVENING = datetime(2026, 3, 3, 9, 0)


class DailyReportCommon(OrderDeskMrpCommon):
    """A company of its own where nothing but what the test does was recorded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        cls.reports = cls.env["order.desk.daily.report"]
        cls.workcenter.tz = "Asia/Shanghai"
        cls.production.group_ids += cls.env.ref("mrp.group_mrp_user")
        cls.productive = cls.env.ref("mrp.block_reason7")
        cls.stopped = cls.env.ref("mrp.block_reason1")
        # nothing of the demo factory stands on the reports of the tests
        cls.env["mrp.production"].search(
            [
                ("company_id", "=", cls.env.company.id),
                ("state", "in", ("confirmed", "progress", "to_close")),
            ]
        ).date_start = datetime(2199, 1, 1)
        cls.reports.search([("company_id", "=", cls.env.company.id)]).unlink()

    @classmethod
    def _produce(cls, quantity=4, product=None, made=True, moment=EVENING, **values):
        """Return a manufacturing order, finished at ``moment`` if it is ``made``."""
        product = product or cls.rotor
        with freeze_time(moment):
            production = cls.env["mrp.production"].create(
                {"product_id": product.id, "product_qty": quantity, **values}
            )
            production.action_confirm()
            if made:
                cls._finish(production, quantity)
            cls.env.flush_all()
        return production

    @classmethod
    def _finish(cls, production, quantity):
        with Form(production) as form:
            form.qty_producing = quantity
        production.move_raw_ids.picked = True
        production.button_mark_done()

    @classmethod
    def _log(cls, production, start, end, loss=None, entered_on=None):
        workorder = production.workorder_ids[:1]
        time = cls.env["mrp.workcenter.productivity"].create(
            {
                "workorder_id": workorder.id,
                "workcenter_id": workorder.workcenter_id.id,
                "company_id": production.company_id.id,
                "loss_id": (loss or cls.productive).id,
                "date_start": start,
                "date_end": end,
            }
        )
        cls.env.cr.execute(
            "UPDATE mrp_workcenter_productivity SET create_date = %s WHERE id = %s",
            [entered_on or start, time.id],
        )
        return time

    def _make_report(self, day=DAY, moment=None, user=None, company=None):
        """Return the report of a day, read at ``moment``, by default the day after."""
        moment = moment or datetime.combine(day, datetime.min.time()) + timedelta(2)
        reports = self.reports.with_user(user or self.supervisor)
        with freeze_time(moment):
            return reports._make(company or self.env.company, day)

    def _close(self, reports, moment=EVENING, user=None):
        with freeze_time(moment):
            reports.with_user(user or self.supervisor).action_close()

    def _get_line(self, report, production, later=False):
        return report.line_ids.filtered(
            lambda line: (
                line.production_id == production and line.is_booked_later == later
            )
        )


@tagged("post_install", "-at_install")
class TestDailyReport(DailyReportCommon):
    # ------------------------------------------------------------- reading

    def test_made_pieces_stand_on_the_report_of_their_day(self):
        production = self._produce(4)
        report = self._make_report()
        self.assertRecordValues(
            self._get_line(report, production),
            [
                {
                    "name": production.name,
                    "product_id": self.rotor.id,
                    "qty_made": 4,
                    "qty_total": 4,
                    "qty_planned": 4,
                    "qty_scrapped": 0,
                }
            ],
        )
        other = self._make_report(DAY - timedelta(days=1))
        self.assertFalse(self._get_line(other, production))

    def test_partial_production_counts_what_was_made_that_day(self):
        production = self._produce(10, made=False)
        with freeze_time(EVENING):
            with Form(production) as form:
                form.qty_producing = 3
            production.move_raw_ids.picked = True
            production._post_inventory()
            self.env.flush_all()
        report = self._make_report()
        line = self._get_line(report, production)
        self.assertEqual(line.qty_made, 3)

    def test_quantity_in_another_unit_is_counted_in_that_of_the_order(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        production = self._produce(2, product_uom_id=dozen.id)
        line = self._get_line(self._make_report(), production)
        self.assertEqual((line.qty_made, line.product_uom_id), (2, dozen))

    def test_scrapped_and_unbuilt_pieces_are_counted(self):
        production = self._produce(5)
        with freeze_time(EVENING):
            scrap = self.env["stock.scrap"].create(
                {
                    "product_id": self.rotor.id,
                    "scrap_qty": 2,
                    "production_id": production.id,
                    "location_id": production.location_dest_id.id,
                }
            )
            scrap.do_scrap()
            unbuild = self.env["mrp.unbuild"].create(
                {
                    "product_id": self.rotor.id,
                    "mo_id": production.id,
                    "product_qty": 1,
                    "product_uom_id": self.rotor.uom_id.id,
                }
            )
            unbuild.action_unbuild()
            self.env.flush_all()
        line = self._get_line(self._make_report(), production)
        self.assertEqual(line.qty_made, 5)
        self.assertEqual(line.qty_scrapped, 2)
        self.assertEqual(line.qty_unbuilt, 1)

    def test_scrapped_component_is_named(self):
        production = self._produce(5, made=False)
        self._put_in_stock(self.core, 5)
        with freeze_time(EVENING):
            self.env["stock.scrap"].create(
                {
                    "product_id": self.core.id,
                    "scrap_qty": 2,
                    "production_id": production.id,
                    "location_id": production.location_src_id.id,
                }
            ).do_scrap()
            self.env.flush_all()
        line = self._get_line(self._make_report(), production)
        self.assertFalse(line.qty_scrapped)
        self.assertIn(self.core.display_name, line.also)

    def test_order_of_a_sheet_shows_its_code_and_not_the_customer(self):
        with freeze_time(EVENING):
            sheet = self._make_at("released")
        production = self._get_productions(sheet)
        production.date_start = EVENING
        line = self._get_line(self._make_report(), production)
        self.assertEqual(line.order_code, sheet.order_code)
        self.assertEqual(line.customer_code, sheet.customer_code)

    def test_company_may_show_orders_with_a_sheet_alone(self):
        self.env.company.order_desk_daily_scope = "orders"
        production = self._produce(4)
        self.assertFalse(self._get_line(self._make_report(), production))

    def test_what_should_have_begun_is_listed_without_bookings(self):
        production = self._produce(4, made=False, date_start=EVENING)
        later = self._produce(4, made=False, date_start=EVENING + timedelta(days=3))
        report = self._make_report()
        self.assertTrue(self._get_line(report, production))
        self.assertFalse(self._get_line(report, later))

    def test_order_that_will_miss_its_date_is_late(self):
        production = self._produce(
            4, made=False, date_start=EVENING, date_deadline=EVENING - timedelta(3)
        )
        report = self._make_report()
        line = self._get_line(report, production)
        self.assertTrue(line.is_late)
        self.assertEqual(line.deadline, DAY - timedelta(days=3))
        self.assertGreater(line.delay_days, 0)
        self.assertEqual(report.late_count, 1)

    def test_forecast_is_not_before_what_is_left_to_do(self):
        production = self._produce(100, self.pump, made=False, date_start=EVENING)
        production.workorder_ids.duration_expected = 80 * 60
        self.assertGreater(
            self._get_line(self._make_report(), production).forecast,
            DAY + timedelta(days=5),
        )

    def test_day_to_come_is_refused(self):
        with self.assertRaises(UserError), freeze_time(EVENING):
            self.reports.with_user(self.supervisor)._make(
                self.env.company, DAY + timedelta(days=1)
            )

    def test_day_has_one_report(self):
        self.assertEqual(self._make_report(), self._make_report())

    def _count_reading(self, number):
        for _index in range(number):
            self._produce(1, made=False, moment=datetime(2026, 3, 3, 3, 0))
        report = self._make_report()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with freeze_time("2026-03-04 09:00:00"):
            report.sudo()._read_day()
            self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_many_open_orders_take_no_more_queries(self):
        few = self._count_reading(2)
        self.assertLess(self._count_reading(20), few + 15)

    def test_empty_day_has_an_empty_report(self):
        report = self._make_report()
        self.assertFalse(report.line_ids)
        self._close(report, EVENING + timedelta(days=1))
        self.assertEqual(report.state, "closed")

    # ------------------------------------------------------------- hours

    def _get_hours(self, day, zone, start, end):
        """Return the hours of a time logged from ``start`` to ``end``, on ``day``."""
        self.env.company.resource_calendar_id.tz = zone
        production = self._produce(4, self.pump, made=False, date_start=start)
        self._log(production, start, end)
        moment = datetime.combine(day, datetime.min.time()) + timedelta(days=3)
        report = self._make_report(day, moment)
        return round(self._get_line(report, production).hours, 2)

    def test_work_across_midnight_is_split_between_the_days(self):
        # 22:00 to 03:00 in Shanghai
        start, end = datetime(2026, 3, 3, 14), datetime(2026, 3, 3, 19)
        production = self._produce(4, self.pump, made=False, date_start=start)
        self._log(production, start, end)
        first = self._make_report(DAY)
        second = self._make_report(DAY + timedelta(days=1))
        self.assertEqual(self._get_line(first, production).hours, 2)
        self.assertEqual(self._get_line(second, production).hours, 3)

    def test_night_in_which_an_hour_is_lost(self):
        # 29 March 2026 in Berlin has 23 hours
        start, end = datetime(2026, 3, 28, 12), datetime(2026, 3, 30, 12)
        hours = self._get_hours(date(2026, 3, 29), "Europe/Berlin", start, end)
        self.assertEqual(hours, 23)

    def test_night_in_which_an_hour_is_won(self):
        # 25 October 2026 in Berlin has 25 hours
        start, end = datetime(2026, 10, 24, 12), datetime(2026, 10, 26, 12)
        hours = self._get_hours(date(2026, 10, 25), "Europe/Berlin", start, end)
        self.assertEqual(hours, 25)

    def test_day_in_shanghai_has_24_hours(self):
        start, end = datetime(2026, 3, 28, 12), datetime(2026, 3, 30, 12)
        hours = self._get_hours(date(2026, 3, 29), "Asia/Shanghai", start, end)
        self.assertEqual(hours, 24)

    def test_running_time_counts_until_now(self):
        production = self._produce(
            4, self.pump, made=False, date_start=EVENING - timedelta(hours=2)
        )
        self._log(production, EVENING - timedelta(hours=2), False)
        report = self._make_report(moment=EVENING)
        self.assertEqual(self._get_line(report, production).hours, 2)

    def test_stopped_work_center_is_counted_apart(self):
        production = self._produce(
            4, self.pump, made=False, date_start=EVENING - timedelta(hours=2)
        )
        start = datetime(2026, 3, 3, 1)  # 9:00
        self._log(production, start, start + timedelta(hours=1), self.stopped)
        line = self._get_line(self._make_report(), production)
        self.assertFalse(line.hours)
        self.assertEqual(line.stopped_hours, 1)

    def test_hours_are_kept_by_work_center(self):
        production = self._produce(
            4, self.pump, made=False, date_start=EVENING - timedelta(hours=2)
        )
        self._log(production, EVENING - timedelta(hours=2), EVENING)
        report = self._make_report()
        self.assertRecordValues(
            report.hours_ids,
            [
                {
                    "workcenter_id": self.workcenter.id,
                    "product_id": self.pump.id,
                    "hours": 2,
                }
            ],
        )

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        zone=st.sampled_from(
            (
                "Europe/Berlin",
                "Asia/Shanghai",
                "America/St_Johns",
                "Australia/Lord_Howe",
            )
        ),
        start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)),
        seconds=st.integers(1, 10 * 24 * 3600),
    )
    def test_days_share_a_time_without_loss_or_overlap(self, zone, start, seconds):
        start = start.replace(microsecond=0)
        end = start + timedelta(seconds=seconds)
        company = self.env.company
        company.resource_calendar_id.tz = zone
        days = [
            company._order_desk_date(start) + timedelta(days=number)
            for number in range(13)
        ]
        bounds = [company._order_desk_day_bounds(day) for day in days]
        for (_first, last), (first, _last) in zip(bounds, bounds[1:], strict=False):
            self.assertEqual(last, first)
        parts = get_overlap(start, end, bounds)
        total = sum((last - first).total_seconds() for first, last in parts)
        self.assertEqual(total, seconds)
        for first, last in parts:
            self.assertLessEqual(last - first, timedelta(hours=25))

    def test_bounds_are_midnight_of_the_company(self):
        self.env.company.resource_calendar_id.tz = "Europe/Berlin"
        start, end = self.env.company._order_desk_day_bounds(date(2026, 3, 29))
        berlin = timezone("Europe/Berlin")
        self.assertEqual(
            berlin.localize(datetime(2026, 3, 29)).utctimetuple(), start.utctimetuple()
        )
        self.assertEqual(end - start, timedelta(hours=23))

    # ------------------------------------------------------------- remarks

    def test_remarks_are_written_in_the_list_and_stay_when_read_again(self):
        production = self._produce(4)
        report = self._make_report()
        with Form(report.with_user(self.worker)) as form:
            form.remark = "Power cut at noon"
            with form.line_ids.edit(0) as line:
                line.remark = "Two hands short"
                line.reason = "Late castings"
        self._produce(2)
        with freeze_time(EVENING + timedelta(days=1)):
            report.with_user(self.worker).action_read()
        line = self._get_line(report, production)
        self.assertEqual(
            (line.remark, line.reason), ("Two hands short", "Late castings")
        )
        self.assertEqual(report.remark, "Power cut at noon")
        self.assertEqual(len(report.line_ids), 2)

    def test_what_was_read_is_not_written_by_hand(self):
        production = self._produce(4)
        report = self._make_report()
        line = self._get_line(report, production).with_user(self.supervisor)
        for action in (
            lambda: line.write({"qty_made": 40}),
            lambda: line.copy({"qty_made": 40}),
            line.unlink,
            lambda: report.with_user(self.supervisor).write({"state": "closed"}),
            lambda: report.with_user(self.supervisor).write({"read_until": EVENING}),
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                action()

    # ------------------------------------------------------------- closing

    def test_closed_report_is_numbered_and_frozen(self):
        production = self._produce(4, moment=EVENING - timedelta(hours=1))
        report = self._make_report(moment=EVENING)
        self._close(report)
        self.assertTrue(report.name.startswith("DR"))
        self.assertEqual(report.closed_by_id, self.supervisor)
        line = self._get_line(report, production)
        for action in (
            lambda: line.with_user(self.supervisor).write({"remark": "Too late"}),
            lambda: report.with_user(self.supervisor).write({"remark": "Too late"}),
            report.with_user(self.supervisor).action_read,
            report.unlink,
        ):
            with self.assertRaises(UserError):
                action()

    def test_closed_once(self):
        report = self._make_report(moment=EVENING)
        self._close(report)
        with self.assertRaises(UserError) as caught:
            self._close(report, user=self.production)
        self.assertIn(self.supervisor.name, str(caught.exception))

    def test_second_of_two_at_once_gets_a_message(self):
        report = self._make_report(moment=EVENING)
        with (
            patch.object(
                type(self.reports), "lock_for_update", side_effect=LockError("x")
            ),
            self.assertRaises(UserError) as caught,
        ):
            self._close(report)
        self.assertIn(report.display_name, str(caught.exception))

    def test_production_supervisor_and_manager_close_and_nobody_else(self):
        report = self._make_report(moment=EVENING)
        with self.assertRaises(AccessError):
            self._close(report, user=self.worker)
        self._close(report, user=self.production)
        self.assertEqual(report.state, "closed")

    def test_without_such_roles_the_manufacturing_manager_closes(self):
        for code in ("production_supervisor", "production_manager"):
            self.roles[code].user_ids = False
        report = self._make_report(moment=EVENING)
        with self.assertRaises(AccessError):
            self._close(report, user=self.supervisor)
        self._close(report, user=self.draughtsman)
        self.assertEqual(report.state, "closed")

    def test_day_that_is_over_is_read_to_its_end_before_it_is_closed(self):
        production = self._produce(4, moment=EVENING - timedelta(hours=1))
        report = self._make_report(moment=EVENING)
        night = self._produce(2, moment=EVENING + timedelta(hours=3))
        self._close(report, EVENING + timedelta(days=1))
        self.assertEqual(self._get_line(report, production).qty_made, 4)
        self.assertEqual(self._get_line(report, night).qty_made, 2)

    def test_supervisor_has_a_todo_until_it_is_closed(self):
        self._produce(4)
        report = self._run_cron(EVENING + timedelta(hours=3))
        self.assertEqual(report.activity_ids.user_id, self.supervisor)
        self._close(report)
        self.assertFalse(report.activity_ids)

    # ------------------------------------------------------------- booked later

    def test_what_is_made_after_closing_stands_on_the_next_report(self):
        self._produce(4)
        report = self._make_report(moment=EVENING)
        self._close(report)
        night = self._produce(2, moment=EVENING + timedelta(hours=3))
        following = self._make_report(DAY + timedelta(days=1))
        line = self._get_line(following, night, later=True)
        self.assertRecordValues(
            line, [{"qty_made": 2, "booked_for": DAY, "is_booked_later": True}]
        )
        self.assertFalse(self._get_line(following, night))
        self._close(following, EVENING + timedelta(days=1))
        self.assertEqual(report.followed_by_id, following)
        third = self._make_report(DAY + timedelta(days=2))
        self.assertFalse(third.line_ids.filtered("is_booked_later"))

    def test_running_time_goes_on_after_closing(self):
        start = EVENING - timedelta(hours=1)
        production = self._produce(4, self.pump, made=False, date_start=start)
        time = self._log(production, start, False)
        report = self._make_report(moment=EVENING)
        self._close(report)
        time.date_end = EVENING + timedelta(hours=2)
        following = self._make_report(DAY + timedelta(days=1))
        self.assertEqual(self._get_line(report, production).hours, 1)
        self.assertEqual(self._get_line(following, production, later=True).hours, 2)

    def test_time_entered_afterwards_stands_on_the_next_report(self):
        production = self._produce(
            4, self.pump, made=False, date_start=EVENING - timedelta(hours=4)
        )
        report = self._make_report(moment=EVENING)
        self._close(report)
        self._log(
            production,
            EVENING - timedelta(hours=3),
            EVENING - timedelta(hours=1),
            entered_on=EVENING + timedelta(hours=15),
        )
        following = self._make_report(DAY + timedelta(days=1))
        self.assertEqual(self._get_line(following, production, later=True).hours, 2)
        self._close(following, EVENING + timedelta(days=2))
        third = self._make_report(DAY + timedelta(days=2), EVENING + timedelta(days=3))
        self.assertFalse(third.line_ids.filtered("is_booked_later"))

    def test_two_open_reports_do_not_both_show_what_was_booked_later(self):
        self._produce(4)
        self._close(self._make_report(moment=EVENING))
        night = self._produce(2, moment=EVENING + timedelta(hours=3))
        second = self._make_report(DAY + timedelta(days=1))
        third = self._make_report(DAY + timedelta(days=2))
        self.assertTrue(self._get_line(second, night, later=True))
        self.assertFalse(self._get_line(third, night, later=True))

    # ------------------------------------------------------------- by itself

    def _run_cron(self, moment, company=None):
        cron = self.env.ref("order_desk_mrp.ir_cron_make_daily_reports")
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        return self.reports.search(
            [("company_id", "=", (company or self.env.company).id)]
        )

    def test_report_is_made_when_work_ends_and_not_before(self):
        self._produce(4, moment=EVENING - timedelta(hours=3))
        self.assertFalse(self._run_cron(EVENING - timedelta(hours=2)))
        reports = self._run_cron(EVENING + timedelta(minutes=10))
        self.assertEqual(reports.mapped("date"), [DAY])
        self.assertEqual(self._run_cron(EVENING + timedelta(hours=1)), reports)

    def test_day_without_work_has_none_unless_something_was_recorded(self):
        sunday = datetime(2026, 3, 8, 6)
        open_order = self._produce(4, made=False, date_start=EVENING)
        self._make_report(moment=EVENING)
        self._run_cron(sunday + timedelta(days=1, hours=-8))
        days = self.reports.search([("company_id", "=", self.env.company.id)]).mapped(
            "date"
        )
        self.assertNotIn(date(2026, 3, 7), days)
        self.assertIn(date(2026, 3, 6), days)
        self._produce(1, moment=sunday)
        self._run_cron(sunday + timedelta(days=1, hours=-8))
        days = self.reports.search([("company_id", "=", self.env.company.id)]).mapped(
            "date"
        )
        self.assertIn(date(2026, 3, 8), days)
        self.assertTrue(open_order)

    def test_each_company_has_its_own_report_in_its_own_time(self):
        company = self.env["res.company"].create({"name": "Other factory"})
        self.supervisor.company_ids += company
        production = self._produce(4)
        report = self._make_report(company=company)
        self.assertEqual(report.company_id, company)
        self.assertFalse(report.line_ids)
        self.assertTrue(self._get_line(self._make_report(), production))
        stranger = self.worker.copy(
            {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        )
        own = self._make_report()
        self.assertFalse(own.with_user(stranger).has_access("read"))

    def test_trouble_in_one_company_stops_no_other(self):
        company = self.env["res.company"].create({"name": "Other factory"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        self.env["mrp.production"].create(
            {
                "product_id": self.seal.id,
                "company_id": company.id,
                "picking_type_id": warehouse.manu_type_id.id,
            }
        )
        self._produce(4)
        model = type(self.reports)
        make_due = model._make_due

        def fail_on_other(reports, one):
            if one == company:
                raise ValueError("broken")
            return make_due(reports, one)

        with (
            patch.object(model, "_make_due", fail_on_other),
            mute_logger("odoo.addons.order_desk.models.ir_cron"),
        ):
            self.assertTrue(self._run_cron(EVENING + timedelta(hours=3)))

    # ------------------------------------------------------------- mail

    def test_everybody_decides_whether_to_get_it_by_mail(self):
        reports = self.reports.with_user(self.worker)
        reports.action_toggle_mail()
        self.assertIn(self.worker, self.env.company.order_desk_daily_user_ids)
        reports.action_toggle_mail()
        self.assertNotIn(self.worker, self.env.company.order_desk_daily_user_ids)

    def test_closed_report_is_mailed_with_its_pdf(self):
        self.env.company.order_desk_daily_user_ids = self.manager
        report = self._make_report(moment=EVENING)
        report.message_subscribe(self.marketing.partner_id.ids)
        self._close(report)
        message = report.message_ids.filtered("attachment_ids")
        self.assertEqual(len(message.attachment_ids), 1)
        people = (self.manager | self.marketing).partner_id
        self.assertEqual(message.notified_partner_ids & people, people)

    def test_report_that_cannot_be_printed_is_closed_all_the_same(self):
        self.env.company.order_desk_daily_user_ids = self.manager
        report = self._make_report(moment=EVENING)
        with patch.object(
            type(self.env["ir.actions.report"]),
            "_render_qweb_pdf",
            side_effect=UserError("no printer"),
        ):
            self._close(report)
        self.assertEqual(report.state, "closed")
        self.assertIn("no printer", report.message_ids[0].body)

    def test_nobody_is_mailed_when_nobody_wants_it(self):
        self.env.company.order_desk_daily_user_ids = False
        report = self._make_report(moment=EVENING)
        report.message_unsubscribe(report.message_partner_ids.ids)
        self._close(report)
        self.assertFalse(report.message_ids.filtered("attachment_ids"))

    def test_settings_hold_who_gets_it(self):
        settings_dialog = self.env["order.desk.settings"].with_user(self.administrator)
        dialog = settings_dialog.create({})
        dialog.order_desk_daily_user_ids = self.manager
        dialog.order_desk_daily_scope = "orders"
        dialog.action_save()
        company = self.env.company
        self.assertEqual(company.order_desk_daily_user_ids, self.manager)
        self.assertEqual(company.order_desk_daily_scope, "orders")

    def test_stranger_reads_no_report(self):
        report = self._make_report()
        self.assertFalse(report.with_user(self.stranger).has_access("read"))
        with self.assertRaises(AccessError):
            self.reports.with_user(self.stranger).action_toggle_mail()

    def test_print_shows_what_was_made(self):
        production = self._produce(4)
        report = self._make_report()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "order_desk_mrp.report_daily_report", report.ids
        )[0]
        self.assertIn(production.name, html.decode())
        self.assertTrue(fields.Date.to_string(report.date))
