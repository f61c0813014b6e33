from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestConditions(OrderDeskCommon):
    def _unmet(self, order):
        return [c["code"] for c in order.production_gate if not c["holds"]]

    def test_conditions_close_one_by_one_until_release(self):
        sheet = self._make_sheet(complete=False)
        order = sheet.order_id
        self.assertIn("complete", self._unmet(order))
        order.commitment_date = self._soon()
        self._configure(order.order_line)
        self.assertNotIn("complete", self._unmet(order))
        self._bring_to(sheet, "countersign")
        self.assertNotIn("sign:general_manager_review", self._unmet(order))
        self.assertIn("sign:production_manager", self._unmet(order))
        self._countersign(sheet)
        self.assertEqual(self._unmet(order), ["codes", "confirmation"])
        self._code(sheet)
        self.assertEqual(self._unmet(order), ["confirmation"])
        self._confirm(sheet)
        self.assertEqual(self._unmet(order), [])
        self.assertFalse(order.shipping_gate[0]["holds"])
        sheet.with_user(self.clerk).action_release()
        self.assertTrue(order.shipping_gate[0]["holds"])

    def test_condition_says_why_not_and_who_must_act(self):
        sheet = self._make_at("countersign")
        condition = next(
            c
            for c in sheet.order_id.production_gate
            if c["code"] == "sign:chief_engineer"
        )
        self.assertEqual(condition["actor"], self.engineer.name)
        self.assertTrue(condition["reason"])

    def test_condition_opens_the_signing_dialog_for_its_signer_alone(self):
        sheet = self._make_at("countersign")
        code = "sign:chief_engineer"
        mine = sheet.with_user(self.engineer).action_open_condition(code)
        self.assertEqual(mine["res_model"], "order.desk.sheet.sign")
        wizard = self.env["order.desk.sheet.sign"].browse(mine["res_id"])
        self.assertEqual(wizard.role_id, self.roles["chief_engineer"])
        self.assertEqual(wizard.sheet_ids, sheet)
        other = sheet.with_user(self.clerk).action_open_condition(code)
        self.assertEqual(other["res_model"], "order.desk.sheet")

    def test_signer_reads_the_sheet_and_its_lines_but_no_other_order(self):
        sheet = self._make_at("countersign")
        seen = sheet.with_user(self.engineer)
        self.assertEqual(seen.order_line.product_id, self.pump)
        self.assertTrue(seen.production_gate)
        plain = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "team_id": self.plain_team.id}
        )
        self.assertFalse(plain.with_user(self.engineer).has_access("read"))
        self.assertFalse(sheet.with_user(self.stranger).has_access("read"))

    def test_person_who_leaves_a_role_loses_the_access(self):
        sheet = self._make_at("countersign")
        self.roles["chief_engineer"].user_ids = self.stranger
        self.assertTrue(sheet.with_user(self.stranger).has_access("read"))
        self.assertFalse(sheet.with_user(self.engineer).has_access("read"))
        self.assertIn(self.stranger, sheet.activity_ids.user_id)
        self.assertNotIn(self.engineer, sheet.activity_ids.user_id)

    def test_sign_button_proposes_the_first_role_to_sign(self):
        sheet = self._make_at("review")
        self._check(sheet)
        action = sheet.with_user(self.manager).action_open_sign()
        wizard = self.env["order.desk.sheet.sign"].browse(action["res_id"])
        self.assertEqual(wizard.role_id, self.roles["general_manager_review"])

    def test_signing_dialog_signs_with_the_statement(self):
        sheet = self._make_at("countersign")
        wizard = (
            self.env["order.desk.sheet.sign"]
            .with_user(self.production)
            .create({"sheet_ids": sheet.ids, "statement_date": self._soon()})
        )
        self.assertEqual(wizard.role_id, self.roles["production_manager"])
        self.assertEqual(wizard.statement_kind, "date")
        wizard.action_confirm()
        self.assertEqual(sheet.finish_date, self._soon())

    def test_signing_dialog_refuses_with_the_note(self):
        sheet = self._make_at("countersign")
        self.env["order.desk.sheet.sign"].with_user(self.engineer).create(
            {"sheet_ids": sheet.ids, "note": "Not possible", "decision": "refused"}
        ).action_confirm()
        self.assertEqual(sheet.state, "draft")

    def test_coding_dialog_proposes_the_customers_code(self):
        self.customer.customer_code = "K-77"
        sheet = self._make_at("coding")
        wizard = (
            self.env["order.desk.sheet.code"]
            .with_user(self.warehouse)
            .create({"sheet_id": sheet.id})
        )
        self.assertEqual(wizard.customer_code, "K-77")
        wizard.action_give_codes()
        self.assertEqual(sheet.state, "confirming")
