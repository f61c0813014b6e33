from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_claim import ClaimCommon

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAA"
    "BJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestClaimRights(ClaimCommon):
    """Nobody gets by a claim or its dialogs what they may not see (SPEC I1)."""

    def test_files_of_others_are_not_put_on_a_claim(self):
        private = self.env["ir.attachment"].create(
            {
                "name": "private.png",
                "datas": PIXEL,
                "res_model": "res.company",
                "res_id": self.env["res.company"].create({"name": "Other"}).id,
                "res_field": "logo",
            }
        )
        loose = self.env["ir.attachment"].create({"name": "my.png", "datas": PIXEL})
        for file in (private, loose):
            link = [Command.link(file.id)]
            with self.subTest(file=file.name), self.assertRaises(AccessError):
                self._open(attachment_ids=link)
            claim = self._open(quantity=0, kind="late")
            with self.subTest(file=file.name), self.assertRaises(AccessError):
                claim.attachment_ids = link

    def test_dialog_does_not_tell_who_was_responsible(self):
        claim = self._take()
        claim.action_set_responsible(self.clerk.id, False, "Packed too loosely")
        dialog = self.env["order.desk.claim.responsible"]
        known = dialog.with_user(self.service).create({"claim_id": claim.id})
        self.assertEqual(known.user_id, self.clerk)
        unknown = dialog.with_user(self.shipper).create({"claim_id": claim.id})
        self.assertFalse(unknown.user_id)
        self.assertFalse(unknown.reason)

    def test_dialog_does_not_tell_strangers_what_the_carrier_is_asked(self):
        outcome = self._decide(self._take(), "compensation", amount_asked=70)
        with self.assertRaises(AccessError):
            self.env["order.desk.claim.carrier"].with_user(self.stranger).create(
                {"outcome_id": outcome.id}
            )
