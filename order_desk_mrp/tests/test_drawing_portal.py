from datetime import timedelta
from io import BytesIO

from lxml import html

from odoo import fields
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.order_desk.tests.common import PNG

from .common_engineering import EngineeringCommon


@tagged("post_install", "-at_install")
class TestDrawingPortal(EngineeringCommon, HttpCase):
    """The customer approves a drawing on a page, with a link or a login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls._make_asked()
        cls.engineering = cls._answer(cls.sheet.engineering_ids)
        cls.drawing = cls._send_drawing(cls.engineering).sudo()
        cls.token = cls.drawing._get_portal_token(cls.customer)
        cls._add_visitor()

    def _get_page(self, token=None, drawing=None, path=""):
        drawing = drawing or self.drawing
        token = self.token if token is None else token
        return self.url_open(f"{drawing._get_portal_path()}{path}?access_token={token}")

    def _post(self, token=None, files=None, **data):
        token = self.token if token is None else token
        page = html.fromstring(self._get_page(token).text)
        csrf = page.xpath("//input[@name='csrf_token']/@value")
        return self.url_open(
            self.drawing._get_portal_path(),
            data={
                "csrf_token": csrf[0] if csrf else "",
                "access_token": token,
                "name": "Ms Li",
                **data,
            },
            files=files,
        )

    def test_link_shows_the_drawing_without_login(self):
        page = self._get_page()
        self.assertEqual(page.status_code, 200)
        for text in ("Test pump, version 1", "Ceramic shaft", "Approve the drawing"):
            with self.subTest(text):
                self.assertIn(text, page.text)
        self.assertEqual(self._get_page(path="/file").content, PNG)

    def test_internal_things_are_not_on_it(self):
        self.sheet.price_reason = "They are slow payers"
        self.engineering.sudo().process = "Secret recipe"
        page = self._get_page().text
        self.assertNotIn("slow payers", page)
        self.assertNotIn("Secret recipe", page)

    def test_the_customer_approves_by_link(self):
        page = self._post(decision="approved")
        self.assertIn("was approved by Ms Li", page.text)
        self.assertRecordValues(
            self.drawing,
            [
                {
                    "state": "approved",
                    "decided_by_name": "Ms Li",
                    "decided_via": "link",
                    "decided_by_id": self.customer.id,
                }
            ],
        )
        self.assertIn("in the portal (from", str(self.sheet.message_ids.mapped("body")))

    def test_the_customer_approves_logged_in(self):
        self.authenticate("od_customer", "od_customer")
        self._post(token="", decision="approved")
        self.assertEqual(self.drawing.decided_via, "login")
        self.assertEqual(self.drawing.decided_by_id, self.visitor.partner_id)

    def test_the_customer_marks_it_up(self):
        page = self._post(
            decision="marked_up",
            markup="Turn the flange",
            files={"files": ("marks.png", BytesIO(PNG), "image/png")},
        )
        self.assertIn("was marked up by Ms Li", page.text)
        self.assertEqual(self.drawing.markup, "Turn the flange")
        self.assertEqual(self.drawing.reply_file_ids.raw, PNG)
        self.assertEqual(self.drawing.activity_ids.user_id, self.draughtsman)

    def test_looking_decides_nothing(self):
        self._get_page()
        self.url_open(
            f"{self.drawing._get_portal_path()}?access_token={self.token}"
            "&decision=approved&name=Li"
        )
        self.assertEqual(self.drawing.state, "sent")

    def test_twice_at_once_is_once(self):
        self._post(decision="approved")
        page = self.url_open(
            self.drawing._get_portal_path(),
            data={
                "csrf_token": self._get_csrf(),
                "access_token": self.token,
                "decision": "marked_up",
                "name": "Mr Wu",
                "markup": "Too late",
            },
        )
        self.assertIn("was approved by Ms Li", page.text)
        self.assertFalse(self.drawing.markup)

    def _get_csrf(self):
        page = self.url_open("/web/login")
        return html.fromstring(page.text).xpath("//input[@name='csrf_token']/@value")[0]

    def test_what_was_typed_stays_when_something_is_wrong(self):
        for values, message in (
            ({"decision": "approved", "name": " "}, "Give the name"),
            ({"decision": "marked_up"}, "what is to be changed"),
            ({"decision": "nonsense", "markup": "My remark"}, "approved or marked up"),
            (
                {
                    "decision": "marked_up",
                    "markup": "My remark",
                    "files": {"files": ("a.exe", BytesIO(b"MZ"), "image/png")},
                },
                "a.exe is neither a picture nor a PDF",
            ),
        ):
            with self.subTest(message):
                page = self._post(**values)
                self.assertIn(message, page.text)
                if values.get("markup"):
                    self.assertIn("My remark", page.text)
        self.assertEqual(self.drawing.state, "sent")

    @mute_logger("odoo.http")
    def test_post_needs_its_csrf_token(self):
        response = self.url_open(
            self.drawing._get_portal_path(),
            data={"access_token": self.token, "decision": "approved", "name": "Li"},
        )
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.drawing.state, "sent")

    def test_no_link_opens_another_drawing(self):
        other = self._send_drawing(self._answer(self._make_asked().engineering_ids))
        other = other.sudo()
        for bad in ("", "guess", self.token[:-4], self.token):
            with self.subTest(bad):
                self.assertEqual(self._get_page(bad, other).status_code, 404)
                self.assertEqual(self._get_page(bad, other, "/file").status_code, 404)

    def test_link_expires(self):
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            self.assertFalse(self.drawing._check_portal_token(self.token))

    def test_a_drawing_in_preparation_is_not_for_the_customer(self):
        draft = self._draw(self.engineering, name="Other").sudo()
        token = draft._get_portal_token(self.customer)
        self.assertEqual(self._get_page(token, draft).status_code, 404)

    def test_the_old_version_leads_to_the_new_one(self):
        new = self._draw(
            self.engineering, previous_id=self.drawing.id, change_note="Wider"
        )
        new.action_send()
        page = self._get_page()
        self.assertIn("has been replaced by version 2", page.text)
        self.assertNotIn("Approve the drawing", page.text)
        (link,) = html.fromstring(page.text).xpath(
            "//a[contains(@class, 'alert-link')]/@href"
        )
        page = self.url_open(link)
        self.assertIn("Wider", page.text)
        self.assertIn("Approve the drawing", page.text)

    def test_a_drawing_of_a_changed_line_does_not_count_any_more(self):
        self.sheet.order_line.special_requirement = "Ceramic shaft, 20 mm"
        self.env.flush_all()
        page = self._get_page()
        self.assertIn("does not count any more", page.text)
        self.assertNotIn("Approve the drawing", page.text)

    def test_customers_find_theirs_and_strangers_do_not(self):
        self.authenticate("od_customer", "od_customer")
        self.assertIn("version 1", self.url_open("/my/drawings").text)
        self.assertEqual(self._get_page("").status_code, 200)
        self.visitor.partner_id.parent_id = self.other_customer
        self.assertNotIn("version 1", self.url_open("/my/drawings").text)
        self.assertEqual(self._get_page("").status_code, 404)

    def test_home_counts_what_waits(self):
        self.authenticate("od_customer", "od_customer")
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["drawing_waiting_count", "drawing_count"]}
        )
        self.assertEqual(counters, {"drawing_waiting_count": 1, "drawing_count": 1})

    def test_a_colleague_does_not_speak_for_the_customer(self):
        new_test_user(
            self.env, "odm_seller", groups="sales_team.group_sale_salesman_all_leads"
        )
        self.authenticate("odm_seller", "odm_seller")
        page = self._post(decision="approved")
        self.assertIn("not be the customer", page.text)
        self.assertEqual(self.drawing.state, "sent")

    def test_a_cad_file_is_downloaded(self):
        drawing = self._draw(
            self.engineering,
            name="Model",
            file=self._encode(b"AC1032" + b"\0" * 64),
            file_name="model.dwg",
        )
        drawing.action_send()
        token = drawing.sudo()._get_portal_token(self.customer)
        response = self._get_page(token, drawing.sudo(), "/file")
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertIn("model.dwg", response.headers["Content-Disposition"])
