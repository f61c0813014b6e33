from odoo.tests import HttpCase, tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursReceipt(ReceiptCommon, HttpCase):
    """What the receiver does at the dock, on a small phone (SPEC G7)."""

    browser_size = "360x740"
    touch_enabled = True

    def test_receiver_notes_a_damage_and_signs(self):
        self.customer.is_company = True
        receipt = self._make_receipt().sudo()
        self.start_tour(receipt._get_link(), "order_desk_receiver_signs")
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "signed",
                    "signed_name": "Ms Wang",
                    "remark": "Left at gate 2",
                }
            ],
        )
        self.assertTrue(receipt.signature)
        self.assertRecordValues(
            receipt.line_ids,
            [
                {
                    "received_qty": 9,
                    "damaged_qty": 1,
                    "missing_qty": 1,
                    "note": "Box was wet",
                }
            ],
        )
        self.assertEqual(len(receipt.line_ids.photo_ids), 1)
