from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_receipt import ReceiptCommon

UNCOLLECTED_TYPE = "order_desk_delivery.mail_activity_type_receipt_uncollected"


@tagged("post_install", "-at_install")
class TestReceiptCollection(ReceiptCommon):
    """Whether what is paid on delivery was collected (SPEC G9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            login="odd_collection",
            name="Test accountant",
            groups="account.group_account_invoice",
        )
        roles = cls.env["order.desk.role"].with_context(active_test=False)
        roles.search(
            [("company_id", "=", cls.env.company.id), ("step", "=", "finance")]
        ).write({"user_ids": cls.accountant.ids, "active": True})
        sheet = cls._make_sheet(10)
        sheet.order_id.cash_on_delivery = True
        cls.receipt = cls._ship_and_advise(cls._bring_to(sheet, "released"))
        cls.receipt = cls.receipt.with_user(cls.shipper)
        cls.amount = cls.receipt.collect_on_delivery

    def _get_todos(self):
        kind = self.env.ref(UNCOLLECTED_TYPE)
        todos = self.receipt.sudo().activity_ids
        return todos.filtered(lambda todo: todo.activity_type_id == kind)

    def test_amount_stands_on_the_receipt_after_it_is_signed_too(self):
        pickings = self.receipt.sudo().line_ids.move_ids.picking_id
        self.assertTrue(self.amount)
        self.assertEqual(self.amount, pickings.collect_on_delivery)
        self._sign(self.receipt)
        self.assertEqual(self.receipt.collect_on_delivery, self.amount)

    def test_amount_stays_when_something_of_the_load_is_scrapped(self):
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.pump.id,
                "scrap_qty": 1,
                "picking_id": self.receipt.sudo().line_ids.move_ids.picking_id.id,
                "location_id": self.stock_warehouse.lot_stock_id.id,
            }
        )
        scrap.action_validate()
        self.receipt.invalidate_recordset()
        self.assertEqual(self.receipt.collect_on_delivery, self.amount)

    def test_amount_stands_on_one_receipt_of_a_load_that_has_two(self):
        sheet = self._make_two_lines(cash_on_delivery=True)
        self._issue(sheet)
        picking = self._ship(sheet)
        first, second = (self._advise(move).receipt_ids for move in picking.move_ids)
        self.assertTrue(picking.collect_on_delivery)
        self.assertEqual(first.collect_on_delivery, picking.collect_on_delivery)
        self.assertFalse(second.collect_on_delivery)
        first.action_withdraw()
        second.invalidate_recordset()
        self.assertEqual(second.collect_on_delivery, picking.collect_on_delivery)

    def test_dialog_does_not_tell_strangers_the_amount(self):
        dialogs = self.env["order.desk.receipt.reason"].with_user(self.stranger)
        dialog = dialogs.create({"receipt_id": self.receipt.id})
        with self.assertRaises(AccessError):
            dialog.read(["collect_on_delivery"])

    def test_shipper_notes_that_it_was_collected(self):
        self.receipt.action_collected()
        self.assertRecordValues(
            self.receipt,
            [{"collection": "collected", "collection_by_id": self.shipper.id}],
        )
        self.assertTrue(self.receipt.collection_on)
        bodies = self.receipt.sudo().sheet_ids.message_ids.mapped("body")
        self.assertTrue(any("was collected on delivery" in body for body in bodies))
        self._sign(self.receipt)
        self.assertFalse(self._get_todos())

    def test_what_was_not_collected_is_asked_for(self):
        action = self.receipt.action_open_not_collected()
        dialog = self.env[action["res_model"]].with_user(self.shipper)
        dialog = dialog.browse(action["res_id"])
        self.assertEqual(dialog.collect_on_delivery, self.amount)
        dialog.reason = "Nobody had cash"
        dialog.action_confirm()
        todos = self._get_todos()
        self.assertEqual(todos.user_id, self.salesperson | self.accountant)
        for todo in todos:
            self.assertIn("Not collected", todo.summary)
            self.assertIn("Nobody had cash", todo.note)

    def test_receipt_signed_without_a_word_is_asked_for(self):
        self.assertFalse(self._get_todos())
        self._sign(self.receipt)
        todos = self._get_todos()
        self.assertEqual(todos.user_id, self.salesperson | self.accountant)
        self.assertIn("Nobody has noted", todos[0].summary)

    def test_finance_opens_the_receipt_and_notes_what_has_come_later(self):
        self.receipt.action_not_collected("Pays tomorrow")
        receipt = self.receipt.with_user(self.accountant)
        with Form(receipt) as form:
            self.assertEqual(form.collection, "missing")
        receipt.action_collected()
        self.assertFalse(self._get_todos())
        self.assertFalse(receipt.collection_reason)

    def _book_payment(self, amount=None):
        """Let the accountant book a payment of the customer, all by default."""
        order = self.receipt.sudo().order_ids
        invoice = order.invoice_ids or order._create_invoices()
        if invoice.state == "draft":
            invoice.action_post()
        self._pay(invoice, amount)
        with self.enter_registry_test_mode():
            self.env.ref("order_desk.ir_cron_follow_money").method_direct_trigger()
        self.env.invalidate_all()

    def test_payment_in_accounting_ends_the_asking(self):
        self.receipt.action_not_collected("Pays tomorrow")
        self._book_payment(100)
        self.assertEqual(self.receipt.collection, "missing")
        self.assertTrue(self._get_todos())
        self._book_payment()
        self.assertRecordValues(
            self.receipt,
            [
                {
                    "collection": "paid",
                    "collection_by_id": False,
                    "collection_reason": "Pays tomorrow",
                }
            ],
        )
        self.assertFalse(self._get_todos())
        bodies = self.receipt.sudo().sheet_ids.message_ids.mapped("body")
        self.assertTrue(any("says accounting" in body for body in bodies))

    def test_nobody_is_asked_for_what_was_paid_before_the_receipt_is_signed(self):
        self._book_payment()
        self.assertFalse(self.receipt.collection)
        self._sign(self.receipt)
        self.assertEqual(self.receipt.collection, "paid")
        self.assertFalse(self._get_todos())

    def test_what_the_shipper_collected_stays_as_noted(self):
        self.receipt.action_collected()
        self._book_payment()
        self.assertEqual(self.receipt.collection, "collected")

    def test_no_reason_is_refused(self):
        for reason in (False, "  "):
            with self.assertRaisesRegex(UserError, "Say why"):
                self.receipt.action_not_collected(reason)

    def test_nothing_to_collect_is_refused(self):
        receipt = self._make_receipt().with_user(self.shipper)
        self.assertFalse(receipt.collect_on_delivery)
        with self.assertRaisesRegex(UserError, "nothing is to be collected"):
            receipt.action_collected()
        self._sign(receipt)
        self.assertFalse(receipt.sudo().activity_ids)

    def test_noting_it_twice_is_refused(self):
        self.receipt.action_collected()
        with self.assertRaisesRegex(UserError, "was collected.*Test shipper"):
            self.receipt.with_user(self.sales_admin).action_collected()

    def test_wrong_tap_is_corrected(self):
        self.receipt.action_collected()
        self.receipt.action_not_collected("Tapped the wrong one")
        self.assertEqual(self.receipt.collection, "missing")
        self.assertTrue(self._get_todos())

    def test_salesperson_does_not_note_it(self):
        with self.assertRaises(AccessError):
            self.receipt.with_user(self.salesperson).action_collected()

    def test_nobody_writes_it_by_hand(self):
        for vals in ({"collection": "collected"}, {"collection_reason": "None"}):
            with self.assertRaisesRegex(UserError, "by hand"):
                self.receipt.write(vals)
