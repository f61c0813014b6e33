from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_engineering import EngineeringCommon


@tagged("post_install", "-at_install")
class TestEngineeringBom(EngineeringCommon):
    def _make_special(self, sheet):
        """Let the engineer answer with a bill of materials for this line alone."""
        engineering = sheet.engineering_ids.with_user(self.draughtsman)
        action = engineering.action_make_bom()
        bom = self.env["mrp.bom"].browse(action["res_id"]).with_user(self.draughtsman)
        bom.bom_line_ids.filtered(lambda b: b.product_id == self.seal).product_qty = 5
        engineering.action_answer()
        return bom.sudo()

    def _bring_to_released(self, sheet):
        self._countersign(sheet)
        self._code(sheet)
        self._release(sheet)

    def _make_released(self, **vals):
        sheet = self._make_sheet(special_requirement="Ceramic shaft", **vals)
        self._bring_to(sheet, "countersign")
        bom = self._make_special(sheet)
        self._bring_to_released(sheet)
        return sheet, bom

    def test_a_bill_of_materials_for_this_line_starts_as_a_copy(self):
        sheet = self._make_asked()
        bom = self._make_special(sheet)
        self.assertRecordValues(
            bom,
            [
                {
                    "code": f"{sheet.order_id.name}-1",
                    "is_order_desk_special": True,
                    "order_desk_sale_line_id": sheet.order_line.id,
                }
            ],
        )
        self.assertEqual(bom.bom_line_ids.product_id, self.motor | self.seal)
        self.assertEqual(bom.operation_ids.mapped("name"), ["Assemble"])
        self.assertEqual(sheet.engineering_ids.bom_id, bom)
        self.assertEqual(sheet.engineering_ids.answer, "changed")

    def test_the_button_opens_the_one_there_is(self):
        engineering = self._make_asked().engineering_ids.with_user(self.draughtsman)
        first = engineering.action_make_bom()["res_id"]
        self.assertEqual(engineering.action_make_bom()["res_id"], first)

    def test_a_product_without_bill_of_materials_gets_an_empty_one(self):
        self.pump_bom.active = False
        engineering = self._make_asked().engineering_ids.with_user(self.draughtsman)
        engineering.action_make_bom()
        self.assertFalse(engineering.bom_id.bom_line_ids)
        self.assertEqual(engineering.bom_id.product_id, self.pump)

    def test_a_kit_has_none(self):
        self.pump_bom.type = "phantom"
        engineering = self._make_asked().engineering_ids.with_user(self.draughtsman)
        with self.assertRaisesRegex(UserError, "is a kit"):
            engineering.action_make_bom()

    def test_ordinary_manufacturing_never_picks_it_up(self):
        bom = self._make_special(self._make_asked())
        self.pump_bom.active = False
        boms = self.env["mrp.bom"]
        self.assertFalse(boms._bom_find(self.pump)[self.pump])
        self.assertFalse(boms._bom_find(self.pump | self.motor)[self.pump])
        production = self.env["mrp.production"].create({"product_id": self.pump.id})
        self.assertFalse(production.bom_id)
        self.assertFalse(bom.copy().is_order_desk_special)

    def test_the_manufacturing_order_is_made_by_it(self):
        sheet, bom = self._make_released()
        production = self._get_productions(sheet)
        self.assertEqual(production.bom_id, bom)
        seals = production.move_raw_ids.filtered(lambda m: m.product_id == self.seal)
        self.assertEqual(seals.product_uom_qty, 50)
        self.assertEqual(sheet.order_line._get_making_bom(), bom)

    def test_other_lines_of_the_product_are_made_as_usual(self):
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        usual = self._add_line(sheet)
        other = self._add_line(sheet, special_requirement="Left thread")
        self._bring_to(sheet, "countersign")
        first, second = sheet.engineering_ids.sorted("id")
        first.with_user(self.draughtsman).action_make_bom()
        first.with_user(self.draughtsman).action_answer()
        self._answer(second, "changed", process="Cut the thread left")
        self._bring_to_released(sheet)
        productions = self._get_productions(sheet).grouped("sale_line_id")
        self.assertEqual(productions[sheet.order_line[0]].bom_id, first.bom_id)
        for line in usual | other:
            self.assertEqual(productions[line].bom_id, self.pump_bom)
        self.assertFalse(productions[usual].engineering_text)
        self.assertIn("Cut the thread", productions[other].engineering_text)

    def test_a_quantity_that_grows_later_is_made_by_it_too(self):
        sheet, bom = self._make_released()
        sheet.order_line.product_uom_qty = 15
        self._sign_pending(sheet)
        self._confirm(sheet)
        production = self._get_productions(sheet)
        self.assertEqual(production.bom_id, bom)
        self.assertEqual(sum(production.mapped("product_qty")), 15)

    def test_routes_of_many_steps_carry_it(self):
        self.stock_warehouse.write(
            {"delivery_steps": "pick_pack_ship", "manufacture_steps": "pbm_sam"}
        )
        sheet, bom = self._make_released()
        self.assertEqual(self._get_productions(sheet).bom_id, bom)

    def test_delivery_in_two_steps_carries_it(self):
        self.stock_warehouse.delivery_steps = "pick_ship"
        sheet, bom = self._make_released()
        self.assertEqual(self._get_productions(sheet).bom_id, bom)

    def test_another_bill_of_materials_of_the_product_can_be_chosen(self):
        bom = self._make_bom(self.pump, {self.seal: 3}, code="Light", sequence=50)
        sheet = self._make_sheet(special_requirement="Light one")
        self._bring_to(sheet, "countersign")
        self._answer(sheet.engineering_ids, "changed", bom_id=bom.id)
        self._bring_to_released(sheet)
        self.assertEqual(self._get_productions(sheet).bom_id, bom)

    def test_bills_of_materials_that_cannot_be_chosen(self):
        other_line = self._make_special(self._make_asked())
        kit = self._make_bom(self.pump, {self.seal: 3}, type="phantom", sequence=90)
        archived = self._make_bom(self.pump, {self.seal: 3}, active=False)
        engineering = self._make_asked().engineering_ids
        for bom, message in (
            (self.motor_bom, "another product"),
            (other_line, "another line"),
            (kit, "not for manufacturing"),
            (archived, "archived"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._answer(engineering, "changed", bom_id=bom.id)

    def test_changed_operations_are_of_the_chosen_bill_of_materials(self):
        engineering = self._make_asked().engineering_ids
        operation = self.pump_bom.operation_ids
        with self.assertRaisesRegex(UserError, "Assemble"):
            self._answer(
                engineering,
                "changed",
                bom_id=self._make_bom(self.pump, {self.seal: 1}).id,
                operation_ids=[Command.set(operation.ids)],
            )
        self._answer(
            engineering,
            "changed",
            bom_id=self.pump_bom.id,
            operation_ids=[Command.set(operation.ids)],
        )
        self.assertIn("Changed operations: Assemble", engineering._get_texts())

    def test_an_archived_bill_of_materials_holds_the_gate(self):
        sheet = self._make_asked()
        bom = self._make_special(sheet)
        bom.active = False
        condition = sheet.order_id._get_engineering_condition()
        self.assertIn("archived", condition["reason"])
        self.assertFalse(sheet.order_line._get_engineering_bom())

    def test_the_workshop_reads_answer_and_drawings(self):
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        self._bring_to(sheet, "countersign")
        self._make_special(sheet)
        drawing = self._draw(sheet.engineering_ids, needs_approval=False)
        drawing.action_give_out()
        self._bring_to_released(sheet)
        production = self._get_productions(sheet).with_user(self.worker)
        self.assertIn("changed process", production.engineering_text)
        self.assertEqual(production.drawing_ids.name, "shaft.png")
        self.assertTrue(production.drawing_ids.raw)
        action = production.action_open_engineering()
        self.assertEqual(action["res_id"], sheet.engineering_ids.id)
        production.engineering_id.read(["answer", "process", "drawing_state"])
        report, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "mrp.report_mrporder", production.ids
        )
        self.assertIn("Drawing: Test pump, version 1", report.decode())

    def test_the_workshop_is_warned_when_engineering_decides_anew(self):
        sheet, _bom = self._make_released()
        production = self._get_productions(sheet).with_user(self.worker)
        self.assertFalse(production.engineering_warning)
        engineering = sheet.engineering_ids.with_user(self.draughtsman)
        engineering.action_revise("The seal is too thick")
        production.invalidate_recordset()
        self.assertIn("wait for engineering", production.engineering_warning)
        self._answer(sheet.engineering_ids, "changed", bom_id=self.pump_bom.id)
        production.invalidate_recordset()
        self.assertIn("Engineering has chosen", production.engineering_warning)

    def test_a_sold_line_may_go_and_the_bill_of_materials_stays_special(self):
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        line = self._add_line(sheet, special_requirement="Left thread")
        self._submit(sheet)
        engineering = line.engineering_ids.with_user(self.draughtsman)
        engineering.action_make_bom()
        bom = engineering.bom_id.sudo()
        line.unlink()
        self.assertFalse(bom.order_desk_sale_line_id)
        self.assertTrue(bom.is_order_desk_special)
        self.assertEqual(
            self.env["mrp.bom"]._bom_find(self.pump)[self.pump], self.pump_bom
        )
