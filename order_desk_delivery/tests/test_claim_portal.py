import re

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.order_desk.tests.common import PNG

from .common_claim import ClaimCommon


@tagged("post_install", "-at_install")
class TestClaimPortal(ClaimCommon, HttpCase):
    """Customers open claims, follow them and add to them (SPEC I1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._make_portal_user("odd_portal", cls.customer)
        cls.other = cls.env["res.partner"].create({"name": "Other customer"})
        cls.other_portal = cls._make_portal_user("odd_other_portal", cls.other)
        cls.new_path = f"/my/claims/new/order/{cls.sheet.order_id.id}"

    @classmethod
    def _make_portal_user(cls, login, partner):
        return cls.env["res.users"].create(
            {
                "login": login,
                "password": login,
                "partner_id": partner.id,
                "group_ids": [Command.set([cls.env.ref("base.group_portal").id])],
            }
        )

    def _login(self, user=None):
        login = (user or self.portal).login
        self.authenticate(login, login)

    def _get(self, path, token=None, status=200):
        query = f"?access_token={token}" if token else ""
        response = self.url_open(f"{path}{query}")
        self.assertEqual(response.status_code, status)
        return response.text

    def _post(self, path, token=None, files=None, **data):
        page = self.url_open(f"{path}?access_token={token}" if token else path).text
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        values = {"csrf_token": csrf, "access_token": token or "", **data}
        return self.url_open(path, data=values, files=files)

    def _send_new(self, path=None, **data):
        values = {
            "kind": "damage",
            "name": "Two are cracked",
            f"quantity_{self.line.id}": "2",
            **data,
        }
        return self._post(path or self.new_path, **values)

    @property
    def claims(self):
        return self.env["order.desk.claim"].search([("sheet_id", "=", self.sheet.id)])

    # ------------------------------------------------------------- opening

    def test_order_page_leads_to_the_form(self):
        self._login()
        page = self._get(f"/my/orders/{self.sheet.order_id.id}")
        self.assertIn(self.new_path, page)
        form = self._get(self.new_path)
        self.assertIn(f"quantity_{self.line.id}", form)

    def test_customer_opens_a_claim_with_a_photo(self):
        self._login()
        response = self._send_new(
            description="The carton was wet",
            files={"files": ("crack.png", PNG, "image/png")},
        )
        claim = self.claims
        self.assertRecordValues(
            claim,
            [
                {
                    "source": "portal",
                    "kind": "damage",
                    "partner_id": self.customer.id,
                    "description": "The carton was wet",
                    "opened_by_id": False,
                    "state": "new",
                }
            ],
        )
        self.assertEqual(claim.line_ids.quantity, 2)
        self.assertEqual(claim.attachment_ids.name, "crack.png")
        self.assertIn(claim.number, response.text)
        self.assertIn(self.service, claim.activity_ids.user_id)
        photo = self.url_open(f"/my/claims/{claim.id}/file/{claim.attachment_ids.id}")
        self.assertEqual(photo.content, PNG)

    def test_second_tap_opens_no_second_claim(self):
        self._login()
        self._send_new()
        self._send_new()
        self.assertEqual(len(self.claims), 1)

    def test_what_was_typed_stays_when_something_is_wrong(self):
        self._login()
        for data, words in (
            ({f"quantity_{self.line.id}": "many"}, "is no quantity"),
            ({f"quantity_{self.line.id}": "nan"}, "is no quantity"),
            ({f"quantity_{self.line.id}": "1e400"}, "is no quantity"),
            ({f"quantity_{self.line.id}": "11"}, "is not claimed yet"),
            ({f"quantity_{self.line.id}": ""}, "Say how many"),
            ({"kind": "nonsense"}, "Choose what it is about"),
            ({"name": " "}, "Say in one line"),
        ):
            with self.subTest(data):
                response = self._send_new(description="Kept words", **data)
                self.assertIn(words, response.text)
                self.assertIn("Kept words", response.text)
        self.assertFalse(self.claims)

    def test_file_that_is_no_picture_is_refused(self):
        self._login()
        response = self._send_new(files={"files": ("x.exe", b"MZ", "image/png")})
        self.assertIn("neither a picture nor a PDF", response.text)
        self.assertFalse(self.claims)

    def test_late_needs_no_goods(self):
        self._login()
        self._send_new(kind="late", **{f"quantity_{self.line.id}": ""})
        self.assertEqual(self.claims.kind, "late")

    def test_strangers_open_nothing(self):
        self._get(self.new_path, status=404)
        self._login(self.other_portal)
        self._get(self.new_path, status=404)
        self._get("/my/claims/new/order/2147483647", status=404)

    def test_colleague_does_not_speak_for_the_customer(self):
        claim = self._open()
        self.service.password = "odd_service"
        self.authenticate("odd_service", "odd_service")
        token = claim._get_portal_token(self.customer)
        response = self._post(f"/my/claims/{claim.id}", token, message="Hello")
        self.assertIn("would not be the customer", response.text)

    # ------------------------------------------------------------- reading

    def test_customer_reads_the_answers_and_nothing_internal(self):
        claim = self._take()
        claim.action_answer("We look into it.")
        claim.message_post(body="Their own fault, I think")
        claim.message_post(
            body="Talk among colleagues",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.clerk.partner_id.ids,
        )
        claim.action_set_responsible(self.shipper.id, False, "Not strapped down")
        self._decide(claim, "other", text="A letter", other_cost=7731)
        page = self._get(
            f"/my/claims/{claim.id}", claim._get_portal_token(self.customer)
        )
        self.assertIn("We look into it.", page)
        for hidden in (
            "own fault",
            "among colleagues",
            "strapped",
            "7,731",
            "A letter",
        ):
            self.assertNotIn(hidden, page)
        claim.action_settle("You get a letter")
        page = self._get(
            f"/my/claims/{claim.id}", claim._get_portal_token(self.customer)
        )
        self.assertIn("A letter", page)
        self.assertNotIn("7,731", page)

    def test_others_do_not_read_it(self):
        claim, other = self._open(1), self._open(1)
        path = f"/my/claims/{claim.id}"
        self._get(path, status=404)
        self._get(path, "nonsense", status=404)
        self._get(path, other._get_portal_token(self.customer), status=404)
        self._get(path, claim._get_portal_token(self.other), status=404)
        self._login(self.other_portal)
        self._get(path, status=404)
        self.assertNotIn(claim.number, self._get("/my/claims"))
        self._login()
        self.assertIn(claim.number, self._get("/my/claims"))
        self.assertIn(claim.number, self._get(path))

    def test_files_of_other_documents_are_not_served(self):
        claim = self._open()
        secret = self.env["ir.attachment"].create({"name": "s.png", "raw": PNG})
        token = claim._get_portal_token(self.customer)
        with mute_logger("odoo.http"):
            self._get(f"/my/claims/{claim.id}/file/{secret.id}", token, status=404)

    def test_posted_credit_note_is_shown(self):
        self._invoice()
        claim = self._take()
        outcome = self._decide(claim, "credit")
        outcome.with_user(self.accountant).action_make()
        claim.action_settle("You get a credit note")
        token = claim._get_portal_token(self.customer)
        self.assertNotIn("/my/invoices/", self._get(f"/my/claims/{claim.id}", token))
        outcome.credit_note_ids.with_user(self.accountant).action_post()
        page = self._get(f"/my/claims/{claim.id}", token)
        self.assertIn(outcome.credit_note_ids.name, page)
        self.assertIn("/my/invoices/", page)

    # ------------------------------------------------------------- adding to it

    def test_customer_adds_to_it_and_the_owner_is_told(self):
        claim = self._take()
        token = claim._get_portal_token(self.customer)
        self._post(
            f"/my/claims/{claim.id}",
            token,
            message="One more is cracked",
            files={"files": ("more.png", PNG, "image/png")},
        )
        message = claim._get_portal_messages()
        self.assertEqual(message.author_id, self.customer)
        self.assertIn("One more", message.body)
        self.assertIn(self.service.partner_id, message.sudo().notified_partner_ids)
        self.assertEqual(claim.attachment_ids.name, "more.png")
        self.assertFalse(claim.answered_on)

    def test_nothing_is_added_to_what_is_over(self):
        claim = self._open()
        claim.action_withdraw("By mistake")
        with self.assertRaisesRegex(Exception, "is closed"):
            claim.sudo()._write_in_portal(self.customer, "Hello", [])

    def test_closed_claim_asks_for_a_rating_once(self):
        claim = self._take()
        self._decide(claim, "other", text="A letter")
        claim.action_settle("A letter")
        claim.action_close()
        token = claim._get_portal_token(self.customer)
        page = self._get(f"/my/claims/{claim.id}", token)
        path = re.search(r'href="(/rate/[^"]+)"', page).group(1)
        self._post_rating(path)
        self.assertEqual(claim.rating_last_value, 5)
        self.assertNotIn("/rate/", self._get(f"/my/claims/{claim.id}", token))

    def test_reading_the_page_changes_nothing(self):
        """Mail scanners open links, too; the rating is there when it closes."""
        self.customer.email = False
        claim = self._take()
        self._decide(claim, "other", text="A letter")
        claim.action_settle("A letter", "phone", "Mr Li")
        claim.action_close()
        ratings = claim.sudo().rating_ids
        self.assertEqual(ratings.partner_id, self.customer)
        self._login(self._make_portal_user("odd_colleague", self._make_colleague()))
        page = self._get(f"/my/claims/{claim.id}")
        self.assertIn(f"/rate/{ratings.access_token}/5", page)
        self.assertEqual(claim.sudo().rating_ids, ratings)

    def _make_colleague(self):
        return self.env["res.partner"].create(
            {"name": "Their colleague", "parent_id": self.customer.id}
        )

    def _post_rating(self, path):
        page = self._get(path)
        csrf = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        submit = f"{path.rsplit('/', 1)[0]}/submit_feedback"
        self.url_open(submit, data={"csrf_token": csrf, "rate": 5, "feedback": "Ok"})

    # ------------------------------------------------------------- on paper

    def test_paper_is_for_the_customer(self):
        claim = self._take()
        claim.action_set_responsible(self.shipper.id, False, "Not strapped down")
        self._decide(claim, "other", text="A letter", other_cost=7731)
        claim.action_settle("You get a letter")
        html = (
            self.env["ir.actions.report"]
            .with_user(self.service)
            ._render_qweb_html("order_desk_delivery.report_claim", claim.ids)[0]
            .decode()
        )
        for text in (claim.number, "They leak", "You get a letter", "2 Units"):
            self.assertIn(text, html)
        for hidden in ("strapped", "7,731"):
            self.assertNotIn(hidden, html)
