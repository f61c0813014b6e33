from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_instruction import InstructionCommon

REFUSED = "not acknowledged. It waits for Production Supervisor \\(Test supervisor\\)"


@tagged("post_install", "-at_install")
class TestInstructionHold(InstructionCommon):
    """Manufacturing does not start before, whatever door it takes (SPEC E1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product in (cls.core, cls.wire, cls.seal):
            cls._put_in_stock(product, 100)
        cls.sheet = cls._release_order(quantity=2)
        cls.instruction = cls.sheet.instruction_id
        cls.order_made = cls._get_productions(cls.sheet).with_user(cls.worker)
        cls.rotor_production = cls._get_productions(cls.sheet, cls.rotor).with_user(
            cls.worker
        )

    def _assert_refused(self, call, *args, **kwargs):
        with self.assertRaisesRegex(UserError, REFUSED):
            call(*args, **kwargs)

    def test_message_names_order_instruction_and_people(self):
        with self.assertRaises(UserError) as refused:
            self.order_made.button_mark_done()
        self.assertIn(self.order_made.name, str(refused.exception))
        self.assertIn(self.instruction.name, str(refused.exception))

    def test_work_order_does_not_start(self):
        self._assert_refused(self.order_made.workorder_ids.button_start)

    def test_state_of_a_work_order_is_not_written(self):
        workorder = self.order_made.workorder_ids
        self._assert_refused(workorder.set_state, "progress")
        self._assert_refused(workorder.write, {"state": "progress"})
        self._assert_refused(workorder.write, {"state": "done"})
        self._assert_refused(workorder.action_mark_as_done)
        self._assert_refused(workorder.button_finish)

    def test_time_is_not_booked(self):
        workorder = self.order_made.workorder_ids
        loss = self.env.ref("mrp.block_reason7")
        self._assert_refused(
            self.env["mrp.workcenter.productivity"].with_user(self.worker).create,
            {
                "workorder_id": workorder.id,
                "workcenter_id": workorder.workcenter_id.id,
                "loss_id": loss.id,
            },
        )
        self._assert_refused(workorder.write, {"duration": 12})

    def test_quantities_are_not_written(self):
        self._assert_refused(self.order_made.write, {"qty_producing": 1})
        self._assert_refused(self.order_made.workorder_ids.write, {"qty_produced": 1})
        self._assert_refused(self.order_made.workorder_ids.write, {"qty_producing": 1})

    def test_form_does_not_save_a_quantity(self):
        form = Form(self.order_made)
        form.qty_producing = 1
        self._assert_refused(form.save)

    def test_order_is_not_started(self):
        self._assert_refused(self.order_made.action_start)

    def test_order_is_not_marked_done(self):
        self._assert_refused(self.order_made.button_mark_done)

    def test_components_are_not_consumed(self):
        moves = self.rotor_production.move_raw_ids
        moves._action_assign()
        self._assert_refused(moves.write, {"picked": True})
        self._assert_refused(moves.move_line_ids.write, {"picked": True})

    def test_moves_are_not_done(self):
        moves = self.rotor_production.move_raw_ids
        moves._action_assign()
        self._assert_refused(moves._action_done)
        finished = self.rotor_production.move_finished_ids
        finished.quantity = 1
        self._assert_refused(finished._action_done)

    def test_sub_assemblies_wait_as_well(self):
        self.assertTrue(self.rotor_production)
        self._assert_refused(self.rotor_production.button_mark_done)

    def test_one_that_waits_stops_the_batch_before_anything_is_done(self):
        free = self.env["mrp.production"].create({"product_id": self.rotor.id})
        free.action_confirm()
        both = free.with_user(self.worker) | self.rotor_production
        with self.assertRaises(UserError), self.env.cr.savepoint():
            both.button_mark_done()
        self.assertNotEqual(free.state, "done")

    def test_new_order_for_the_line_is_not_created_as_made(self):
        self._assert_refused(
            self.env["mrp.production"].create,
            {
                "product_id": self.pump.id,
                "sale_line_id": self.sheet.order_line.id,
                "qty_producing": 1,
            },
        )

    def test_planning_and_reserving_go_on(self):
        self.rotor_production.action_assign()
        self.assertEqual(self.rotor_production.reservation_state, "assigned")
        self.order_made.button_plan()
        self.assertTrue(self.order_made.is_planned)
        self.order_made.button_unplan()
        self.rotor_production.do_unreserve()

    def test_broken_components_are_scrapped(self):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.core.id,
                "scrap_qty": 1,
                "production_id": self.rotor_production.id,
            }
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")

    def test_splitting_goes_on(self):
        parts = self.rotor_production.sudo()._split_productions(
            {self.rotor_production: [1, 1]}
        )
        self.assertEqual(parts.sheet_id, self.sheet)
        self._assert_refused(parts[-1].button_mark_done)

    def test_merged_order_waits_for_each_of_its_instructions(self):
        other = self._release_order(quantity=2)
        both = self._get_productions(self.sheet | other, self.pump)
        merged = both.browse(both.action_merge()["res_id"]).with_user(self.worker)
        self._acknowledge(self.instruction)
        self.assertTrue(merged.is_unacknowledged)
        waiting = [("is_unacknowledged", "=", True), ("id", "=", merged.id)]
        self.assertTrue(merged.search(waiting))
        with self.assertRaisesRegex(UserError, other.instruction_id.name):
            merged.qty_producing = 1
        self._acknowledge(other.instruction_id)
        self.assertFalse(merged.is_unacknowledged)
        self.assertFalse(merged.search(waiting))
        merged.qty_producing = 1

    def test_nobody_takes_an_order_off_its_sheet(self):
        for vals in (
            {"sheet_id": False},
            {"order_code": "X"},
            {"reference_ids": [Command.clear()]},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.rotor_production.write(vals)
        with self.assertRaises(AccessError):
            self.rotor_production.create(
                {"product_id": self.rotor.id, "sheet_id": self.sheet.id}
            )

    def test_acknowledged_everything_is_made(self):
        self._acknowledge(self.instruction)
        for product in (self.rotor, self.motor, self.pump):
            production = self._get_productions(self.sheet, product)
            production.with_user(self.worker).button_mark_done()
            self.assertEqual(production.state, "done")

    def test_next_version_holds_again_what_is_left(self):
        self._acknowledge(self.instruction)
        self.rotor_production.button_mark_done()
        self._change_and_sign(self.sheet, special_requirement="Ceramic shaft")
        self.assertEqual(self.rotor_production.state, "done")
        motor = self._get_productions(self.sheet, self.motor).with_user(self.worker)
        self._assert_refused(motor.button_mark_done)
        self._acknowledge(self.sheet.instruction_id)
        motor.button_mark_done()

    def test_made_goods_are_taken_apart_again(self):
        self._acknowledge(self.instruction)
        self.rotor_production.button_mark_done()
        self._change_and_sign(self.sheet, special_requirement="Ceramic shaft")
        self._put_in_stock(self.rotor, 2)
        unbuild = self.env["mrp.unbuild"].create(
            {
                "product_id": self.rotor.id,
                "mo_id": self.rotor_production.id,
                "product_qty": 1,
            }
        )
        unbuild.action_unbuild()
        self.assertEqual(unbuild.state, "done")

    def test_company_without_a_supervisor_waits_for_nobody(self):
        self.roles["production_supervisor"].user_ids = False
        self.assertFalse(self.order_made.is_unacknowledged)
        self.rotor_production.button_mark_done()
        self.assertEqual(self.rotor_production.state, "done")

    def test_sheet_released_before_the_upgrade_is_not_held(self):
        self.instruction.unlink()
        self.rotor_production.button_mark_done()
        self.assertEqual(self.rotor_production.state, "done")

    def test_orders_without_a_sheet_are_untouched(self):
        production = self.env["mrp.production"].create({"product_id": self.rotor.id})
        production.action_confirm()
        production.with_user(self.worker).button_mark_done()
        self.assertEqual(production.state, "done")

    def test_subcontracted_goods_wait_as_well(self):
        """The receipt goes to the customer; the subcontractor's order has no sale."""
        delivery = self.sheet.order_line.move_ids
        receipt = self.env["stock.move"].create(
            {
                "product_id": self.pump.id,
                "product_uom_qty": 1,
                "picking_type_id": self.stock_warehouse.in_type_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_warehouse.lot_stock_id.id,
                "move_dest_ids": [Command.set(delivery.ids)],
            }
        )
        production = self.env["mrp.production"].create({"product_id": self.pump.id})
        production.action_confirm()
        production.move_finished_ids.move_dest_ids = receipt
        self.assertFalse(production.sheet_id)
        self._assert_refused(production.button_mark_done)

    # ------------------------------------------------------------- seeing it

    def test_worker_sees_and_finds_what_waits(self):
        self.assertTrue(self.order_made.is_unacknowledged)
        self.assertIn("Test supervisor", self.order_made.instruction_waits_for)
        orders = self.env["mrp.production"].with_user(self.worker)
        domain = [("is_unacknowledged", "=", True)]
        self.assertIn(self.order_made, orders.search(domain))
        self._acknowledge(self.instruction)
        self.assertNotIn(self.order_made, orders.search(domain))

    def test_worker_finds_and_groups_by_codes(self):
        orders = self.env["mrp.production"].with_user(self.worker)
        for domain in (
            [("order_code", "=", self.sheet.order_code)],
            [("customer_code", "=", "K-1"), ("product_id", "=", self.pump.id)],
        ):
            self.assertIn(self.order_made, orders.search(domain))
        groups = orders.formatted_read_group(
            [("sheet_id", "=", self.sheet.id)], ["order_code"], ["__count"]
        )
        self.assertEqual(groups[0]["order_code"], self.sheet.order_code)
        self.assertEqual(groups[0]["__count"], 3)

    def test_worker_opens_and_prints_the_instruction_from_the_order(self):
        action = self.order_made.action_view_instruction()
        self.assertEqual(action["res_id"], self.instruction.id)
        report = self.order_made.action_print_instruction()
        self.assertEqual(report["report_name"], "order_desk_mrp.report_instruction")

    def test_order_without_instruction_prints_none(self):
        production = self.env["mrp.production"].create({"product_id": self.rotor.id})
        with self.assertRaisesRegex(UserError, "no production instruction"):
            production.with_user(self.worker).action_print_instruction()

    def test_past_orders_are_linked_by_the_database(self):
        productions = self.env["mrp.production"].search(
            [("sheet_id", "=", self.sheet.id)]
        )
        self.env.cr.execute(
            "UPDATE mrp_production SET sheet_id = NULL, order_code = NULL"
        )
        productions._fill_sheets()
        self.env.invalidate_all()
        self.assertEqual(productions.sheet_id, self.sheet)
        self.assertEqual(set(productions.mapped("order_code")), {self.sheet.order_code})
