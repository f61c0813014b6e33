from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common_engineering import EngineeringCommon

TODO = "order_desk_mrp.mail_activity_type_engineering"
INFEASIBLE = "order_desk_mrp.mail_activity_type_not_feasible"


@tagged("post_install", "-at_install")
class TestEngineering(EngineeringCommon):
    def _get_todo_users(self, record, xmlid=TODO):
        return record.sudo().activity_search([xmlid]).user_id

    # ------------------------------------------------------------- asking

    def test_engineering_is_asked_when_the_order_is_submitted(self):
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        self.assertFalse(sheet.engineering_ids)
        self._submit(sheet)
        self.assertRecordValues(
            sheet.engineering_ids,
            [
                {
                    "state": "asked",
                    "special_requirement": "Ceramic shaft",
                    "product_id": self.pump.id,
                }
            ],
        )
        self.assertIn("Ceramic shaft", sheet.message_ids[:5].mapped("body").__str__())

    def test_standard_lines_are_not_asked_about(self):
        sheet = self._make_sheet()
        self._submit(sheet)
        self.assertFalse(sheet.engineering_ids)

    def test_a_line_that_leaves_the_standard_later_is_asked_about(self):
        sheet = self._make_sheet()
        self._bring_to(sheet, "countersign")
        sheet.order_line.special_requirement = "Ceramic shaft"
        self.assertEqual(sheet.engineering_ids.state, "asked")

    def test_before_anybody_has_signed_as_well(self):
        sheet = self._make_sheet()
        self._submit(sheet)
        sheet.order_line.special_requirement = "Ceramic shaft"
        self.assertEqual(sheet.engineering_ids.state, "asked")

    def test_a_company_without_that_statement_is_left_alone(self):
        self.roles["chief_engineer"].statement = "text"
        self.assertFalse(self._make_asked().engineering_ids)

    def test_a_line_that_comes_back_into_the_standard_needs_none(self):
        sheet = self._make_asked()
        engineering = sheet.engineering_ids
        sheet.order_line.special_requirement = False
        self.assertEqual(engineering.state, "cancelled")
        self.assertFalse(self._get_todo_users(engineering))
        self.assertFalse(sheet.engineering_ids)

    def test_a_line_that_is_taken_off_needs_none(self):
        sheet = self._make_sheet()
        line = self._add_line(sheet, special_requirement="Ceramic shaft")
        self._submit(sheet)
        engineering = sheet.engineering_ids
        line.unlink()
        self.assertEqual(engineering.state, "cancelled")
        self.assertIn("Test pump", engineering.display_name)

    def test_a_line_that_is_taken_off_a_refused_order_needs_none(self):
        sheet = self._make_sheet()
        line = self._add_line(sheet, special_requirement="Ceramic shaft")
        self._submit(sheet)
        engineering = sheet.engineering_ids
        sheet.with_user(self.checker).action_refuse(self.roles["order_check"].id, "No")
        line.with_user(self.salesperson).unlink()
        self.assertEqual(engineering.state, "cancelled")
        self.assertFalse(engineering.activity_ids)
        with self.assertRaisesRegex(UserError, "Not Needed"):
            engineering.with_user(self.draughtsman).action_answer()

    def test_a_cancelled_order_needs_none(self):
        sheet = self._make_asked()
        engineering = sheet.engineering_ids
        sheet.with_user(self.clerk).action_cancel()
        self.assertEqual(engineering.state, "cancelled")

    def test_engineers_have_a_todo_until_it_is_answered(self):
        engineering = self._make_asked().engineering_ids
        self.assertEqual(self._get_todo_users(engineering), self.draughtsman)
        self._answer(engineering)
        self.assertFalse(self._get_todo_users(engineering))

    def test_without_engineers_the_chief_engineer_has_it(self):
        self.roles["engineer"].user_ids = False
        engineering = self._make_asked().engineering_ids
        self.assertEqual(self._get_todo_users(engineering), self.engineer)
        self._answer(engineering, user=self.engineer)
        self.assertEqual(engineering.answered_by_id, self.engineer)

    def test_a_stand_in_answers_for_the_engineer(self):
        self.env["order.desk.stand.in"].create(
            {
                "user_id": self.draughtsman.id,
                "stand_in_id": self.stranger.id,
                "date_from": self._soon(-1),
                "date_to": self._soon(5),
            }
        )
        engineering = self._make_asked().engineering_ids
        self.assertIn(self.stranger, self._get_todo_users(engineering))
        self._answer(engineering, user=self.stranger)
        self.assertEqual(engineering.on_behalf_of_id, self.draughtsman)

    def test_a_superior_is_told_when_engineering_is_late(self):
        self.roles["engineer"].superior_id = self.manager
        engineering = self._make_asked().engineering_ids
        late = "order_desk_mrp.mail_activity_type_engineering_late"
        self.assertFalse(self._get_todo_users(engineering, late))
        with freeze_time(fields.Datetime.now() + timedelta(days=7)):
            self.env.invalidate_all()
            cron = self.env.ref("order_desk_mrp.ir_cron_follow_engineering")
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertTrue(engineering.is_overdue)
            self.assertEqual(self._get_todo_users(engineering, late), self.manager)

    def test_many_orders_are_asked_about_at_once(self):
        sheets = self._make_sheet(special_requirement="Ceramic shaft")
        sheets |= self._make_sheet()
        sheets |= self._make_sheet(special_requirement="Left thread")
        self._submit(sheets)
        self.assertEqual(
            sheets.engineering_ids.mapped("special_requirement"),
            ["Ceramic shaft", "Left thread"],
        )
        self.assertEqual(len(sheets.engineering_ids), 2)

    # ------------------------------------------------------------- answering

    def test_feasible(self):
        sheet = self._make_asked()
        engineering = self._answer(sheet.engineering_ids)
        self.assertRecordValues(
            engineering,
            [{"state": "answered", "answered_by_id": self.draughtsman.id}],
        )
        self.assertIn(
            "Engineering: Feasible", sheet.order_line._get_engineering_texts()
        )
        self.assertIn("Feasible", str(sheet.message_ids[:3].mapped("body")))

    def test_feasible_with_changed_process(self):
        sheet = self._make_asked()
        self._answer(
            sheet.engineering_ids, "changed", process="Press cold", formula="Al2O3 99 %"
        )
        self.assertEqual(
            sheet.order_line._get_engineering_texts(),
            [
                "Engineering: Feasible with changed process",
                "Process: Press cold",
                "Formula: Al2O3 99 %",
            ],
        )

    def test_an_answer_has_to_say_something(self):
        engineering = self._make_asked().engineering_ids
        for values, message in (
            ({"answer": False}, "say whether it is feasible"),
            ({"answer": "changed"}, "say what changes"),
            ({"answer": "not_feasible"}, "say why it is not feasible"),
            ({"answer": "not_feasible", "reason": "No"}, "propose something"),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._answer(engineering, **values)
        self.assertEqual(engineering.state, "asked")

    def test_what_belongs_to_another_answer_is_dropped(self):
        engineering = self._make_asked().engineering_ids
        self._answer(engineering, "feasible", process="Press cold", reason="No")
        self.assertFalse(engineering.process)
        self.assertFalse(engineering.reason)

    def test_the_second_of_two_engineers_gets_a_message(self):
        engineering = self._make_asked().engineering_ids
        self._answer(engineering)
        with self.assertRaisesRegex(UserError, "answered already, by Test draughtsman"):
            engineering.with_user(self.engineer).action_answer()

    def test_what_was_answered_stays_as_it_is(self):
        engineering = self._answer(self._make_asked().engineering_ids)
        with self.assertRaisesRegex(UserError, "Answer Anew"):
            engineering.answer = "not_feasible"
        with self.assertRaises(AccessError):
            engineering.state = "asked"
        with self.assertRaises(AccessError):
            engineering.unlink()

    def test_only_engineers_answer(self):
        engineering = self._make_asked().engineering_ids
        for user in (self.salesperson, self.clerk, self.manager, self.worker):
            with self.subTest(user.name), self.assertRaises(AccessError):
                engineering.with_user(user).action_answer()
            with self.subTest(user.name), self.assertRaises(AccessError):
                engineering.with_user(user).write({"answer": "feasible"})

    def test_strangers_see_nothing_and_the_workshop_no_customer(self):
        engineering = self._make_asked().engineering_ids
        with self.assertRaises(AccessError):
            engineering.with_user(self.stranger).read(["answer"])
        workshop = engineering.with_user(self.worker)
        self.assertEqual(workshop.special_requirement, "Ceramic shaft")
        self.assertNotIn(self.customer.name, workshop.display_name)
        with self.assertRaises(AccessError):
            workshop.read(["partner_id"])

    def test_the_workshop_looks_one_up_by_its_order(self):
        engineering = self._make_asked().engineering_ids.with_user(self.worker)
        name = engineering.sudo().order_id.name
        self.assertIn(engineering.id, dict(engineering.name_search(name)))
        found = engineering.search([("display_name", "ilike", name)])
        self.assertIn(engineering, found)
        self.assertFalse(engineering.search([("is_mine", "=", True)]))

    def test_the_name_of_the_line_is_not_for_the_workshop(self):
        engineering = self._make_asked().engineering_ids.with_user(self.worker)
        with self.assertRaises(AccessError):
            engineering.read(["sale_line_id"])
        bom = self.pump_bom.with_user(self.worker)
        with self.assertRaises(AccessError):
            bom.read(["order_desk_sale_line_id"])
        self.assertFalse(engineering.history_ids)

    def test_notes_are_not_asked_about(self):
        sheet = self._make_asked()
        sheet.order_id.order_line = [
            Command.create(
                {
                    "display_type": "line_note",
                    "name": "By truck",
                    "special_requirement": "Ceramic shaft",
                }
            )
        ]
        self._answer(sheet.engineering_ids)
        self.assertFalse(sheet._get_engineering_missing())

    def test_salespeople_read_those_of_their_own_orders(self):
        engineering = self._make_asked().engineering_ids
        self.assertTrue(engineering.with_user(self.salesperson).has_access("read"))
        other = new_test_user(
            self.env, "odm_other", groups="sales_team.group_sale_salesman"
        )
        self.assertFalse(engineering.with_user(other).has_access("read"))

    def test_another_company_sees_nothing(self):
        engineering = self._make_asked().engineering_ids
        company = self.env["res.company"].create({"name": "Other company"})
        user = new_test_user(
            self.env,
            "odm_foreign",
            groups="order_desk.group_order_desk_clerk",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(engineering.with_user(user).has_access("read"))

    # ------------------------------------------------------------- bound to the line

    def test_a_changed_line_is_asked_about_anew(self):
        sheet = self._make_asked()
        old = self._answer(sheet.engineering_ids)
        for values in (
            {"special_requirement": "Ceramic shaft, 20 mm"},
            {"tolerance_over": 5},
            {"configuration": {"a1b2c3d4e5f60002": "US"}},
        ):
            with self.subTest(values):
                before = sheet.engineering_ids
                self._answer(before) if before.state == "asked" else None
                sheet.order_line.write(values)
                self.assertEqual(before.state, "outdated")
                self.assertEqual(sheet.engineering_ids.state, "asked")
        self.assertIn(old.sudo(), sheet.engineering_ids.history_ids)
        self.assertEqual(old.special_requirement, "Ceramic shaft")

    def test_quantity_and_price_make_nothing_outdated(self):
        sheet = self._make_asked()
        engineering = self._answer(sheet.engineering_ids)
        sheet.order_line.write({"product_uom_qty": 20, "price_unit": 300})
        self.assertEqual(engineering.state, "answered")

    def test_an_open_question_follows_the_line(self):
        sheet = self._make_asked()
        sheet.order_line.special_requirement = "Left thread"
        self.assertRecordValues(
            sheet.engineering_ids,
            [{"state": "asked", "special_requirement": "Left thread"}],
        )

    def test_an_answer_can_be_corrected_and_the_old_one_stays(self):
        sheet = self._make_asked()
        old = self._answer(sheet.engineering_ids, "changed", process="Press cold")
        drawing = self._send_drawing(old)
        old.action_revise("It has to be hot")
        new = sheet.engineering_ids
        self.assertEqual(old.state, "outdated")
        self.assertRecordValues(
            new, [{"state": "asked", "answer": "changed", "process": "Press cold"}]
        )
        self.assertEqual(new.drawing_ids, drawing.sudo())
        self.assertEqual(drawing.state, "sent")

    # ------------------------------------------------------------- not feasible

    def test_sales_manager_and_salesperson_are_told(self):
        engineering = self._refuse(self._make_asked().engineering_ids)
        self.assertEqual(
            self._get_todo_users(engineering, INFEASIBLE), self.salesperson
        )
        told = self.env["mail.message"].search(
            [
                ("model", "=", engineering._name),
                ("res_id", "=", engineering.id),
                ("partner_ids", "in", self.sales_manager.partner_id.ids),
            ]
        )
        self.assertIn("Not feasible", told.subject)

    def test_the_proposal_is_taken_over_with_one_click(self):
        sheet = self._make_asked()
        engineering = self._refuse(
            sheet.engineering_ids,
            proposed_product_id=self.motor.id,
            proposed_requirement="Steel shaft",
        )
        engineering.with_user(self.salesperson).action_take_over()
        self.assertRecordValues(
            sheet.order_line,
            [{"product_id": self.motor.id, "special_requirement": "Steel shaft"}],
        )
        self.assertRecordValues(
            engineering, [{"state": "outdated", "proposal_state": "taken"}]
        )
        self.assertFalse(self._get_todo_users(engineering, INFEASIBLE))
        self.assertEqual(sheet.engineering_ids.special_requirement, "Steel shaft")

    def test_a_proposal_within_the_standard_settles_it(self):
        sheet = self._make_asked()
        engineering = self._refuse(sheet.engineering_ids, drops_requirement=True)
        engineering.with_user(self.clerk).action_take_over()
        self.assertFalse(sheet.order_line.special_requirement)
        self.assertFalse(sheet.engineering_ids)

    def test_a_proposal_in_words_is_not_taken_over_by_click(self):
        engineering = self._refuse(self._make_asked().engineering_ids)
        with self.assertRaisesRegex(UserError, "by hand"):
            engineering.with_user(self.salesperson).action_take_over()

    def test_only_sales_decides_about_a_proposal(self):
        engineering = self._refuse(
            self._make_asked().engineering_ids, drops_requirement=True
        )
        for user in (self.draughtsman, self.manager, self.worker):
            for method, args in (
                ("action_take_over", ()),
                ("action_decline", ("No",)),
                ("action_insist", ("Yes",)),
            ):
                with (
                    self.subTest(f"{user.name} {method}"),
                    self.assertRaises(AccessError),
                ):
                    getattr(engineering.with_user(user), method)(*args)

    def test_a_declined_proposal_still_waits_for_the_salesperson(self):
        engineering = self._refuse(self._make_asked().engineering_ids)
        engineering.with_user(self.salesperson).action_decline("Too heavy")
        self.assertRecordValues(
            engineering,
            [{"proposal_state": "declined", "settle_reason": "Too heavy"}],
        )
        self.assertEqual(
            self._get_todo_users(engineering, INFEASIBLE), self.salesperson
        )
        with self.assertRaisesRegex(UserError, "decided on already"):
            engineering.with_user(self.salesperson).action_decline("Again")

    def test_the_customer_insists_and_engineering_confirms_in_writing(self):
        sheet = self._make_asked()
        engineering = self._refuse(sheet.engineering_ids)
        engineering.with_user(self.salesperson).action_insist("They want ceramics")
        self.assertEqual(engineering.state, "insisted")
        self.assertEqual(self._get_todo_users(engineering), self.draughtsman)
        with self.assertRaisesRegex(UserError, "Confirmed Process"):
            engineering.action_confirm_process()
        engineering.write(
            {"confirmed_process": "Sinter twice", "estimated_result": "Half its life"}
        )
        engineering.action_confirm_process()
        self.assertEqual(engineering.state, "confirmed")
        self.assertIn(
            "Estimated result: Half its life", sheet.order_line._get_engineering_texts()
        )
        self.assertFalse(self._get_todo_users(engineering))

    def test_insisting_needs_words_and_an_infeasible_line(self):
        sheet = self._make_asked()
        engineering = sheet.engineering_ids.with_user(self.salesperson)
        with self.assertRaisesRegex(UserError, "To Answer"):
            engineering.action_insist("They want it")
        self._refuse(engineering)
        with self.assertRaisesRegex(UserError, "Write down"):
            engineering.action_insist(" ")
        engineering.action_insist("They want it")
        with self.assertRaisesRegex(UserError, "insists already"):
            engineering.action_insist("They want it")

    # ------------------------------------------------------------- signature, gate

    def test_the_chief_engineer_cannot_sign_before_every_line_is_answered(self):
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        self._add_line(sheet, special_requirement="Left thread")
        self._bring_to(sheet, "countersign")
        role = self.roles["chief_engineer"]
        first, second = sheet.engineering_ids.sorted("id")
        self._answer(first)
        self._refuse(second)
        with self.assertRaises(UserError) as caught:
            sheet.with_user(self.engineer).action_sign(role.id)
        message = str(caught.exception)
        self.assertNotIn("1. ", message)
        self.assertIn("2. [TP-1] Test pump: not feasible (Test salesperson)", message)

    def test_the_signature_states_the_answers(self):
        sheet = self._make_at("countersign", special_requirement="Ceramic shaft")
        role = self.roles["chief_engineer"]
        self._answer(sheet.engineering_ids, "changed", process="Press cold")
        sheet = sheet.with_user(self.engineer)
        proposals = role._get_statement_proposals(sheet)
        self.assertIn("Press cold", proposals[sheet][1])
        sheet.action_sign(role.id)
        signature = sheet.sudo()._get_last_signatures()[role]
        self.assertIn("Process: Press cold", signature.statement)

    def test_opening_the_signature_asks_where_nobody_has_asked(self):
        self.roles["chief_engineer"].statement = "text"
        sheet = self._make_at("countersign", special_requirement="Ceramic shaft")
        self.roles["chief_engineer"].statement = "engineering"
        sheet.with_user(self.engineer).action_open_sign()
        self.assertEqual(sheet.engineering_ids.state, "asked")

    def test_what_was_signed_before_engineering_was_asked_stays_signed(self):
        self.roles["chief_engineer"].statement = "text"
        sheet = self._make_at("released", special_requirement="Ceramic shaft")
        digests = sheet.digests
        self.roles["chief_engineer"].statement = "engineering"
        sheet._advance()
        self.assertFalse(sheet.engineering_ids)
        self.assertEqual(sheet.digests, digests)
        codes = [c["code"] for c in sheet.order_id.production_gate]
        self.assertNotIn("engineering", codes)

    def test_a_new_answer_makes_engineering_sign_again_and_no_one_else(self):
        sheet = self._make_at("countersign", special_requirement="Ceramic shaft")
        engineering = self._answer(sheet.engineering_ids)
        self._countersign(sheet)
        self.assertEqual(sheet.state, "coding")
        engineering.action_revise("It has to be hot")
        self._answer(sheet.engineering_ids, "changed", process="Press hot")
        pending = sheet._get_roles_to_sign()[sheet]
        self.assertEqual(
            set(pending.mapped("code")), {"chief_engineer", "production_manager"}
        )
        self.assertIn(
            "Engineering's answer",
            [
                c["label"]
                for c in sheet._get_last_signatures()[pending[0]]._get_changes()
            ],
        )

    def test_the_customers_confirmation_stays_good_when_engineering_answers(self):
        sheet = self._make_at("countersign", special_requirement="Ceramic shaft")
        revision = sheet._take_revisions()[sheet]
        self._answer(sheet.engineering_ids)
        self.assertNotEqual(sheet.digests, revision.digests)
        self.assertTrue(sheet._is_same_for_customer(revision))

    def _get_condition(self, sheet):
        conditions = sheet.order_id.with_user(self.clerk).production_gate
        return next((c for c in conditions if c["code"] == "engineering"), None)

    def test_the_production_gate_waits_for_engineering(self):
        sheet = self._make_asked()
        condition = self._get_condition(sheet)
        self.assertFalse(condition["holds"])
        self.assertIn("not answered yet", condition["reason"])
        self.assertEqual(condition["actor"], self.draughtsman.name)
        action = sheet.order_id.with_user(self.clerk).action_open_condition(
            "engineering"
        )
        self.assertEqual(action["res_id"], sheet.engineering_ids.id)
        engineering = self._refuse(sheet.engineering_ids)
        condition = self._get_condition(sheet)
        self.assertIn("not feasible", condition["reason"])
        self.assertEqual(condition["actor"], self.salesperson.name)
        engineering.with_user(self.salesperson).action_insist("They want it")
        self.assertIn("in writing", self._get_condition(sheet)["reason"])
        engineering.write({"confirmed_process": "Sinter", "estimated_result": "Poor"})
        engineering.action_confirm_process()
        self.assertTrue(self._get_condition(sheet)["holds"])

    def test_standard_orders_have_no_such_condition(self):
        sheet = self._make_sheet()
        self._submit(sheet)
        self.assertIsNone(self._get_condition(sheet))

    def test_the_condition_can_be_waived(self):
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        self._bring_to(sheet, "countersign")
        self._answer(sheet.engineering_ids)
        drawing = self._send_drawing(sheet.engineering_ids)
        self._countersign(sheet)
        right = self.env["order.desk.waiver.right"].search(
            [
                ("condition", "=", "engineering"),
                ("company_id", "=", self.env.company.id),
            ]
        )
        self.assertEqual(right.role_id.code, "general_manager")
        sheet.with_user(self.manager).action_waive(
            "production", "engineering", "Known", "Get it approved", self._soon()
        )
        self.assertTrue(self._get_condition(sheet)["holds"])
        self._note_approval(drawing)
        self.assertTrue(self._get_condition(sheet)["holds"])

    def test_release_after_all_is_answered_and_approved(self):
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        self._bring_to(sheet, "countersign")
        self._answer(sheet.engineering_ids)
        drawing = self._send_drawing(sheet.engineering_ids)
        self._countersign(sheet)
        self._code(sheet)
        with self.assertRaisesRegex(UserError, "not approved by the customer"):
            self._release(sheet)
        self._note_approval(drawing)
        sheet.with_user(self.clerk).action_release()
        self.assertEqual(sheet.state, "released")
        self.assertIn("engineering_answered", sheet.milestone_ids.mapped("code"))

    # ------------------------------------------------------------- bad input

    @mute_logger("odoo.sql_db")
    def test_one_current_confirmation_for_each_line(self):
        engineering = self._make_asked().engineering_ids
        with self.assertRaises(IntegrityError):
            engineering.copy()

    def test_protected_fields_win_over_the_context(self):
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        sheet.with_user(self.clerk).with_context(
            default_state="answered", default_answer="feasible"
        ).action_submit()
        self.assertEqual(sheet.engineering_ids.state, "asked")

    def test_queries_do_not_grow_with_the_lines(self):
        counts = []
        for number in (2, 6):
            sheet = self._make_sheet(special_requirement="Ceramic shaft")
            for _line in range(number):
                self._add_line(sheet, special_requirement="Left thread")
            self._submit(sheet)
            for engineering in sheet.engineering_ids:
                self._answer(engineering)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.assertTrue(sheet.order_id.production_gate)
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)
