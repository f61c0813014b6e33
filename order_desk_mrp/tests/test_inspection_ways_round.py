from odoo import Command
from odoo.tests import tagged

from .common_inspection import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionWaysRound(InspectionCommon):
    """Ways by which goods might have entered stock uninspected, or never."""

    def _lots(self, *names):
        return self.env["stock.lot"].create(
            [{"name": name, "product_id": self.pump.id} for name in names]
        )

    def test_a_scrap_location_is_no_way_round(self):
        production = self._make_released()
        scrap = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.env.company.id)],
            limit=1,
        )
        moves = production.move_finished_ids
        moves.location_dest_id = scrap
        moves.quantity = 10
        moves.picked = True
        with self.assert_refused("enters stock only inspected"):
            moves._action_done()
            moves.move_line_ids.with_user(
                self.env.user
            ).location_dest_id = self.stock_warehouse.lot_stock_id

    def test_merging_gives_no_credit_twice(self):
        production = self._make_released()
        parts = production._split_productions({production: [5, 5]})
        self._inspect(parts[1], 5)
        self._finish(parts[0], 5)
        self.assertEqual(parts[0].state, "done")
        parts[1].qty_producing = 0
        parts[1].state = "confirmed"
        other = self._make_released(6)
        merged = parts[1].browse((parts[1] | other).action_merge()["res_id"])
        self._make(merged, merged.product_qty)
        self.assertFalse(
            sum(
                merged._get_inspection_group()
                ._get_inspections(self.pump)
                ._get_released()
                .values()
            )
        )

    def test_leaving_the_group_gives_no_credit_twice(self):
        production = self._make_released()
        parts = production._split_productions({production: [5, 5]})
        self._inspect(parts[1], 5)
        self._finish(parts[0], 5)
        with self.assert_refused():
            parts[0].with_user(self.worker).production_group_id = False
            self._make(parts[1], 5)
            parts[1].with_user(self.worker)._post_inventory()

    def test_cancelling_a_part_keeps_what_was_received_on_its_strength(self):
        production = self._make_released(tolerance_under=50)
        parts = production._split_productions({production: [4, 3, 3]})
        self._inspect(parts[1], 3)
        self._finish(parts[0], 3, backorder=True)
        self.assertEqual(parts[0].state, "done")
        parts[1].action_cancel()
        self._inspect(parts[2], 3)
        self._finish(parts[2], 3)
        self.assertEqual(parts[2].state, "done")

    def test_what_was_received_before_the_standard(self):
        self.standard.active = False
        production = self._make_released()
        self._finish(production, 6, backorder=True)
        self.standard.active = True
        rest = production.production_group_id.production_ids - production
        inspection = self._ask(rest, 4)
        self.assertEqual(inspection.quantity, 4)
        self._inspect(rest)
        self._finish(rest)
        self.assertEqual(rest.state, "done")

    def test_serials_received_before_the_standard(self):
        self.pump.tracking = "serial"
        self.standard.active = False
        production = self._make_released(2)
        lots = self._lots("S1", "S2")
        production.with_user(self.worker).lot_producing_ids = lots[0]
        self._finish(production, 1, backorder=True)
        self.standard.active = True
        rest = production.production_group_id.production_ids - production
        rest.with_user(self.worker).lot_producing_ids = lots[1]
        self._inspect(rest, 1)
        self._finish(rest)
        self.assertEqual(rest.state, "done")

    def test_a_failure_holds_when_the_standard_is_archived(self):
        production = self._make_released()
        self._inspect(production, 10, failed=2)
        self.standard.active = False
        self._make(production, 10)
        with self.assert_refused("8 have passed"):
            production._post_inventory()

    def test_the_workshop_asks_again_what_to_do_after_the_waiver_was_asked_for(self):
        production = self._make_released()
        failed = self._inspect(production, 10, failed=2)
        failed.with_user(self.worker).action_ask_waiver()
        failed.with_user(self.worker).action_rework()
        self.assertEqual(failed.disposition, "rework")

    def test_nobody_s_goods_are_not_waived(self):
        production = self._make_released()
        failed = self._inspect(production, 10, failed=2)
        failed.action_ask_waiver()
        failed.sudo().sheet_ids = [Command.clear()]
        self.assertFalse(failed.sudo()._is_waived())

    def test_less_is_corrected_whatever_has_changed_since(self):
        production = self._make_released(tolerance_under=50)
        failed = self._inspect(production, 10, failed=2)
        failed.action_ask_waiver()
        sheet = production.sheet_id
        sheet.with_user(self.manager).action_waive(
            "shipping", "inspection", "Only scratches", "A discount", self._soon()
        )
        self._finish(production, 10)
        self.assertEqual(production.state, "done")
        sheet.waiver_ids.with_user(self.manager).action_withdraw("No")
        production.move_finished_ids.move_line_ids.quantity = 9
        self.assertEqual(production.qty_produced, 9)

    def test_less_is_corrected_after_the_order_shrank(self):
        self.standard.active = False
        production = self._make_released()
        self._finish(production, 10)
        production.sale_line_id.sudo().product_uom_qty = 5
        production.move_finished_ids.move_line_ids.quantity = 9
        self.assertEqual(production.qty_produced, 9)

    def test_header_and_numbers_agree(self):
        self.pump.tracking = "serial"
        production = self._make_released(2)
        production.with_user(self.worker).lot_producing_ids = self._lots("S1", "S2")
        self._make(production, 2)
        inspection = self._ask(production)
        for point in inspection.point_ids:
            point.write(
                {"measured": "11"}
                if point.check_type == "measure"
                else {"result": "pass"}
            )
        inspection.lot_ids.write({"is_checked": True})
        inspection.quantity_passed = 2
        with self.assert_refused():
            inspection.action_decide()

    def test_three_step_manufacturing(self):
        self.stock_warehouse.manufacture_steps = "pbm_sam"
        production = self._make_released()
        self.assertTrue(production._get_customer_lines())
        action = self._finish(production)
        self.assertEqual(action["tag"], "display_notification")
        self._inspect(production, 10)
        self._finish(production)
        self.assertEqual(production.state, "done")

    def test_work_orders_do_not_finish_the_order(self):
        production = self._make_released()
        production.with_user(self.worker).workorder_ids.action_mark_as_done()
        self.assertNotEqual(production.state, "done")

    def test_made_by_hand_and_linked_afterwards(self):
        line = self._make_released().sale_line_id
        hand = self.env["mrp.production"].create(
            {"product_id": self.pump.id, "product_qty": 3, "bom_id": self.pump_bom.id}
        )
        hand.action_confirm()
        self._finish(hand, 3)
        self.assertEqual(hand.state, "done")
        with self.assert_refused():
            hand.with_user(self.worker).sale_line_id = line

    def test_finished_move_taken_away_from_its_order(self):
        production = self._make_released()
        move = production.move_finished_ids
        with self.assert_refused():
            move.with_user(self.worker).production_id = False
            move.quantity = 10
            move.picked = True
            move._action_done()
