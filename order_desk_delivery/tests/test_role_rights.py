from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon


@tagged("post_install", "-at_install")
class TestRoleRights(OrderDeskDeliveryCommon):
    """Who ships need not know what the customer pays (SPEC G2)."""

    def _is_signer(self, user):
        return user.has_group("order_desk.group_order_desk_signer")

    def test_named_shipper_reads_no_sheet_and_no_money(self):
        sheet = self._make_released()
        self.assertFalse(self._is_signer(self.shipper))
        for model in (
            "order.desk.sheet",
            "order.desk.balance.notice",
            "order.desk.confirmation",
            "order.desk.waiver",
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.shipper).check_access("read")
        with self.assertRaises(AccessError):
            sheet.with_user(self.shipper).action_download_dossier()
        # the work itself goes on
        request = self._issue(sheet)
        request.with_user(self.shipper).point_ids.action_confirm()
        self._ship(sheet)
        self.assertEqual(request.state, "shipped")

    def test_stand_in_gets_what_the_absent_one_has(self):
        with (
            self.assertRaisesRegex(ValidationError, "Test stranger.*Inventory"),
            self.env.cr.savepoint(),
        ):
            self._stand_in(self.shipper, self.stranger)
        self.stranger.group_ids += self.env.ref("stock.group_stock_user")
        self._stand_in(self.shipper, self.stranger)
        self.assertFalse(self._is_signer(self.stranger))
        self.roles["customer_service"].user_ids |= self.shipper
        self.assertTrue(self._is_signer(self.shipper))
        self.assertTrue(self._is_signer(self.stranger))

    def _stand_in(self, user, stand_in):
        today = fields.Date.today()
        self.env["order.desk.stand.in"].create(
            {
                "user_id": user.id,
                "stand_in_id": stand_in.id,
                "date_from": today,
                "date_to": today,
            }
        )

    def test_only_who_has_the_rights_is_named(self):
        for code in ("shipper", "followup_clerk"):
            with (
                self.subTest(code=code),
                self.assertRaisesRegex(ValidationError, "Test stranger.*Inventory"),
                self.env.cr.savepoint(),
            ):
                self.roles[code].user_ids = [Command.link(self.stranger.id)]
