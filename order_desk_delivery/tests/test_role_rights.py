from lxml import etree

from odoo import Command
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

    def test_shipper_opens_every_screen_of_the_work(self):
        sheet = self._make_released()
        self.env["order.desk.accessory"].create(
            {"sheet_id": sheet.id, "description": "Spare seal"}
        )
        accessories = sheet.accessory_ids.with_user(self.followup)
        accessories.action_pack("bulk")
        request = self._issue(sheet)
        request.with_user(self.shipper).point_ids.action_confirm()
        pickings = self._ship(sheet)
        request.with_user(self.shipper).action_make_advice()
        advices = request.advice_ids
        claim = self.env["order.desk.claim"].create(
            {"name": "Late", "kind": "late", "sheet_id": sheet.id}
        )
        for records in (request, advices, accessories, pickings, claim):
            screen = records.with_user(self.shipper)
            for kind in ("list", "kanban", "form"):
                with self.subTest(model=records._name, kind=kind):
                    arch = etree.fromstring(screen.get_view(view_type=kind)["arch"])
                    names = [  # not those in lists of lines
                        node.get("name")
                        for node in arch.iter("field")
                        if not any(up.tag == "field" for up in node.iterancestors())
                    ]
                    self.assertTrue(screen.web_read({name: {} for name in names}))

    def test_shipper_finds_the_work_by_the_code_of_an_order(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        accessory = self.env["order.desk.accessory"].create(
            {"sheet_id": sheet.id, "description": "Spare seal"}
        )
        claim = self.env["order.desk.claim"].create(
            {"name": "Late", "kind": "late", "sheet_id": sheet.id}
        )
        for record in (request, accessory, claim):
            with self.subTest(model=record._name):
                records = record.with_user(self.shipper)
                found = records.search([("order_code", "=", sheet.order_code)])
                self.assertEqual(found, record)
        named = accessory.with_user(self.shipper).name_search(sheet.order_code)
        self.assertIn(accessory.id, [row[0] for row in named])

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
        today = self._today()
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
