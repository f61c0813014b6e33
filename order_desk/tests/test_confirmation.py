from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common import PNG, OrderDeskCommon


class ConfirmationCommon(OrderDeskCommon):
    def _get_sheet(self, **line_vals):
        """Return a sheet whose confirmation is to be sent."""
        return self._make_at("confirming", **line_vals)

    def _get_sent(self):
        return self._send(self._get_sheet())

    def _get_returned(self, remarks=False):
        confirmation = self._get_sent()
        self._file_return(confirmation, remarks)
        return confirmation

    def _get_condition(self, sheet, code="confirmation"):
        gate = sheet.with_user(self.clerk).order_id.production_gate
        return next(c for c in gate if c["code"] == code)

    def _get_todos(self, sheet):
        return [
            (activity.user_id, activity.activity_type_id.name)
            for activity in sheet.activity_ids
        ]


@tagged("post_install", "-at_install")
class TestConfirmation(ConfirmationCommon):
    def test_sheet_shows_the_status_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        status = self.env.ref(
            "order_desk.selection__order_desk_confirmation__state__draft"
        )
        status.with_context(lang="zh_CN").name = "校对"
        sheet = self.env["order.desk.sheet"].with_context(lang="zh_CN")
        field = sheet.fields_get(["confirmation_state"])["confirmation_state"]
        self.assertIn(("draft", "校对"), field["selection"])

    # ------------------------------------------------------------- proof-reading

    def test_sending_opens_the_lines_to_proof_read(self):
        sheet = self._get_sheet()
        action = sheet.with_user(self.clerk).action_send_confirmation()
        self.assertEqual(action["res_model"], "order.desk.confirmation")
        confirmation = sheet.confirmation_id
        self.assertEqual(action["res_id"], confirmation.id)
        self.assertEqual(confirmation.name, f"{sheet.order_id.name}-R1")
        self.assertRecordValues(
            confirmation.line_ids,
            [{"sale_line_id": False}, {"sale_line_id": sheet.order_line.id}],
        )
        self.assertIn("Hangzhou", confirmation.line_ids[0].details)
        self.assertIn("Impeller: Cast iron", confirmation.line_ids[1].details)

    def test_sending_with_unread_lines_names_them(self):
        confirmation = (
            self._get_sheet().with_user(self.clerk).action_make_confirmation()
        )
        confirmation.line_ids[0].is_read = True
        with self.assertRaisesRegex(UserError, "Test pump"):
            confirmation.action_send("print")
        self.assertEqual(confirmation.state, "draft")

    def test_toggle_notes_who_has_looked_and_can_be_taken_back(self):
        confirmation = (
            self._get_sheet().with_user(self.clerk).action_make_confirmation()
        )
        with Form(confirmation) as form, form.line_ids.edit(1) as line:
            line.is_read = True
        self.assertEqual(confirmation.line_ids[1].read_by_id, self.clerk)
        self.assertEqual(confirmation.unread_count, 1)
        confirmation.line_ids[1].is_read = False
        self.assertFalse(confirmation.line_ids[1].read_on)

    def test_who_has_looked_cannot_be_written(self):
        confirmation = (
            self._get_sheet().with_user(self.clerk).action_make_confirmation()
        )
        with self.assertRaises(AccessError):
            confirmation.line_ids[0].write({"read_on": fields.Datetime.now()})
        with self.assertRaises(AccessError):
            confirmation.write({"line_ids": [Command.create({"sale_line_id": False})]})

    def test_nothing_is_proof_read_after_sending(self):
        confirmation = self._get_sent()
        with self.assertRaisesRegex(UserError, "over"):
            confirmation.line_ids[0].is_read = False

    def test_two_hundred_lines_are_sent(self):
        sheet = self._make_sheet()
        sheet.order_id.order_line = [
            Command.create({"product_id": self.pump.id, "product_uom_qty": number})
            for number in range(1, 200)
        ]
        self._configure(sheet.order_id.order_line)
        self._bring_to(sheet, "confirming")
        confirmation = sheet.with_user(self.clerk).action_make_confirmation()
        self.assertEqual(confirmation.unread_count, 201)
        confirmation.action_read_all()
        confirmation.action_send("print")
        self.assertEqual(confirmation.state, "sent")

    def test_changed_lines_of_a_draft_are_read_again(self):
        sheet = self._make_sheet()
        line = sheet.order_line
        other = line.copy({"order_id": sheet.order_id.id, "product_uom_qty": 3})
        self._bring_to(sheet, "confirming")
        confirmation = sheet.with_user(self.clerk).action_make_confirmation()
        confirmation.action_read_all()
        other.special_requirement = "Painted blue"
        self._sign_pending(sheet)
        again = sheet.with_user(self.clerk).action_make_confirmation()
        self.assertEqual(again, confirmation)
        self.assertEqual(confirmation.name, f"{sheet.order_id.name}-R2")
        self.assertEqual(confirmation._get_unread_lines().sale_line_id, other)
        self.assertEqual(len(confirmation.line_ids), 3)

    # ------------------------------------------------------------- sending

    def test_sent_confirmation_promises_the_finish_date(self):
        sheet = self._get_sheet()
        confirmation = self._send(sheet, via="fax")
        self.assertRecordValues(
            confirmation,
            [
                {
                    "state": "sent",
                    "sent_via": "fax",
                    "sent_by_id": self.clerk.id,
                    "finish_date": self._soon(),
                    "promise_date": self._soon(),
                }
            ],
        )
        self.assertEqual(sheet.promise_date, self._soon())
        self.assertIn("confirmation_sent", sheet.milestone_ids.mapped("code"))
        self.assertIn(confirmation.name, sheet.message_ids[0].body)

    def _get_mails(self, confirmation):
        """Return the e-mails about a confirmation: the customer's, and all others'."""
        mails = self.env["mail.mail"].search(
            [("model", "=", confirmation._name), ("res_id", "=", confirmation.id)]
        )
        theirs = mails.filtered(lambda mail: self.customer in mail.recipient_ids)
        return theirs, mails - theirs

    def test_email_brings_the_customer_the_document_and_the_link(self):
        self.customer.email = "orders@customer.example.com"
        confirmation = self._send(self._get_sheet(), via="email")
        theirs, others = self._get_mails(confirmation)
        link = f"/my/order-confirmations/{confirmation.id}?access_token="
        self.assertIn(link, theirs.body_html)
        self.assertTrue(theirs.attachment_ids)
        day = format_date(self.env, confirmation._get_return_day())
        self.assertIn(day, theirs.body_html)
        bodies = [*confirmation.message_ids.mapped("body"), *others.mapped("body_html")]
        self.assertNotIn("access_token", "".join(bodies))

    def test_customer_without_email_is_named_with_the_remedy(self):
        with self.assertRaisesRegex(UserError, "Test customer.*fax"):
            self._send(self._get_sheet(), via="email")

    def test_unknown_way_of_sending_is_refused(self):
        with self.assertRaises(UserError):
            self._send(self._get_sheet(), via="pigeon")

    def test_sending_before_the_codes_are_given_is_refused(self):
        sheet = self._make_at("coding")
        with self.assertRaisesRegex(UserError, "Coding"):
            sheet.with_user(self.clerk).action_send_confirmation()

    def test_sending_what_is_not_signed_names_the_signers(self):
        sheet = self._get_sheet()
        sheet.order_line.special_requirement = "Ceramic shaft"
        with self.assertRaisesRegex(UserError, self.engineer.name):
            sheet.with_user(self.clerk).action_send_confirmation()
        self.assertFalse(sheet.confirmation_ids)

    def test_signer_and_other_salesperson_cannot_send(self):
        sheet = self._get_sheet()
        for user in (self.engineer, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                sheet.with_user(user).action_send_confirmation()

    def test_sending_again_is_logged_and_changes_nothing_else(self):
        confirmation = self._get_sent()
        sent_on = confirmation.sent_on
        confirmation.action_send("fax")
        self.assertEqual(confirmation.sent_on, sent_on)
        self.assertIn("once more", confirmation.sheet_id.message_ids[0].body)
        codes = confirmation.sheet_id.milestone_ids.mapped("code")
        self.assertEqual(codes.count("confirmation_sent"), 1)

    def test_clear_receipt_is_noted_with_the_person(self):
        confirmation = self._get_sent()
        confirmation.action_note_receipt()
        self.assertTrue(confirmation.received_clear_on)
        self.assertEqual(confirmation.received_clear_by_id, self.clerk)
        self.assertIn("clearly", confirmation.sheet_id.message_ids[0].body)

    def test_receipt_of_what_was_not_sent_is_refused(self):
        confirmation = (
            self._get_sheet().with_user(self.clerk).action_make_confirmation()
        )
        with self.assertRaisesRegex(UserError, "not been sent"):
            confirmation.action_note_receipt()

    def test_many_confirmations_are_sent_or_none(self):
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "confirming")
        confirmations = sheets.with_user(self.clerk).action_make_confirmation()
        confirmations[0].action_read_all()
        with self.assertRaisesRegex(UserError, confirmations[1].name):
            confirmations.action_send("print")
        self.assertEqual(set(confirmations.mapped("state")), {"draft"})
        confirmations[1].action_read_all()
        action = confirmations.action_send("print")
        self.assertEqual(action["report_name"], "order_desk.report_confirmation")
        self.assertEqual(set(confirmations.mapped("state")), {"sent"})

    # ------------------------------------------------------------- coming back

    def test_filed_return_copy_is_kept_with_name_and_remarks(self):
        confirmation = self._get_returned(remarks="Blue paint, please")
        self.assertRecordValues(
            confirmation,
            [
                {
                    "state": "returned",
                    "returned_via": "clerk",
                    "returned_by_name": "Mr Customer",
                    "remarks": "Blue paint, please",
                }
            ],
        )
        self.assertEqual(confirmation.return_copy_ids.raw, PNG)
        self.assertIn("confirmed", confirmation.sheet_id.milestone_ids.mapped("code"))

    def test_return_copy_without_file_or_name_is_refused(self):
        confirmation = self._get_sent()
        with self.assertRaisesRegex(UserError, "photo or scan"):
            confirmation.action_file_return("Mr Customer", [])
        with self.assertRaisesRegex(UserError, "name"):
            confirmation.action_file_return(" ", self._make_file().ids)
        self.assertEqual(confirmation.state, "sent")

    def test_unusable_files_are_refused(self):
        confirmation = self._get_sent()
        for raw, reason in (
            (b"", "empty"),
            (b"just text", "neither a picture nor a PDF"),
            (PNG + b"0" * 20 * 1024 * 1024, "MB"),
        ):
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, reason):
                confirmation.action_file_return("Mr Customer", self._make_file(raw).ids)
        self.assertEqual(confirmation.state, "sent")

    def test_file_the_clerk_may_not_read_is_refused(self):
        secret = self.env["ir.attachment"].create({"name": "x", "raw": PNG})
        with self.assertRaises(AccessError):
            self._get_sent().action_file_return("Mr Customer", secret.ids)

    def test_second_return_copy_is_told_about_the_first(self):
        confirmation = self._get_returned()
        with self.assertRaisesRegex(UserError, "already: by Mr Customer"):
            self._file_return(confirmation)

    def test_return_copy_of_an_unsent_confirmation_is_refused(self):
        confirmation = (
            self._get_sheet().with_user(self.clerk).action_make_confirmation()
        )
        with self.assertRaisesRegex(UserError, "not been sent"):
            self._file_return(confirmation)

    def test_return_copy_of_an_old_revision_names_the_new_one(self):
        first = self._get_sent()
        sheet = first.sheet_id
        self._change_price(sheet)
        second = self._send(sheet)
        self.assertEqual(first.state, "replaced")
        with self.assertRaisesRegex(UserError, second.name):
            self._file_return(first)
        self.assertEqual(second.state, "sent")

    def test_confirmation_ends_with_its_order(self):
        confirmation = self._get_sent()
        confirmation.sheet_id.with_user(self.clerk).action_cancel()
        self.assertEqual(confirmation.state, "replaced")

    def test_no_date_is_promised_for_a_quotation(self):
        sheet = self._get_sent().sheet_id
        self.assertTrue(sheet.promise_date)
        sheet.with_user(self.clerk).action_cancel()
        sheet.order_id.action_draft()
        self.assertFalse(sheet.promise_date)

    def test_return_copy_of_a_cancelled_order_is_refused(self):
        confirmation = self._get_sent()
        confirmation.sheet_id.with_user(self.clerk).action_cancel()
        with self.assertRaisesRegex(UserError, "cancelled"):
            self._file_return(confirmation)

    def _change_price(self, sheet):
        sheet.order_line.price_unit = 200
        self._sign_pending(sheet)

    # ------------------------------------------------------------- verifying

    def test_verified_copy_lets_the_clerk_release(self):
        confirmation = self._get_returned()
        sheet = confirmation.sheet_id
        self.assertEqual(self._get_todos(sheet), [(self.clerk, "Verify Return Copy")])
        confirmation.action_verify()
        self.assertEqual(confirmation.verified_by_id, self.clerk)
        self.assertEqual(
            self._get_todos(sheet), [(self.clerk, "Release to Production")]
        )
        sheet.with_user(self.clerk).action_release()
        self.assertEqual(sheet.state, "released")

    def test_every_point_of_the_checklist_is_ticked(self):
        confirmation = self._get_returned()
        items = self.env["order.desk.check.item"].search(
            [("usage", "=", "return_copy")]
        )
        confirmation.check_item_ids = items[1:]
        with self.assertRaisesRegex(UserError, items[0].name):
            confirmation.action_verify_checked()
        with self.assertRaisesRegex(UserError, items[0].name):
            confirmation.action_verify(items[1:].ids)
        confirmation.check_item_ids = items
        confirmation.action_verify_checked()
        self.assertEqual(confirmation.state, "verified")

    def test_remarks_are_settled_before_verification(self):
        confirmation = self._get_returned(remarks="Ship by sea")
        with self.assertRaisesRegex(UserError, "settled"):
            confirmation.action_verify()
        confirmation.remarks_settled = "Mr Customer agreed to air freight"
        confirmation.action_verify()
        self.assertIn("air freight", confirmation.sheet_id.message_ids[0].body)

    def test_verification_without_a_return_copy_is_refused(self):
        confirmation = self._get_sent()
        with self.assertRaisesRegex(UserError, "no return copy"):
            confirmation.action_verify()

    def test_verification_by_a_signer_is_refused(self):
        confirmation = self._get_returned()
        with self.assertRaises(AccessError):
            confirmation.with_user(self.engineer).action_verify()

    def test_verification_after_a_change_is_refused(self):
        confirmation = self._get_returned()
        confirmation.sheet_id.order_line.price_unit = 1
        with self.assertRaisesRegex(UserError, "changed"):
            confirmation.action_verify()

    def test_verified_return_copy_cannot_be_changed_or_deleted(self):
        confirmation = self._get_returned()
        confirmation.action_verify()
        copy = confirmation.return_copy_ids.with_user(self.administrator)
        with self.assertRaises(UserError):
            copy.raw = b"other"
        with self.assertRaises(UserError):
            copy.unlink()
        with self.assertRaises(AccessError):
            confirmation.check_item_ids = False
        with self.assertRaises(AccessError):
            confirmation.write({"state": "returned"})

    def test_unclear_copy_goes_back_and_stays_in_the_chatter(self):
        self.customer.email = "orders@customer.example.com"
        confirmation = self._get_returned(remarks="?")
        copy = confirmation.return_copy_ids
        confirmation.action_send_back("The stamp is not legible")
        self.assertRecordValues(
            confirmation,
            [{"state": "sent", "remarks": False, "return_copy_ids": []}],
        )
        self.assertIn(copy, confirmation.message_ids.attachment_ids)
        message = confirmation.message_ids[0]
        self.assertEqual(message.partner_ids, self.customer)
        self.assertIn("not legible", message.body)
        theirs, _others = self._get_mails(confirmation)
        self.assertIn("access_token", theirs.body_html)
        self._file_return(confirmation)
        self.assertEqual(confirmation.state, "returned")

    def test_sending_back_takes_a_message_and_a_return_copy(self):
        confirmation = self._get_sent()
        with self.assertRaisesRegex(UserError, "no return copy"):
            confirmation.action_send_back("Unclear")
        self._file_return(confirmation)
        with self.assertRaisesRegex(UserError, "what is wrong"):
            confirmation.action_send_back(" ")
        self.assertEqual(confirmation.state, "returned")

    # ------------------------------------------------------------- changes

    def test_changed_content_closes_the_gate_until_confirmed_again(self):
        confirmation = self._get_returned()
        confirmation.action_verify()
        sheet = confirmation.sheet_id
        self.assertTrue(self._get_condition(sheet)["holds"])
        self._change_price(sheet)
        self.assertFalse(confirmation.is_current)
        condition = self._get_condition(sheet)
        self.assertIn("has confirmed revision 1", condition["reason"])
        with self.assertRaisesRegex(UserError, "has confirmed revision 1"):
            sheet.with_user(self.clerk).action_release()
        self._confirm(sheet)
        self.assertTrue(self._get_condition(sheet)["holds"])

    def test_other_finish_date_alone_is_confirmed_again(self):
        confirmation = self._get_sent()
        sheet = confirmation.sheet_id
        sheet.sudo().finish_date = self._soon(25)
        self.assertFalse(confirmation.is_current)
        second = self._send(sheet)
        self.assertEqual(second.name, f"{sheet.order_id.name}-R2")
        self.assertEqual(second.promise_date, self._soon(25))

    def test_what_the_customer_does_not_read_changes_nothing(self):
        confirmation = self._get_sent()
        confirmation.sheet_id.price_reason = "A good customer"
        self.assertTrue(confirmation.is_current)
        confirmation.sheet_id.other_requirements = "Two manuals"
        self.assertFalse(confirmation.is_current)

    def test_content_changed_back_is_current_again(self):
        confirmation = self._get_sent()
        line = confirmation.sheet_id.order_line
        line.product_uom_qty = 12
        self.assertFalse(confirmation.is_current)
        line.product_uom_qty = 10
        self.assertTrue(confirmation.is_current)

    def test_revived_order_is_confirmed_anew(self):
        confirmation = self._get_returned()
        confirmation.action_verify()
        sheet = confirmation.sheet_id
        sheet.order_id.action_cancel()
        sheet.order_id.action_draft()
        self._submit(sheet)
        self._approve(sheet)
        self._countersign(sheet)
        self.assertEqual(sheet.state, "confirming")
        self.assertFalse(sheet.confirmation_id)
        with self.assertRaises(UserError):
            sheet.with_user(self.clerk).action_release()

    # ------------------------------------------------------------- gate and to-dos

    def test_condition_follows_the_confirmation_and_says_who_must_act(self):
        sheet = self._make_at("countersign")
        self.assertFalse(self._get_condition(sheet)["action"])
        self._countersign(sheet)
        self._code(sheet)
        self.assertEqual(self._get_condition(sheet)["action"], "Send")
        self.assertEqual(self._get_condition(sheet)["actor"], self.clerk.name)
        confirmation = self._send(sheet)
        self.assertEqual(self._get_condition(sheet)["actor"], self.customer.name)
        self.assertEqual(self._get_todos(sheet), [(self.clerk, "Ask for Return Copy")])
        self._file_return(confirmation)
        self.assertEqual(self._get_condition(sheet)["action"], "Verify")
        confirmation.action_verify()
        self.assertTrue(self._get_condition(sheet)["holds"])

    def test_condition_opens_the_confirmation(self):
        sheet = self._get_sheet().with_user(self.clerk)
        action = sheet.action_open_condition("confirmation")
        self.assertEqual(action["res_model"], "order.desk.confirmation")
        self.assertEqual(action["res_id"], sheet.confirmation_id.id)

    def test_clerk_is_asked_to_send_only_what_is_signed(self):
        sheet = self._get_sheet()
        self.assertEqual(
            self._get_todos(sheet), [(self.clerk, "Send Order Confirmation")]
        )
        sheet.order_line.special_requirement = "Ceramic shaft"
        self.assertIn((self.engineer, "Sign"), self._get_todos(sheet))
        self.assertNotIn(
            (self.clerk, "Send Order Confirmation"), self._get_todos(sheet)
        )

    def test_query_count_does_not_grow_with_the_sheets(self):
        counts = []
        for size in (2, 6):
            sheets = self.env["order.desk.sheet"]
            for _number in range(size):
                sheets |= self._make_sheet()
            self._bring_to(sheets, "confirming")
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self._confirm(sheets)
            self.env.flush_all()
            counts.append((self.env.cr.sql_log_count - start) / size)
        self.assertLessEqual(counts[1], counts[0])

    # ------------------------------------------------------------- the promise

    def test_promise_is_relaxed_with_a_reason_the_customer_sees(self):
        confirmation = self._get_sent()
        sheet = confirmation.sheet_id
        sheet.with_user(self.clerk).action_relax_promise(
            str(self._soon(40)), "Payment by letter of credit"
        )
        self.assertEqual(sheet.promise_date, self._soon(40))
        self.assertEqual(sheet.finish_date, self._soon())
        self.assertEqual(confirmation.promise_date, self._soon(40))
        self.assertTrue(confirmation.is_current)
        self.assertRecordValues(
            sheet.shift_ids,
            [
                {
                    "kind": "relaxed",
                    "old_promise_date": self._soon(),
                    "promise_date": self._soon(40),
                    "reason": "Payment by letter of credit",
                    "user_id": self.clerk.id,
                }
            ],
        )
        self.assertIn("letter of credit", sheet.message_ids[0].body)

    def test_promise_is_relaxed_only_to_a_later_date_and_for_a_reason(self):
        sheet = self._get_sent().sheet_id.with_user(self.clerk)
        for date, reason, message in (
            (self._soon(40), "", "why"),
            (self._soon(10), "Urgent", "finished"),
            (self._soon(-3), "Urgent", "past"),
            (self._soon(), "Urgent", "later"),
            (False, "Urgent", "new date"),
            ("soon", "Urgent", "new date"),
        ):
            with self.subTest(date=date), self.assertRaisesRegex(UserError, message):
                sheet.action_relax_promise(date, reason)
        self.assertEqual(sheet.promise_date, self._soon())
        self.assertFalse(sheet.shift_ids)

    def test_promise_cannot_be_written_or_relaxed_by_a_signer(self):
        sheet = self._get_sent().sheet_id
        with self.assertRaises(AccessError):
            sheet.with_user(self.clerk).promise_date = self._soon(50)
        with self.assertRaises(AccessError):
            sheet.with_user(self.production).action_relax_promise(
                self._soon(40), "Busy"
            )

    # ------------------------------------------------------------- dialogs and paper

    def test_dialogs_file_send_back_and_relax(self):
        confirmation = self._get_sent()
        action = confirmation.action_open_return()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        wizard = wizard.browse(action["res_id"])
        wizard.file_ids = self._make_file()
        wizard.action_file()
        self.assertEqual(confirmation.returned_by_name, self.customer.name)
        action = confirmation.action_open_send_back()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        wizard = wizard.browse(action["res_id"])
        wizard.message = "Page 2 is missing"
        wizard.action_send_back()
        self.assertEqual(confirmation.state, "sent")
        sheet = confirmation.sheet_id.with_user(self.clerk)
        action = sheet.action_open_relax()
        wizard = self.env[action["res_model"]].with_user(self.clerk)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"date": self._soon(33), "reason": "Not urgent"})
        wizard.action_relax()
        self.assertEqual(sheet.promise_date, self._soon(33))

    def test_paper_shows_the_order_in_full(self):
        sheet = self._make_sheet(
            special_requirement="Ceramic shaft",
            packaging_note="Wooden case",
            tolerance_over=3,
        )
        sheet.other_requirements = "Two manuals"
        sheet.order_id.payment_term_id = self.env.ref(
            "account.account_payment_term_30days"
        )
        self._bring_to(sheet, "confirming")
        confirmation = self._send(sheet)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "order_desk.report_confirmation", confirmation.ids
        )[0]
        for text in (
            confirmation.name,
            "1 Dock Road",
            "Impeller",
            "Cast iron",
            "Ceramic shaft",
            "Wooden case",
            "Two manuals",
            "30 Days",
            "+3% / −0%",
            "data:image/png;base64",
        ):
            with self.subTest(text=text):
                self.assertIn(text, html.decode())

    def test_people_of_other_orders_do_not_read_the_confirmation(self):
        confirmation = self._get_sent()
        other = self.salesperson.copy({"login": "od_other"})
        self.assertFalse(confirmation.with_user(other).has_access("read"))
        self.assertTrue(confirmation.with_user(self.salesperson).has_access("read"))
        self.assertTrue(confirmation.with_user(self.engineer).has_access("read"))
        self.assertFalse(confirmation.with_user(self.stranger).has_access("read"))
