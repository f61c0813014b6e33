from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestCompanies(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Second factory"})

    def test_new_company_gets_roles_without_people(self):
        roles = self.env["order.desk.role"].search(
            [("company_id", "=", self.other_company.id)]
        )
        # modules add roles of their own
        self.assertEqual(len(roles), len(roles._get_default_role_xmlids()))
        self.assertFalse(roles.user_ids)
        self.assertLessEqual(
            {"review", "countersign", "coding", "finance"},
            set(roles.mapped("step")),
        )

    def _other_sheet(self):
        order = (
            self.env["sale.order"]
            .with_company(self.other_company)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.other_company.id,
                    "team_id": self.plain_team.id,
                    "order_line": [Command.create({"product_id": self.pump.id})],
                }
            )
        )
        return order._order_desk_make_sheet().with_env(self.env)

    def test_people_of_another_company_do_not_see_its_sheets(self):
        sheet = self._other_sheet()
        for user in (self.clerk, self.manager, self.salesperson):
            with self.subTest(user=user.login):
                self.assertFalse(sheet.with_user(user).has_access("read"))
        with self.assertRaises(AccessError):
            sheet.with_user(self.clerk).action_submit()

    def test_role_of_another_company_does_not_sign(self):
        sheet = self._make_at("countersign")
        other = self.env["order.desk.role"].search(
            [
                ("company_id", "=", self.other_company.id),
                ("code", "=", "chief_engineer"),
            ]
        )
        other.user_ids = self.engineer
        with self.assertRaisesRegex(UserError, "company"):
            sheet.with_user(self.engineer).action_sign(other.id)
