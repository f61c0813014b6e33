from odoo.tests import HttpCase, tagged

from .common_claim import ClaimCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursClaim(ClaimCommon, HttpCase):
    """A claim with a return, from the call to the closed case (SPEC I1)."""

    def test_claim_with_return(self):
        # Odoo's transfer with a carrier opens for those who edit contacts alone
        self.shipper.group_ids |= self.env.ref("base.group_partner_manager")
        self.start_tour(
            "/odoo/order-desk-claims",
            "order_desk_claim_with_return",
            login="odd_service",
        )
        claim = self.sheet.claim_ids
        self.assertRecordValues(
            claim, [{"state": "settled", "owner_id": self.service.id}]
        )
        self.assertEqual(claim.line_ids.quantity, 2)
        self.start_tour(
            f"/odoo/order-desk-claims/{claim.id}",
            "order_desk_claim_make_return",
            login="odd_shipper",
        )
        picking = claim.outcome_ids.move_ids.picking_id
        self.assertEqual(picking.move_ids.product_uom_qty, 2)
        picking.move_ids.picked = True
        picking.with_user(self.shipper).button_validate()
        claim.with_user(self.service).action_close()
        self.assertEqual(claim.state, "closed")
        self.assertEqual(self.line.qty_delivered, 8)
