from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestStandIn(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engineer_role = cls.roles["chief_engineer"]

    def _stand_in(self, first=0, last=3, user=None, **vals):
        today = self._today()
        return (
            self.env["order.desk.stand.in"]
            .with_user(user or self.engineer)
            .create(
                {
                    "user_id": self.engineer.id,
                    "stand_in_id": self.stranger.id,
                    "date_from": today + timedelta(days=first),
                    "date_to": today + timedelta(days=last),
                    **vals,
                }
            )
        )

    def test_stand_in_signs_on_behalf(self):
        sheet = self._make_at("countersign")
        self._stand_in()
        sheet.with_user(self.stranger).action_sign(self.engineer_role.id)
        signature = sheet.signature_ids.filtered(
            lambda s: s.role_id == self.engineer_role
        )
        self.assertRecordValues(
            signature,
            [{"user_id": self.stranger.id, "on_behalf_of_id": self.engineer.id}],
        )
        self.assertTrue(
            any(
                "on behalf of" in (body or "")
                for body in sheet.message_ids.mapped("body")
            )
        )

    def test_signer_who_is_back_early_signs_for_themselves(self):
        sheet = self._make_at("countersign")
        self._stand_in()
        sheet.with_user(self.engineer).action_sign(self.engineer_role.id)
        self.assertFalse(
            sheet.signature_ids.filtered(
                lambda s: s.role_id == self.engineer_role
            ).on_behalf_of_id
        )

    def test_stand_in_out_of_period_is_refused(self):
        sheet = self._make_at("countersign")
        for first, last in ((-9, -1), (1, 5)):
            self._stand_in(first, last)
            with (
                self.subTest(first=first),
                self.assertRaisesRegex(UserError, "stand in"),
            ):
                sheet.with_user(self.stranger).action_sign(self.engineer_role.id)
        self.assertNotIn(self.engineer_role, sheet.signature_ids.role_id)

    def test_stand_in_of_one_role_does_not_sign_in_another(self):
        self.roles["material_control_manager"].user_ids = self.engineer
        sheet = self._make_at("countersign")
        self._stand_in(role_ids=self.engineer_role.ids)
        sheet.with_user(self.stranger).action_sign(self.engineer_role.id)
        with self.assertRaises(UserError):
            sheet.with_user(self.stranger).action_sign(
                self.roles["material_control_manager"].id, "On hand"
            )

    def test_stand_in_of_a_stand_in_is_none(self):
        sheet = self._make_at("countersign")
        self._stand_in()
        self._stand_in(
            user=self.administrator,
            user_id=self.stranger.id,
            stand_in_id=self.warehouse.id,
        )
        with self.assertRaises(UserError):
            sheet.with_user(self.warehouse).action_sign(self.engineer_role.id)

    def test_stand_in_gets_the_to_do_and_reads_the_sheet(self):
        sheet = self._make_at("countersign")
        self.assertFalse(sheet.with_user(self.stranger).has_access("read"))
        self._stand_in()
        self.assertTrue(sheet.with_user(self.stranger).has_access("read"))
        self.assertIn(self.stranger, sheet.activity_ids.user_id)
        self.assertIn(self.engineer, sheet.activity_ids.user_id)

    def test_end_of_the_period_takes_the_to_do_back(self):
        sheet = self._make_at("countersign")
        stand_in = self._stand_in(first=-4)
        stand_in.date_to = self._soon(-3)
        self.assertNotIn(self.stranger, sheet.activity_ids.user_id)
        self.assertFalse(sheet.with_user(self.stranger).has_access("read"))

    def test_used_period_stays_on_file(self):
        sheet = self._make_at("countersign")
        stand_in = self._stand_in(first=-3)
        sheet.with_user(self.stranger).action_sign(self.engineer_role.id)
        with self.assertRaises(UserError):
            stand_in.stand_in_id = self.warehouse
        with self.assertRaises(UserError):
            stand_in.date_to = stand_in.date_from
        with self.assertRaises(UserError):
            stand_in.unlink()
        stand_in.date_to = self._today()
        self.assertTrue(stand_in.exists())

    def test_signer_names_only_their_own_stand_in(self):
        with self.assertRaises(AccessError):
            self._stand_in(user=self.material)
        self._stand_in(user=self.administrator)

    def test_preferences_do_not_write_the_stand_ins_of_others(self):
        stand_in = self._stand_in()
        with self.assertRaises(AccessError):
            self.material.with_user(self.material).write(
                {"stand_in_ids": [Command.update(stand_in.id, {"note": "changed"})]}
            )

    @mute_logger("odoo.sql_db")
    def test_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._stand_in(3, 1)

    @mute_logger("odoo.sql_db")
    def test_nobody_stands_in_for_themselves(self):
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._stand_in(stand_in_id=self.engineer.id)

    def test_customer_cannot_stand_in(self):
        portal = new_test_user(self.env, "od_portal", groups="base.group_portal")
        with self.assertRaises(ValidationError):
            self._stand_in(user=self.administrator, stand_in_id=portal.id)

    def test_days_count_in_the_companys_time_zone(self):
        self.env.company.resource_calendar_id.tz = "Pacific/Kiritimati"  # UTC+14
        now = fields.Datetime.now().replace(hour=22)
        self.assertEqual(
            self.env.company._order_desk_date(now),
            now.date() + timedelta(days=1),
        )
