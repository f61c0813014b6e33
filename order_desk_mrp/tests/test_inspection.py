import base64

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.order_desk.tests.common import PNG

from .common_inspection import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspection(InspectionCommon):
    """What inspectors enter and decide, and who may not."""

    def _get_activities(self, user, inspection):
        return self.env["mail.activity"].search(
            [
                ("user_id", "=", user.id),
                ("res_model", "=", inspection._name),
                ("res_id", "in", inspection.ids),
            ]
        )

    # ------------------------------------------------------------- content

    def test_it_carries_codes_and_never_the_customer(self):
        production = self._make_released()
        inspection = self._ask(production, 10)
        sheet = production.sheet_id
        self.assertRecordValues(
            inspection,
            [
                {
                    "order_code": sheet.order_code,
                    "customer_code": "K-1",
                    "quantity": 10,
                    "sample_size": 10,
                    "production_id": production.id,
                    "standard_version": 1,
                }
            ],
        )
        self.assertIn("Cast iron", inspection.configuration_summary)
        with self.assertRaises(AccessError):
            inspection.with_user(self.worker).read(["sheet_ids"])
        html = self.env["ir.actions.report"]._render_qweb_html(
            "order_desk_mrp.report_inspection", inspection.ids
        )[0]
        self.assertIn(inspection.name, html.decode())
        self.assertNotIn(self.customer.name, html.decode())

    def test_each_company_numbers_its_own(self):
        first = self._ask(self._make_released(), 10)
        second = self._ask(self._make_released(), 10)
        numbers = [int(name.rsplit("-", 1)[1]) for name in (first.name, second.name)]
        self.assertEqual(numbers[1], numbers[0] + 1)
        other = self.env["res.company"].create({"name": "Other"})
        number = other._order_desk_next_number("order.desk.inspection")
        self.assertTrue(number.endswith("-0001"))

    def test_sample_sizes_by_lot(self):
        self.standard.size_ids = [
            Command.create({"quantity_from": 1, "quantity_to": 8, "sample_size": 2}),
            Command.create({"quantity_from": 9, "sample_size": 5}),
        ]
        for quantity, sample in ((1, 1), (8, 2), (9, 5), (1000, 5)):
            self.assertEqual(self.standard._get_sample_size(quantity), sample)
        self.assertEqual(self._ask(self._make_released(), 10).sample_size, 5)

    def test_sample_sizes_do_not_overlap(self):
        with self.assert_refused("overlap"):
            self.standard.size_ids = [
                Command.create({"quantity_from": 1, "sample_size": 2}),
                Command.create({"quantity_from": 9, "sample_size": 5}),
            ]

    def test_a_standard_needs_a_point(self):
        with self.assert_refused("needs at least one point"):
            self.standard.line_ids = [Command.clear()]
        with self.assert_refused("needs at least one point"):
            self.standard.create(
                {"category_id": self.category.create({"name": "X"}).id}
            )

    def test_limits_are_in_order(self):
        with self.assert_refused("the minimum 13 is above the maximum 12"):
            self.standard.line_ids[1].limit_min = 13
        with self.assert_refused("lowest or the highest"):
            self.standard.line_ids[1].write({"has_min": False, "has_max": False})

    # ------------------------------------------------------------- who may

    def test_inspectors_are_told_and_others_refused(self):
        inspection = self._ask(self._make_released(), 10)
        todo = self._get_activities(self.inspector, inspection)
        self.assertIn("Inspect 10 Units", todo.summary)
        self._fill(inspection)
        for user in (self.worker, self.supervisor, self.warehouse):
            with self.assert_refused("It waits for: Inspector"):
                inspection.with_user(user).action_decide()
            with self.assert_refused("You cannot inspect"):
                inspection.with_user(user).point_ids[0].result = "fail"
            with self.assert_refused("You cannot inspect"):
                inspection.with_user(user).quantity_failed = 1
        with self.assertRaises(AccessError):
            inspection.with_user(self.stranger).action_decide()

    def test_a_stand_in_decides(self):
        deputy = new_test_user(self.env, login="od_deputy", groups="mrp.group_mrp_user")
        today = self._today()
        self.env["order.desk.stand.in"].create(
            {
                "user_id": self.inspector.id,
                "stand_in_id": deputy.id,
                "date_from": today,
                "date_to": today,
            }
        )
        inspection = self._ask(self._make_released(), 10).with_user(deputy)
        self._fill(inspection).action_decide()
        self.assertEqual(inspection.inspector_id, deputy)

    def test_nothing_that_carries_authority_is_written_by_hand(self):
        inspection = self._ask(self._make_released(), 10)
        for values in (
            {"state": "passed"},
            {"quantity": 100},
            {"inspector_id": self.inspector.id},
            {"disposition": "waiver"},
            {"waiver_ids": [Command.clear()]},
            {"production_id": inspection.production_id.id},
        ):
            with self.assertRaises(AccessError):
                inspection.write(values)
        with self.assertRaises(AccessError):
            inspection.create({"production_id": inspection.production_id.id})
        with self.assertRaises(AccessError):
            inspection.unlink()
        with self.assert_refused("stay as they were"):
            inspection.point_ids[1].limit_max = 1000
        with self.assertRaises(AccessError):
            inspection.point_ids = [Command.delete(inspection.point_ids[0].id)]

    def test_the_second_of_two_inspectors_gets_a_message(self):
        second = new_test_user(self.env, login="od_2nd", groups="mrp.group_mrp_user")
        self.roles["inspector"].user_ids |= second
        inspection = self._ask(self._make_released(), 10)
        self._fill(inspection)
        with self.assert_refused("Test inspector is inspecting"):
            inspection.with_user(second).point_ids[0].result = "fail"
        with self.assert_refused("Test inspector is inspecting"):
            inspection.with_user(second).action_decide()
        inspection.action_decide()
        with self.assert_refused("Test inspector has decided"):
            inspection.with_user(second).action_decide()
        with self.assert_refused("Test inspector has decided"):
            inspection.with_user(second).action_take_over()

    def test_a_colleague_takes_over(self):
        second = new_test_user(self.env, login="od_2nd", groups="mrp.group_mrp_user")
        self.roles["inspector"].user_ids |= second
        inspection = self._ask(self._make_released(), 10)
        inspection.action_begin()
        inspection.with_user(second).action_take_over()
        self._fill(inspection.with_user(second)).action_decide()
        self.assertEqual(inspection.inspector_id, second)

    # ------------------------------------------------------------- bad input

    def test_all_that_is_missing_is_named_at_once(self):
        self.standard.line_ids[0].needs_photo = True
        inspection = self._ask(self._make_released(), 10)
        with self.assert_refused("choose pass or fail") as error:
            inspection.action_decide()
        message = str(error.exception)
        self.assertIn("enter the measured value", message)
        self.assertIn("take the photo", message)
        self._fill(inspection)
        inspection.point_ids[0].photo = base64.b64encode(PNG)
        inspection.action_decide()
        self.assertEqual(inspection.state, "passed")

    def test_a_measured_value_is_a_number(self):
        inspection = self._ask(self._make_released(), 10)
        self._fill(inspection)
        point = inspection.point_ids[1]
        for text in ("abc", "1.2.3", "nan", "inf", "--"):
            point.measured = text
            with self.assert_refused("is not a number"):
                inspection.action_decide()
        for text, result in (
            ("11,5", "pass"),
            ("12", "pass"),
            ("10", "pass"),
            ("12.01", "fail"),
            ("9.99", "fail"),
            ("0", "fail"),
            ("-11", "fail"),
        ):
            point.measured = text
            self.assertEqual(point.result, result)

    def test_a_measured_value_decides_whatever_is_ticked(self):
        inspection = self._ask(self._make_released(), 10)
        self._fill(inspection)
        inspection.point_ids[1].write({"measured": "99", "result": "pass"})
        with self.assert_refused("“Shaft length” failed: say in a remark"):
            inspection.action_decide()

    def test_failing_takes_a_remark_and_a_quantity(self):
        inspection = self._ask(self._make_released(), 10)
        self._fill(inspection)
        inspection.point_ids[0].result = "fail"
        with self.assert_refused("say in a remark") as error:
            inspection.action_decide()
        self.assertIn("how many pieces failed", str(error.exception))
        inspection.point_ids[0].remark = "Scratched"
        inspection.write({"quantity_failed": 2, "quantity_passed": 8})
        inspection.action_decide()
        self.assertEqual(inspection.state, "partly")

    def test_pieces_that_fail_need_a_reason(self):
        inspection = self._ask(self._make_released(), 10)
        self._fill(inspection)
        inspection.write({"quantity_failed": 2, "quantity_passed": 8})
        with self.assert_refused("choose the point that failed"):
            inspection.action_decide()

    def test_quantities_that_cannot_be(self):
        inspection = self._ask(self._make_released(), 10)
        self._fill(inspection)
        for passed, failed, message in (
            (0, 0, "Nothing was inspected"),
            (11, 0, "11 Units inspected, but only 10 Units were presented"),
            (9, 2, "11 Units inspected"),
            (-1, 2, "cannot be negative"),
        ):
            inspection.write({"quantity_passed": passed, "quantity_failed": failed})
            with self.assert_refused(message):
                inspection.action_decide()

    def test_fewer_than_presented_may_be_there(self):
        production = self._make_released()
        inspection = self._fill(self._ask(production, 10))
        inspection.write({"quantity_passed": 9, "quantity_failed": 0})
        inspection.action_decide()
        self.assertEqual(inspection.state, "passed")
        self._finish(production)
        self.assertEqual(self._get_waiting(production).quantity, 1)

    def test_nothing_made_is_not_inspected(self):
        production = self._make_released()
        with self.assert_refused("enter the quantity made first"):
            production.with_user(self.worker).action_ask_inspection()
        self._inspect(production, 4)
        with self.assert_refused("All that was reported so far is inspected"):
            production.with_user(self.worker).action_ask_inspection()

    def test_asking_twice_names_the_first(self):
        production = self._make_released()
        inspection = self._ask(production, 4)
        with self.assert_refused(inspection.name):
            production.with_user(self.worker).action_ask_inspection()

    def test_serial_numbers_to_look_at(self):
        self.pump.tracking = "serial"
        production = self._make_released(3)
        self.standard.size_ids = [
            Command.create({"quantity_from": 1, "sample_size": 2})
        ]
        with self.assert_refused("lot or serial numbers first"):
            production.with_user(self.worker).action_ask_inspection()
        production.with_user(self.worker).lot_producing_ids = self.env[
            "stock.lot"
        ].create([{"name": f"S{n}", "product_id": self.pump.id} for n in range(3)])
        inspection = self._ask(production, 3)
        for point in inspection.point_ids:
            point.write({"result": "pass", "measured": "11"})
        inspection.lot_ids[0].action_pass()
        with self.assert_refused("Look at 1 more serial numbers: 2 of 3 Units"):
            inspection.action_decide()
        inspection.lot_ids[1].action_pass()
        inspection.action_pass_rest()
        inspection.action_decide()
        self.assertEqual(inspection.quantity_passed, 3)

    # ------------------------------------------------------------- versions

    def test_points_stay_as_they_were_when_it_began(self):
        inspection = self._ask(self._make_released(), 10)
        self.standard.line_ids[0].name = "Varnish"
        self.assertEqual(self.standard.version, 2)
        self.assertEqual(inspection.point_ids[0].name, "Paint")
        self.assertTrue(inspection.is_standard_changed)
        inspection.action_take_over_standard()
        self.assertEqual(inspection.point_ids[0].name, "Varnish")
        self.assertFalse(inspection.is_standard_changed)
        self._fill(inspection).action_decide()

    def test_a_standard_nobody_has_used_keeps_its_version(self):
        self.standard.line_ids[0].name = "Varnish"
        self.standard.write({"line_ids": [Command.create({"name": "Box"})]})
        self.assertEqual(self.standard.version, 1)

    def test_a_decided_inspection_keeps_its_points(self):
        inspection = self._inspect(self._make_released(), 10)
        self.standard.line_ids[0].name = "Varnish"
        self.assertFalse(inspection.is_standard_changed)
        with self.assert_refused("has decided"):
            inspection.action_take_over_standard()

    def test_a_worker_does_not_change_the_standard(self):
        with self.assertRaises(AccessError):
            self.standard.with_user(self.worker).is_for_stock = True
        self.standard.with_user(self.draughtsman).note = "Look closely"
        self.standard.with_user(self.administrator).version = 7
        self.assertEqual(self.standard.version, 1)

    # ------------------------------------------------------------- what follows

    def test_the_warehouse_is_told(self):
        production = self._make_released()
        inspection = self._inspect(production, 10)
        todo = self._get_activities(self.warehouse, inspection)
        self.assertIn("Receive into stock: 10 Units", todo.summary)
        self.assertIn(production.name, todo.summary)
        body = production.message_ids[0].body
        self.assertIn("To the warehouse: receive into stock", body)
        self.assertFalse(self._get_activities(self.inspector, inspection))
        self._finish(production)
        self.assertFalse(self._get_activities(self.warehouse, inspection))

    def test_nobody_in_the_warehouse_is_no_trouble(self):
        production = self._make_released()
        self.roles["warehouse_supervisor"].user_ids = False
        self._inspect(production, 10)
        self.assertIn("To the warehouse", production.message_ids[0].body)

    def test_the_order_is_inspected_when_all_has_passed(self):
        production = self._make_released()
        milestones = production.sheet_id.milestone_ids
        self._inspect(production, 6)
        self.assertNotIn("inspected", milestones.mapped("code"))
        self._inspect(production, 10)
        codes = production.sheet_id.milestone_ids.mapped("code")
        self.assertEqual(codes.count("inspected"), 1)

    def test_rework_is_inspected_once_more(self):
        production = self._make_released()
        failed = self._inspect(production, 10, failed=3)
        todo = self._get_activities(self.supervisor, failed)
        self.assertIn("rework, scrap or waiver", todo.summary)
        failed.with_user(self.worker).action_rework()
        self.assertFalse(self._get_activities(self.supervisor, failed))
        rework = self._get_waiting(production).with_user(self.inspector)
        self.assertRecordValues(rework, [{"quantity": 3, "previous_id": failed.id}])
        self.assertEqual(failed.state, "partly")
        action = self._finish(production)
        self.assertEqual(action["tag"], "display_notification")
        self._fill(rework).action_decide()
        self._finish(production)
        self.assertEqual(production.qty_produced, 10)

    def test_failed_goods_are_scrapped_with_odoos_own_scrap(self):
        production = self._make_released()
        failed = self._inspect(production, 10, failed=1)
        failed.with_user(self.worker).action_scrap()
        scrap = self.env["stock.scrap"].search([("production_id", "=", production.id)])
        self.assertRecordValues(
            scrap, [{"state": "done", "scrap_qty": 1, "product_id": self.pump.id}]
        )
        self.assertNotEqual(production.state, "done")
        self._finish(production, 9, backorder=True)
        self.assertEqual(production.state, "done")
        rest = production.production_group_id.production_ids - production
        self._inspect(rest, 1)
        self._finish(rest)
        self.assertEqual(rest.state, "done")

    def test_what_becomes_of_failed_goods_is_said_once(self):
        production = self._make_released()
        failed = self._inspect(production, 10, failed=1)
        failed.action_rework()
        for method in ("action_rework", "action_scrap", "action_ask_waiver"):
            with self.assert_refused("it is decided already"):
                getattr(failed, method)()
        passed = self._inspect(self._make_released(), 10)
        with self.assert_refused("nothing has failed"):
            passed.action_scrap()

    def test_a_stranger_disposes_of_nothing(self):
        failed = self._inspect(self._make_released(), 10, failed=1)
        with self.assert_refused("You cannot inspect"):
            failed.with_user(self.warehouse).action_scrap()
        with self.assertRaises(AccessError):
            failed.with_user(self.stranger).action_rework()

    def test_many_are_decided_at_once_or_none(self):
        first = self._fill(self._ask(self._make_released(), 10))
        second = self._ask(self._make_released(), 10)
        with self.assert_refused(second.name):
            (first | second).action_decide()
        self.assertEqual(first.state, "to_inspect")
        self._fill(second)
        (first | second).action_decide()
        self.assertEqual((first | second).mapped("state"), ["passed", "passed"])

    def test_an_inspection_is_taken_back(self):
        production = self._make_released()
        inspection = self._ask(production, 10)
        inspection.with_user(self.worker).action_cancel()
        self.assertEqual(inspection.state, "cancelled")
        self.assertFalse(self._get_activities(self.inspector, inspection))
        self._inspect(production, 10)
        self._finish(production)
        self.assertEqual(production.state, "done")

    def test_quality_trouble_is_raised_as_an_incident(self):
        failed = self._inspect(self._make_released(), 10, failed=2)
        action = failed.action_raise_incident()
        self.assertEqual(action["res_model"], "order.desk.incident")

    def test_another_company_sees_nothing(self):
        inspection = self._ask(self._make_released(), 10)
        other = self.env["res.company"].create({"name": "Other"})
        abroad = new_test_user(
            self.env,
            login="od_abroad",
            groups="mrp.group_mrp_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(
            inspection.with_user(abroad).search([("id", "in", inspection.ids)])
        )
        with self.assertRaises(AccessError):
            inspection.with_user(abroad).point_ids.read(["name"])


@tagged("post_install", "-at_install")
class TestInspectionWaiver(InspectionCommon):
    """Failed goods are let through by a waiver of the shipping gate alone."""

    def setUp(self):
        super().setUp()
        self.production = self._make_released()
        self.sheet = self.production.sheet_id
        self.failed = self._inspect(self.production, 10, failed=2)

    def _get_condition(self):
        order = self.sheet.order_id
        order.invalidate_recordset()
        return next((c for c in order.shipping_gate if c["code"] == "inspection"), None)

    def _waive(self, user=None):
        self.sheet.with_user(user or self.manager).action_waive(
            "shipping", "inspection", "Only scratches", "A discount", self._soon()
        )

    def test_the_gate_lists_it_only_when_asked_for(self):
        self.assertIsNone(self._get_condition())
        self.failed.with_user(self.worker).action_ask_waiver()
        condition = self._get_condition()
        self.assertFalse(condition["holds"])
        self.assertIn("2 Units of [TP-1] Test pump failed", condition["reason"])
        other = self._make_released().sheet_id.order_id
        self.assertNotIn("inspection", [c["code"] for c in other.shipping_gate])

    def test_goods_enter_stock_once_the_waiver_is_in_force(self):
        self.failed.action_ask_waiver()
        self._make(self.production, 10)
        with self.assert_refused("8 have passed"):
            self.production._post_inventory()
        self._waive()
        self.assertTrue(self._get_condition()["holds"])
        self._finish(self.production)
        self.assertEqual(self.production.qty_produced, 10)
        self.assertIn("failed the inspection", self.sheet.order_id.waiver_note)

    def test_only_who_may_waive(self):
        self.failed.action_ask_waiver()
        with self.assert_refused("you may not waive"):
            self._waive(self.material)

    def test_what_fails_later_is_not_covered(self):
        self.failed.action_ask_waiver()
        self._waive()
        self._finish(self.production, backorder=False, quantity=10)
        second = self._make_released()
        later = self._inspect(second, 10, failed=1)
        later.sudo().sheet_ids = self.sheet
        later.action_ask_waiver()
        condition = self._get_condition()
        self.assertFalse(condition["holds"])
        self.assertIn("has failed since", condition["reason"])
        self._waive()
        self.assertTrue(self._get_condition()["holds"])
        self.assertTrue(self.failed._is_waived())

    def test_a_withdrawn_waiver_lets_nothing_through(self):
        self.failed.action_ask_waiver()
        self._waive()
        self.sheet.waiver_ids.with_user(self.manager).action_withdraw(
            "Customer said no"
        )
        self._make(self.production, 10)
        with self.assert_refused("8 have passed"):
            self.production._post_inventory()

    def test_it_can_still_be_reworked_before_it_is_waived(self):
        self.failed.action_ask_waiver()
        self.failed.action_rework()
        self.assertIsNone(self._get_condition())
        self._fill(self._get_waiting(self.production).with_user(self.inspector))
        self._get_waiting(self.production).with_user(self.inspector).action_decide()
        self._finish(self.production, 10)
        self.assertEqual(self.production.state, "done")

    def test_waived_goods_are_not_reworked(self):
        self.failed.action_ask_waiver()
        self._waive()
        with self.assert_refused("let through by a waiver"):
            self.failed.action_rework()

    def test_goods_for_stock_are_not_waived(self):
        self.standard.is_for_stock = True
        production = self.env["mrp.production"].create({"product_id": self.pump.id})
        production.action_confirm()
        failed = self._inspect(production, 1, failed=1)
        with self.assert_refused("made for stock"):
            failed.action_ask_waiver()
