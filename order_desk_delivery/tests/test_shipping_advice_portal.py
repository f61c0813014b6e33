import re

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_advice import AdviceCommon


@tagged("post_install", "-at_install")
class TestShippingAdvicePortal(AdviceCommon, HttpCase):
    """The customer reads an advice by the link in the mail (SPEC G4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.advice = cls._send_advice(
            tracking_ref="T-5", remark="Ring the bell", vehicle="ZJ-A 1"
        ).sudo()

    def _get_url(self, advice=None, partner=None):
        advice = advice or self.advice
        url = advice._get_portal_url(partner or self.customer)
        return url.replace(advice.get_base_url(), "")

    def _get_page(self, **values):
        response = self.url_open(self._get_url(**values))
        return response.text

    def _post(self, token=None):
        csrf = re.search(r'csrf_token: "(\w+)"', self._get_page())[1]
        return self.url_open(
            f"{self.advice._get_portal_path()}/received",
            data={"access_token": token or self._get_token(), "csrf_token": csrf},
        )

    def _get_token(self):
        return self.advice._get_portal_token(self.customer)

    def test_the_page_tells_what_comes_and_when(self):
        page = self._get_page()
        for text in (
            self.advice.number,
            "Test pump",
            "10 Units",
            "Test carrier",
            "https://track.example.com/T-5",
            "Ring the bell",
            self.advice._get_arrival_text(),
        ):
            self.assertIn(text, page)

    def test_opening_the_page_notes_nothing(self):
        self._get_page()
        response = self.url_open(f"{self.advice._get_portal_path()}/received")
        self.assertGreaterEqual(response.status_code, 400)
        self.assertFalse(self.advice.received_clear_on)

    def test_the_customer_notes_the_receipt(self):
        page = self._post().text
        self.assertIn("received clearly by Test customer", page)
        self.assertRecordValues(
            self.advice,
            [
                {
                    "received_clear_name": "Test customer",
                    "received_clear_via": "portal",
                    "received_clear_by_id": False,
                }
            ],
        )

    def test_noting_twice_is_once(self):
        self._post()
        noted_on = self.advice.received_clear_on
        self._post()
        self.assertEqual(self.advice.received_clear_on, noted_on)

    def test_a_link_of_somebody_else_is_none(self):
        url = self._get_url()
        for bad in ("", url[:-4] + "AAAA"):
            with mute_logger("odoo.http"):
                response = self.url_open(bad or self.advice._get_portal_path())
            self.assertEqual(response.status_code, 404)
        with mute_logger("odoo.http"):
            self.assertEqual(self._post("nonsense").status_code, 404)
        self.assertFalse(self.advice.received_clear_on)

    def test_another_customer_who_is_logged_in_finds_nothing(self):
        other = self.env["res.partner"].create({"name": "Other customer"})
        self._make_portal_user(other)
        self.authenticate("odd_portal", "odd_portal")
        with mute_logger("odoo.http"):
            response = self.url_open(self.advice._get_portal_path())
        self.assertEqual(response.status_code, 404)
        self.assertNotIn(self.advice.number, self.url_open("/my/shipping-advices").text)

    def _make_portal_user(self, partner):
        return self.env["res.users"].create(
            {
                "login": "odd_portal",
                "password": "odd_portal",
                "partner_id": partner.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )

    def test_the_customer_finds_it_in_the_portal(self):
        self._make_portal_user(self.customer)
        self.authenticate("odd_portal", "odd_portal")
        self.assertIn(self.advice.number, self.url_open("/my/shipping-advices").text)
        order = self.advice.order_ids
        self.assertIn(self.advice.number, self.url_open(f"/my/orders/{order.id}").text)

    def test_nothing_is_seen_before_it_is_sent(self):
        draft = self._submit_advice().sudo()
        with mute_logger("odoo.http"):
            response = self.url_open(self._get_url(draft))
        self.assertEqual(response.status_code, 404)

    def test_a_colleague_does_not_speak_for_the_customer(self):
        self.sales_admin.password = "odd_sales_admin"
        self.authenticate("odd_sales_admin", "odd_sales_admin")
        self.assertIn("Record it in Odoo instead", self._post().text)
        self.assertFalse(self.advice.received_clear_on)

    def test_one_that_does_not_hold_leads_to_the_newer_one(self):
        self.advice.with_user(self.sales_admin).action_withdraw("Another truck")
        newer = self._send_advice(self.advice.request_id)
        page = self._get_page()
        self.assertIn("does not hold any more", page)
        self.assertIn(newer._get_portal_path(), page)
        self.assertNotIn("Ring the bell", page)
        self._post()
        self.assertFalse(self.advice.received_clear_on)

    def test_the_document_is_downloaded(self):
        response = self.url_open(f"{self._get_url()}&report_type=pdf")
        self.assertIn(
            f"{self.advice.number}.pdf", response.headers["Content-Disposition"]
        )

    def test_our_clock_says_nothing_abroad(self):
        self.advice.company_id.country_id = self.customer.country_id
        local = self.advice._get_arrival_text()
        self.assertIn(":", local)
        self.advice.company_id.country_id = self.env.ref("base.de")
        self.assertNotIn(":", self.advice._get_arrival_text())
