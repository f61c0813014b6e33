from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import OrderDeskCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestTours(OrderDeskCommon, HttpCase):
    @mute_logger("odoo.http")  # the tour submits too early, on purpose
    def test_clerk_hands_a_quotation_over_and_submits_it(self):
        self.category.configuration_definition = [
            {"name": "a1b2c3d4e5f60002", "type": "char", "string": "Plug"}
        ]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "commitment_date": fields.Datetime.now() + timedelta(days=30),
                "order_line": [(0, 0, {"product_id": self.pump.id})],
            }
        )
        self.start_tour(
            f"/odoo/sales/{order.id}", "order_desk_hand_over", login="od_clerk"
        )
        self.assertEqual(order.sheet_id.state, "review")

    def test_administrator_defines_a_question_on_a_category(self):
        category = self.env["product.category"].create({"name": "New pumps"})
        self.start_tour(
            f"/odoo/action-product.product_category_action_form/{category.id}",
            "order_desk_define_question",
            login="od_administrator",
        )
        definition = category.configuration_definition
        self.assertEqual([question["string"] for question in definition], ["Voltage"])

    @mute_logger("odoo.http")  # the tour forgets one item first, on purpose
    def test_second_clerk_goes_through_the_checklist(self):
        sheet = self._make_at("review")
        self.start_tour(
            "/odoo/order-desk-to-sign", "order_desk_second_look", login="od_checker"
        )
        self.assertEqual(sheet.signature_ids.user_id, self.checker)
        self.assertEqual(len(sheet.signature_ids.check_item_ids), 6)

    def test_manager_signs_many_from_the_list(self):
        sheets = (
            self._make_sheet()
            | self._make_sheet(special_requirement="Ceramic shaft")
            | self._make_sheet()
        )
        self._bring_to(sheets, "countersign")
        self.start_tour(
            "/odoo/order-desk-to-sign", "order_desk_sign_many", login="od_manager"
        )
        for sheet in sheets:
            last = sheet._get_last_signatures()
            self.assertTrue(last[self.roles["general_manager"]].is_current)

    @mute_logger("odoo.http")  # the tour skips the checklist first, on purpose
    def test_clerk_files_the_return_copy_verifies_and_releases(self):
        sheet = self._make_at("confirming")
        confirmation = self._send(sheet)
        self.start_tour(
            f"/odoo/order-confirmations/{confirmation.id}",
            "order_desk_file_verify_release",
            login="od_clerk",
        )
        self.assertEqual(sheet.state, "released")
        self.assertEqual(confirmation.returned_by_name, "Ms Wang")
        self.assertTrue(sheet.order_id.picking_ids)
