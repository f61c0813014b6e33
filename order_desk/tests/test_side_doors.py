from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestSideDoors(OrderDeskCommon):
    """Ways around a gate or a signature that somebody once found."""

    def _moved(self, sheet):
        moves = sheet.order_id.picking_ids.move_ids
        return sum(moves.mapped("product_uom_qty"))

    def test_line_with_quantity_that_calls_itself_a_down_payment_is_held(self):
        sheet = self._make_at("released")
        sheet.order_id.with_user(self.salesperson).write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.pump.id,
                            "product_uom_qty": 50,
                            "is_downpayment": True,
                        }
                    )
                ]
            }
        )
        self.assertTrue(sheet.is_changed)
        self.assertEqual(self._moved(sheet), 10)

    def test_down_payment_leaves_the_signatures_alone(self):
        sheet = self._make_at("released")
        sheet.order_id.order_line.create(
            {
                "order_id": sheet.order_id.id,
                "name": "Down payment",
                "is_downpayment": True,
                "product_uom_qty": 0,
                "price_unit": 100,
            }
        )
        self.assertFalse(sheet.is_changed)

    def test_signatures_lapse_when_the_order_was_cancelled(self):
        sheet = self._make_at("released")
        order = sheet.order_id
        order.with_user(self.clerk).action_cancel()
        order.with_user(self.salesperson).action_draft()
        self.assertFalse(sheet.finish_date)
        sheet.with_user(self.salesperson).action_submit()
        self.assertEqual(sheet.state, "review")
        self.assertEqual(order.state, "draft")

    def test_revived_order_is_procured_anew(self):
        sheet = self._make_at("released")
        sheet.order_id.action_cancel()
        sheet.order_id.action_draft()
        self._submit(sheet)
        self._approve(sheet)
        self._countersign(sheet)
        self._release(sheet)
        moves = sheet.order_id.picking_ids.move_ids
        live = moves.filtered(lambda move: move.state != "cancel")
        self.assertEqual(sum(live.mapped("product_uom_qty")), 10)

    def test_signer_with_stock_rights_still_reads_plain_orders(self):
        plain = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "team_id": self.plain_team.id}
        )
        self.assertFalse(plain.with_user(self.warehouse).has_access("read"))
        self.warehouse.group_ids |= self.env.ref("stock.group_stock_user")
        self.assertTrue(plain.with_user(self.warehouse).has_access("read"))

    def test_new_signature_procures_no_more_than_was_added(self):
        sheet = self._make_at("released")
        picking = sheet.order_id.picking_ids
        picking.move_ids.quantity = 8
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        sheet.order_id.order_line.discount = 5
        self._sign_pending(sheet)
        self._confirm(sheet)
        self.assertFalse(sheet.is_changed)
        self.assertEqual(sheet.order_id.picking_ids, picking)

    def test_line_that_claims_to_be_procured_is_held(self):
        sheet = self._make_at("confirming")
        claim = {"product_id": self.pump.id, "product_uom_qty": 5, "launched_qty": 99}
        sheet.order_id.with_user(self.salesperson).write(
            {"order_line": [Command.create(claim)]}
        )
        self.env["sale.order.line"].with_user(self.salesperson).with_context(
            default_launched_qty=99
        ).create({"order_id": sheet.order_id.id, "product_id": self.pump.id})
        self.assertEqual(self._moved(sheet), 0)

    def test_larger_unit_after_release_is_held(self):
        sheet = self._make_at("released")
        dozen = self.env.ref("uom.product_uom_dozen")
        sheet.order_id.order_line.write(
            {"product_uom_id": dozen.id, "product_uom_qty": 10}
        )
        self.assertEqual(self._moved(sheet), 10)
        self._sign_pending(sheet)
        self._confirm(sheet)
        self.assertGreater(self._moved(sheet), 110, "Odoo rounds units to dozens")

    def test_smaller_quantity_after_release_counts_at_once(self):
        sheet = self._make_at("released")
        sheet.order_id.order_line.product_uom_qty = 6
        self.assertEqual(self._moved(sheet), 6)

    def test_change_and_back_again_moves_the_sheet_on(self):
        sheet = self._make_at("countersign")
        self._countersign(sheet, without=["chief_engineer"])
        line = sheet.order_id.order_line
        line.product_uom_qty = 12
        sheet.with_user(self.engineer).action_sign(self.roles["chief_engineer"].id)
        self.assertEqual(sheet.state, "countersign")
        line.product_uom_qty = 10
        self.assertEqual(sheet.state, "coding")

    def test_archiving_the_last_pending_role_moves_the_sheet_on(self):
        sheet = self._make_at("countersign")
        self._countersign(sheet, without=["chief_engineer"])
        self.roles["chief_engineer"].active = False
        self.assertEqual(sheet.state, "coding")

    def test_stranger_is_told_even_when_nobody_is_awaited(self):
        sheet = self._make_at("confirming")
        with self.assertRaisesRegex(UserError, "no one"):
            sheet.with_user(self.engineer).action_sign(self.roles["general_manager"].id)

    def test_role_that_is_no_role_is_refused(self):
        sheet = self._make_at("countersign")
        for role in ("chief_engineer", False, 0, 10**9):
            with self.subTest(role=role), self.assertRaises(UserError):
                sheet.with_user(self.engineer).action_sign(role)

    def test_product_of_the_same_name_is_another_product(self):
        sheet = self._make_at("coding")
        sheet.order_id.order_line.product_id = self.pump.copy(
            {"name": self.pump.name, "default_code": self.pump.default_code}
        )
        self.assertNotIn(
            self.roles["chief_engineer"],
            sheet.signature_ids.filtered("is_current").role_id,
        )

    def test_other_taxes_concern_the_general_manager(self):
        sheet = self._make_at("coding")
        tax = self.env["account.tax"].create({"name": "Half", "amount": 50})
        sheet.order_id.order_line.tax_ids = tax
        self.assertNotIn(
            self.roles["general_manager"],
            sheet.signature_ids.filtered("is_current").role_id,
        )

    def test_context_does_not_change_what_was_signed(self):
        sheet = self._make_at("coding")
        self.assertFalse(sheet.with_context(display_default_code=False).is_changed)

    def test_sheet_of_a_desk_team_cannot_be_deleted_by_hand(self):
        sheet = self._make_sheet()
        with self.assertRaisesRegex(UserError, sheet.order_id.name):
            sheet.with_user(self.clerk).unlink()

    def test_unused_sheet_made_by_hand_can_be_taken_back(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "team_id": self.plain_team.id}
        )
        order.with_user(self.clerk).action_make_sheet()
        order.sheet_id.with_user(self.clerk).unlink()
        self.assertFalse(order.sheet_id)

    def test_order_of_a_desk_team_gets_its_sheet_by_any_way(self):
        cancelled = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.team.id,
                "state": "cancel",
            }
        )
        cancelled.action_draft()
        self.assertTrue(cancelled.sheet_id)

    def test_salesperson_sees_no_signature_of_anothers_order(self):
        sheet = self._make_at("countersign")
        sheet.order_id.user_id = self.clerk
        for records in (sheet.signature_ids, sheet.milestone_ids):
            with self.subTest(model=records._name):
                self.assertFalse(
                    records.with_user(self.salesperson)._filtered_access("read")
                )
                self.assertTrue(
                    records.with_user(self.engineer)._filtered_access("read")
                )

    def test_portal_user_reads_no_condition(self):
        portal = self._create_portal_user()
        order = self._make_sheet().order_id
        order.partner_id = portal.partner_id
        with self.assertRaises(AccessError):
            order.with_user(portal).read(["production_gate"])

    def _create_portal_user(self):
        return self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "od_portal",
                "group_ids": [Command.set([self.env.ref("base.group_portal").id])],
            }
        )

    def test_questions_cannot_be_taken_off_a_line(self):
        line = self._make_sheet(complete=False).order_id.order_line
        with self.assertRaises(AccessError):
            line.with_user(self.salesperson).configuration_categ_id = False

    def test_discount_and_freight_lines_do_not_block(self):
        sheet = self._make_sheet()
        service = self.env["product.product"].create(
            {"name": "Freight", "type": "service", "list_price": 0}
        )
        for price in (0, 80):
            self.env["sale.order.line"].create(
                {
                    "order_id": sheet.order_id.id,
                    "product_id": service.id,
                    "price_unit": price,
                }
            )
        self._submit(sheet)
        self.assertEqual(sheet.state, "review")

    def test_cancelling_by_write_cancels_the_sheet(self):
        sheet = self._make_at("review")
        sheet.order_id.write({"state": "cancel"})
        self.assertEqual(sheet.state, "cancel")

    def test_new_role_does_not_hold_what_is_released(self):
        sheet = self._make_at("released")
        self.env["order.desk.role"].create(
            {"name": "Quality", "code": "quality", "user_ids": self.stranger.ids}
        )
        self.assertFalse(sheet.order_id._get_order_desk_held())

    def test_new_role_has_its_to_do_on_sheets_under_way(self):
        sheet = self._make_at("countersign")
        self.env["order.desk.role"].create(
            {"name": "Quality", "code": "quality", "user_ids": self.stranger.ids}
        )
        self.assertIn(self.stranger, sheet.activity_ids.user_id)

    def test_two_customers_do_not_share_a_code(self):
        self.env["res.partner"].create({"name": "First", "customer_code": "K-9"})
        sheet = self._make_at("coding")
        with self.assertRaisesRegex(UserError, "First"):
            sheet.with_user(self.warehouse).action_code(customer_code="K-9")

    def test_own_activity_of_a_person_stays(self):
        sheet = self._make_at("countersign")
        own = sheet.activity_schedule(
            "order_desk.mail_activity_type_sign",
            user_id=self.clerk.id,
            automated=False,
        )
        self._countersign(sheet)
        self.assertTrue(own.exists())

    def test_changed_requirements_give_a_to_do(self):
        sheet = self._make_at("coding")
        sheet.other_requirements = "Export cartons"
        self.assertIn(self.manager, sheet.activity_ids.user_id)

    def test_changed_address_gives_a_to_do_by_the_next_day(self):
        sheet = self._make_at("coding")
        sheet.partner_shipping_id.street = "2 Dock Road"
        with self.enter_registry_test_mode():
            self.env.ref("order_desk.ir_cron_follow_changes").method_direct_trigger()
        self.assertIn(self.manager, sheet.activity_ids.user_id)

    def test_form_uploaded_to_a_new_sheet_is_seen_by_the_signers(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "team_id": self.plain_team.id}
        )
        form = (
            self.env["ir.attachment"]
            .with_user(self.clerk)
            .create(
                {"name": "form.pdf", "raw": b"form", "res_model": "order.desk.sheet"}
            )
        )
        sheet = (
            self.env["order.desk.sheet"]
            .with_user(self.clerk)
            .create({"order_id": order.id, "order_form_ids": form.ids})
        )
        self.assertEqual(sheet.with_user(self.manager).order_form_ids, form)
