from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestSubmit(OrderDeskCommon):
    def test_submit_names_everything_missing_at_once(self):
        sheet = self._make_sheet(complete=False)
        sheet.order_id.order_line.price_unit = 0
        sheet.order_id.partner_shipping_id.city = False
        with self.assertRaises(UserError) as error:
            sheet.with_user(self.clerk).action_submit()
        for text in (
            "Delivery date",
            "City",
            "unit price",
            "Impeller",
            "Plug",
            "Cable",
        ):
            self.assertIn(text, str(error.exception))
        self.assertNotIn("Float", str(error.exception), "no is an answer, too")
        self.assertEqual(sheet.state, "draft")

    def test_submit_of_good_and_bad_sheets_submits_none_and_names_the_bad(self):
        good, bad = self._make_sheet(), self._make_sheet(complete=False)
        with self.assertRaises(UserError) as error:
            (good | bad).with_user(self.clerk).action_submit()
        self.assertIn(bad.order_id.name, str(error.exception))
        self.assertNotIn(good.order_id.name, str(error.exception))
        self.assertEqual(good.state, "draft")

    def test_zero_quantity_is_missing(self):
        sheet = self._make_sheet(quantity=0)
        with self.assertRaisesRegex(UserError, "quantity"):
            sheet.with_user(self.clerk).action_submit()

    def test_order_without_lines_is_missing_a_line(self):
        sheet = self._make_sheet()
        sheet.order_id.order_line.unlink()
        with self.assertRaisesRegex(UserError, "At least one order line"):
            sheet.with_user(self.clerk).action_submit()

    def test_role_without_people_is_named(self):
        sheet = self._make_sheet()
        self.roles["chief_engineer"].user_ids = False
        with self.assertRaisesRegex(UserError, "Chief Engineer"):
            sheet.with_user(self.clerk).action_submit()

    def test_free_goods_with_full_discount_are_complete(self):
        sheet = self._make_sheet(discount=100)
        sheet.price_reason = "Replacement free of charge"
        self._submit(sheet)
        self.assertEqual(sheet.state, "review")

    def test_salesperson_submits_own_order(self):
        sheet = self._make_sheet()
        sheet.with_user(self.salesperson).action_submit()
        self.assertEqual(sheet.state, "review")

    def test_salesperson_cannot_submit_the_order_of_another(self):
        sheet = self._make_sheet()
        sheet.order_id.user_id = self.clerk
        with self.assertRaises(AccessError):
            sheet.with_user(self.salesperson).action_submit()

    def test_signer_without_sales_rights_cannot_submit(self):
        sheet = self._make_sheet()
        with self.assertRaises(AccessError):
            sheet.with_user(self.manager).action_submit()

    def test_submit_twice_is_refused(self):
        sheet = self._make_sheet()
        self._submit(sheet)
        with self.assertRaisesRegex(UserError, "Review"):
            self._submit(sheet)

    def test_the_general_manager_has_a_to_do_after_the_second_look(self):
        sheet = self._make_sheet()
        self._submit(sheet)
        self.assertNotIn(self.manager, sheet.activity_ids.user_id)
        self._check(sheet)
        self.assertEqual(sheet.activity_ids.user_id, self.manager)
        self.assertIn("General Manager", sheet.activity_ids.summary)

    def test_submit_writes_a_milestone(self):
        sheet = self._make_sheet()
        self._submit(sheet)
        self.assertRecordValues(
            sheet.milestone_ids,
            [
                {"code": "created", "user_id": self.env.uid},
                {"code": "submitted", "user_id": self.clerk.id},
            ],
        )
