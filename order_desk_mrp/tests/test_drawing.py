from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.order_desk.tests.common import PNG

from .common_engineering import EngineeringCommon

FOLLOW = "order_desk_mrp.mail_activity_type_drawing_follow"
MARKUP = "order_desk_mrp.mail_activity_type_drawing_markup"


@tagged("post_install", "-at_install")
class TestDrawing(EngineeringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls._make_asked()
        cls.engineering = cls._answer(cls.sheet.engineering_ids)

    def _get_todo_users(self, drawing, xmlid):
        return drawing.sudo().activity_search([xmlid]).user_id

    def _mark_up(self, drawing, text="Turn the flange"):
        drawing.with_user(self.salesperson).action_note("marked_up", "Ms Li", (), text)

    def test_a_drawing_is_sent_with_a_link(self):
        drawing = self._send_drawing(self.engineering)
        self.assertEqual(drawing.state, "sent")
        mails = self.env["mail.mail"].search(
            [("model", "=", drawing._name), ("res_id", "=", drawing.id)]
        )
        mail = mails.filtered(lambda m: self.customer in m.recipient_ids)
        self.assertIn(f"/my/drawings/{drawing.id}?access_token=", mail.body_html)
        self.assertEqual(self._get_todo_users(drawing, FOLLOW), self.salesperson)

    def test_the_file_is_an_attachment_of_the_drawing(self):
        drawing = self._draw(self.engineering)
        self.assertRecordValues(
            drawing.attachment_id,
            [{"name": "shaft.png", "res_model": drawing._name, "res_id": drawing.id}],
        )
        self.assertEqual(drawing.attachment_id.raw, PNG)
        self.assertEqual(drawing.file_kind, "image")

    def test_files_that_are_accepted(self):
        for name, raw, kind in (
            ("a.pdf", b"%PDF-1.4 test", "pdf"),
            ("a.dwg", b"AC1032" + b"\0" * 64, "cad"),
            ("a.dxf", b"  0\nSECTION\n  2\nHEADER\n", "cad"),
        ):
            with self.subTest(name):
                drawing = self._draw(
                    self.engineering, file=self._encode(raw), file_name=name
                )
                self.assertEqual(drawing.file_kind, kind)

    def test_files_that_are_refused(self):
        for name, raw in (
            ("a.html", b"<script>alert(1)</script>"),
            ("a.dwg", b"<script>alert(1)</script>"),
            ("a.pdf", b"hello"),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, name):
                self._draw(self.engineering, file=self._encode(raw), file_name=name)

    def test_a_drawing_without_file_or_address_is_not_sent(self):
        with self.assertRaisesRegex(UserError, "add the file"):
            self._draw(self.engineering, file=False).action_send()
        self.customer.email = False
        drawing = self._draw(self.engineering)
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            drawing.action_send()
        drawing.action_send("by_hand")
        self.assertEqual(drawing.state, "sent")

    def test_only_engineers_draw(self):
        for user in (self.salesperson, self.clerk, self.manager, self.worker):
            with self.subTest(user.name), self.assertRaises(AccessError):
                self.env["order.desk.drawing"].with_user(user).create(
                    {"engineering_id": self.engineering.id, "name": "Mine"}
                )
        drawing = self._draw(self.engineering)
        with self.assertRaises(AccessError):
            drawing.with_user(self.manager).name = "Other"
        with self.assertRaises(AccessError):
            drawing.state = "approved"

    def test_the_salesperson_sends_it_on(self):
        drawing = self._draw(self.engineering).with_user(self.salesperson)
        drawing.action_send()
        self.assertEqual(drawing.state, "sent")

    def test_what_is_given_out_stays_as_it_is(self):
        drawing = self._send_drawing(self.engineering)
        with self.assertRaisesRegex(UserError, "Make a new version"):
            drawing.file = self._encode(PNG)
        with self.assertRaisesRegex(UserError, "Make a new version"):
            drawing.unlink()
        with self.assertRaises(UserError):
            drawing.sudo().attachment_id.raw = b"%PDF-1.4 other"

    def test_a_draft_can_be_thrown_away_with_its_file(self):
        drawing = self._draw(self.engineering)
        file = drawing.sudo().attachment_id
        drawing.unlink()
        self.assertFalse(file.exists())

    def test_the_salesperson_notes_an_approval_with_its_proof(self):
        drawing = self._send_drawing(self.engineering)
        with self.assertRaisesRegex(UserError, "Add the mail"):
            drawing.with_user(self.salesperson).action_note("approved", "Ms Li")
        with self.assertRaises(AccessError):
            drawing.action_note("approved", "Ms Li", self._make_file().ids)
        self._note_approval(drawing)
        self.assertRecordValues(
            drawing,
            [
                {
                    "state": "approved",
                    "decided_by_name": "Mr Customer",
                    "decided_via": "noted",
                    "noted_by_id": self.salesperson.id,
                }
            ],
        )
        self.assertEqual(drawing.reply_file_ids.sudo().name, "mail.png")
        self.assertFalse(self._get_todo_users(drawing, FOLLOW))
        with self.assertRaisesRegex(UserError, "was approved by Mr Customer"):
            self._note_approval(drawing)

    def test_the_workshop_reads_no_letters_to_the_customer(self):
        drawing = self._send_drawing(self._make_asked().engineering_ids)
        self._note_approval(drawing)
        letters = [("model", "=", drawing._name), ("res_id", "=", drawing.id)]
        messages = self.env["mail.message"]
        self.assertIn(
            "Test customer",
            str(messages.with_user(self.salesperson).search(letters).mapped("body")),
        )
        self.assertFalse(messages.with_user(self.worker).search(letters))
        self.assertTrue(drawing.with_user(self.worker).attachment_id.raw)

    def test_a_mark_up_goes_back_to_the_engineer(self):
        drawing = self._send_drawing(self.engineering)
        with self.assertRaisesRegex(UserError, "what is to be changed"):
            self._mark_up(drawing, "")
        self._mark_up(drawing)
        self.assertEqual(drawing.markup, "Turn the flange")
        self.assertEqual(self._get_todo_users(drawing, MARKUP), self.draughtsman)

    def test_a_new_version_replaces_the_old_one(self):
        old = self._send_drawing(self.engineering)
        self._mark_up(old)
        context = old.action_new_version()["context"]
        new = self._draw(self.engineering.with_context(**context), previous_id=old.id)
        self.assertEqual(new.version, 2)
        self.assertEqual(old.state, "marked_up")
        with self.assertRaisesRegex(UserError, "what has changed"):
            new.action_send()
        new.change_note = "The flange is turned"
        new.action_send()
        self.assertEqual(old.state, "replaced")
        self.assertFalse(self._get_todo_users(old, MARKUP))
        with self.assertRaisesRegex(UserError, "replaced by version 2"):
            self._note_approval(old)
        self._note_approval(new)
        self.assertEqual(
            self.sheet.order_line._get_drawings().sudo(), new.sudo().attachment_id
        )

    def test_only_drawings_in_force_are_built_by(self):
        drawing = self._send_drawing(self.engineering)
        line = self.sheet.order_line
        self.assertFalse(line._get_drawings())
        self._note_approval(drawing)
        self.assertEqual(line._get_drawings().sudo(), drawing.sudo().attachment_id)
        self.assertIn("Drawing: Test pump, version 1", line._get_engineering_texts())

    def test_a_drawing_that_needs_no_approval(self):
        drawing = self._draw(self.engineering, needs_approval=False)
        with self.assertRaisesRegex(UserError, "Give it out"):
            drawing.action_send()
        drawing.action_give_out()
        self.assertEqual(drawing.state, "issued")
        self.assertTrue(self.sheet.order_line._get_drawings())
        self.assertFalse(drawing.sudo()._is_portal_visible())

    def test_a_drawing_that_needs_approval_is_not_just_given_out(self):
        drawing = self._draw(self.engineering)
        with self.assertRaisesRegex(UserError, "approved by the customer first"):
            drawing.action_give_out()

    def test_a_changed_line_takes_drawings_out_of_force(self):
        drawing = self._send_drawing(self.engineering)
        self._note_approval(drawing)
        self.sheet.order_line.special_requirement = "Ceramic shaft, 20 mm"
        self.assertEqual(drawing.state, "replaced")
        self.assertEqual(drawing.decided_by_name, "Mr Customer")
        self.assertFalse(self.sheet.order_line._get_drawings())
        with self.assertRaisesRegex(UserError, "is history"):
            self._draw(self.engineering)

    def test_earlier_drawings_are_used_again_for_the_changed_line(self):
        drawing = self._send_drawing(self.engineering)
        self.sheet.order_line.special_requirement = "Ceramic shaft, 20 mm"
        engineering = self.sheet.engineering_ids.with_user(self.draughtsman)
        self.assertTrue(engineering.has_earlier_drawings)
        engineering.action_reuse_drawings()
        again = engineering.drawing_ids
        self.assertRecordValues(
            again,
            [{"version": 2, "state": "draft", "previous_id": drawing.id}],
        )
        self.assertEqual(again.attachment_id.raw, PNG)
        again.action_send()
        self.assertEqual(drawing.sudo()._get_newer(), again.sudo())

    def test_a_new_version_makes_engineering_sign_again_an_approval_does_not(self):
        drawing = self._send_drawing(self.engineering)
        digest = self.sheet.digests["answer"]
        self._note_approval(drawing)
        self.assertEqual(self.sheet.digests["answer"], digest)
        new = self._draw(self.engineering, previous_id=drawing.id, change_note="Wider")
        self.assertEqual(self.sheet.digests["answer"], digest)
        new.action_send()
        self.assertNotEqual(self.sheet.digests["answer"], digest)

    def test_the_sheet_tells_the_story(self):
        drawing = self._send_drawing(self.engineering)
        self._mark_up(drawing)
        story = " ".join(self.sheet.message_ids.mapped("body"))
        for text in (
            "Test pump, version 1 went to Test customer for approval.",
            "Test salesperson noted: Ms Li marked Test pump, version 1 up.",
            "Turn the flange",
        ):
            with self.subTest(text):
                self.assertIn(text, story)
