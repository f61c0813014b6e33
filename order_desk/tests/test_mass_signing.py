from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestMassSigning(OrderDeskCommon):
    def _open(self, sheets, user, decision="signed"):
        action = sheets.with_user(user).action_open_sign(decision=decision)
        return (
            self.env["order.desk.sheet.sign"].with_user(user).browse(action["res_id"])
        )

    def _make_sheets(self):
        usual = self._make_sheet()
        unusual = self._make_sheet(special_requirement="Ceramic shaft")
        return usual, unusual

    def test_unusual_sheets_come_first(self):
        usual, unusual = self._make_sheets()
        self._bring_to(usual | unusual, "countersign")
        wizard = self._open(usual | unusual, self.manager)
        self.assertEqual(wizard.signable_sheet_ids.ids, (unusual | usual).ids)

    def test_one_click_signs_all(self):
        sheets = self._bring_to(
            self.env["order.desk.sheet"].union(
                *(self._make_sheet() for _number in range(3))
            ),
            "countersign",
        )
        self._open(sheets, self.manager).action_confirm()
        for sheet in sheets:
            self.assertIn(
                self.roles["general_manager"],
                sheet.signature_ids.filtered("is_current").role_id,
            )

    def test_sheets_that_do_not_wait_for_the_role_are_named_and_left_alone(self):
        usual, unusual = self._make_sheets()
        self._bring_to(usual, "countersign")
        wizard = self._open(usual | unusual, self.manager)
        self.assertEqual(wizard.signable_sheet_ids, usual)
        self.assertIn(unusual.order_id.name, wizard.left_out)
        wizard.action_confirm()
        self.assertFalse(unusual.signature_ids)

    def test_nothing_to_sign_is_said(self):
        sheet = self._make_sheet()
        with self.assertRaisesRegex(UserError, "nothing"):
            self._open(sheet, self.manager).action_confirm()

    def test_one_bad_statement_signs_none(self):
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "countersign")
        wizard = self._open(sheets, self.production)
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertNotIn(self.roles["production_manager"], sheets.signature_ids.role_id)

    def test_dialog_takes_the_second_look(self):
        sheet = self._make_at("review")
        wizard = self._open(sheet, self.checker)
        self.assertTrue(wizard.is_second_look)
        with self.assertRaises(UserError):
            wizard.action_confirm()
        wizard.check_item_ids = self.env["order.desk.check.item"].search(
            [("usage", "=", "review")]
        )
        wizard.action_confirm()
        self.assertEqual(
            sheet._get_roles_to_sign()[sheet], self.roles["general_manager_review"]
        )

    def test_dialog_turns_into_refusing_and_keeps_the_remark(self):
        sheet = self._make_at("countersign")
        wizard = self._open(sheet, self.engineer)
        wizard.note = "The flange does not exist"
        action = wizard.action_turn_down()
        self.assertEqual(action["res_id"], wizard.id)
        wizard.action_confirm()
        self.assertEqual(sheet.state, "draft")
        self.assertEqual(sheet.signature_ids.sorted("id")[-1].note, wizard.note)

    def test_signing_twice_says_who_signed(self):
        sheet = self._make_at("countersign")
        sheet.with_user(self.engineer).action_sign(self.roles["chief_engineer"].id)
        with self.assertRaisesRegex(UserError, self.engineer.name):
            sheet.with_user(self.engineer).action_sign(self.roles["chief_engineer"].id)
        signatures = sheet.signature_ids.filtered(
            lambda s: s.role_id == self.roles["chief_engineer"]
        )
        self.assertEqual(len(signatures), 1)

    def test_dialog_confirmed_again_says_who_signed_and_when(self):
        sheet = self._make_at("countersign")
        wizard = self._open(sheet, self.manager)
        wizard.action_confirm()
        signed = len(sheet.signature_ids)
        message = f"signed for General Manager already, by {self.manager.name} on "
        with self.assertRaisesRegex(UserError, message):
            wizard.action_confirm()
        self.assertEqual(len(sheet.signature_ids), signed)

    def test_dialog_refused_again_says_who_refused(self):
        sheet = self._make_at("countersign")
        wizard = self._open(sheet, self.manager, "refused")
        wizard.note = "Too long"
        wizard.action_confirm()
        message = f"refused for General Manager already, by {self.manager.name} on "
        with self.assertRaisesRegex(UserError, message):
            wizard.action_confirm()
        self.assertEqual(sheet.revision, 2)

    def test_two_hundred_lines_are_signed(self):
        sheet = self._make_sheet()
        self.env["sale.order.line"].create(
            [
                {
                    "order_id": sheet.order_id.id,
                    "product_id": self.pump.id,
                    "product_uom_qty": number,
                }
                for number in range(1, 200)
            ]
        )
        self._configure(sheet.order_line)
        self._bring_to(sheet, "coding")
        self.assertEqual(len(sheet.order_line), 200)
        sheet.order_line[150].packaging_note = "Crate"
        changes = sheet.with_user(self.material).my_changes
        self.assertEqual([c["new"] for c in changes], ["Crate"])
