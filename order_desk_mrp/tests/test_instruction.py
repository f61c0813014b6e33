from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.order_desk.quantity import format_quantity
from odoo.addons.order_desk_mrp.hooks import uninstall_hook

from .common_instruction import InstructionCommon


@tagged("post_install", "-at_install")
class TestInstruction(InstructionCommon):
    # ------------------------------------------------------------- going out

    def test_release_sends_out_one_instruction(self):
        sheet = self._release_order()
        instruction = sheet.instruction_ids
        self.assertRecordValues(
            instruction,
            [
                {
                    "state": "to_acknowledge",
                    "version": 1,
                    "order_code": sheet.order_code,
                    "customer_code": "K-1",
                    "revision": sheet.released_revision,
                }
            ],
        )
        self.assertTrue(instruction.name.startswith("PI"))
        self.assertIn(instruction.name, "".join(sheet.message_ids.mapped("body")))

    def test_many_sheets_get_theirs_at_once(self):
        sheets = self._make_sheet() | self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "released")
        names = sheets.instruction_ids.mapped("name")
        self.assertEqual(len(set(names)), 3)

    def test_each_company_numbers_by_itself(self):
        company = self.env["res.company"].create({"name": "Second factory"})
        first = company._order_desk_next_number("order.desk.instruction")
        self._get_instruction()
        second = company._order_desk_next_number("order.desk.instruction")
        self.assertEqual(int(second[-4:]), int(first[-4:]) + 1)

    def test_points_are_the_lines_and_what_applies_of_the_checklist(self):
        instruction = self._get_instruction()
        self.assertEqual(
            instruction.point_ids.mapped("title"),
            [
                "[TP-1] Test pump",
                "Quantities and units",
                "The finish date can be kept",
                "Labels, with the customer code instead of a name",
            ],
        )

    def test_checklist_follows_what_the_order_has(self):
        instruction = self._get_instruction(
            special_requirement="Ceramic shaft",
            packaging_note="Wooden case",
            tolerance_over=2,
        )
        titles = instruction.point_ids.mapped("title")
        for title in ("Special rules", "Packaging", "Tolerance, over and under"):
            self.assertIn(title, titles)

    def test_it_says_what_was_released(self):
        sheet = self._release_order(
            special_requirement="Ceramic shaft",
            packaging_note="Wooden case",
            tolerance_over=2,
            tolerance_under=1,
        )
        point = sheet.instruction_id.point_ids[0].with_user(self.worker)
        self.assertEqual(point.quantity, "10 Units")
        for text in ("Cast iron", "Ceramic shaft", "Wooden case", "+2% / −1%"):
            self.assertIn(text, point.content)
        sheet.order_line.special_requirement = "Steel shaft"
        point.invalidate_recordset()
        self.assertIn("Ceramic shaft", point.content)

    def test_special_rules_of_the_sheet_are_on_it(self):
        sheet = self._make_sheet()
        sheet.other_requirements = "Two labels on each case"
        self._bring_to(sheet, "released")
        instruction = sheet.instruction_id.with_user(self.worker)
        self.assertEqual(instruction.other_requirements, "Two labels on each case")

    def test_production_start_is_that_of_the_first_manufacturing_order(self):
        sheet = self._release_order()
        productions = self.env["mrp.production"].search([("sheet_id", "=", sheet.id)])
        self.assertEqual(len(productions), 3)
        self.assertEqual(
            sheet.instruction_id.date_start, min(productions.mapped("date_start"))
        )

    # ------------------------------------------------------------- another version

    def test_signed_change_sends_out_another_version(self):
        sheet = self._release_order()
        first = sheet.instruction_id
        self._acknowledge(first)
        self._change_and_sign(sheet, special_requirement="Ceramic shaft")
        second = sheet.instruction_id
        self.assertNotEqual(first, second)
        self.assertRecordValues(
            first | second,
            [
                {"state": "replaced", "version": 1, "name": first.name},
                {"state": "to_acknowledge", "version": 2, "name": first.name},
            ],
        )
        self.assertIn("Ceramic shaft", second.with_user(self.worker).changes)
        self.assertFalse(first.activity_ids)

    def test_unsigned_change_leaves_the_instruction(self):
        sheet = self._release_order()
        instruction = sheet.instruction_id
        sheet.order_line.special_requirement = "Ceramic shaft"
        self.assertEqual(sheet.instruction_id, instruction)

    def test_change_of_the_price_alone_leaves_the_workshop_in_peace(self):
        sheet = self._release_order()
        instruction = sheet.instruction_id
        self._acknowledge(instruction)
        self._change_and_sign(sheet, price_unit=251)
        self.assertEqual(sheet.instruction_id, instruction)

    def test_cancelled_order_takes_its_instruction_back(self):
        sheet = self._release_order()
        instruction = sheet.instruction_id
        sheet.order_id._action_cancel()
        self.assertEqual(instruction.state, "cancelled")
        self.assertFalse(instruction.activity_ids)
        with self.assertRaisesRegex(UserError, "order is cancelled"):
            instruction.with_user(self.supervisor).action_acknowledge()

    def test_instruction_is_read_when_its_lines_are_gone(self):
        self.roles["chief_engineer"].statement = "engineering"
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        self._submit(sheet)
        engineering = sheet.engineering_ids.with_user(self.draughtsman)
        engineering.answer = "feasible"
        engineering.action_answer()
        for step in (self._approve, self._countersign, self._code, self._release):
            step(sheet)
        instruction, order = sheet.instruction_id, sheet.order_id
        order._action_cancel()
        order.action_draft()
        order.order_line.unlink()
        item = instruction.with_user(self.worker)._get_print_doc()._get_items()[0]
        self.assertIn("Feasible", item["engineering"][0])
        self.assertIn("Test pump", instruction.item_ids.title)

    def test_checklist_goes_with_the_module(self):
        self._get_instruction()
        uninstall_hook(self.env)
        items = self.env["order.desk.check.item"].search(
            [("usage", "=", "instruction")]
        )
        self.assertTrue(items)
        items.unlink()

    def test_quantities_are_given_in_full(self):
        point = self._get_instruction(quantity=1234567).point_ids[0]
        self.assertEqual(point.quantity, "1234567 Units")
        self.assertEqual(format_quantity(12345.67), "12345.67")
        self.assertEqual(format_quantity(10.0), "10")

    # ------------------------------------------------------------- acknowledging

    def test_supervisor_acknowledges_point_by_point(self):
        instruction = self._get_instruction().with_user(self.supervisor)
        self.assertTrue(instruction.can_acknowledge)
        self.assertEqual(instruction.progress_text, "0 of 4")
        instruction.point_ids[0].action_tick()
        self.assertEqual(instruction.progress_text, "1 of 4")
        with self.assertRaisesRegex(UserError, "not ticked yet: Quantities"):
            instruction.action_acknowledge()
        instruction.point_ids[1:].action_tick()
        instruction.action_acknowledge()
        self.assertRecordValues(
            instruction,
            [{"state": "acknowledged", "acknowledged_by_id": self.supervisor.id}],
        )
        self.assertTrue(instruction.acknowledged_on)

    def test_acknowledgement_is_a_milestone(self):
        instruction = self._get_instruction()
        self._acknowledge(instruction)
        milestone = instruction.sheet_id.milestone_ids[-1]
        self.assertEqual(milestone.code, "instruction_acknowledged")
        self.assertEqual(milestone.user_id, self.supervisor)

    def test_nobody_else_acknowledges(self):
        instruction = self._get_instruction()
        for user in (self.worker, self.clerk, self.manager):
            with self.subTest(user=user.name):
                with self.assertRaisesRegex(UserError, "Test supervisor"):
                    instruction.point_ids.with_user(user).action_tick()
                with self.assertRaisesRegex(UserError, "Test supervisor"):
                    instruction.with_user(user).action_acknowledge()

    def test_stranger_does_not_even_read_it(self):
        instruction = self._get_instruction().with_user(self.stranger)
        with self.assertRaises(AccessError):
            instruction.action_acknowledge()

    def test_stand_in_acknowledges_on_behalf(self):
        instruction = self._get_instruction()
        today = self._today()
        self.env["order.desk.stand.in"].create(
            {
                "user_id": self.supervisor.id,
                "stand_in_id": self.worker.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
            }
        )
        self._acknowledge(instruction, self.worker)
        self.assertEqual(instruction.acknowledged_by_id, self.worker)
        self.assertEqual(instruction.acknowledged_for_id, self.supervisor)

    def test_second_acknowledgement_gets_a_message(self):
        self.roles["production_supervisor"].user_ids += self.worker
        instruction = self._get_instruction()
        self._tick_all(instruction)
        instruction.with_user(self.worker).action_acknowledge()
        with self.assertRaisesRegex(UserError, "Test worker acknowledged"):
            instruction.with_user(self.supervisor).action_acknowledge()

    def test_second_tick_gets_a_message(self):
        self.roles["production_supervisor"].user_ids += self.worker
        point = self._get_instruction().point_ids[0]
        point.with_user(self.worker).action_tick()
        with self.assertRaisesRegex(UserError, "Test worker ticked"):
            point.with_user(self.supervisor).action_tick()

    def test_tick_is_taken_back_until_the_acknowledgement(self):
        instruction = self._get_instruction()
        point = instruction.point_ids[0].with_user(self.supervisor)
        point.action_tick()
        point.action_untick()
        self.assertFalse(point.done_on)
        self._acknowledge(instruction)
        with self.assertRaisesRegex(UserError, "acknowledged"):
            point.action_untick()

    def test_what_carries_authority_is_not_written(self):
        instruction = self._get_instruction()
        for user in (self.supervisor, self.administrator):
            with self.assertRaises(AccessError):
                instruction.with_user(user).state = "acknowledged"
            with self.assertRaises(AccessError):
                instruction.point_ids.with_user(user).done_on = fields.Datetime.now()

    def test_it_is_not_duplicated(self):
        with self.assertRaises(UserError):
            self._get_instruction().copy()

    # ------------------------------------------------------------- unclear

    def test_unclear_point_asks_the_salesperson_and_waits(self):
        instruction = self._get_instruction()
        point = instruction.point_ids[0].with_user(self.supervisor)
        question = point._ask("Which plug?\nThe drawing shows another one.")
        self.assertRecordValues(
            question.sudo(),
            [
                {
                    "sheet_id": instruction.sheet_id.id,
                    "name": "Which plug?",
                    "order_line_id": instruction.sheet_id.order_line.id,
                    "user_id": self.salesperson.id,
                    "asked_by_id": self.supervisor.id,
                }
            ],
        )
        self.assertTrue(point.has_open_question)
        with self.assertRaisesRegex(UserError, "waits for an answer"):
            point.action_tick()
        question.with_user(self.salesperson).action_answer("EU")
        self.assertIn("EU", point.questions)
        point.action_tick()

    def test_unclear_needs_words(self):
        point = self._get_instruction().point_ids[0].with_user(self.supervisor)
        with self.assertRaisesRegex(UserError, "Write what is unclear"):
            point._ask("  ")

    def test_question_takes_the_tick_back(self):
        point = self._get_instruction().point_ids[1].with_user(self.supervisor)
        point.action_tick()
        action = point.action_open_ask()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.supervisor)
        wizard.question = "Ten or twelve?"
        wizard.action_ask()
        self.assertFalse(point.done_on)

    # ------------------------------------------------------------- engineering

    def test_engineering_takes_note(self):
        instruction = self._get_instruction()
        for user in (self.engineer, self.draughtsman):
            self.assertIn(user, instruction.activity_ids.user_id)
        instruction.with_user(self.draughtsman).action_take_note()
        self.assertEqual(instruction.noted_by_id, self.draughtsman)
        self.assertEqual(instruction.activity_ids.user_id, self.supervisor)
        with self.assertRaisesRegex(UserError, "Test draughtsman took note"):
            instruction.with_user(self.engineer).action_take_note()

    def test_nobody_else_takes_note(self):
        instruction = self._get_instruction()
        with self.assertRaisesRegex(UserError, "copy of .* is for"):
            instruction.with_user(self.supervisor).action_take_note()

    # ------------------------------------------------------------- to-dos

    def test_supervisor_has_a_to_do_until_acknowledged(self):
        instruction = self._get_instruction()
        todo = instruction.activity_ids.filtered(
            lambda activity: activity.user_id == self.supervisor
        )
        self.assertEqual(todo.summary, "Acknowledge the production instruction")
        with self.assertRaises(UserError):
            todo.with_user(self.supervisor).action_feedback()
        self._acknowledge(instruction)
        self.assertFalse(todo.exists())

    def test_list_of_what_waits_for_me(self):
        instruction = self._get_instruction()
        for user, found in (
            (self.supervisor, True),
            (self.draughtsman, True),
            (self.worker, False),
        ):
            mine = instruction.with_user(user).search([("is_mine", "=", True)])
            self.assertEqual(instruction in mine, found, user.name)

    def test_superior_is_told_of_what_is_late_and_forgets_it_again(self):
        self.roles["production_supervisor"].superior_id = self.production
        instruction = self._get_instruction()
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            with self.enter_registry_test_mode():
                cron = self.env.ref("order_desk_mrp.ir_cron_follow_instructions")
                cron.method_direct_trigger()
            self.assertTrue(instruction.is_overdue)
            self.assertIn(self.production, instruction.activity_ids.user_id)
            found = instruction.search([("is_overdue", "=", True)])
            self.assertIn(instruction, found)
            self._acknowledge(instruction)
        self.assertNotIn(self.production, instruction.activity_ids.user_id)

    def test_new_supervisor_gets_the_to_do(self):
        instruction = self._get_instruction()
        self.roles["production_supervisor"].user_ids = self.worker
        users = instruction.activity_ids.user_id
        self.assertIn(self.worker, users)
        self.assertNotIn(self.supervisor, users)

    # ------------------------------------------------------------- the customer

    def test_workshop_never_learns_the_customers_name(self):
        instruction = self._get_instruction().with_user(self.worker)
        production = self._get_productions(instruction.sudo().sheet_id)
        for record in (instruction, *instruction.point_ids, *production):
            record = record.with_user(self.worker)
            own = [
                name
                for name, field in record._fields.items()
                if field._module
                and field._module.startswith("order_desk")
                and record._has_field_access(field, "read")
            ]
            values = record.read(own)[0]
            self.assertNotIn("Test customer", str(values))
            self.assertNotIn("Dock Road", str(values))

    def test_workshop_finds_it_by_the_customers_code(self):
        instruction = self._get_instruction().with_user(self.worker)
        domain = [("customer_code", "=", "K-1")]
        self.assertIn(instruction, instruction.search(domain))
        self.assertIn(instruction.id, dict(instruction.name_search("K-1")))

    def test_sheet_hides_the_customer_from_who_does_not_read_it(self):
        sheet = self._release_order()
        self.assertNotIn("Test customer", sheet.with_user(self.worker).display_name)
        self.assertIn("Test customer", sheet.with_user(self.clerk).display_name)

    def test_print_names_the_code_and_not_the_customer(self):
        self.pump.list_price = 98765.43
        sheet = self._release_order(special_requirement="Ceramic shaft")
        self.assertEqual(sheet.order_line.price_unit, 98765.43)
        instruction = sheet.instruction_id
        report = self.env["ir.actions.report"].with_user(self.worker)
        html = report._render_qweb_html(
            "order_desk_mrp.report_instruction", instruction.ids
        )[0].decode()
        for text in (
            instruction.name,
            sheet.order_code,
            "K-1",
            "Test pump",
            "Ceramic shaft",
            "Cast iron",
        ):
            self.assertIn(text, html)
        for hidden in ("Test customer", "Dock Road", "98765", "98,765", "987,654"):
            self.assertNotIn(hidden, html)
        self.assertNotIn("Test customer", instruction._get_print_name())

    def test_stranger_prints_nothing(self):
        instruction = self._get_instruction()
        with self.assertRaises(AccessError):
            instruction.with_user(self.stranger).action_print()
        with self.assertRaises(AccessError):
            instruction.with_user(self.stranger)._get_print_doc()

    def test_qr_code_leads_to_its_page(self):
        instruction = self._get_instruction()
        self.assertTrue(
            instruction._get_print_url().endswith(
                f"/odoo/order-desk-instructions/{instruction.id}"
            )
        )

    def test_other_company_does_not_see_it(self):
        instruction = self._get_instruction()
        company = self.env["res.company"].create({"name": "Second factory"})
        self.worker.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        with self.assertRaises(AccessError):
            instruction.with_user(self.worker).read(["name"])
