from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import Command, fields
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common_instruction import InstructionCommon


class ProgressCommon(InstructionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the rest is not about who acknowledges what
        cls.roles["production_supervisor"].user_ids = False
        for product in (cls.core, cls.wire, cls.seal, cls.rotor, cls.motor):
            cls._put_in_stock(product, 500)
        cls.motor.route_ids = cls.rotor.route_ids = False

    @classmethod
    def _make(cls, production, quantity=None):
        """Make ``quantity`` of an order; the rest becomes another order."""
        production.qty_producing = quantity or production.product_qty
        production._set_qty_producing()
        backorders = production.ids if quantity else []
        production.with_context(
            skip_backorder=True, mo_ids_to_backorder=backorders
        ).button_mark_done()

    def _assert_line(self, line, **values):
        line.invalidate_recordset()
        self.assertRecordValues(line, [values])


@tagged("post_install", "-at_install")
class TestProgress(ProgressCommon):
    def test_nothing_is_made_before_the_release(self):
        sheet = self._make_at("confirming")
        self.assertFalse(sheet.making_line_ids)
        self.assertEqual(sheet.making_progress, 0)

    def test_made_quantity_counts_with_back_orders(self):
        sheet = self._release_order()
        line = sheet.order_line
        self._assert_line(line, qty_to_make=10, qty_made=0, making_progress=0)
        self._make(self._get_productions(sheet), 4)
        self.assertEqual(len(self._get_productions(sheet)), 2)
        self._assert_line(line, qty_to_make=10, qty_made=4, making_progress=40)
        self._make(self._get_productions(sheet).filtered(lambda p: p.state != "done"))
        self._assert_line(line, qty_to_make=10, qty_made=10, making_progress=100)
        sheet.invalidate_recordset()
        self.assertEqual(sheet.making_progress, 100)

    def test_finished_work_counts_before_the_goods_do(self):
        self.pump_bom.operation_ids = [
            Command.create(
                {
                    "name": "Test run",
                    "workcenter_id": self.workcenter.id,
                    "time_cycle_manual": 10,
                }
            )
        ]
        sheet = self._release_order()
        production = self._get_productions(sheet)
        first = production.workorder_ids[0]
        first.button_start()
        first.button_finish()
        self._assert_line(sheet.order_line, qty_made=0, making_progress=75)

    def test_all_work_done_is_not_all_made(self):
        sheet = self._release_order()
        production = self._get_productions(sheet)
        production.workorder_ids.button_start()
        production.workorder_ids.button_finish()
        self._assert_line(sheet.order_line, qty_made=0, making_progress=99)

    def test_unbuilt_goods_count_no_more(self):
        sheet = self._release_order()
        production = self._get_productions(sheet)
        self._make(production)
        sheet.order_line.move_ids._do_unreserve()
        unbuild = self.env["mrp.unbuild"].create(
            {"product_id": self.pump.id, "mo_id": production.id, "product_qty": 3}
        )
        unbuild.action_unbuild()
        self._assert_line(sheet.order_line, qty_made=7, making_progress=70)

    def test_split_orders_count_together(self):
        sheet = self._release_order()
        production = self._get_productions(sheet)
        production._split_productions({production: [4, 3, 3]})
        productions = self._get_productions(sheet)
        self.assertEqual(len(productions), 3)
        self._make(productions[0])
        self._assert_line(
            sheet.order_line,
            qty_to_make=10,
            qty_made=productions[0].product_qty,
            making_progress=10 * productions[0].product_qty,
        )

    def test_merged_order_counts_for_the_order_that_is_due_first(self):
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "released")
        first, second = sheets.sorted("id")
        second.finish_date = self._soon(3)
        action = self._get_productions(sheets).action_merge()
        merged = self.env["mrp.production"].browse(action["res_id"])
        self._make(merged, 12)
        self._assert_line(second.order_line, qty_to_make=10, qty_made=10)
        self._assert_line(first.order_line, qty_to_make=2 + 8, qty_made=2)

    def test_other_units_are_converted(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        sheet = self._release_order(quantity=2, product_uom_id=dozen.id)
        production = self._get_productions(sheet)
        self._make(production, 12 if production.product_qty == 24 else 1)
        self._assert_line(
            sheet.order_line, qty_to_make=2, qty_made=1, making_progress=50
        )

    def test_goods_from_stock_count_once_they_are_reserved(self):
        self.pump.route_ids = False
        self._put_in_stock(self.pump, 5)
        sheet = self._release_order()
        sheet.order_line.move_ids._action_assign()
        self._assert_line(
            sheet.order_line, qty_to_make=0, qty_made=0, making_progress=50
        )

    def test_kit_is_as_complete_as_its_least_complete_part(self):
        kit = self.env["product.product"].create(
            {"name": "Pump set", "is_storable": True, "list_price": 10}
        )
        self._make_bom(kit, {self.pump: 1, self.motor: 2}, type="phantom")
        self.motor.route_ids = self.made_to_order
        sheet = self._make_sheet()
        sheet.order_line.product_id = kit
        sheet.order_line.configuration = False
        sheet.order_line.price_unit = 10
        self._bring_to(sheet, "released")
        productions = self._get_productions(sheet, self.pump | self.motor)
        pumps = productions.filtered(
            lambda p: p.product_id == self.pump and p.sale_line_id
        )
        motors = productions.filtered(
            lambda p: p.product_id == self.motor and p.sale_line_id
        )
        self._make(pumps)
        self._assert_line(sheet.order_line, qty_made=0)
        self._make(motors, 10)
        self._assert_line(
            sheet.order_line, qty_to_make=10, qty_made=5, making_progress=50
        )

    def test_progress_of_the_order_is_by_value(self):
        self.seal.list_price = 2500
        sheet = self._make_sheet()
        sheet.order_id.order_line = [
            Command.create(
                {
                    "product_id": self.seal.id,
                    "product_uom_qty": 1,
                }
            )
        ]
        self._bring_to(sheet, "released")
        sheet.order_line.move_ids._do_unreserve()
        self._make(self._get_productions(sheet, self.pump))
        sheet.order_line.move_ids.filtered(
            lambda move: move.product_id == self.seal
        )._do_unreserve()
        self.assertAlmostEqual(sheet.making_progress, 50)

    def test_many_sheets_cost_as_many_queries_as_one(self):
        sheets = self.env["order.desk.sheet"]
        for _number in range(6):
            sheets |= self._make_sheet()
        self._bring_to(sheets, "released")
        counts = []
        for some in (sheets[0], sheets):
            self.env.flush_all()
            self.env.invalidate_all()
            some = some.browse(some.ids)
            before = self.env.cr.sql_log_count
            some.mapped("making_progress")
            some.mapped("days_late")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_order_without_a_sheet_shows_no_progress(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [Command.create({"product_id": self.pump.id})],
            }
        )
        order.action_confirm()
        self.assertIsNone(order._get_portal_progress())
        self.assertEqual(order.order_line.making_progress, 0)


@tagged("post_install", "-at_install")
class TestProgressPortal(ProgressCommon, HttpCase):
    def test_customer_sees_the_percentage_alone(self):
        sheet = self._release_order()
        self._make(self._get_productions(sheet), 4)
        page = self.url_open(sheet.order_id.get_portal_url())
        (block,) = html.fromstring(page.text).xpath(
            "//div[@name='order_desk_progress']"
        )
        self.assertEqual(block.text_content().split(), ["Production", "40%"])


@tagged("post_install", "-at_install")
class TestRunningLate(ProgressCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls._release_order()
        cls.order_made = cls._get_productions(cls.sheet)

    def _plan_for(self, days):
        """Let the manufacturing end ``days`` after the finish date."""
        day = fields.Datetime.to_datetime(self.sheet.finish_date)
        self.order_made.date_finished = day + timedelta(days=days, hours=4)
        self.sheet.invalidate_recordset()

    def _find(self):
        sheets = self.env["order.desk.sheet"].with_user(self.clerk)
        return self.sheet in sheets.search([("is_running_late", "=", True)])

    def test_planned_end_after_the_finish_date_is_late(self):
        self._plan_for(2)
        self.assertRecordValues(self.sheet, [{"is_running_late": True, "days_late": 2}])
        self.assertTrue(self._find())
        self.assertIn("running_late:2", self.sheet._get_exceptions()[self.sheet])

    def test_end_on_the_finish_date_is_in_time(self):
        self._plan_for(0)
        self.assertFalse(self.sheet.is_running_late)
        self.assertFalse(self._find())

    def test_day_is_the_companys(self):
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        day = fields.Datetime.to_datetime(self.sheet.finish_date)
        self.order_made.date_finished = day + timedelta(hours=17)  # tomorrow, there
        self.assertEqual(self.sheet.days_late, 1)
        self.assertTrue(self._find())

    def test_what_is_not_finished_today_is_late_tomorrow(self):
        self._plan_for(-5)
        moment = fields.Datetime.to_datetime(self.sheet.finish_date)
        with freeze_time(moment + timedelta(days=1, hours=4)):
            self.sheet.invalidate_recordset()
            self.assertTrue(self.sheet.is_running_late)
            self.assertTrue(self._find())

    def test_rest_of_the_work_counts(self):
        self.order_made.workorder_ids.duration_expected = 60 * 8 * 4
        self._plan_for(-5)
        moment = fields.Datetime.to_datetime(self.sheet.finish_date)
        with freeze_time(moment - timedelta(days=1)):
            self.sheet.invalidate_recordset()
            self.assertEqual(self.sheet.days_late, 3)

    def test_late_assembly_makes_the_order_late(self):
        self.motor.route_ids = self.made_to_order
        sheet = self._release_order()
        day = fields.Datetime.to_datetime(sheet.finish_date)
        self._get_productions(sheet).date_finished = day
        motor = self._get_productions(sheet, self.motor)
        motor.date_finished = day + timedelta(days=3, hours=4)
        self.assertEqual(sheet.days_late, 3)

    def test_finished_order_is_not_running_late(self):
        self._plan_for(2)
        self._make(self.order_made)
        self.sheet.invalidate_recordset()
        self.assertFalse(self.sheet.is_running_late)
        self.assertFalse(self._find())

    def _follow(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("order_desk_mrp.ir_cron_follow_progress")
            cron.method_direct_trigger()

    def _get_told(self):
        kind = self.env.ref("order_desk_mrp.mail_activity_type_running_late")
        return self.sheet.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def test_production_manager_and_clerk_are_told_once(self):
        self._plan_for(2)
        self._follow()
        told = self._get_told()
        self.assertEqual(told.user_id, self.production | self.clerk)
        self._follow()
        self.assertEqual(self._get_told(), told)
        self._plan_for(0)
        self._follow()
        self.assertFalse(self._get_told())

    def test_one_bad_order_stops_no_other(self):
        other = self._release_order()
        self._get_productions(other).date_finished = fields.Datetime.to_datetime(
            other.finish_date
        ) + timedelta(days=2)
        self._plan_for(2)
        sheets = type(self.sheet)
        update = sheets._update_todos

        def fail(records, reason=False):
            if other in records:
                raise ValueError("bad")
            return update(records, reason=reason)

        with (
            patch.object(sheets, "_update_todos", fail),
            mute_logger("odoo.addons.order_desk.models.ir_cron"),
        ):
            self._follow()
        self.assertTrue(self._get_told())
