import base64
import re
from datetime import timedelta
from io import BytesIO

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .common import PNG
from .test_confirmation import ConfirmationCommon

SIGNATURE = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


@tagged("post_install", "-at_install")
class TestConfirmationPortal(ConfirmationCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_visitor()

    def setUp(self):
        super().setUp()
        self.confirmation = self._get_sent()
        self.url = self.confirmation._get_portal_path()

    def _get_page(self, confirmation=None, token=None, **values):
        confirmation = confirmation or self.confirmation
        if token is None:
            token = confirmation._get_portal_token(self.customer)
        return self.url_open(
            f"{confirmation._get_portal_path()}?access_token={token}", **values
        )

    def _confirm_page(self, files=None, token=None, **values):
        token = token or self.confirmation._get_portal_token(self.customer)
        page = self.url_open(f"{self.url}?access_token={token}")
        csrf = re.search(r'csrf_token: "(\w+)"', page.text)[1]
        return self.url_open(
            f"{self.url}/confirm",
            data={
                "csrf_token": csrf,
                "access_token": token,
                "name": "Ms Wang",
                "way": "upload" if files else "sign",
                **values,
            },
            files=files and [("files", file) for file in files],
        )

    # ------------------------------------------------------------- reading

    def test_link_shows_the_order_in_full_without_login(self):
        page = self._get_page()
        self.assertEqual(page.status_code, 200)
        for text in (self.confirmation.name, "Impeller", "Cast iron", "1 Dock Road"):
            with self.subTest(text=text):
                self.assertIn(text, page.text)
        self.assertEqual(self.confirmation.state, "sent")

    def test_customer_finds_it_after_login_and_a_stranger_does_not(self):
        self.authenticate("od_customer", "od_customer")
        self.assertIn(
            self.confirmation.name, self.url_open("/my/order-confirmations").text
        )
        self.assertEqual(self.url_open(self.url).status_code, 200)
        self.visitor.partner_id.parent_id = self.other_customer
        self.assertNotIn(
            self.confirmation.name, self.url_open("/my/order-confirmations").text
        )
        self.assertEqual(self.url_open(self.url).status_code, 404)

    def test_customer_who_takes_the_order_over_does_not_read_what_the_first_one_got(
        self,
    ):
        self.confirmation.order_id.partner_id = self.other_customer
        self.authenticate("od_customer", "od_customer")
        self.assertEqual(self.url_open(self.url).status_code, 200)
        self.visitor.partner_id.parent_id = self.other_customer
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertNotIn(
            self.confirmation.name, self.url_open("/my/order-confirmations").text
        )

    def test_home_counts_what_waits_for_the_customer(self):
        self.authenticate("od_customer", "od_customer")
        name = "order_confirmation_waiting_count"
        counters = self.make_jsonrpc_request("/my/counters", {"counters": [name]})
        self.assertEqual(counters[name], 1)
        self._file_return(self.confirmation)
        counters = self.make_jsonrpc_request("/my/counters", {"counters": [name]})
        self.assertEqual(counters[name], 0)

    def test_wrong_links_open_nothing(self):
        other = self._get_sent()
        with freeze_time(fields.Datetime.now() - timedelta(days=90)):
            expired = self.confirmation._get_portal_token(self.customer)
        for case, token in (
            ("none", ""),
            ("guessed", "A" * 60),
            ("other document", other._get_portal_token(self.customer)),
            (
                "other customer",
                self.confirmation._get_portal_token(self.other_customer),
            ),
            ("expired", expired),
        ):
            with self.subTest(case=case):
                page = self._get_page(token=token)
                self.assertEqual(page.status_code, 404)
                self.assertNotIn("Cast iron", page.text)

    def test_draft_is_not_shown(self):
        draft = self._get_sheet().with_user(self.clerk).action_make_confirmation()
        self.assertEqual(self._get_page(draft).status_code, 404)

    def test_shifts_are_shown(self):
        self.confirmation.sheet_id.with_user(self.clerk).action_relax_promise(
            self._soon(50), "Waiting for the letter of credit"
        )
        self.assertIn("Waiting for the letter of credit", self._get_page().text)

    def test_pdf_is_downloaded(self):
        token = self.confirmation._get_portal_token(self.customer)
        page = self.url_open(f"{self.url}?report_type=pdf&access_token={token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.confirmation.name, page.headers["Content-Disposition"])

    # ------------------------------------------------------------- confirming

    def test_drawn_signature_confirms_with_name_remarks_and_address(self):
        page = self._confirm_page(signature=SIGNATURE, remarks="Please call first")
        self.assertEqual(page.status_code, 200)
        self.assertIn("has been confirmed already: by Ms Wang", page.text)
        self.assertRecordValues(
            self.confirmation,
            [
                {
                    "state": "returned",
                    "returned_via": "portal",
                    "returned_by_name": "Ms Wang",
                    "remarks": "Please call first",
                }
            ],
        )
        self.assertTrue(self.confirmation.signature)
        body = self.confirmation.sheet_id.message_ids[0].body
        self.assertIn("127.0.0.1", body)
        self.assertIn("Please call first", body)

    def test_uploaded_scan_confirms(self):
        self._confirm_page(files=[("scan.png", BytesIO(PNG), "image/png")])
        self.assertEqual(self.confirmation.state, "returned")
        self.assertEqual(self.confirmation.returned_via, "upload")
        self.assertEqual(self.confirmation.return_copy_ids.name, "scan.png")

    def test_colleague_does_not_confirm_with_the_customers_link(self):
        self.authenticate("od_clerk", "od_clerk")
        page = self._confirm_page(signature=SIGNATURE)
        self.assertIn("not be the customer", page.text)
        self.assertEqual(self.confirmation.state, "sent")

    def test_numbers_that_are_none_of_a_record_open_nothing(self):
        for number in ("0", "2147483648", "9" * 30):
            with self.subTest(number=number):
                page = self.url_open(f"/my/order-confirmations/{number}")
                self.assertEqual(page.status_code, 404)

    def test_opening_the_link_does_not_confirm(self):
        token = self.confirmation._get_portal_token(self.customer)
        query = f"access_token={token}&name=X&signature={SIGNATURE}"
        self.url_open(f"{self.url}?{query}")
        with mute_logger("odoo.http"):
            answer = self.url_open(f"{self.url}/confirm?{query}")
        self.assertIn(answer.status_code, (404, 405))
        self.assertEqual(self.confirmation.state, "sent")

    def test_form_without_its_csrf_token_is_refused(self):
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"{self.url}/confirm",
                data={
                    "access_token": self.confirmation._get_portal_token(self.customer),
                    "name": "X",
                    "signature": SIGNATURE,
                },
            )
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.confirmation.state, "sent")

    def test_what_was_typed_survives_an_error(self):
        page = self._confirm_page(remarks="The plug is wrong")
        self.assertIn("Draw your signature", page.text)
        self.assertIn("Ms Wang", page.text)
        self.assertIn("The plug is wrong", page.text)
        page = self._confirm_page(name=" ", signature=SIGNATURE)
        self.assertIn("Give the name", page.text)
        self.assertIn(SIGNATURE, page.text)
        self.assertEqual(self.confirmation.state, "sent")

    def test_signature_that_is_no_picture_is_refused(self):
        for signature in ("x", "data:image/png;base64,%%%", "data:text/html,PGI+"):
            with self.subTest(signature=signature):
                page = self._confirm_page(signature=signature)
                self.assertIn("Draw your signature", page.text)
        self.assertEqual(self.confirmation.state, "sent")

    def test_unusable_files_are_refused_and_nothing_is_kept(self):
        for raw, reason in (
            (b"", "is empty"),
            (b"not a picture", "neither a picture nor a PDF"),
            (PNG + b"0" * 20 * 1024 * 1024, "at most"),
        ):
            with self.subTest(reason=reason):
                page = self._confirm_page(
                    files=[("scan.png", BytesIO(raw), "image/png")]
                )
                self.assertIn(reason, page.text)
        self.assertEqual(self.confirmation.state, "sent")
        self.assertFalse(self.confirmation.return_copy_ids)

    def test_confirming_twice_names_who_was_first(self):
        self._confirm_page(signature=SIGNATURE)
        page = self._confirm_page(signature=SIGNATURE, name="Mr Late")
        self.assertIn("has been confirmed already: by Ms Wang", page.text)
        self.assertEqual(self.confirmation.returned_by_name, "Ms Wang")

    def test_old_revision_links_the_new_one_and_changes_nothing(self):
        sheet = self.confirmation.sheet_id
        sheet.sudo().finish_date = self._soon(30)
        newer = self._send(sheet)
        page = self._get_page()
        self.assertIn(f"has been replaced by {newer.name}", page.text)
        self.assertIn(newer._get_portal_path(), page.text)
        self.assertNotIn("Cast iron", page.text)
        page = self._confirm_page(signature=SIGNATURE)
        self.assertIn(newer.name, page.text)
        self.assertEqual(self.confirmation.state, "replaced")
        self.assertEqual(newer.state, "sent")

    def test_changed_order_says_that_a_new_confirmation_follows(self):
        self.confirmation.sheet_id.order_line.product_uom_qty = 99
        page = self._confirm_page(signature=SIGNATURE)
        self.assertIn("A new confirmation", page.text)
        self.assertNotIn("Cast iron", page.text)
        self.assertEqual(self.confirmation.state, "sent")

    def test_cancelled_order_says_so(self):
        self.confirmation.sheet_id.with_user(self.clerk).action_cancel()
        page = self._confirm_page(signature=SIGNATURE)
        self.assertIn("cancelled", page.text)
        self.assertFalse(self.confirmation.returned_on)

    def test_page_speaks_the_customers_language_and_the_chatter_the_clerks(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        self._confirm_page(signature=SIGNATURE)
        self.assertIn("signed", self.confirmation.sheet_id.message_ids[0].body)


@tagged("post_install", "-at_install", "order_desk_tour")
class TestConfirmationTours(ConfirmationCommon, HttpCase):
    browser_size = "1366x800"

    @mute_logger("odoo.http")  # the tour sends too early, on purpose
    def test_clerk_proof_reads_and_sends(self):
        self.customer.email = "orders@customer.example.com"
        sheet = self._get_sheet()
        self.start_tour(
            f"/odoo/order-desk/{sheet.id}", "order_desk_clerk_sends", login="od_clerk"
        )
        self.assertRecordValues(
            sheet.confirmation_id,
            [
                {
                    "state": "sent",
                    "sent_via": "email",
                    "received_clear_by_id": self.clerk.id,
                }
            ],
        )


@tagged("post_install", "-at_install", "order_desk_tour")
class TestConfirmationPhoneTours(ConfirmationCommon, HttpCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_customer_signs_on_the_phone(self):
        confirmation = self._get_sent()
        url = confirmation._get_portal_url(self.customer)
        self.start_tour(
            url.removeprefix(confirmation.get_base_url()),
            "order_desk_customer_confirms",
        )
        self.assertRecordValues(
            confirmation,
            [
                {
                    "state": "returned",
                    "returned_via": "portal",
                    "returned_by_name": "Ms Wang",
                    "remarks": "Blue paint, please",
                }
            ],
        )
        self.assertTrue(confirmation.signature)
