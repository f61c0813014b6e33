from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import OrderDeskCommon

TO_SIGN = "/odoo/order-desk-to-sign"


class PhoneCommon(OrderDeskCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursPhone(PhoneCommon):
    """What managers and the shop floor do with a thumb (SPEC K1)."""

    def _get_unusual(self, state):
        return self._bring_to(
            self._make_sheet(special_requirement="Ceramic shaft"), state
        )

    def _get_signed(self, sheet, code):
        """Return the last decision of a role on the sheet."""
        return sheet._get_last_signatures().get(self.roles[code])

    # ------------------------------------------------------------- signing

    def test_general_manager_signs_in_two_taps_from_the_card(self):
        sheet = self._get_unusual("countersign")
        self.start_tour("/odoo", "order_desk_sign_on_phone", login="od_manager")
        self.assertTrue(self._get_signed(sheet, "general_manager").is_current)

    def test_general_manager_refuses_in_three_taps_and_a_reason(self):
        sheet = self._get_unusual("countersign")
        self.start_tour(TO_SIGN, "order_desk_refuse_on_phone", login="od_manager")
        signature = self._get_signed(sheet, "general_manager")
        self.assertEqual(signature.decision, "refused")
        self.assertEqual(signature.note, "The shaft is too long")
        self.assertEqual(sheet.state, "draft")

    @mute_logger("odoo.http")  # the tour refuses without a reason first, on purpose
    def test_chief_engineer_cannot_refuse_without_a_reason(self):
        sheet = self._get_unusual("countersign")
        self.start_tour(
            TO_SIGN, "order_desk_refuse_without_reason", login="od_engineer"
        )
        signature = self._get_signed(sheet, "chief_engineer")
        self.assertEqual(signature.decision, "refused")
        self.assertEqual(signature.note, "The shaft is too long")

    def test_sales_manager_approves_a_price_knowing_the_reason(self):
        sheet = self._make_sheet(discount=10)
        sheet.price_reason = "Frame contract"
        self._bring_to(sheet, "review")
        self._check(sheet)
        self.start_tour("/odoo", "order_desk_approve_price", login="od_sales_manager")
        self.assertTrue(self._get_signed(sheet, "sales_manager").is_current)

    @mute_logger("odoo.http")  # the tour forgets the date first, on purpose
    def test_production_manager_gives_the_finish_date(self):
        sheet = self._get_unusual("countersign")
        self.start_tour(TO_SIGN, "order_desk_sign_with_date", login="od_production")
        self.assertEqual(sheet.finish_date.day, 15)

    def test_material_control_states_what_is_there(self):
        sheet = self._get_unusual("countersign")
        self.start_tour(TO_SIGN, "order_desk_sign_with_text", login="od_material")
        signature = self._get_signed(sheet, "material_control_manager")
        self.assertEqual(signature.statement, "All on hand")

    def test_signing_again_shows_old_and_new(self):
        sheet = self._make_at("coding")
        sheet.order_line.product_uom_qty = 12
        self._check(sheet)
        sheet.with_user(self.manager).action_sign(
            self.roles["general_manager_review"].id
        )
        self.start_tour(TO_SIGN, "order_desk_sign_again", login="od_manager")
        self.assertTrue(self._get_signed(sheet, "general_manager").is_current)

    # ------------------------------------------------------------- shop floor

    def test_warehouse_supervisor_gives_the_codes(self):
        sheet = self._make_at("coding")
        self.start_tour(TO_SIGN, "order_desk_give_codes", login="od_warehouse")
        self.assertEqual(sheet.customer_code, "K-77")
        self.assertEqual(sheet.state, "confirming")

    def test_recipient_takes_note_and_reports_done(self):
        storekeeper = new_test_user(
            self.env, login="od_storekeeper", groups="base.group_user"
        )
        self.env["order.desk.distribution.template"].create(
            {
                "name": "Test copies",
                "line_ids": [
                    Command.create({"user_id": storekeeper.id, "task": "Prepare"})
                ],
            }
        )
        sheet = self._make_at("confirming")
        self.start_tour(
            "/odoo/order-desk-distribution",
            "order_desk_take_note",
            login="od_storekeeper",
        )
        copy = sheet.distribution_ids.filtered(lambda c: c.user_id == storekeeper)
        self.assertEqual(copy.state, "done")
        self.assertTrue(copy.noted_on)


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursSmallPhone(PhoneCommon):
    """The smallest screens, and customers who have no login."""

    browser_size = "360x640"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Ms Wang",
                "email": "wang@example.com",
                "parent_id": cls.customer.id,
            }
        )

    def test_general_manager_signs_at_the_link_of_the_notification(self):
        sheet = self._make_at("countersign", special_requirement="Ceramic shaft")
        self.start_tour(
            f"/odoo/order-desk/{sheet.id}",
            "order_desk_sign_on_sheet",
            login="od_manager",
        )
        self.assertIn(self.roles["general_manager"], sheet.signature_ids.role_id)

    def test_customer_answers_a_question(self):
        question = (
            self.env["order.desk.clarification"]
            .with_user(self.clerk)
            .create(
                {
                    "sheet_id": self._make_sheet().id,
                    "name": "Which plug?",
                    "asked_of": "customer",
                    "partner_id": self.contact.id,
                }
            )
        )
        self.start_tour(
            question._get_portal_url(self.contact),
            "order_desk_customer_answers",
            login=None,
        )
        self.assertEqual(question.answer, "EU, three phases")
        self.assertEqual(question.answered_by_id, self.contact)
