from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_material import OrderDeskMaterialCommon


@tagged("post_install", "-at_install")
class TestFinishDate(OrderDeskMaterialCommon):
    """Proposed from material, lead times and load; decided by production (SPEC B7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env.company.resource_calendar_id
        cls.calendar.tz = "Asia/Shanghai"

    def _propose(self, sheet):
        self.env.invalidate_all()
        role = self.roles["production_manager"]
        sheets = sheet.with_user(self.production)
        return role._get_statement_proposals(sheets)[sheets]

    def _next_work(self, day):
        return self.env.company._order_desk_working_day(day)

    def test_material_on_hand_and_no_lead_time_is_finished_soon(self):
        self._fill_stock()
        sheet = self._state_material(10).sheet_id
        day, hint = self._propose(sheet)
        self.assertLessEqual(day, self._next_work(self._soon(1)))
        self.assertIn("All material is on hand.", hint)

    def test_lead_times_of_the_deepest_chain_are_added(self):
        self._fill_stock()
        for bom, days in ((self.pump_bom, 2), (self.motor_bom, 3), (self.rotor_bom, 4)):
            bom.produce_delay = days
        day, hint = self._propose(self._state_material(10).sheet_id)
        self.assertGreaterEqual(day, self._soon(9))
        self.assertIn("Manufacturing lead time: 9 days.", hint)

    def test_material_date_comes_from_the_statement(self):
        statement = self._state_material(10)
        arrival = self._soon(40)
        self._get_line(statement, self.seal).with_user(
            self.buyer
        ).expected_date = arrival
        day, hint = self._propose(statement.sheet_id)
        self.assertGreaterEqual(day, arrival)
        self.assertIn("(Test seal)", hint)

    def test_material_that_has_got_worse_than_signed_counts(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        self._take_out(self.wire, 1000)
        self.env.invalidate_all()
        statement._follow()
        day, hint = self._propose(statement.sheet_id)
        self.assertGreaterEqual(day, self._soon(10))
        self.assertIn("got worse than was signed", hint)

    def test_nothing_is_proposed_while_a_date_is_unknown(self):
        self.seal.seller_ids.unlink()
        day, hint = self._propose(self._state_material(10).sheet_id)
        self.assertFalse(day)
        self.assertIn("Nobody knows yet when this comes: Test seal", hint)

    def test_load_of_the_work_centre_counts(self):
        self._fill_stock()
        sheet = self._state_material(10).sheet_id
        now = fields.Datetime.now()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Other order",
                "calendar_id": self.workcenter.resource_calendar_id.id,
                "resource_id": self.workcenter.resource_id.id,
                "date_from": now - timedelta(days=1),
                "date_to": now + timedelta(days=21),
                "time_type": "other",
            }
        )
        day, hint = self._propose(sheet)
        self.assertGreaterEqual(day, self._soon(20))
        self.assertIn("Test assembly: free from", hint)

    def test_proposal_is_a_working_day(self):
        self._fill_stock()
        self.pump_bom.operation_ids.unlink()
        sheet = self._state_material(10).sheet_id
        for days in range(7):
            self.pump_bom.produce_delay = days
            day, _hint = self._propose(sheet)
            self.assertEqual(day, self._next_work(day))

    @freeze_time("2026-03-12 20:00:00")  # the 13th, a Friday, in Shanghai
    def test_days_are_those_of_the_company(self):
        self._fill_stock()
        self.pump_bom.operation_ids.unlink()
        day, _hint = self._propose(self._state_material(10).sheet_id)
        self.assertEqual(str(day), "2026-03-13")

    def test_days_to_prepare_run_beside_the_material(self):
        self._fill_stock()
        self.pump_bom.days_to_prepare_mo = 10
        day, _hint = self._propose(self._state_material(10).sheet_id)
        self.assertGreaterEqual(day, self._soon(10))

    def test_dialog_proposes_and_warns_of_a_date_after_the_customers(self):
        self._fill_stock()
        sheet = self._state_material(10).sheet_id.with_user(self.production)
        wizard = self.env["order.desk.sheet.sign"].with_user(self.production)
        wizard = wizard.browse(sheet.action_open_sign()["res_id"])
        self.assertEqual(wizard.statement_date, self._propose(sheet)[0])
        self.assertNotIn("⚠", wizard.statement_hint)
        wizard.statement_date = self._soon(90)
        self.assertIn("is after the customer's delivery date", wizard.statement_hint)

    def test_two_sheets_get_a_proposal_each(self):
        self._fill_stock()
        sheets = self._make_sheet(10) | self._make_sheet(20)
        self._bring_to(sheets, "countersign")
        role = self.roles["production_manager"]
        self.assertEqual(len(role._get_statement_proposals(sheets)), 2)

    def test_finish_date_cannot_be_written(self):
        sheet = self._state_material(10).sheet_id
        for user in (self.production, self.clerk, self.administrator):
            with self.assertRaises(AccessError):
                sheet.with_user(user).finish_date = self._soon(3)

    def test_production_signs_another_date_after_a_change(self):
        self._fill_stock()
        sheet = self._make_at("released")
        sheet.order_line.with_user(self.clerk).product_uom_qty = 12
        self.env.cr.precommit.run()
        sheet.with_user(self.production).action_sign(
            self.roles["production_manager"].id, self._soon(33)
        )
        self.assertEqual(sheet.finish_date, self._soon(33))


@tagged("post_install", "-at_install")
class TestFinishDateInManufacturing(OrderDeskMaterialCommon):
    """Manufacturing orders end by the finish date, whatever the customer wished."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pump_bom.produce_delay = 2
        cls._fill_stock()
        cls.sheet = cls._make_at("released")

    def _get_delivery(self):
        return self.sheet.order_line.move_ids.filtered("picking_id")

    def _get_end(self, day):
        company = self.env.company
        return company._order_desk_next_end_of_work(
            company._order_desk_to_utc(day, datetime.min.time())
        )

    def test_they_end_when_work_ends_on_the_finish_date(self):
        end = self._get_end(self.sheet.finish_date)
        self.assertRecordValues(
            self._get_productions(self.sheet),
            [{"date_deadline": end, "date_start": end - timedelta(days=2)}],
        )

    def test_assemblies_are_made_before_they_are_needed(self):
        pump = self._get_productions(self.sheet)
        motor = self._get_productions(self.sheet, self.motor)
        self.assertLessEqual(motor.date_deadline, pump.date_start)

    def test_delivery_keeps_the_date_of_the_customer(self):
        self.assertEqual(self._get_delivery().date_deadline, self.sheet.commitment_date)

    def test_other_wish_of_the_customer_does_not_move_them(self):
        production = self._get_productions(self.sheet)
        before = production.date_deadline, production.date_start
        moves = production.move_finished_ids.mapped("date_deadline")
        for days in (-10, 25):
            self.sheet.order_id.commitment_date += timedelta(days=days)
            self.assertEqual((production.date_deadline, production.date_start), before)
            self.assertEqual(
                production.move_finished_ids.mapped("date_deadline"), moves
            )

    def test_incident_moves_them_and_tells_the_planner(self):
        production = self._get_productions(self.sheet)
        delivery = self._get_delivery().date_deadline
        day = self.env.company._order_desk_add_working_days(self.sheet.finish_date, 3)
        start = production.date_start
        self.sheet.with_user(self.clerk)._move_finish_date_for_incident(
            day, "The core cracked"
        )
        self.assertEqual(self.sheet.finish_date, day)
        self.assertEqual(production.date_deadline, self._get_end(day))
        self.assertEqual(production.date_start, start)
        self.assertIn("plan them again", production.message_ids[0].body)
        self.assertEqual(self._get_delivery().date_deadline, delivery)
        self.assertRecordValues(
            self.sheet.shift_ids, [{"kind": "incident", "reason": "The core cracked"}]
        )

    def test_planned_work_orders_stay(self):
        production = self._get_productions(self.sheet)
        production.button_plan()
        planned = production.workorder_ids.date_start
        self.assertTrue(planned)
        day = self.env.company._order_desk_add_working_days(self.sheet.finish_date, 3)
        self.sheet._move_finish_date_for_incident(day, "The core cracked")
        self.assertTrue(production.is_planned)
        self.assertEqual(production.workorder_ids.date_start, planned)

    def test_promise_moves_by_as_many_working_days(self):
        company = self.env.company
        finish = self.sheet.finish_date
        promise = company._order_desk_add_working_days(finish, 4)
        self.sheet.with_user(self.clerk).action_relax_promise(promise, "Agreed")
        self.sheet._move_finish_date_for_incident(
            company._order_desk_add_working_days(finish, 2), "The core cracked"
        )
        self.assertEqual(
            self.sheet.promise_date, company._order_desk_add_working_days(promise, 2)
        )

    def test_incident_needs_a_later_working_day_and_a_reason(self):
        sheet, finish = self.sheet, self.sheet.finish_date
        monday = finish + timedelta(days=7 - finish.weekday())
        for day, reason, message in (
            (finish, "Why", "to a later day only"),
            (finish - timedelta(days=1), "Why", "to a later day only"),
            (monday + timedelta(days=6), "Why", "nobody works on"),
            (finish + timedelta(days=9), " ", "say why"),
            ("rubbish", "Why", "give the new finish date"),
        ):
            with self.assertRaisesRegex(UserError, message):
                sheet._move_finish_date_for_incident(day, reason)
