from datetime import timedelta
from html import unescape
from io import BytesIO

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign

from .test_clarification import ClarificationCommon

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000a49444154789c6300010000050001"
    "0d0a2db40000000049454e44ae426082"
)


@tagged("post_install", "-at_install")
class TestPortalQuestions(ClarificationCommon, HttpCase):
    """The customer answers on a page, with a link or a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.question = cls._ask(description="The form says “as usual”.")
        cls.path = f"/my/order-questions/{cls.question.id}"
        cls.token = cls.question._get_portal_token(cls.contact)
        cls.portal = cls._create_portal_user("od_portal", cls.contact)
        cls.other = cls.env["res.partner"].create({"name": "Other customer"})
        cls.other_portal = cls._create_portal_user("od_other_portal", cls.other)

    @classmethod
    def _create_portal_user(cls, login, partner):
        return cls.env["res.users"].create(
            {
                "login": login,
                "password": login,
                "partner_id": partner.id,
                "group_ids": [Command.set([cls.env.ref("base.group_portal").id])],
            }
        )

    def _open(self, token=None, path=None):
        query = f"?access_token={token}" if token else ""
        return self.url_open(f"{path or self.path}{query}")

    def _post(self, answer="", token=None, files=None, csrf=True, path=None):
        self._open(token)  # the page brings the session
        data = {"answer": answer, "access_token": token or ""}
        if csrf:
            data["csrf_token"] = self._csrf()
        return self.url_open(path or self.path, data=data, files=files)

    def test_answer_is_kept_in_full_whatever_it_looks_like(self):
        answer = "As the form says:\n____________\nFrom: tank\nTo: valve"
        self._post(answer, self.token)
        self.assertEqual(self.question.answer, answer)

    def _csrf(self):
        page = self._open(self.token).text
        marker = 'name="csrf_token" value="'
        return page.split(marker, 1)[1].split('"', 1)[0]

    def _assert_refused(self, response):
        self.assertEqual(response.status_code, 404)
        self.assertIn("This link is not valid", response.text)
        self.assertNotIn(self.question.name, response.text)

    # ------------------------------------------------------------- the link

    def test_link_opens_the_question_without_a_login(self):
        self.assertIn(self.path, self.question._get_portal_url(self.contact))
        page = self._open(self.token)
        self.assertEqual(page.status_code, 200)
        for text in (
            self.question.name,
            "as usual",
            self.sheet.order_id.name,
            "Send the answer",
        ):
            self.assertIn(text, unescape(page.text))

    def test_guessed_tokens_are_refused(self):
        good = self.token
        for token in (
            "guess",
            "%00%ff",
            "AQ",
            "====",
            "é",
            "0" * 200,
            good[:-4],
            good[:-1] + ("A" if good[-1] != "A" else "B"),
        ):
            with self.subTest(token=token):
                self._assert_refused(self._open(token))
                self.assertFalse(self.question._check_portal_token(token))

    def test_page_without_a_token_is_refused(self):
        self._assert_refused(self._open())

    def test_unknown_question_looks_like_a_bad_link(self):
        response = self._open(self.token, path="/my/order-questions/999999999")
        self._assert_refused(response)

    def test_expired_token_is_refused(self):
        expired = hash_sign(
            self.env,
            "order_desk_order.desk.clarification",
            [self.question.id, self.contact.id],
            expiration=timedelta(seconds=-1),
        )
        self._assert_refused(self._open(expired))

    def test_life_of_a_link_is_a_setting(self):
        self.env["ir.config_parameter"].set_param("order_desk.portal_link_days", "0.5")
        token = self.question._get_portal_token(self.contact)
        self.assertEqual(self.question._check_portal_token(token), self.contact)

    def test_token_of_another_question_is_refused(self):
        token = self._ask()._get_portal_token(self.contact)
        self._assert_refused(self._open(token))

    def test_token_of_another_kind_of_document_is_refused(self):
        token = hash_sign(
            self.env,
            "order_desk_order.desk.other",
            [self.question.id, self.contact.id],
            expiration_hours=1,
        )
        self._assert_refused(self._open(token))

    def test_link_of_a_contact_who_has_left_is_refused(self):
        self.contact.parent_id = self.other
        self._assert_refused(self._open(self.token))

    def test_link_of_another_customer_is_refused(self):
        self._assert_refused(self._open(self.question._get_portal_token(self.other)))

    def test_question_to_a_colleague_has_no_page(self):
        question = self._ask(asked_of="salesperson")
        token = question._get_portal_token(self.contact)
        path = f"/my/order-questions/{question.id}"
        self._assert_refused(self._open(token, path))

    def test_opening_the_page_changes_nothing(self):
        self._open(f"{self.token}&answer=EU")
        self.assertEqual(self.question.state, "open")

    # ------------------------------------------------------------- the answer

    def test_answer_without_a_login(self):
        response = self._post("EU <b>plug</b>", self.token)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Thank you", response.text)
        self.assertEqual(self.question.state, "answered")
        self.assertEqual(self.question.answer, "EU <b>plug</b>")
        self.assertEqual(self.question.answered_by_id, self.contact)
        self.assertNotIn("<b>plug</b>", response.text)

    def test_answer_with_a_photo(self):
        self._post("See", self.token, [("files", ("plug.png", BytesIO(PNG)))])
        self.assertEqual(self.question.attachment_ids.mapped("name"), ["plug.png"])
        self.assertEqual(self.question.attachment_ids.raw, PNG)

    def test_photo_alone_is_an_answer(self):
        self._post("", self.token, [("files", ("plug.png", BytesIO(PNG)))])
        self.assertEqual(self.question.state, "answered")
        self.assertIn("plug.png", self.question.answer)

    def test_bad_files_are_refused_and_the_text_stays(self):
        for name, content, message in (
            ("big.png", PNG + b"0" * 20 * 1024 * 1024, "MB"),
            ("empty.png", b"", "is empty"),
            ("plug.jpg", b"just text", "neither a picture nor a PDF"),
        ):
            with self.subTest(name=name):
                response = self._post(
                    "My long text", self.token, [("files", (name, BytesIO(content)))]
                )
                self.assertIn(message, response.text)
                self.assertIn("My long text", response.text)
                self.assertEqual(self.question.state, "open")
        self.assertFalse(self.question.attachment_ids)

    def test_empty_answer_is_refused(self):
        response = self._post("  ", self.token)
        self.assertIn("Please write your answer", response.text)
        self.assertEqual(self.question.state, "open")

    def test_second_answer_is_refused(self):
        self._post("EU", self.token)
        response = self._post_again("US")
        self.assertIn("Answered", response.text)
        self.assertEqual(self.question.answer, "EU")

    def _post_again(self, answer):
        token = self._ask()._get_portal_token(self.contact)
        other = self.question.search([], limit=1)
        page = self._open(token, f"/my/order-questions/{other.id}").text
        csrf = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        data = {"answer": answer, "access_token": self.token, "csrf_token": csrf}
        return self.url_open(self.path, data=data)

    @mute_logger("odoo.http")
    def test_post_from_elsewhere_is_refused(self):
        response = self._post("EU", self.token, csrf=False)
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.question.state, "open")

    def test_post_with_a_guessed_token_is_refused(self):
        csrf = self._csrf()
        data = {"answer": "EU", "access_token": "guess", "csrf_token": csrf}
        self._assert_refused(self.url_open(self.path, data=data))
        self.assertEqual(self.question.state, "open")

    def test_colleague_does_not_answer_with_the_link_of_the_customer(self):
        csrf_user = self.clerk
        self.authenticate(csrf_user.login, csrf_user.login)
        response = self._post("EU", self.token)
        self.assertIn("logged in as", response.text)
        self.assertEqual(self.question.state, "open")

    # ------------------------------------------------------------- with a login

    def test_customer_with_a_login_answers(self):
        self.authenticate("od_portal", "od_portal")
        home = self.url_open("/my/order-questions")
        self.assertIn(self.question.name, home.text)
        csrf = self._open().text.split('name="csrf_token" value="', 1)[1]
        data = {"answer": "EU", "csrf_token": csrf.split('"', 1)[0]}
        self.url_open(self.path, data=data)
        self.assertEqual(self.question.answered_by_id, self.contact)

    def test_other_customer_sees_nothing(self):
        self.authenticate("od_other_portal", "od_other_portal")
        page = self.url_open("/my/order-questions")
        self.assertNotIn(self.question.name, page.text)
        self.assertIn("There are no questions", page.text)
        self._assert_refused(self._open())
        with self.assertRaises(AccessError):
            self.question.with_user(self.other_portal).read(["name"])

    def test_customer_sees_no_question_to_a_colleague(self):
        question = self._ask(name="Is he reliable?", asked_of="salesperson")
        self.authenticate("od_portal", "od_portal")
        self.assertNotIn("reliable", self.url_open("/my/order-questions").text)
        with self.assertRaises(AccessError):
            question.with_user(self.portal).read(["name"])

    def test_customer_settles_nothing_over_rpc(self):
        question = self.question.with_user(self.portal)
        for name in ("action_answer", "action_withdraw", "action_pass_on"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(question, name)()
        with self.assertRaises(AccessError):
            question.write({"answer": "EU"})

    def test_message_of_the_customer_in_the_portal_is_the_answer(self):
        self.question.with_user(self.portal).message_post(
            body="EU", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(self.question.answer, "EU")
        self.assertEqual(self.question.answered_by_id, self.contact)

    def test_home_counts_the_open_questions(self):
        self.authenticate("od_portal", "od_portal")
        counters = ["order_question_open_count", "order_question_count"]
        values = self.make_jsonrpc_request("/my/counters", {"counters": counters})
        self.assertEqual(values, dict.fromkeys(counters, 1))
