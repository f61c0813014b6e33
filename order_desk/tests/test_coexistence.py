from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestCoexistence(OrderDeskCommon):
    """An order without a sheet is plain Odoo; one with a sheet has no side door."""

    def _plain_order(self):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "user_id": self.salesperson.id,
                "order_line": [Command.create({"product_id": self.pump.id})],
            }
        )

    def test_order_without_a_sheet_is_confirmed_and_procured_as_ever(self):
        order = self._plain_order()
        self.assertFalse(order.sheet_id)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.picking_ids)
        order.order_line.product_uom_qty = 7
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 7)
        self.assertFalse(order.production_gate)

    def test_quotation_is_handed_to_the_desk_by_hand(self):
        order = self._plain_order()
        order.with_user(self.clerk).action_make_sheet()
        self.assertEqual(order.sheet_id.order_id, order)
        self.assertEqual(order.order_line.configuration_categ_id, self.category)

    def test_running_order_cannot_be_taken_over(self):
        order = self._plain_order()
        order.action_confirm()
        with self.assertRaisesRegex(ValidationError, order.name):
            order.with_user(self.clerk).action_make_sheet()

    def test_team_setting_leaves_existing_orders_alone(self):
        self.team.use_order_desk = False
        order = self._plain_order()
        order.team_id = self.team
        self.team.use_order_desk = True
        order.action_confirm()
        self.assertFalse(order.sheet_id)
        self.assertTrue(order.picking_ids)

    def test_quotation_moved_to_a_desk_team_gets_a_sheet(self):
        order = self._plain_order()
        order.team_id = self.team
        self.assertTrue(order.sheet_id)

    def test_unapproved_order_is_not_confirmed_by_any_door(self):
        order = self._make_sheet().order_id
        for name, door in (
            ("button", lambda: order.action_confirm()),
            ("write", lambda: order.write({"state": "sale"})),
            ("batch", lambda: (order | self._plain_order()).action_confirm()),
        ):
            with (
                self.subTest(door=name),
                self.assertRaisesRegex(UserError, "general manager"),
            ):
                door()
            self.assertEqual(order.state, "draft")

    def test_confirmed_order_cannot_be_created_in_a_desk_team(self):
        with self.assertRaisesRegex(UserError, self.team.name):
            self.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "team_id": self.team.id,
                    "state": "sale",
                    "order_line": [Command.create({"product_id": self.pump.id})],
                }
            )

    def test_customers_acceptance_waits_for_the_general_manager(self):
        sheet = self._make_sheet()
        order = sheet.order_id
        order.signed_on = "2026-01-01 00:00:00"
        order._validate_order()
        self.assertEqual(order.state, "draft")
        self.assertIn("accepted", sheet.message_ids[0].body)
        self.assertIn("accepted", sheet.activity_ids.summary)

    def test_sheet_cannot_be_taken_off_an_order(self):
        order = self._make_sheet().order_id
        with self.assertRaises(ValidationError):
            order.sheet_id = False
        with self.assertRaises(ValidationError):
            order.sheet_id = self._make_sheet()

    def test_duplicate_gets_a_sheet_of_its_own(self):
        order = self._plain_order()
        order.with_user(self.clerk).action_make_sheet()
        self._configure(order.order_line)
        order.sheet_id.other_requirements = "Export cartons"
        duplicate = order.with_user(self.salesperson).copy()
        self.assertTrue(duplicate.sheet_id)
        self.assertNotEqual(duplicate.sheet_id, order.sheet_id)
        self.assertEqual(duplicate.sheet_id.other_requirements, "Export cartons")
        self.assertEqual(
            duplicate.order_line._get_configuration_answers(),
            order.order_line._get_configuration_answers(),
        )

    def test_order_created_with_its_configuration_keeps_the_answers(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.team.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.pump.id,
                            "configuration": {"a1b2c3d4e5f60002": "UK"},
                        }
                    )
                ],
            }
        )
        self.assertIn(["Plug", "UK"], order.order_line._get_configuration_answers())

    def test_unsigned_order_can_be_deleted_with_its_sheet(self):
        sheet = self._make_sheet()
        order = sheet.order_id
        self._submit(sheet)
        order.unlink()
        self.assertFalse(sheet.exists())

    def test_signed_order_stays_on_file(self):
        sheet = self._make_at("countersign")
        order = sheet.order_id
        order.action_cancel()
        with self.assertRaisesRegex(UserError, order.name):
            order.unlink()
        with self.assertRaises(UserError):
            sheet.unlink()
