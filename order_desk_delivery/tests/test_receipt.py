from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.order_desk.tests.common import PNG

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReceipt(ReceiptCommon):
    """What the customer says has come (SPEC G7)."""

    # ------------------------------------------------------------- making

    def test_advice_that_is_sent_has_a_receipt_of_what_left(self):
        receipt = self._make_receipt(10)
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "open",
                    "customer_id": self.customer.id,
                    "partner_id": self.customer.id,
                }
            ],
        )
        self.assertTrue(receipt.number.startswith("RC"))
        self.assertRecordValues(
            receipt.line_ids,
            [
                {
                    "title": "[TP-1] Test pump",
                    "expected_qty": 10,
                    "received_qty": 0,
                    "difference": False,
                }
            ],
        )
        self.assertEqual(receipt.expected_on, receipt.advice_id.expected_arrival)

    def test_part_of_an_order_has_a_receipt_of_its_own(self):
        sheet = self._make_released(10)
        first = self._ship_and_advise(sheet, 4)
        second = self._ship_and_advise(sheet)
        self.assertEqual(first.line_ids.expected_qty, 4)
        self.assertEqual(second.line_ids.expected_qty, 6)
        self.assertEqual(sheet.receipt_ids, first | second)

    def test_advice_sent_again_keeps_its_receipt(self):
        receipt = self._make_receipt()
        receipt.advice_id._note_sent()
        self.assertEqual(receipt.advice_id.receipt_ids, receipt)

    def test_advice_that_replaces_another_keeps_the_receipt(self):
        receipt = self._make_receipt()
        old = receipt.advice_id
        moves = old.move_ids
        old.sudo().state = "withdrawn"
        new = self._advise(moves, hours=72)
        self.assertEqual(receipt.advice_id, new)
        self.assertFalse(old.receipt_ids)
        self.assertEqual(receipt.expected_on, new.expected_arrival)

    def test_request_shipped_without_advice_has_a_receipt_by_hand(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._ship(sheet)
        action = request.with_user(self.sales_admin).action_make_receipts()
        receipt = self.env["order.desk.receipt"].browse(action["res_id"])
        self.assertEqual(receipt.request_id, request)
        self.assertEqual(receipt.line_ids.expected_qty, 10)
        with self.assertRaisesRegex(UserError, request.number):
            request.with_user(self.sales_admin).action_make_receipts()

    def test_company_without_requests_makes_receipts_on_the_sheet(self):
        self.roles["shipping_request"].active = False
        sheet = self._make_released()
        self._ship(sheet)
        self.assertTrue(sheet.with_user(self.clerk).lacks_receipt)
        action = sheet.with_user(self.clerk).action_make_receipts()
        receipt = self.env["order.desk.receipt"].browse(action["res_id"])
        self.assertFalse(receipt.request_id)
        self.assertFalse(sheet.lacks_receipt)
        self._sign(receipt)
        self.assertEqual(sheet.state, "done")

    def test_lots_are_named(self):
        self.pump.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "LOT-7", "product_id": self.pump.id}
        )
        self.env["stock.quant"].search([("product_id", "=", self.pump.id)]).unlink()
        self._put_in_stock(self.pump, 50, lot)
        receipt = self._make_receipt()
        self.assertEqual(receipt.line_ids._get_lot_text(), "LOT-7")

    # ------------------------------------------------------------- signing

    def test_all_came_in_good_order(self):
        receipt = self._make_receipt()
        self._sign(receipt)
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "signed",
                    "signed_name": "Ms Wang",
                    "has_differences": False,
                    "received_on": self._today(),
                }
            ],
        )
        self.assertTrue(receipt.signature)
        self.assertRecordValues(
            receipt.line_ids, [{"received_qty": 10, "missing_qty": 0}]
        )

    def test_what_is_missing_and_damaged_is_kept_per_line(self):
        receipt = self._make_receipt()
        self._sign(receipt, received="8", damaged="1", note="Box was wet")
        self.assertRecordValues(
            receipt.line_ids,
            [
                {
                    "received_qty": 8,
                    "damaged_qty": 1,
                    "missing_qty": 2,
                    "note": "Box was wet",
                    "difference": "damage",
                }
            ],
        )
        self.assertTrue(receipt.has_differences)
        self.assertIn("Box was wet", receipt.message_ids[0].body)

    def test_more_than_shipped_is_asked_about_and_then_taken(self):
        receipt = self._make_receipt()
        with self.assertRaisesRegex(UserError, "Test pump: you entered 12 Units"):
            self._sign(receipt, received="12")
        self.assertEqual(receipt.state, "open")
        self._sign(receipt, received="12", more=True)
        self.assertRecordValues(
            receipt.line_ids,
            [{"received_qty": 12, "surplus_qty": 2, "difference": "wrong"}],
        )

    def test_nonsense_is_refused_and_names_the_line(self):
        receipt = self._make_receipt()
        for case, values in (
            ("negative", {"received": "-1"}),
            ("text", {"received": "all"}),
            ("empty", {"received": ""}),
            ("nothing", {"received": None}),
            ("no number", {"received": "nan"}),
            ("infinite", {"received": "1e999"}),
            ("huge", {"received": "1e12", "more": True}),
            ("a list", {"received": [1]}),
            ("damaged negative", {"damaged": "-2"}),
            ("damaged text", {"damaged": "some"}),
            ("more damaged than came", {"received": "3", "damaged": "4"}),
        ):
            with (
                self.subTest(case=case),
                self.assertRaisesRegex(UserError, "Test pump"),
            ):
                self._sign(receipt, **values)
        self.assertEqual(receipt.state, "open")

    def test_entries_of_any_shape_are_refused(self):
        receipt = self._make_receipt().sudo()
        for entries in (None, [], "x", {}, {"1": 2}, {str(receipt.line_ids.id): "x"}):
            with (
                self.subTest(entries=entries),
                self.assertRaisesRegex(UserError, "Test pump"),
            ):
                receipt._sign_in_portal(
                    self.customer, "Ms Wang", entries, signature=self._make_signature()
                )

    def test_every_line_that_is_wrong_is_named_at_once(self):
        receipt = self._ship_and_advise(self._make_two_lines()).sudo()
        pump, hose = receipt.line_ids
        entries = {pump.id: {"received": -1}, hose.id: {"received": "?"}}
        with self.assertRaises(UserError) as caught:
            receipt._sign_in_portal(
                self.customer, "", entries, signature=self._make_signature()
            )
        for text in ("Test pump", "Test hose", "name of who signs"):
            self.assertIn(text, str(caught.exception))

    def test_signature_and_name_are_needed(self):
        receipt = self._make_receipt()
        with self.assertRaisesRegex(UserError, "name of who signs"):
            self._sign(receipt, name="  ")
        with self.assertRaisesRegex(UserError, "signature"):
            receipt.sudo()._sign_in_portal(
                self.customer, "Ms Wang", self._get_entries(receipt)
            )

    def test_nothing_arrived_is_nothing_to_sign_for(self):
        receipt = self._make_receipt()
        with self.assertRaisesRegex(UserError, "nothing has arrived"):
            self._sign(receipt, received=0)

    def test_second_signature_is_told_who_was_first(self):
        receipt = self._make_receipt()
        self._sign(receipt, received=9)
        with self.assertRaisesRegex(UserError, "signed by Ms Wang"):
            self._sign(receipt, name="Mr Li")
        self.assertRecordValues(receipt, [{"signed_name": "Ms Wang"}])
        self.assertEqual(receipt.line_ids.received_qty, 9)

    # ------------------------------------------------------------- on paper

    def _file(self, receipt, **values):
        values = {
            "name": "Mr Li",
            "received_on": self._today(),
            "files": self._make_file(),
            **values,
        }
        receipt.action_file(**values)

    def test_paper_is_filed_by_the_shipper(self):
        receipt = self._make_receipt().with_user(self.shipper)
        file = self.env["ir.attachment"].with_user(self.shipper)
        self._file(receipt, files=file.create({"name": "paper.png", "raw": PNG}))
        self.assertRecordValues(
            receipt,
            [
                {
                    "state": "filed",
                    "signed_name": "Mr Li",
                    "filed_by_id": self.shipper.id,
                    "has_differences": False,
                }
            ],
        )
        self.assertEqual(receipt.paper_ids.name, "paper.png")

    def test_paper_needs_a_file_a_name_and_a_day_that_can_be(self):
        receipt = self._make_receipt()
        today = self._today()
        for message, values in (
            ("photo or scan", {"files": ()}),
            ("name of who signs", {"name": ""}),
            ("day on which", {"received_on": False}),
            ("day on which", {"received_on": "soon"}),
            ("in the future", {"received_on": today + timedelta(days=1)}),
            ("they left on", {"received_on": today - timedelta(days=1)}),
            ("neither a picture nor a PDF", {"files": self._make_file(b"hello")}),
            (
                "Test pump",
                {"entries": self._get_entries(receipt, received=-3)},
            ),
        ):
            with (
                self.subTest(message=message),
                self.assertRaisesRegex(UserError, message),
            ):
                self._file(receipt.with_user(self.clerk), **values)
        self.assertEqual(receipt.state, "open")

    def test_filing_is_taken_back_and_the_old_paper_is_kept(self):
        receipt = self._make_receipt().with_user(self.clerk)
        sheet = receipt.sheet_ids
        self._file(receipt, entries=self._get_entries(receipt, received=7))
        receipt.action_reopen()
        self.assertRecordValues(
            receipt, [{"state": "open", "signed_name": False, "has_differences": False}]
        )
        self.assertEqual(sheet.state, "released")
        self.assertEqual(receipt.message_ids[0].attachment_ids.name, "return copy.png")
        self._file(receipt)
        self.assertEqual(receipt.state, "filed")

    def test_what_the_customer_signed_stays(self):
        receipt = self._make_receipt()
        self._sign(receipt)
        with self.assertRaisesRegex(UserError, "signed by Ms Wang"):
            receipt.action_reopen()
        with self.assertRaisesRegex(UserError, "signed by Ms Wang"):
            receipt.action_withdraw()
        with self.assertRaisesRegex(UserError, "signed by Ms Wang"):
            self._file(receipt.with_user(self.clerk))

    # ------------------------------------------------------------- protection

    def test_receiver_who_has_signed_stays(self):
        receipt = self._make_receipt()
        receipt.partner_id = self._make_site("The site")
        self._sign(receipt)
        with self.assertRaisesRegex(UserError, "was signed by"):
            receipt.with_user(self.shipper).partner_id = self.env.company.partner_id

    def test_nobody_writes_what_was_received(self):
        receipt = self._make_receipt()
        for user in (self.sales_admin, self.shipper, self.service):
            for record, vals in (
                (receipt, {"state": "signed"}),
                (receipt, {"signed_name": "Me"}),
                (receipt, {"link_version": 7}),
                (receipt.line_ids, {"received_qty": 10}),
            ):
                with (
                    self.subTest(user=user.name, vals=vals),
                    self.assertRaises(AccessError),
                ):
                    record.with_user(user).write(vals)
        with self.assertRaises(AccessError):
            receipt.with_user(self.sales_admin).copy()

    def test_stranger_reads_nothing_and_salespeople_their_own(self):
        receipt = self._make_receipt()
        with self.assertRaises(AccessError):
            receipt.with_user(self.stranger).read(["number"])
        self.assertTrue(receipt.with_user(self.salesperson).read(["number"]))
        receipt.order_ids.user_id = self.administrator
        with self.assertRaises(AccessError):
            receipt.with_user(self.salesperson).read(["number"])

    def test_proof_of_the_delivery_is_kept(self):
        receipt = self._make_receipt().with_user(self.clerk)
        self._file(receipt)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            receipt.paper_ids.sudo().unlink()

    # ------------------------------------------------------------- overdue

    def _get_overdue_people(self, receipt):
        todo = self.env.ref("order_desk_delivery.mail_activity_type_receipt_overdue")
        activities = self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", todo.id),
                ("res_id", "=", receipt.id),
                ("res_model", "=", receipt._name),
            ]
        )
        return activities.user_id

    def _follow_at(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref(
                "order_desk_delivery.ir_cron_follow_receipts"
            ).method_direct_trigger()

    def test_overdue_receipt_is_asked_for_then_the_superior_is_told(self):
        self.roles["shipping_request"].superior_id = self.service
        receipt = self._make_receipt()
        self._follow_at(receipt.expected_on)
        self.assertFalse(self._get_overdue_people(receipt))
        self._follow_at(receipt.due_on + timedelta(minutes=1))
        self.assertEqual(self._get_overdue_people(receipt), self.sales_admin)
        self._follow_at(receipt.escalate_on + timedelta(minutes=1))
        self.assertEqual(
            self._get_overdue_people(receipt), self.sales_admin | self.service
        )
        self._sign(receipt)
        self.assertFalse(self._get_overdue_people(receipt))

    def test_later_arrival_puts_the_receipt_off(self):
        receipt = self._make_receipt()
        before = receipt.due_on
        advice = receipt.advice_id.sudo()
        advice.expected_arrival += timedelta(days=7)
        self.assertGreater(receipt.due_on, before + timedelta(days=5))

    def test_overdue_ones_are_found(self):
        receipt = self._make_receipt()
        receipts = self.env["order.desk.receipt"]
        with freeze_time(receipt.due_on + timedelta(hours=1)):
            self.assertIn(receipt, receipts.search([("is_overdue", "=", True)]))
            self.assertNotIn(receipt, receipts.search([("is_overdue", "=", False)]))
            self.assertTrue(receipt.is_overdue)
        self.assertNotIn(receipt, receipts.search([("is_overdue", "=", True)]))

    def test_without_expected_arrival_three_working_days_are_usual(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._ship(sheet)
        receipts = self.env["order.desk.receipt"]._make(request.line_ids.move_ids)
        company = self.env.company
        left = company._order_desk_date(receipts.shipped_on)
        self.assertEqual(
            company._order_desk_date(receipts.expected_on),
            company._order_desk_add_working_days(left, 3),
        )
        self.assertGreater(receipts.due_on, fields.Datetime.now())
