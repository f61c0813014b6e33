from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestSigning(OrderDeskCommon):
    def test_approval_confirms_the_sales_order(self):
        sheet = self._make_at("countersign")
        self.assertEqual(sheet.state, "countersign")
        self.assertEqual(sheet.order_id.state, "sale")

    def test_approval_by_someone_without_the_role_names_who_may(self):
        sheet = self._make_at("review")
        self._check(sheet)
        with self.assertRaisesRegex(UserError, self.manager.name):
            sheet.with_user(self.production).action_approve()
        self.assertEqual(sheet.order_id.state, "draft")

    def test_countersigning_works_in_any_order(self):
        sheet = self._make_at("countersign")
        for code, user, statement in (
            ("chief_engineer", self.engineer, False),
            ("material_control_manager", self.material, "On hand"),
            ("general_manager", self.manager, False),
        ):
            sheet.with_user(user).action_sign(self.roles[code].id, statement)
            self.assertEqual(sheet.state, "countersign")
        sheet.with_user(self.production).action_sign(
            self.roles["production_manager"].id, self._soon()
        )
        self.assertEqual(sheet.state, "coding")

    def test_one_signer_of_a_role_signs_for_all(self):
        self.roles["chief_engineer"].user_ids |= self.stranger
        sheet = self._make_at("countersign")
        sheet.with_user(self.stranger).action_sign(self.roles["chief_engineer"].id)
        with self.assertRaisesRegex(UserError, "already"):
            sheet.with_user(self.engineer).action_sign(self.roles["chief_engineer"].id)

    def test_signing_for_a_role_of_another_is_refused(self):
        sheet = self._make_at("countersign")
        with self.assertRaisesRegex(UserError, self.engineer.name):
            sheet.with_user(self.material).action_sign(self.roles["chief_engineer"].id)
        self.assertFalse(
            sheet.signature_ids.filtered(
                lambda s: s.role_id == self.roles["chief_engineer"]
            )
        )

    def test_production_states_the_finish_date(self):
        sheet = self._make_at("coding")
        self.assertEqual(sheet.finish_date, self._soon())

    def test_signing_without_the_statement_is_refused(self):
        sheet = self._make_at("countersign")
        for code, user in (
            ("production_manager", self.production),
            ("material_control_manager", self.material),
        ):
            with self.subTest(role=code), self.assertRaises(UserError):
                sheet.with_user(user).action_sign(self.roles[code].id)

    def test_statement_that_is_no_date_is_refused(self):
        sheet = self._make_at("countersign")
        with self.assertRaisesRegex(UserError, "Finish date"):
            sheet.with_user(self.production).action_sign(
                self.roles["production_manager"].id, "next week"
            )

    def test_finish_date_in_the_past_is_refused(self):
        sheet = self._make_at("countersign")
        with self.assertRaisesRegex(UserError, "past"):
            sheet.with_user(self.production).action_sign(
                self.roles["production_manager"].id,
                self._soon(-2),
            )
        self.assertFalse(sheet.finish_date)

    def test_engineer_answers_in_writing_for_non_standard_lines_only(self):
        standard = self._make_sheet()
        special = self._make_sheet(special_requirement="Ceramic shaft")
        self._bring_to(standard | special, "countersign")
        engineer = self.roles["chief_engineer"].id
        standard.with_user(self.engineer).action_sign(engineer)
        with self.assertRaises(UserError):
            special.with_user(self.engineer).action_sign(engineer)

    def test_refusal_sends_the_sheet_back_and_keeps_what_was_signed(self):
        sheet = self._make_at("countersign")
        sheet.with_user(self.material).action_sign(
            self.roles["material_control_manager"].id, "On hand"
        )
        sheet.with_user(self.engineer).action_refuse(
            self.roles["chief_engineer"].id, "The flange does not exist"
        )
        self.assertRecordValues(sheet, [{"state": "draft", "revision": 2}])
        self.assertEqual(sheet.activity_ids.user_id, self.salesperson)
        self.assertIn("flange", sheet.activity_ids.note)
        self._submit(sheet)
        self.assertEqual(
            sheet.state, "countersign", "the approval still stands: nothing changed"
        )
        pending = sheet._get_pending_roles("countersign")[sheet]
        self.assertNotIn(self.roles["material_control_manager"], pending)
        self.assertIn(self.roles["chief_engineer"], pending)

    def test_refusal_without_a_reason_is_refused(self):
        sheet = self._make_at("countersign")
        with self.assertRaisesRegex(UserError, "why"):
            sheet.with_user(self.engineer).action_refuse(
                self.roles["chief_engineer"].id, "  "
            )
        self.assertEqual(sheet.state, "countersign")

    def test_change_makes_only_the_roles_concerned_sign_again(self):
        sheet = self._make_at("coding")
        sheet.order_id.order_line.special_requirement = "Ceramic shaft"
        current = sheet.signature_ids.filtered("is_current").role_id
        self.assertIn(self.roles["general_manager"], current)
        self.assertIn(self.roles["material_control_manager"], current)
        self.assertNotIn(self.roles["chief_engineer"], current)
        self.assertNotIn(self.roles["production_manager"], current)
        self.assertEqual(
            sheet.activity_ids.filtered(lambda a: "Sign" in (a.summary or "")).user_id,
            self.engineer | self.production,
        )

    def test_signature_notices_a_change_behind_the_orm(self):
        sheet = self._make_at("coding")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET price_unit = 1 WHERE order_id = %s",
            [sheet.order_id.id],
        )
        self.env.invalidate_all()
        self.assertTrue(sheet.is_changed)
        self.assertNotIn(
            self.roles["general_manager"],
            sheet.signature_ids.filtered("is_current").role_id,
        )

    def test_language_of_the_signer_does_not_matter(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.manager.lang = "zh_CN"
        sheet = self._make_at("coding")
        self.assertFalse(sheet.with_context(lang="zh_CN").is_changed)
        self.assertFalse(sheet.is_changed)

    def test_signature_cannot_be_changed_or_deleted_by_the_administrator(self):
        signature = self._make_at("countersign").signature_ids
        for user in (self.administrator, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                signature.with_user(user).write({"note": "changed"})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                signature.with_user(user).unlink()
        with self.assertRaises(UserError):
            signature.sudo().write({"decision": "refused"})
        with self.assertRaises(UserError):
            signature.sudo().unlink()

    def test_signature_cannot_be_forged(self):
        sheet = self._make_at("countersign")
        with self.assertRaises(AccessError):
            self.env["order.desk.signature"].with_user(self.administrator).create(
                {
                    "sheet_id": sheet.id,
                    "role_id": self.roles["chief_engineer"].id,
                    "user_id": self.engineer.id,
                    "decision": "signed",
                }
            )

    def test_state_cannot_be_written_or_given_at_creation(self):
        sheet = self._make_sheet()
        with self.assertRaises(AccessError):
            sheet.with_user(self.administrator).write({"state": "released"})
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "team_id": self.plain_team.id}
        )
        sheets = self.env["order.desk.sheet"].with_user(self.administrator)
        with self.assertRaises(AccessError):
            sheets.create({"order_id": order.id, "state": "released"})
        made = sheets.with_context(default_state="released").create(
            {"order_id": order.id}
        )
        self.assertEqual(made.state, "draft")

    def test_many_sheets_are_signed_with_the_same_queries_each(self):
        def count(sheets):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sheets.with_user(self.engineer).action_sign(self.roles["chief_engineer"].id)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        sheets = self.env["order.desk.sheet"].union(
            *(self._make_sheet() for _i in range(12))
        )
        self._bring_to(sheets, "countersign")
        count(sheets[:1])
        few, many = count(sheets[1:3]), count(sheets[3:])
        self.assertLessEqual(many / 9, few / 2)
