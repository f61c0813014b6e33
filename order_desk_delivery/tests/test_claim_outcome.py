import math

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common_claim import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimOutcome(ClaimCommon):
    """What is done about a claim, by documents of Odoo's own (SPEC I1)."""

    def _receive(self, outcome):
        """Let the shipper take in what comes back."""
        picking = outcome.move_ids.picking_id.filtered(
            lambda p: p.picking_type_code == "incoming" and p.state != "done"
        )
        picking.move_ids.picked = True
        picking.with_user(self.shipper).button_validate()
        return picking

    def test_a_second_tap_decides_nothing_more(self):
        claim = self._take(quantity=4)
        dialog = self.env["order.desk.claim.decide"].with_user(self.service)
        dialog = dialog.create({"claim_id": claim.id, "kind": "return"})
        dialog.line_ids.quantity = 2
        dialog.action_decide()
        dialog.action_decide()
        self.assertEqual(claim.outcome_ids.line_ids.mapped("quantity"), [2.0])

    # ------------------------------------------------------------- return

    def test_return_is_the_warehouses_todo_when_service_may_not(self):
        claim = self._take()
        outcome = self._decide(claim, "return")
        self.assertEqual(outcome.state, "asked")
        self.assertFalse(outcome.can_make)
        self.assertIn(self.shipper, claim.sudo().activity_ids.user_id)
        with self.assertRaises(AccessError):
            outcome.action_make()

    def test_return_brings_back_what_is_claimed(self):
        claim = self._take()
        outcome = self._decide(claim, "return")
        outcome.with_user(self.shipper).action_make()
        picking = outcome.move_ids.picking_id
        self.assertEqual(picking.return_id, self.sheet.order_id.picking_ids - picking)
        self.assertEqual(picking.move_ids.product_uom_qty, 2)
        self.assertEqual(outcome.state, "open")
        self.assertNotIn(self.shipper, claim.sudo().activity_ids.user_id)
        self._receive(outcome)
        self.assertEqual(outcome.state, "done")
        self.assertEqual(self.line.qty_delivered, 8)

    def test_return_is_made_at_once_by_whoever_may(self):
        self.service.group_ids |= self.env.ref("stock.group_stock_user")
        outcome = self._decide(self._take(), "return")
        self.assertEqual(outcome.state, "open")

    def test_return_over_two_deliveries(self):
        sheet = self._make_released()
        self._issue(sheet)
        self._ship(sheet, quantity=6)
        self._ship(sheet)
        claim = self._take(quantity=7, sheet=sheet)
        outcome = self._decide(claim, "return").with_user(self.shipper)
        outcome.action_make()
        self.assertEqual(sorted(outcome.move_ids.mapped("product_uom_qty")), [3.0, 4.0])
        self.assertEqual(len(outcome.move_ids.picking_id), 2)

    def test_what_came_back_already_does_not_come_back_again(self):
        claim = self._take(quantity=10)
        self._decide(claim, "return", 4).with_user(self.shipper).action_make()
        self._decide(claim, "return", 6).with_user(self.shipper).action_make()
        with self.assertRaisesRegex(ValidationError, "12 Units"):
            self._decide(claim, "return", 2)

    def test_what_did_not_arrive_does_not_come_back(self):
        claim = self._take(kind="shortage")
        with self.assertRaisesRegex(ValidationError, "did not arrive"):
            self._decide(claim, "return")

    def test_goods_returned_without_a_claim_cannot_be_claimed(self):
        picking = self.sheet.order_id.picking_ids
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 9
        wizard.action_create_returns()
        back = self.sheet.order_id.picking_ids - picking
        back.move_ids.picked = True
        back.button_validate()
        with self.assertRaisesRegex(ValidationError, "1 Units has left"):
            self._open(2)

    def test_goods_returned_by_the_claim_stay_claimed(self):
        claim = self._take()
        outcome = self._decide(claim, "return")
        outcome.with_user(self.shipper).action_make()
        self._receive(outcome)
        self.assertEqual(claim.line_ids.claimable_quantity, 10)
        claim.name = "They leak badly"

    def test_serial_numbers_that_were_named_come_back(self):
        self.pump.tracking = "serial"
        self.env["stock.quant"].search([("product_id", "=", self.pump.id)]).unlink()
        serials = self.env["stock.lot"].create(
            [{"name": f"SN-{n}", "product_id": self.pump.id} for n in range(4)]
        )
        for serial in serials:
            self._put_in_stock(self.pump, 1, serial)
        sheet = self._make_released(4)
        self._issue(sheet)
        sheet.order_id.picking_ids.action_assign()
        sheet.order_id.picking_ids.move_ids.picked = True
        sheet.order_id.picking_ids.with_user(self.shipper).button_validate()
        line = {"sale_line_id": sheet.order_line.id, "quantity": 2}
        claim = self._take(
            sheet=sheet,
            line_ids=[(0, 0, {**line, "lot_ids": (serials[1] | serials[3]).ids})],
        )
        outcome = self._decide(claim, "return").with_user(self.shipper)
        outcome.action_make()
        self.assertEqual(outcome.move_ids.lot_ids, serials[1] | serials[3])
        self.assertEqual(outcome.move_ids.quantity, 2)
        with self.assertRaisesRegex(ValidationError, "2 serial numbers for 1 Units"):
            claim.line_ids.quantity = 1

    def test_transfer_that_is_split_still_belongs_to_the_outcome(self):
        outcome = self._decide(self._take(quantity=5), "return")
        outcome.with_user(self.shipper).action_make()
        picking = outcome.move_ids.picking_id
        picking.move_ids.write({"quantity": 2, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(sum(outcome.move_ids.mapped("product_uom_qty")), 5)
        self.assertEqual(outcome.state, "open")

    # ------------------------------------------------------------- exchange

    def test_exchange_brings_back_and_sends_anew(self):
        outcome = self._decide(self._take(), "exchange").with_user(self.shipper)
        outcome.action_make()
        back = outcome.move_ids.filtered(lambda m: not m._is_leaving())
        new = outcome.move_ids - back
        self.assertEqual(back.product_uom_qty, 2)
        self.assertEqual(new.product_uom_qty, 2)
        self.assertEqual(new.sale_line_id, self.line)
        self._receive(outcome)
        self.assertEqual(outcome.state, "open")

    def test_exchange_leaves_under_a_shipping_request_again(self):
        outcome = self._decide(self._take(), "exchange").with_user(self.shipper)
        outcome.action_make()
        self._receive(outcome)
        self._issue(self.sheet, {self.line: 2})
        self.pump.standard_price = 100
        self._ship(self.sheet)
        self.assertEqual(outcome.state, "done")
        outcome = outcome.with_user(self.service)
        self.assertEqual(outcome.document_cost, 200)
        self.assertEqual(outcome.claim_id.cost, 200)

    def test_warehouse_does_not_read_what_it_costs(self):
        outcome = self._decide(self._take(), "other", text="A letter", other_cost=20)
        warehouse = new_test_user(
            self.env, login="od_stock", groups="stock.group_stock_user"
        )
        outcome = outcome.with_user(warehouse)
        claim = outcome.claim_id
        self.assertEqual(claim.state, "working")
        for record, name in (
            (outcome, "document_cost"),
            (outcome, "cost"),
            (claim, "cost"),
        ):
            with (
                self.subTest(record=record, field=name),
                self.assertRaises(AccessError),
            ):
                record.read([name])
        for kind in ("form", "list", "pivot"):
            arch = claim.get_view(view_type=kind)["arch"]
            self.assertNotIn('name="cost"', arch)

    def test_exchange_does_not_melt_into_what_is_still_to_be_delivered(self):
        sheet = self._make_released()
        self._issue(sheet)
        self._ship(sheet, quantity=6)
        outcome = self._decide(self._take(sheet=sheet), "exchange")
        outcome.with_user(self.shipper).action_make()
        new = outcome.move_ids.filtered(lambda m: m._is_leaving())
        self.assertEqual(new.product_uom_qty, 2)

    # ------------------------------------------------------------- credit

    def test_credit_is_the_accountants(self):
        self._invoice()
        claim = self._take()
        outcome = self._decide(claim, "credit")
        self.assertEqual(outcome.state, "asked")
        self.assertIn(self.accountant, claim.sudo().activity_ids.user_id)
        outcome.with_user(self.accountant).action_make()
        note = outcome.credit_note_ids
        self.assertRecordValues(note, [{"move_type": "out_refund", "state": "draft"}])
        self.assertEqual(note.amount_untaxed, 500)
        self.assertEqual((outcome.state, outcome.cost), ("open", 0))
        note.with_user(self.accountant).action_post()
        self.assertEqual((outcome.state, outcome.cost), ("done", 500))

    def test_deleted_draft_is_asked_for_again(self):
        self._invoice()
        outcome = self._decide(self._take(), "credit").with_user(self.accountant)
        outcome.action_make()
        outcome.credit_note_ids.unlink()
        self.assertEqual(outcome.state, "asked")

    def test_nothing_invoiced_nothing_credited(self):
        with self.assertRaisesRegex(UserError, "on no posted invoice"):
            self._decide(self._take(), "credit")

    def test_credit_leaves_other_lines_of_the_invoice_out(self):
        sheet = self._make_sheet()
        line = sheet.order_line.copy({"order_id": sheet.order_id.id})
        self._configure(line)
        self._bring_to(sheet, "released")
        self._issue(sheet)
        self._ship(sheet)
        self._invoice(sheet)
        claim = self._take(sheet=sheet)
        outcome = self._decide(claim, "credit").with_user(self.accountant)
        outcome.action_make()
        lines = outcome.credit_note_ids.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        self.assertEqual(lines.sale_line_ids, claim.line_ids.sale_line_id)
        self.assertEqual(lines.quantity, 2)

    # ------------------------------------------------------------- sent anew

    def test_resend_is_a_quotation_under_control_free_of_charge(self):
        outcome = self._decide(self._take(), "resend")
        order = outcome.resend_order_ids
        self.assertTrue(order.sheet_id)
        self.assertEqual(order.state, "draft")
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.pump.id,
                    "product_uom_qty": 2,
                    "price_unit": 0,
                    "configuration": self.line.configuration,
                }
            ],
        )
        self.assertEqual(outcome.state, "open")

    def test_resend_at_the_price_of_the_order(self):
        outcome = self._decide(self._take(), "resend", is_free=False)
        line = outcome.resend_order_ids.order_line
        self.assertEqual(line.price_unit, self.line.price_unit)

    def test_cancelled_resend_can_be_made_again(self):
        outcome = self._decide(self._take(), "resend")
        outcome.resend_order_ids._action_cancel()
        self.assertEqual(outcome.state, "asked")
        outcome.action_make()
        self.assertEqual(len(outcome.resend_order_ids), 2)

    # ------------------------------------------------------------- other ways

    def test_carrier_pays_part_of_it(self):
        claim = self._take(kind="damage")
        outcome = self._decide(claim, "compensation", amount_asked=300, other_cost=50)
        self.assertEqual(outcome.state, "open")
        outcome.action_note_carrier(200)
        self.assertEqual((outcome.state, claim.cost), ("done", -150))

    def test_carrier_refuses(self):
        outcome = self._decide(self._take(), "compensation", amount_asked=300)
        with self.assertRaisesRegex(UserError, "from 0 up"):
            outcome.action_note_carrier(-1)
        outcome.action_note_carrier(0)
        self.assertEqual((outcome.state, outcome.cost), ("done", 0))

    def test_compensation_takes_an_amount(self):
        with self.assertRaisesRegex(UserError, "asked to pay"):
            self._decide(self._take(), "compensation")

    def test_apology_takes_words(self):
        with self.assertRaisesRegex(UserError, "Write what is done"):
            self._decide(self._take(), "other")

    def test_repair_is_offered_where_it_is_installed(self):
        kinds = self.env["order.desk.claim.outcome"]._get_kinds()
        self.assertEqual("repair" in kinds, "repair.order" in self.env)

    def test_goods_are_said(self):
        with self.assertRaisesRegex(UserError, "how much of which goods"):
            self._decide(self._take(), "resend", 0)

    def test_goods_of_another_claim_are_refused(self):
        claim, other = self._take(quantity=1), self._take(quantity=1)
        with self.assertRaisesRegex(UserError, "Choose from the goods"):
            claim.action_decide("resend", {other.line_ids.id: 1})

    def test_others_do_not_decide(self):
        claim = self._take()
        with self.assertRaises(AccessError):
            claim.with_user(self.clerk).action_decide("other", text="A letter")

    def test_decision_writes_nothing_else(self):
        claim = self._take()
        move = self.sheet.order_id.picking_ids.move_ids
        for values in (
            {"claim_id": self._take(quantity=1).id},
            {"decided_by_id": self.clerk.id},
            {"move_ids": [Command.update(move.id, {"sale_line_id": False})]},
            {"resend_order_ids": [Command.create({"partner_id": self.customer.id})]},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                claim.action_decide("other", text="A letter", **values)

    def test_decision_takes_numbers_alone(self):
        claim = self._take()
        for number in (math.nan, math.inf):
            with self.subTest(number=number), self.assertRaises(UserError):
                self._decide(claim, "resend", number)

    def test_no_more_is_credited_than_is_still_invoiced(self):
        invoice = self._invoice()
        invoice._reverse_moves(cancel=True)
        with self.assertRaisesRegex(UserError, "nothing to credit"):
            self._decide(self._take(), "credit")

    def test_outcomes_are_not_entered_by_hand(self):
        claim = self._take()
        outcomes = self.env["order.desk.claim.outcome"].with_user(self.service)
        with self.assertRaises(AccessError):
            outcomes.create({"claim_id": claim.id, "kind": "other", "text": "x"})

    # ------------------------------------------------------------- dropping, closing

    def test_not_closed_before_all_is_done(self):
        claim = self._take()
        outcome = self._decide(claim, "return")
        claim.action_settle("Please send them back")
        with self.assertRaisesRegex(UserError, "not done yet"):
            claim.action_close()
        outcome.with_user(self.shipper).action_make()
        self._receive(outcome)
        claim.action_close()
        self.assertEqual(claim.state, "closed")

    def test_dropped_with_a_reason_while_there_is_no_document(self):
        claim = self._take()
        outcome = self._decide(claim, "return")
        with self.assertRaisesRegex(UserError, "Say why it is dropped"):
            outcome.action_drop("")
        outcome.action_drop("They keep them")
        self.assertEqual(outcome.state, "dropped")
        self.assertNotIn(self.shipper, claim.sudo().activity_ids.user_id)

    def test_document_is_cancelled_before_the_outcome_is_dropped(self):
        outcome = self._decide(self._take(), "return")
        outcome.with_user(self.shipper).action_make()
        with self.assertRaisesRegex(UserError, "cancel .* first"):
            outcome.action_drop("They keep them")
        outcome.move_ids.picking_id.action_cancel()
        outcome.action_drop("They keep them")
        self.assertEqual(outcome.state, "dropped")

    def test_claims_are_in_the_dossier(self):
        claim = self._open()
        chapters = self.sheet.sudo()._get_dossier_documents()
        chapter = next(c for c in chapters if c["records"] == claim)
        self.assertIn(claim.number, chapter["missing"][0])

    def test_owner_is_reminded_to_close_when_all_is_done(self):
        claim = self._take()
        outcome = self._decide(claim, "return")
        claim.action_settle("Please send them back")
        outcome.with_user(self.shipper).action_make()
        self._receive(outcome)
        self._run_cron()
        todo = claim.sudo().activity_ids
        self.assertEqual(todo.user_id, self.service)
        self.assertIn("Everything is done", todo.summary)
