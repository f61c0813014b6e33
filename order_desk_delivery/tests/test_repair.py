from odoo.tests import tagged

from .common_claim import ClaimCommon


@tagged("-standard", "order_desk_repair", "post_install", "-at_install")
class TestRepair(ClaimCommon):
    """A repair for what is claimed, where Odoo's Repairs is installed (SPEC I1)."""

    def test_repair_order_for_what_is_claimed(self):
        claim = self._take()
        outcome = self._decide(claim, "repair").with_user(self.shipper)
        outcome.action_make()
        repair = outcome._get_repairs()
        self.assertRecordValues(
            repair,
            [
                {
                    "product_id": self.pump.id,
                    "product_qty": 2,
                    "partner_id": self.customer.id,
                    "state": "draft",
                }
            ],
        )
        self.assertEqual(outcome.state, "open")
        self.assertEqual(outcome.document_names, repair.name)
        repair.sudo().state = "done"
        outcome.invalidate_recordset(["state"])
        self.assertEqual(outcome.state, "done")
