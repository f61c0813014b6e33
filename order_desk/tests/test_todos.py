from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestTodos(OrderDeskCommon):
    def _escalate(self):
        with self.enter_registry_test_mode():
            self.env.ref("order_desk.ir_cron_escalate").method_direct_trigger()
        self.env.invalidate_all()

    def _get_late(self, sheet):
        kind = self.env.ref("order_desk.mail_activity_type_late")
        return sheet.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def _age(self, sheet, days=7):
        """Let the to-dos of the sheet be some days old."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE mail_activity
               SET create_date = create_date - %(age)s,
                   date_deadline = date_deadline - %(age)s
             WHERE id IN %(ids)s
            """,
            {"age": timedelta(days=days), "ids": tuple(sheet.activity_ids.ids)},
        )
        self.env.invalidate_all()

    def test_superior_is_told_when_the_deadline_has_passed(self):
        self.roles["chief_engineer"].superior_id = self.manager
        sheet = self._make_at("countersign")
        self._escalate()
        self.assertFalse(self._get_late(sheet), "there is time left")
        self._age(sheet)
        self._escalate()
        late = self._get_late(sheet).filtered(lambda a: a.user_id == self.manager)
        self.assertIn("Chief Engineer", late.summary)

    def test_without_a_superior_the_clerk_is_told(self):
        sheet = self._make_at("countersign")
        self._age(sheet)
        self._escalate()
        self.assertEqual(self._get_late(sheet).user_id, self.clerk)

    def test_escalation_comes_once_and_goes_with_the_signature(self):
        sheet = self._make_at("countersign")
        self._age(sheet)
        self._escalate()
        self._escalate()
        self.assertEqual(len(self._get_late(sheet)), 1)
        self._countersign(sheet)
        self.assertFalse(self._get_late(sheet))

    def test_hours_count_on_the_working_calendar(self):
        company = self.env.company
        company.resource_calendar_id.tz = "Asia/Shanghai"
        friday = fields.Datetime.to_datetime("2026-11-20 08:00:00")  # 16:00 there
        planned = company._order_desk_plan_hours(2, friday)
        self.assertEqual(planned.date(), fields.Date.to_date("2026-11-23"))

    def test_end_of_work_is_that_of_the_calendar(self):
        company = self.env.company
        for tz, start, expected in (
            ("Asia/Shanghai", "2026-11-20 08:00:00", "2026-11-20 09:00:00"),
            ("Asia/Shanghai", "2026-11-20 09:30:00", "2026-11-23 09:00:00"),
            ("America/Los_Angeles", "2026-11-20 18:00:00", "2026-11-21 01:00:00"),
            ("America/Los_Angeles", "2026-11-21 02:00:00", "2026-11-24 01:00:00"),
        ):
            company.resource_calendar_id.tz = tz
            with self.subTest(tz=tz, start=start):
                self.assertEqual(
                    company._order_desk_next_end_of_work(
                        fields.Datetime.to_datetime(start)
                    ),
                    fields.Datetime.to_datetime(expected),
                )

    def test_working_days_leave_out_weekends(self):
        friday = fields.Date.to_date("2026-11-20")
        add = self.env.company._order_desk_add_working_days
        self.assertEqual(add(friday, 1), fields.Date.to_date("2026-11-23"))
        self.assertEqual(add(friday, 5), fields.Date.to_date("2026-11-27"))

    def test_link_in_the_notification_leads_to_the_card(self):
        sheet = self._make_at("countersign")
        action = sheet._get_access_action(access_uid=self.engineer.id)
        self.assertEqual(action["url"], f"/odoo/order-desk-to-sign/{sheet.id}")
        action = sheet._get_access_action(access_uid=self.clerk.id)
        self.assertEqual(action["type"], "ir.actions.act_window")

    def test_to_do_is_not_done_without_signing(self):
        sheet = self._make_at("countersign")
        todo = sheet.activity_ids.filtered(lambda a: a.user_id == self.engineer)
        with self.assertRaisesRegex(UserError, sheet.order_id.name):
            todo.with_user(self.engineer).action_feedback()
        with self.assertRaises(UserError):
            todo.with_user(self.engineer).unlink()
        own = sheet.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.engineer.id
        )
        own.with_user(self.engineer).action_feedback()
        self.assertTrue(todo.active)

    def test_each_person_gets_one_message_for_many_sheets(self):
        sheets = self._make_sheet() | self._make_sheet() | self._make_sheet()
        self._submit(sheets)
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        self._check(sheets)
        messages = self.env["mail.message"].search(
            [
                ("id", ">", before.id),
                ("partner_ids", "in", self.manager.partner_id.ids),
            ]
        )
        self.assertEqual(len(messages), 1)
        self.assertIn("3", messages.subject)
        for sheet in sheets:
            self.assertIn(sheet.order_id.name, messages.body)

    def test_card_tells_each_person_what_to_do(self):
        sheet = self._make_at("review")
        self.assertEqual(sheet.with_user(self.checker).my_task, "check")
        self._approve(sheet)
        self.assertEqual(sheet.with_user(self.engineer).my_task, "sign")
        self.assertFalse(sheet.with_user(self.clerk).my_task)
        self._countersign(sheet)
        self.assertEqual(sheet.with_user(self.warehouse).my_task, "code")

    def test_board_names_whom_the_sheet_waits_for(self):
        sheet = self._make_at("countersign")
        self.assertEqual(len(sheet.activity_ids.user_id), 4)
        self.assertRegex(sheet.waiting_for, " and 3 more$")
        self._countersign(sheet)
        self.assertEqual(sheet.waiting_for, self.warehouse.name)

    def test_late_sheets_are_found(self):
        sheet = self._make_at("countersign")
        sheets = self.env["order.desk.sheet"].with_user(self.clerk)
        self.assertNotIn(sheet, sheets.search([("is_late", "=", True)]))
        self._age(sheet)
        self.assertTrue(sheet.is_late)
        self.assertIn(sheet, sheets.search([("is_late", "=", True)]))

    @freeze_time("2026-03-12 20:00:00")  # the 13th already in Shanghai
    def test_late_sheets_are_those_of_the_companys_day(self):
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        sheet = self._make_sheet()
        sheets = self.env["order.desk.sheet"].with_user(self.clerk)
        for moment, late in (
            ("2026-03-12 16:00:00", False),
            ("2026-03-12 15:59:59", True),
        ):
            sheet.order_id.commitment_date = moment
            for tz in ("UTC", "Asia/Shanghai"):
                with self.subTest(moment=moment, tz=tz):
                    found = sheets.with_context(tz=tz).search([("is_late", "=", True)])
                    self.assertEqual(sheet.is_late, late)
                    self.assertEqual(sheet in found, late)

    def test_age_counts_from_the_last_step(self):
        with freeze_time("2026-11-02 08:00:00"):
            sheet = self._make_at("review")
            self.assertEqual(sheet.days_in_step, 0)
        with freeze_time("2026-11-05 09:00:00"):
            self.env.invalidate_all()
            self.assertEqual(sheet.days_in_step, 3)

    def test_way_shows_the_steps_with_their_dates(self):
        sheet = self._make_at("countersign")
        reached = [step["code"] for step in sheet.way if step["reached_on"]]
        self.assertEqual(reached, ["created", "submitted", "approved"])
        sheet.with_user(self.engineer).action_refuse(
            self.roles["chief_engineer"].id, "Not possible"
        )
        reached = [step["code"] for step in sheet.way if step["reached_on"]]
        self.assertEqual(reached, ["created", "approved"], "the contract stands")
        sheet.order_id.action_cancel()
        reached = [step["code"] for step in sheet.way if step["reached_on"]]
        self.assertEqual(reached, ["created", "cancelled"])
