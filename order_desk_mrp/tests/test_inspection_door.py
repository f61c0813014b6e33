from odoo import Command
from odoo.tests import tagged

from .common_inspection import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionDoor(InspectionCommon):
    """Manufactured goods enter stock only inspected, whatever way they take."""

    def test_marking_done_asks_for_the_inspection_instead(self):
        production = self._make_released()
        action = self._finish(production)
        self.assertEqual(action["tag"], "display_notification")
        self.assertNotEqual(production.state, "done")
        self.assertRecordValues(
            production.inspection_ids,
            [{"state": "to_inspect", "quantity": 10, "asked_by_id": self.worker.id}],
        )

    def test_asked_once_however_often_the_worker_tries(self):
        production = self._make_released()
        self._finish(production)
        self._finish(production)
        self.assertEqual(len(production.inspection_ids), 1)

    def test_reporting_all_as_made_asks_for_the_inspection(self):
        production = self._make_released()
        self._make(production, 10)
        self.assertEqual(production.inspection_ids.quantity, 10)

    def test_reporting_a_part_does_not_ask_by_itself(self):
        production = self._make_released()
        self._make(production, 4)
        self.assertFalse(production.inspection_ids)

    def test_what_has_passed_enters_stock(self):
        production = self._make_released()
        self._inspect(production, 10)
        self.assertTrue(self._finish(production))
        self.assertEqual(production.state, "done")
        self.assertEqual(production.qty_produced, 10)

    def test_the_lowest_door_refuses_with_the_numbers(self):
        production = self._make_released()
        self._inspect(production, 4)
        self._make(production, 6)
        with self.assert_refused("6 Units would have entered, 4 have passed"):
            production.with_user(self.worker)._post_inventory()
        with self.assert_refused("enters stock only inspected"):
            self._finish(production.sudo(), user=self.env.user)

    def test_moves_done_by_themselves_are_refused(self):
        production = self._make_released()
        move = production.move_finished_ids
        move.quantity = 10
        move.picked = True
        with self.assert_refused("enters stock only inspected"):
            move._action_done()

    def test_no_context_lifts_the_rule(self):
        production = self._make_released()
        self._make(production, 10)
        keys = ("skip_backorder", "skip_inspection", "skip_mo_check", "is_scrap")
        with self.assert_refused("enters stock only inspected"):
            production.with_context(**dict.fromkeys(keys, True))._post_inventory()

    def test_a_part_passes_and_the_rest_is_inspected_with_the_back_order(self):
        production = self._make_released()
        self._inspect(production, 6)
        self._finish(production, backorder=True)
        self.assertEqual(production.state, "done")
        rest = production.production_group_id.production_ids - production
        self.assertEqual(rest.product_qty, 4)
        self.assertEqual(self._finish(rest)["tag"], "display_notification")
        self._inspect(rest)
        self._finish(rest)
        self.assertEqual(rest.state, "done")

    def test_what_passed_beyond_carries_over_to_the_back_order(self):
        production = self._make_released()
        self._inspect(production, 10)
        self._finish(production, 6, backorder=True)
        rest = production.production_group_id.production_ids - production
        self._finish(rest, 4)
        self.assertEqual(rest.state, "done")
        self.assertEqual(len(production.inspection_ids | rest.inspection_ids), 1)

    def test_split_orders_share_what_has_passed(self):
        production = self._make_released()
        parts = production._split_productions({production: [5, 5]})
        self._inspect(parts[0], 5)
        self._finish(parts[0])
        self.assertEqual(parts[0].state, "done")
        self._make(parts[1], 5)
        with self.assert_refused("enters stock only inspected"):
            parts[1]._post_inventory()

    def test_merged_orders_are_inspected_as_one(self):
        first, second = self._make_released(4), self._make_released(6)
        merged = first.browse((first | second).action_merge()["res_id"])
        self.assertEqual(self._finish(merged)["tag"], "display_notification")
        inspection = self._inspect(merged)
        self.assertEqual(len(inspection.sheet_ids), 2)
        self._finish(merged)
        self.assertEqual(merged.qty_produced, 10)

    def test_a_merged_order_takes_over_inspections(self):
        first, second = self._make_released(4), self._make_released(6)
        first.qty_producing = 0
        inspection = self._ask(first, 4)
        first.with_user(self.worker).qty_producing = 4
        first.state = "confirmed"
        second.state = "confirmed"
        merged = first.browse((first | second).action_merge()["res_id"])
        self.assertEqual(inspection.production_id, merged)
        self.assertEqual(inspection.state, "to_inspect")

    def test_several_orders_marked_done_at_once(self):
        first, second = self._make_released(4), self._make_released(6)
        self._inspect(first, 4)
        action = self._finish(first | second)
        self.assertEqual(action["tag"], "display_notification")
        self.assertNotIn("done", (first | second).mapped("state"))
        self._inspect(second)
        self._finish(first | second)
        self.assertEqual((first | second).mapped("state"), ["done", "done"])

    def test_more_entered_after_it_was_done(self):
        production = self._make_released()
        self._inspect(production, 10)
        self._finish(production)
        with self.assert_refused("enters stock only inspected"):
            production.with_user(self.worker).qty_producing = 11
        with self.assert_refused("enters stock only inspected"):
            production.move_finished_ids.move_line_ids.quantity = 11

    def test_unbuilt_goods_are_inspected_anew(self):
        production = self._make_released()
        inspection = self._inspect(production, 10)
        self._finish(production, 6, backorder=True)
        self.env["mrp.unbuild"].create(
            {"mo_id": production.id, "product_qty": 2}
        ).action_unbuild()
        self.assertIn("taken apart", str(inspection.message_ids.mapped("body")))
        rest = production.production_group_id.production_ids - production
        self._make(rest, 6)
        with self.assert_refused("12 Units would have entered, 10 have passed"):
            rest._post_inventory()

    def test_a_cancelled_order_cancels_its_inspection(self):
        production = self._make_released()
        inspection = self._inspect(production, 10)
        production.action_cancel()
        self.assertEqual(inspection.state, "cancelled")
        self.assertIn("10 Units that had passed", str(inspection.message_ids[0].body))

    def test_sub_assemblies_are_not_inspected(self):
        self.motor.categ_id = self.category
        sheet = self._make_at("released")
        motors = self._get_productions(sheet, self.motor)
        self.assertTrue(motors)
        self._finish(motors, motors.product_qty)
        self.assertEqual(motors.state, "done")

    def test_components_of_a_kit_are_inspected(self):
        kit = self.env["product.product"].create(
            {"name": "Test set", "is_storable": True, "list_price": 10}
        )
        self._make_bom(kit, {self.pump: 2}, type="phantom")
        sheet = self._make_sheet(5, product_id=kit.id, complete=False)
        sheet.order_id.commitment_date = "2099-01-01"
        self._bring_to(sheet, "released")
        production = self._get_productions(sheet, self.pump)
        self.assertEqual(production.product_qty, 10)
        self.assertEqual(self._finish(production)["tag"], "display_notification")
        self._inspect(production)
        self._finish(production)
        self.assertEqual(production.state, "done")

    def _add_byproduct(self):
        self.env.user.group_ids |= self.env.ref("mrp.group_mrp_byproducts")
        self.core.write({"categ_id": self.category.id, "list_price": 5})
        self.pump_bom.byproduct_ids = [
            Command.create({"product_id": self.core.id, "product_qty": 1})
        ]

    def test_byproducts_are_not_inspected(self):
        self._add_byproduct()
        production = self._make_released()
        self._inspect(production, 10)
        self._finish(production)
        self.assertEqual(production.state, "done")
        self.assertEqual(production.inspection_ids.product_id, self.pump)

    def test_byproducts_that_the_customer_ordered_are_inspected(self):
        self._add_byproduct()
        sheet = self._make_sheet()
        sheet.order_id.order_line = [
            Command.create(
                {
                    "product_id": self.core.id,
                    "product_uom_qty": 10,
                    "price_unit": 5,
                }
            )
        ]
        self._configure(sheet.order_line)
        self._bring_to(sheet, "released")
        production = self._get_productions(sheet, self.pump)
        self._make(production, 10)
        inspections = production.inspection_ids
        self.assertEqual(inspections.product_id, self.pump | self.core)
        pumps = inspections.filtered(lambda one: one.product_id == self.pump)
        self._fill(pumps.with_user(self.inspector)).action_decide()
        with self.assert_refused("Test core enters stock only inspected"):
            self._finish(production)
        rest = inspections - pumps
        self._fill(rest.with_user(self.inspector)).action_decide()
        self._finish(production)
        self.assertEqual(production.state, "done")

    def test_goods_for_stock_are_as_in_plain_odoo(self):
        production = self.env["mrp.production"].create({"product_id": self.pump.id})
        production.action_confirm()
        self._finish(production, 1)
        self.assertEqual(production.state, "done")
        self.assertFalse(production.inspection_status)

    def test_goods_for_stock_if_the_standard_says_so(self):
        self.standard.is_for_stock = True
        production = self.env["mrp.production"].create({"product_id": self.pump.id})
        production.action_confirm()
        self.assertEqual(self._finish(production, 1)["tag"], "display_notification")
        inspection = self._inspect(production)
        self.assertFalse(inspection.sheet_ids)
        self._finish(production)
        self.assertEqual(production.state, "done")

    def test_a_category_without_standard(self):
        self.standard.active = False
        production = self._make_released()
        self._finish(production, 10)
        self.assertEqual(production.state, "done")

    def test_a_category_below_inherits_the_nearest_standard(self):
        below = self.category.create({"name": "Below", "parent_id": self.category.id})
        self.pump.categ_id = below
        production = self._make_released()
        self.assertEqual(self._ask(production, 10).standard_id, self.standard)
        own = self._make_standard(below)
        find = self.standard._find
        self.assertEqual(find(self.pump, self.env.company)[0], own)

    def test_a_company_without_inspectors_does_without(self):
        self.roles["inspector"].user_ids = False
        production = self._make_released()
        self._finish(production, 10)
        self.assertEqual(production.state, "done")

    def test_a_standard_of_another_company_does_not_count(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.standard.company_id = other
        production = self._make_released()
        self._finish(production, 10)
        self.assertEqual(production.state, "done")

    def test_made_in_another_unit(self):
        self.pump_bom.product_uom_id = self.env.ref("uom.product_uom_dozen")
        production = self._make_released(24)
        self.assertEqual(production.product_qty, 2)
        self._make(production, 2)
        self.assertEqual(production.inspection_ids.quantity, 24)
        self._inspect(production)
        self._finish(production)
        self.assertEqual(production.state, "done")

    def test_serial_numbers_that_passed_and_no_others(self):
        self.pump.tracking = "serial"
        production = self._make_released(3)
        lots = self.env["stock.lot"].create(
            [
                {"name": f"S{number}", "product_id": self.pump.id}
                for number in range(1, 4)
            ]
        )
        production.with_user(self.worker).lot_producing_ids = lots
        self._make(production, 3)
        inspection = self._inspect(production, failed=1)
        self.assertEqual(inspection.state, "partly")
        production.with_user(self.worker).lot_producing_ids = lots[:2]
        with self.assert_refused("Not passed: S1"):
            self._make(production, 2)
            production._post_inventory()
        production.with_user(self.worker).lot_producing_ids = lots[1:]
        self._make(production, 2)
        self._finish(production, backorder=True)
        self.assertEqual(production.state, "done")

    def test_lots_pass_with_their_quantities(self):
        self.pump.tracking = "lot"
        production = self._make_released(10)
        first, second = self.env["stock.lot"].create(
            [{"name": name, "product_id": self.pump.id} for name in ("L1", "L2")]
        )
        production.with_user(self.worker).lot_producing_ids = first
        self._inspect(production, 10)
        production.with_user(self.worker).lot_producing_ids = second
        with self.assert_refused("Not passed: L2"):
            production._post_inventory()
        production.with_user(self.worker).lot_producing_ids = first
        self._finish(production)
        self.assertEqual(production.state, "done")

    def test_whatever_the_worker_takes_back_is_not_inspected(self):
        production = self._make_released()
        inspection = self._ask(production, 10)
        self._make(production, 7)
        self.assertEqual(inspection.quantity, 7)
        self._make(production, 0)
        self.assertEqual(inspection.state, "cancelled")

    def test_what_was_begun_stays(self):
        production = self._make_released()
        inspection = self._ask(production, 6)
        inspection.action_begin()
        self._make(production, 8)
        production.with_user(self.worker).action_ask_inspection()
        self.assertEqual(inspection.quantity, 6)
        self.assertEqual(sum(production.inspection_ids.mapped("quantity")), 8)
