from odoo import Command
from odoo.tests import tagged

from .common import OrderDeskMrpCommon
from .common_inspection import InspectionCommon


@tagged("post_install", "-at_install")
class TestTolerance(InspectionCommon):
    """What is made stays within the tolerance of the order (SPEC E5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.standard.active = False  # the tolerance is a rule of its own

    @classmethod
    def _make_on_hand(cls, quantity):
        cls._put_in_stock(cls.pump, quantity)

    def _get_line(self, production):
        return production.sale_line_id

    def test_exactly_as_ordered(self):
        production = self._make_released()
        self._finish(production, 10)
        self.assertEqual(production.state, "done")

    def test_more_than_allowed_is_stopped_with_the_numbers(self):
        production = self._make_released()
        with self.assert_refused(
            "Made: 11, ordered: 10, allowed at most: 10 \\(Units\\)"
        ) as error:
            self._finish(production, 11)
        self.assertIn(production.name, str(error.exception))
        self.assertIn(production.sheet_id.order_id.name, str(error.exception))
        self.assertNotEqual(production.state, "done")

    def test_within_the_tolerance(self):
        production = self._make_released(tolerance_over=10, tolerance_under=20)
        with self.assert_refused("Made: 12, ordered: 10, allowed at most: 11"):
            self._finish(production, 12)
        self._finish(production, 11)
        self.assertEqual(production.qty_produced, 11)

    def test_less_within_the_tolerance(self):
        production = self._make_released(tolerance_under=20)
        with self.assert_refused("Made: 7, .* ordered: 10, allowed at least: 8"):
            self._finish(production, 7)
        self._finish(production, 8)
        self.assertEqual(production.qty_produced, 8)

    def test_less_with_a_back_order_is_not_short(self):
        production = self._make_released()
        self._finish(production, 4, backorder=True)
        rest = production.production_group_id.production_ids - production
        with self.assert_refused("Made: 9"):
            self._finish(rest, 5)
        self._finish(rest, 6)
        self.assertEqual(rest.state, "done")

    def test_all_orders_of_a_line_count_together(self):
        production = self._make_released()
        self._finish(production, 4, backorder=True)
        rest = production.production_group_id.production_ids - production
        with self.assert_refused("Made: 11, ordered: 10"):
            self._finish(rest, 7)

    def test_goods_on_hand_cover_what_is_not_made(self):
        production = self._make_released()
        self._make_on_hand(3)
        self._finish(production, 7)
        self.assertEqual(production.state, "done")

    def test_goods_of_another_order_cover_nothing(self):
        other = self._make_released(4)
        self._finish(other, 4)
        production = self._make_released()
        with self.assert_refused("Made: 7"):
            self._finish(production, 7)

    def test_what_was_unbuilt_may_be_made_again(self):
        production = self._make_released()
        self._finish(production, 6, backorder=True)
        self.env["mrp.unbuild"].create(
            {"mo_id": production.id, "product_qty": 2}
        ).action_unbuild()
        rest = production.production_group_id.production_ids - production
        self._finish(rest, 6)
        self.assertEqual(rest.state, "done")

    def test_what_was_scrapped_may_be_made_again(self):
        production = self._make_released()
        self._finish(production, 6, backorder=True)
        self.env["stock.scrap"].create(
            {
                "production_id": production.id,
                "product_id": self.pump.id,
                "scrap_qty": 1,
            }
        ).do_scrap()
        rest = production.production_group_id.production_ids - production
        self._finish(rest, 5)
        self.assertEqual(rest.state, "done")

    def test_planning_less_than_allowed_is_stopped(self):
        production = self._make_released(tolerance_under=10)
        change = self.env["change.production.qty"].with_user(self.worker)
        with self.assert_refused("allowed at least: 9"):
            change.create({"mo_id": production.id, "product_qty": 8}).change_prod_qty()
        change.create({"mo_id": production.id, "product_qty": 9}).change_prod_qty()
        self.assertEqual(production.product_qty, 9)

    def test_planning_more_is_not_stopped_but_making_it_is(self):
        production = self._make_released()
        self.env["change.production.qty"].create(
            {"mo_id": production.id, "product_qty": 15}
        ).change_prod_qty()
        with self.assert_refused("Made: 15, ordered: 10"):
            self._finish(production, 15)
        self._finish(production, 10)

    def test_a_line_that_waits_for_signatures_is_not_short(self):
        production = self._make_released()
        self._get_line(production).product_uom_qty = 12
        self._finish(production, 10)
        self.assertEqual(production.state, "done")

    def test_whole_batches_are_not_too_many(self):
        self.pump_bom.write({"enable_batch_size": True, "batch_size": 4})
        production = self._make_released()
        self.assertEqual(production.mapped("product_qty"), [4, 4, 4])
        for one in production:
            self._finish(one, 4)
        self.assertEqual(production.mapped("state"), ["done"] * 3)
        again = production[0].copy()
        self.assertEqual(again.sale_line_id, production.sale_line_id[:1])
        again.action_confirm()
        with self.assert_refused("allowed at most: 12"):
            self._finish(again, 4)

    def test_two_lines_made_together(self):
        sheet = self._make_sheet(4, tolerance_over=50)
        sheet.order_id.order_line.copy({"order_id": sheet.order_id.id})
        self._configure(sheet.order_line)
        self._bring_to(sheet, "released")
        productions = self._get_productions(sheet)
        total = sum(productions.mapped("product_qty"))
        self.assertEqual(total, 8)
        made = productions[0].sale_line_id._get_making(self.pump)
        if len(productions) == 1:
            self.assertEqual(made["ordered"], 8)
        for production in productions:
            self._finish(production, production.product_qty)

    def test_merged_orders_of_two_customers(self):
        first, second = self._make_released(4), self._make_released(6)
        merged = first.browse((first | second).action_merge()["res_id"])
        with self.assert_refused("Made: 11, ordered: 10"):
            self._finish(merged, 11)
        self._finish(merged, 10)
        self.assertEqual(merged.state, "done")

    def test_merged_with_an_order_for_stock(self):
        first = self._make_released(4)
        stock = self.env["mrp.production"].create(
            {"product_id": self.pump.id, "product_qty": 20, "bom_id": self.pump_bom.id}
        )
        stock.action_confirm()
        merged = first.browse((first | stock).action_merge()["res_id"])
        self.assertEqual(merged.order_desk_stock_qty, 20)
        with self.assert_refused("Made: 25, ordered: 4, allowed at most: 24"):
            self._finish(merged, 25)
        self._finish(merged, 24)
        self.assertEqual(merged.state, "done")

    def test_the_part_for_stock_is_not_entered(self):
        production = self._make_released()
        with self.assertRaises(Exception):  # noqa: B017
            production.with_user(self.worker).order_desk_stock_qty = 100

    def test_an_order_cannot_be_taken_out_of_control(self):
        production = self._make_released()
        with self.assert_refused("stays with it"):
            production.with_user(self.worker).sale_line_id = False

    def test_kits_count_in_their_components(self):
        kit = self.env["product.product"].create(
            {"name": "Test set", "is_storable": True, "list_price": 10}
        )
        self._make_bom(kit, {self.pump: 2}, type="phantom")
        sheet = self._make_sheet(5, product_id=kit.id, complete=False)
        sheet.order_id.commitment_date = "2099-01-01"
        self._bring_to(sheet, "released")
        production = self._get_productions(sheet, self.pump)
        with self.assert_refused("Made: 11, ordered: 10"):
            self._finish(production, 11)
        self._finish(production, 10)

    def test_sub_assemblies_have_no_tolerance(self):
        sheet = self._make_at("released")
        motors = self._get_productions(sheet, self.motor)
        self._finish(motors, motors.product_qty + 5)
        self.assertEqual(motors.state, "done")

    def test_orders_without_a_sheet_are_as_in_plain_odoo(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [
                    Command.create({"product_id": self.pump.id, "product_uom_qty": 10})
                ],
            }
        )
        order.action_confirm()
        production = order.order_line._find_productions()
        self._finish(production, 13)
        self.assertEqual(production.state, "done")

    def test_a_cancelled_order_stops_nothing(self):
        production = self._make_released()
        order = production.sale_line_id.order_id
        order.with_context(disable_cancel_warning=True)._action_cancel()
        open_ones = production.filtered(lambda one: one.state != "cancel")
        for one in open_ones:
            self._finish(one, 3)
            self.assertEqual(one.state, "done")

    def test_more_entered_after_it_was_done(self):
        production = self._make_released()
        self._finish(production, 10)
        with self.assert_refused("Made: 11, ordered: 10"):
            production.with_user(self.worker).qty_producing = 11


@tagged("post_install", "-at_install")
class TestPlainProduction(OrderDeskMrpCommon):
    """What is not under the desk's control costs no query worth mentioning."""

    def test_plain_orders_cost_few_queries(self):
        productions = self.env["mrp.production"].create(
            [{"product_id": self.pump.id, "product_qty": 1} for _number in range(5)]
        )
        productions.action_confirm()
        self.env.flush_all()
        standards = self.env["order.desk.release.standard"]
        standards._get_index(self.env.company.id)
        productions.move_finished_ids.move_dest_ids.mapped("state")
        with self.assertQueryCount(1):
            self.assertFalse(productions._get_release_standards())
            productions._follow_reported()
