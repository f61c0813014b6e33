from odoo import Command, fields
from odoo.tests import Form, tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReceiptClose(ReceiptCommon):
    """The receipt closes the delivery, and with the last one the order (SPEC G7)."""

    def _return(self, receipt, quantity):
        """Bring goods back from the customer."""
        picking = receipt.line_ids.move_ids.picking_id
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        back.move_ids.write({"quantity": quantity, "picked": True})
        back.button_validate()
        return back

    def test_signed_receipt_closes_advice_and_order(self):
        receipt = self._make_receipt()
        sheet = receipt.sheet_ids
        receipt.request_id.sudo().state = "shipped"
        self._sign(receipt)
        self.assertEqual(receipt.advice_id.state, "arrived")
        self.assertEqual(receipt.advice_id.arrived_on, receipt.signed_on)
        self.assertEqual(receipt.request_id.state, "received")
        self.assertEqual(sheet.state, "done")
        self.assertIn("received", sheet.milestone_ids.mapped("code"))
        self.assertFalse(sheet.activity_ids)

    def test_arrival_that_was_noted_before_stays(self):
        receipt = self._make_receipt()
        moment = fields.Datetime.to_datetime("2026-01-05 09:00:00")
        receipt.advice_id.sudo().write({"state": "arrived", "arrived_on": moment})
        self._sign(receipt)
        self.assertEqual(receipt.advice_id.arrived_on, moment)

    def test_order_waits_for_the_rest(self):
        sheet = self._make_released(10)
        first = self._ship_and_advise(sheet, 4)
        self._sign(first)
        self.assertEqual(sheet.state, "released")
        second = self._ship_and_advise(sheet)
        second.request_id.sudo().state = "shipped"
        self.assertEqual(second.request_id, first.request_id)
        self._sign(second)
        self.assertEqual(sheet.state, "done")
        self.assertEqual(second.request_id.state, "received")

    def test_order_waits_for_the_receipt_that_is_out(self):
        sheet = self._make_released(10)
        first = self._ship_and_advise(sheet, 4)
        second = self._ship_and_advise(sheet)
        second.request_id.sudo().state = "shipped"
        self._sign(second)
        self.assertEqual(second.request_id.state, "shipped")
        self.assertEqual(sheet.state, "released")
        self._sign(first)
        self.assertEqual(sheet.state, "done")

    def test_goods_missing_on_arrival_do_not_keep_the_order_open(self):
        receipt = self._make_receipt()
        self._sign(receipt, received=8)
        self.assertEqual(receipt.sheet_ids.state, "done")

    def test_cancelled_rest_does_not_block(self):
        sheet = self._make_released(10)
        receipt = self._ship_and_advise(sheet, 4)
        rest = sheet.order_id.picking_ids.filtered(lambda p: p.state != "done")
        rest.action_cancel()
        self._sign(receipt)
        self.assertEqual(sheet.state, "done")

    def test_returned_goods_do_not_block(self):
        receipt = self._make_receipt()
        self._return(receipt, 2)
        self._sign(receipt, received=8)
        self.assertEqual(receipt.sheet_ids.state, "done")

    def test_return_on_its_way_does_not_block(self):
        receipt = self._make_receipt()
        picking = receipt.line_ids.move_ids.picking_id
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 2
        wizard._create_return()
        self._sign(receipt, received=8)
        self.assertEqual(receipt.sheet_ids.state, "done")

    def test_shipment_refused_at_the_door_needs_no_receipt(self):
        sheet = self._make_released(10)
        first = self._ship_and_advise(sheet, 4)
        second = self._ship_and_advise(sheet)
        self._sign(first)
        self._return(second, 6)
        second.action_withdraw()
        self.assertEqual(second.state, "withdrawn")
        self.assertEqual(sheet.state, "done")

    def test_waiver_to_make_good_keeps_the_order_open(self):
        receipt = self._make_receipt()
        sheet = receipt.sheet_ids
        self.env["order.desk.waiver"].sudo().create(self._prepare_waiver(sheet))
        self._sign(receipt)
        self.assertEqual(sheet.state, "released")
        sheet.waiver_ids.sudo().state = "lapsed"
        with self.enter_registry_test_mode():
            self.env.ref(
                "order_desk_delivery.ir_cron_follow_receipts"
            ).method_direct_trigger()
        self.assertEqual(sheet.state, "done")

    def _prepare_waiver(self, sheet):
        return {
            "sheet_id": sheet.id,
            "gate": "shipping",
            "condition": "balance",
            "reason": "Urgent",
            "user_id": self.manager.id,
            "partner_id": sheet.partner_id.id,
            "revision_id": sheet.revision_ids[:1].id,
            "make_good": "Pay it",
            "make_good_by": self._soon(),
            "given_on": fields.Datetime.now(),
            "currency_id": sheet.currency_id.id,
        }

    def test_customer_who_owes_on_terms_does_not_keep_the_order_open(self):
        """What class A owes is followed on an order that is done."""
        receipt = self._make_receipt()
        sheet = receipt.sheet_ids
        self._sign(receipt)
        self.assertEqual(sheet.state, "done")
        invoice = sheet.order_id._create_invoices()
        invoice.action_post()
        self._pay(invoice, user=self.env.user)
        sheet._follow_money()
        self.assertIn("balance_received", sheet.milestone_ids.mapped("code"))
        self.assertEqual(sheet.state, "done")

    def test_order_is_taken_up_again_when_more_is_to_leave(self):
        receipt = self._make_receipt()
        sheet = receipt.sheet_ids
        self._sign(receipt)
        sheet.order_id.order_line = [
            Command.create({"product_id": self.hose.id, "product_uom_qty": 4})
        ]
        self.assertEqual(sheet.state, "released")

    def test_two_orders_on_one_receipt_are_closed_both(self):
        sheets = self._make_released() | self._make_released(3)
        request = self._issue(sheets)
        pickings = self._ship(sheets)
        receipt = self._advise(pickings.move_ids).receipt_ids
        self.assertEqual(receipt.sheet_ids, sheets)
        self.assertEqual(receipt.request_id, request)
        self._sign(receipt)
        self.assertEqual(set(sheets.mapped("state")), {"done"})
