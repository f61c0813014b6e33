import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestClaimReceipt(ReceiptCommon, HttpCase):
    """Differences on a delivery receipt open a claim by themselves (SPEC G7)."""

    def test_what_came_damaged_and_what_is_missing_is_claimed(self):
        receipt = self._make_receipt()
        self._sign(receipt, received="8", damaged="1", note="Box was wet")
        claim = receipt.sudo().claim_ids
        self.assertRecordValues(
            claim,
            [
                {
                    "source": "receipt",
                    "kind": "damage",
                    "state": "new",
                    "partner_id": self.customer.id,
                    "contact": "Ms Wang",
                    "opened_by_id": False,
                }
            ],
        )
        self.assertRecordValues(
            claim.line_ids,
            [
                {"kind": "damage", "quantity": 1, "note": "Box was wet"},
                {"kind": "shortage", "quantity": 2, "note": "Box was wet"},
            ],
        )
        self.assertIn(self.service, claim.activity_ids.user_id)

    def test_what_came_well_opens_nothing(self):
        receipt = self._make_receipt()
        self._sign(receipt)
        self.assertFalse(receipt.sudo().claim_ids)

    def test_customer_is_told_the_number(self):
        self.customer.email = "customer@example.com"
        receipt = self._make_receipt()
        self._sign(receipt, received="8")
        claim = receipt.sudo().claim_ids
        self.assertIn(claim.number, claim._get_portal_messages().body)
        self.assertFalse(claim.answered_on)

    def test_more_than_has_left_stops_nobody_from_signing(self):
        receipt = self._make_receipt()
        self._sign(receipt, received="25", damaged="12", more=True)
        claim = receipt.sudo().claim_ids
        self.assertEqual(sum(claim.line_ids.mapped("quantity")), 10)
        self.assertIn("15 Units too many", claim.description)

    def test_goods_claimed_before_are_not_claimed_twice(self):
        sheet = self._make_released()
        receipt = self._ship_and_advise(sheet)
        self.env["order.desk.claim"].with_user(self.clerk).create(
            {
                "name": "They called",
                "sheet_id": sheet.id,
                "line_ids": [
                    (0, 0, {"sale_line_id": sheet.order_line.id, "quantity": 9})
                ],
            }
        )
        self._sign(receipt, received="8")
        self.assertEqual(receipt.sudo().claim_ids.line_ids.quantity, 1)

    def test_receiver_opens_another_claim_from_the_signed_receipt(self):
        receipt = self._make_receipt().sudo()
        token = receipt._get_portal_token(receipt.partner_id)
        self.assertFalse(receipt._get_claim_url(receipt.partner_id, token))
        self._sign(receipt)
        path = receipt._get_claim_url(receipt.partner_id, token)
        page = self.url_open(path).text
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        line = receipt.line_ids.sale_line_id
        response = self.url_open(
            path.split("?")[0],
            data={
                "csrf_token": csrf,
                "access_token": token,
                "kind": "quality",
                "name": "Scratched inside the box",
                f"quantity_{line.id}": "1",
            },
        )
        self.assertRecordValues(
            receipt.claim_ids, [{"source": "portal", "state": "new"}]
        )
        self.assertIn(receipt.claim_ids.number, response.text)
        stranger = self.env["res.partner"].create({"name": "Warehouse Ltd"})
        self.assertFalse(receipt._get_claim_url(stranger, token))

    def test_claim_is_opened_from_the_receipt(self):
        receipt = self._make_receipt()
        self._sign(receipt)
        action = receipt.with_user(self.clerk).action_open_claim()
        claims = self.env["order.desk.claim"].with_user(self.clerk)
        claim = claims.with_context(**action["context"]).create(
            {"name": "Driver was rude", "kind": "service"}
        )
        self.assertEqual(claim.receipt_id, receipt)
        self.assertEqual(claim.sheet_id, receipt.sheet_ids)
        self.assertEqual(claim.contact, "Ms Wang")
        again = receipt.with_user(self.sales_admin).action_open_claim()
        self.assertEqual(again["res_id"], claim.id)
        claim.with_user(self.service).action_withdraw("Was not so")
        again = receipt.with_user(self.sales_admin).action_open_claim()
        self.assertFalse(again.get("res_id"))
        with self.assertRaises(AccessError):
            receipt.with_user(self.stranger).action_open_claim()
        with self.assertRaises(AccessError):
            claim.receipt_id = False

    def test_claim_is_not_tied_to_the_receipt_of_others(self):
        receipt = self._make_receipt()
        other = self._make_released()
        claims = self.env["order.desk.claim"]
        vals = {"name": "Late", "kind": "late", "receipt_id": receipt.id}
        with self.assertRaisesRegex(ValidationError, receipt.number):
            claims.with_user(self.clerk).create({**vals, "sheet_id": other.id})

    def test_paper_that_a_claim_has_come_of_stays_filed(self):
        receipt = self._make_receipt()
        paper = self._make_file()
        entries = self._get_entries(receipt, received="8")
        today = self._today()
        receipt.action_file("Ms Wang", today, paper.sudo(), entries)
        claim = receipt.sudo().claim_ids
        self.assertEqual(claim.opened_by_id, self.sales_admin)
        claim.with_user(self.service).action_take()
        with self.assertRaisesRegex(UserError, claim.number):
            receipt.action_reopen()
        claim.with_user(self.service).action_withdraw("Wrong paper")
        receipt.action_reopen()
        receipt.action_file("Ms Wang", today, paper.sudo(), entries)
        self.assertEqual(len(receipt.sudo().claim_ids), 2)

    def test_claim_that_nobody_has_taken_goes_with_the_filing(self):
        receipt = self._make_receipt()
        receipt.action_file(
            "Ms Wang",
            self._today(),
            self._make_file().sudo(),
            self._get_entries(receipt, received="8"),
        )
        receipt.action_reopen()
        self.assertEqual(receipt.sudo().claim_ids.state, "withdrawn")
