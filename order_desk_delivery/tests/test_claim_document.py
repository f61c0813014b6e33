from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_claim import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimDocument(ClaimCommon):
    """What a claim costs is not made up by naming documents its own (SPEC I1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outcome = cls._decide(cls._take(), "exchange")
        cls.move = cls.sheet.order_id.picking_ids.move_ids

    def test_goods_are_not_called_exchanged_by_hand(self):
        with self.assertRaisesRegex(AccessError, "cannot be entered"):
            self.move.with_user(self.shipper).claim_outcome_id = self.outcome
        self.assertEqual(self.outcome.document_cost, 0)

    def test_goods_of_a_claim_are_not_taken_off_it(self):
        self.outcome.with_user(self.shipper).action_make()
        moves = self.outcome.move_ids.with_user(self.shipper)
        with self.assertRaises(AccessError):
            moves.claim_outcome_id = False

    def test_new_goods_are_not_entered_for_a_claim(self):
        vals = {
            "product_id": self.pump.id,
            "product_uom_qty": 5,
            "location_id": self.move.location_id.id,
            "location_dest_id": self.move.location_dest_id.id,
        }
        moves = self.env["stock.move"].with_user(self.shipper)
        with self.assertRaises(AccessError):
            moves.create({**vals, "claim_outcome_id": self.outcome.id})
        made = moves.with_context(default_claim_outcome_id=self.outcome.id).create(vals)
        self.assertFalse(made.claim_outcome_id)

    def test_credit_notes_are_not_called_a_claims_by_hand(self):
        invoice = self._invoice().with_user(self.accountant)
        with self.assertRaises(AccessError):
            invoice.claim_outcome_id = self.outcome
        with self.assertRaises(AccessError):
            invoice.copy({"claim_outcome_id": self.outcome.id})

    def test_orders_are_not_called_sent_anew_by_hand(self):
        order = self.sheet.order_id.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            order.claim_outcome_id = self.outcome
        with self.assertRaises(AccessError):
            order.copy({"claim_outcome_id": self.outcome.id})

    def test_returns_are_not_entered_for_a_claim(self):
        wizards = self.env["stock.return.picking"].with_user(self.shipper)
        vals = {"picking_id": self.move.picking_id.id}
        with self.assertRaises(AccessError):
            wizards.create({**vals, "claim_outcome_id": self.outcome.id})
        wizard = wizards.with_context(default_claim_outcome_id=self.outcome.id).create(
            vals
        )
        self.assertFalse(wizard.claim_outcome_id)

    def test_documents_are_made_by_whoever_may(self):
        self._invoice()
        for kind, user in (("exchange", self.shipper), ("credit", self.accountant)):
            outcome = self._decide(self._take(quantity=1), kind).with_user(user)
            outcome.action_make()
            with self.subTest(kind=kind):
                self.assertTrue(outcome.document_names)

    def test_goods_that_the_shipper_divides_stay_with_the_claim(self):
        outcome = self.outcome.with_user(self.shipper)
        outcome.action_make()
        picking = outcome.move_ids.picking_id.filtered("return_id")
        picking.move_ids.write({"quantity": 1, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(len(picking.backorder_ids), 1)
        self.assertEqual(picking.backorder_ids.move_ids.claim_outcome_id, outcome)
