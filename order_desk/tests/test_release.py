from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestRelease(OrderDeskCommon):
    def test_procurement_appears_with_the_release_and_not_before(self):
        sheet = self._make_sheet()
        for state in ("review", "countersign", "coding", "confirming"):
            {
                "review": self._submit,
                "countersign": self._approve,
                "coding": self._countersign,
                "confirming": self._code,
            }[state](sheet)
            self.assertEqual(sheet.state, state)
            self.assertFalse(sheet.order_id.picking_ids, state)
        self._confirm(sheet)
        self.assertFalse(sheet.order_id.picking_ids)
        sheet.with_user(self.clerk).action_release()
        self.assertRecordValues(
            sheet.order_id.picking_ids.move_ids,
            [{"product_id": self.pump.id, "product_uom_qty": 10}],
        )

    def test_release_before_the_last_step_is_refused(self):
        sheet = self._make_at("coding")
        with self.assertRaises(UserError):
            sheet.with_user(self.clerk).action_release()

    def test_release_names_the_unmet_conditions_and_who_must_act(self):
        sheet = self._make_at("confirming")
        sheet.order_id.order_line.special_requirement = "Ceramic shaft"
        with self.assertRaises(UserError) as error:
            sheet.with_user(self.clerk).action_release()
        self.assertIn("Chief Engineer", str(error.exception))
        self.assertIn(self.engineer.name, str(error.exception))
        self.assertFalse(sheet.order_id.picking_ids)

    def test_release_by_a_signer_without_sales_rights_is_refused(self):
        sheet = self._make_at("confirming")
        with self.assertRaises(AccessError):
            sheet.with_user(self.production).action_release()

    def test_more_quantity_after_release_waits_for_new_signatures(self):
        sheet = self._make_at("released")
        sheet.order_id.order_line.product_uom_qty = 15
        moves = sheet.order_id.picking_ids.move_ids
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 10)
        self._approve_again(sheet)
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 10)
        self._confirm(sheet)
        moves = sheet.order_id.picking_ids.move_ids
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 15)

    def _approve_again(self, sheet):
        self._check(sheet)
        sheet.with_user(self.manager).action_sign(
            self.roles["general_manager_review"].id
        )
        sheet.with_user(self.manager).action_sign(self.roles["general_manager"].id)
        sheet.with_user(self.production).action_sign(
            self.roles["production_manager"].id, self._soon()
        )
        sheet.with_user(self.material).action_sign(
            self.roles["material_control_manager"].id, "On hand"
        )

    def test_new_line_after_release_waits_for_new_signatures(self):
        sheet = self._make_at("released")
        line = sheet.order_id.order_line.copy({"order_id": sheet.order_id.id})
        self.assertFalse(line.move_ids)

    def test_auto_locked_order_is_still_released(self):
        self.env["res.config.settings"].create(
            {"group_auto_done_setting": True}
        ).execute()
        sheet = self._make_at("released")
        self.assertTrue(sheet.order_id.picking_ids)
        self.assertTrue(sheet.order_id.locked)

    def test_order_locked_by_hand_is_released_and_stays_locked(self):
        sheet = self._make_at("confirming")
        sheet.order_id.action_lock()
        self._confirm(sheet)
        sheet.with_user(self.clerk).action_release()
        self.assertTrue(sheet.order_id.picking_ids)
        self.assertTrue(sheet.order_id.locked)

    def test_codes_are_unique_and_kept_on_the_customer(self):
        first = self._make_at("confirming")
        second = self._make_at("coding")
        with self.assertRaisesRegex(UserError, "taken"):
            second.with_user(self.warehouse).action_code(first.order_code)
        second.with_user(self.warehouse).action_code()
        self.assertNotEqual(first.order_code, second.order_code)
        self.assertEqual(second.customer_code, "K-1")
        self.assertEqual(self.customer.customer_code, "K-1")

    def test_coding_without_a_customer_code_is_refused(self):
        sheet = self._make_at("coding")
        with self.assertRaisesRegex(UserError, "customer code"):
            sheet.with_user(self.warehouse).action_code()
        self.assertFalse(sheet.order_code)

    def test_coding_without_the_role_is_refused(self):
        sheet = self._make_at("coding")
        with self.assertRaisesRegex(UserError, self.warehouse.name):
            sheet.with_user(self.clerk).action_code(customer_code="K-2")

    def test_cancelling_the_order_cancels_the_sheet_and_its_to_dos(self):
        sheet = self._make_at("countersign")
        sheet.with_user(self.clerk).action_cancel()
        self.assertEqual(sheet.state, "cancel")
        self.assertEqual(sheet.order_id.state, "cancel")
        self.assertFalse(sheet.activity_ids)

    def test_cancelled_sheet_cannot_be_signed(self):
        sheet = self._make_at("countersign")
        sheet.order_id.action_cancel()
        with self.assertRaisesRegex(UserError, "Cancelled"):
            sheet.with_user(self.engineer).action_sign(self.roles["chief_engineer"].id)

    def test_order_set_back_to_quotation_goes_through_the_desk_again(self):
        sheet = self._make_at("countersign")
        sheet.order_id.action_cancel()
        sheet.order_id.action_draft()
        self.assertRecordValues(sheet, [{"state": "draft", "revision": 2}])
        with self.assertRaises(UserError):
            sheet.order_id.action_confirm()

    def test_two_people_at_once_get_a_message(self):
        sheet = self._make_at("countersign")
        locked = patch.object(
            type(sheet), "lock_for_update", side_effect=LockError("locked")
        )
        with locked, self.assertRaisesRegex(UserError, sheet.order_id.name):
            sheet.with_user(self.engineer).action_sign(self.roles["chief_engineer"].id)
