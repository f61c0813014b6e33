import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import LockError, UserError
from odoo.tests import HttpCase, freeze_time, tagged

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestReceiptPortal(ReceiptCommon, HttpCase):
    """The page behind the QR code (SPEC G7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_visitor()

    def setUp(self):
        super().setUp()
        self.receipt = self._make_receipt().sudo()
        self.path = self.receipt._get_portal_path()

    def _get_token(self, receipt=None):
        receipt = receipt or self.receipt
        return receipt._get_portal_token(receipt.partner_id)

    def _get_page(self, token=None, path="", receipt=None):
        token = self._get_token() if token is None else token
        path = f"{(receipt or self.receipt)._get_portal_path()}{path}"
        return self.url_open(f"{path}?access_token={token}")

    def _post(self, path, token=None, **values):
        token = self._get_token() if token is None else token
        return self.make_jsonrpc_request(
            f"{self.path}{path}", {"access_token": token, **values}
        )

    def _post_signature(self, entry=None, **values):
        line = self.receipt.line_ids
        values = {
            "name": "Ms Wang",
            "lines": {
                str(line.id): {"received": "10", "damaged": "0", **(entry or {})}
            },
            "signature": f"data:image/png;base64,{self._make_signature().decode()}",
            **values,
        }
        return self._post("/sign", **values)

    def _post_photo(self, data=None, **values):
        data = data or f"data:image/jpeg;base64,{self._make_picture().decode()}"
        values = {
            "line_id": self.receipt.line_ids.id,
            "name": "IMG_7.HEIC",
            "data": data,
            **values,
        }
        return self._post("/photo", **values)

    # ------------------------------------------------------------- who gets in

    def test_link_shows_what_should_have_come_without_login(self):
        page = self._get_page()
        self.assertEqual(page.status_code, 200)
        for text in (self.receipt.number, "Test pump", "10 Units", "Test customer"):
            with self.subTest(text=text):
                self.assertIn(text, page.text)
        self.assertEqual(self.receipt.state, "open")

    def test_day_is_that_of_the_company(self):
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.receipt.shipped_on = "2026-03-10 17:00:00"  # the next day over there
        self.env.flush_all()
        page = self._get_page().text
        self.assertIn("03/11/2026", page)
        self.assertNotIn("03/10/2026", page)

    def test_wrong_links_say_what_to_do(self):
        other = self._make_receipt().sudo()
        with freeze_time(fields.Datetime.now() - timedelta(days=90)):
            expired = self._get_token()
        good = self._get_token()
        for case, token in (
            ("none", ""),
            ("guessed", "A" * 60),
            ("altered", good[:-3] + "abc"),
            ("of another receipt", self._get_token(other)),
            (
                "of another customer",
                self.receipt._get_portal_token(self.other_customer),
            ),
            ("expired", expired),
        ):
            with self.subTest(case=case):
                page = self._get_page(token)
                self.assertEqual(page.status_code, 404)
                self.assertNotIn("Test pump", page.text)
                self.assertIn("Ask the driver to show the code", page.text)
                self.assertIn("not valid", self._post_signature(token=token)["error"])
                self.assertEqual(self._get_page(token, "/code").status_code, 404)
        self.assertEqual(self.receipt.state, "open")

    def test_revoked_and_renewed_links_lapse(self):
        old = self._get_token()
        self.receipt.with_user(self.sales_admin).action_revoke_link()
        self.assertEqual(self._get_page(old).status_code, 404)
        self.assertEqual(self._get_page().status_code, 404)
        self.assertFalse(self.receipt._get_link())
        self.receipt.with_user(self.sales_admin).action_renew_link()
        self.assertEqual(self._get_page(old).status_code, 404)
        self.assertEqual(self._get_page().status_code, 200)

    def test_link_lapses_when_the_receiver_is_changed(self):
        old = self._get_token()
        warehouse = self.env["res.partner"].create(
            {"name": "Their warehouse", "parent_id": self.customer.id}
        )
        self.receipt.with_user(self.sales_admin).partner_id = warehouse
        self.assertEqual(self._get_page(old).status_code, 404)
        self.assertEqual(self._get_page().status_code, 200)

    def test_goods_for_somebody_elses_site_are_signed_there(self):
        self.receipt.partner_id = self.other_customer
        self.assertEqual(self._get_page().status_code, 200)
        self.assertEqual(self._post_signature()["url"].split("?")[0], self.path)
        self.assertEqual(self.receipt.state, "signed")

    def test_withdrawn_receipt_is_not_shown(self):
        token = self._get_token()
        self.receipt.with_user(self.sales_admin).action_withdraw()
        self.assertEqual(self._get_page(token).status_code, 404)

    def test_customer_finds_it_after_login_and_a_stranger_does_not(self):
        self.authenticate("od_customer", "od_customer")
        self.assertIn(self.receipt.number, self.url_open("/my/delivery-receipts").text)
        self.assertEqual(self._get_page("").status_code, 200)
        name = "delivery_receipt_open_count"
        counters = self.make_jsonrpc_request("/my/counters", {"counters": [name]})
        self.assertEqual(counters[name], 1)
        self.visitor.partner_id.parent_id = self.other_customer
        self.assertEqual(self._get_page("").status_code, 404)
        self.assertNotIn(
            self.receipt.number, self.url_open("/my/delivery-receipts").text
        )

    def test_employee_looks_but_does_not_sign(self):
        self.authenticate("odd_sales_admin", "odd_sales_admin")
        self.assertIn("what the receiver sees", self._get_page().text)
        self.assertIn("logged in as", self._post_signature()["error"])
        self.assertEqual(self.receipt.state, "open")

    def test_driver_shows_the_code_without_login(self):
        page = self._get_page(path="/code")
        self.assertEqual(page.status_code, 200)
        self.assertIn("data:image/png;base64,", page.text)
        self._post_signature()
        page = self._get_page(path="/code")
        self.assertNotIn("data:image/png;base64,", page.text)
        self.assertIn("was signed by Ms Wang", page.text)

    def _get_code_page(self, receiver=None):
        """Return a receipt of goods paid on delivery, and the driver's page for it."""
        sheet = self._make_sheet(10)
        sheet.order_id.cash_on_delivery = True
        receipt = self._ship_and_advise(self._bring_to(sheet, "released")).sudo()
        receipt.partner_id = receiver or receipt.partner_id
        token = self._get_token(receipt)
        return receipt, self._get_page(token, "/code", receipt).text

    def test_driver_is_told_what_to_collect_before_the_goods_are_handed_over(self):
        receipt, page = self._get_code_page()
        self.assertIn("Collect on delivery", page)
        amount = receipt.line_ids.move_ids.picking_id.collect_on_delivery
        self.assertIn(" ".join(amount.split()), " ".join(page.split()))

    def test_what_to_collect_is_not_told_to_others_than_the_customer(self):
        page = self._get_code_page(self.other_customer)[1]
        self.assertIn("data:image/png;base64,", page)
        self.assertNotIn("Collect on delivery", page)

    def test_link_cannot_be_renewed_by_its_holder(self):
        """The code and the paper carry the link they were opened with (SPEC G7)."""
        with freeze_time(fields.Datetime.now() - timedelta(days=29)):
            old = self._get_token()
        shown = []

        def note(_reports, _kind, value, **_options):
            shown.append(value)
            return base64.b64decode(self._make_signature())

        self.patch(self.registry["ir.actions.report"], "barcode", note)
        self._get_page(old, "/code")
        self.url_open(f"{self.path}?report_type=pdf&access_token={old}")
        links = [link for link in shown if "access_token" in link]
        self.assertEqual(len(links), 2)
        for link in links:
            self.assertTrue(link.endswith(f"{self.path}?access_token={old}"), link)

    def test_code_on_the_screen_is_for_those_who_hand_it_over(self):
        self.assertTrue(self.receipt.with_user(self.shipper).qr_code)
        self.assertTrue(self.receipt.with_user(self.sales_admin).link)
        self.assertNotIn(
            "qr_code", self.receipt.with_user(self.salesperson).fields_get()
        )

    # ------------------------------------------------------------- signing

    def test_signature_is_taken_with_what_was_entered(self):
        result = self._post_signature(
            {"received": "9", "damaged": "1", "note": "Wet"}, remark="Rain"
        )
        self.assertEqual(set(result), {"url"})
        self.assertRecordValues(
            self.receipt,
            [{"state": "signed", "signed_name": "Ms Wang", "remark": "Rain"}],
        )
        self.assertRecordValues(
            self.receipt.line_ids,
            [{"received_qty": 9, "damaged_qty": 1, "missing_qty": 1, "note": "Wet"}],
        )

    def test_error_keeps_the_receipt_open(self):
        for message, entry, values in (
            ("name of who signs", {}, {"name": " "}),
            ("signature", {}, {"signature": ""}),
            ("signature", {}, {"signature": "data:text/html;base64,PGI+"}),
            ("Test pump", {"received": "-1"}, {}),
            ("Test pump", {"received": "99"}, {}),
            ("Test pump", {"damaged": "11"}, {}),
            ("Test pump", {}, {"lines": "nonsense"}),
            ("nothing has arrived", {"received": "0"}, {}),
        ):
            with self.subTest(message=message, entry=entry):
                self.assertIn(message, self._post_signature(entry, **values)["error"])
        self.assertEqual(self.receipt.state, "open")

    def test_second_phone_gets_what_the_first_has_entered(self):
        token = self._get_token()
        self._post_signature({"received": "9"})
        result = self._post_signature(name="Mr Li", token=token)
        self.assertIn("late=1", result["url"])
        page = self.url_open(result["url"])
        self.assertIn("Somebody else has signed before you", page.text)
        self.assertIn("9 Units", page.text)
        self.assertEqual(self.receipt.signed_name, "Ms Wang")

    def test_same_person_who_sends_twice_is_not_told_off(self):
        """The answer was lost on a bad line, and the phone tries again."""
        self._post_signature()
        self.assertNotIn("late", self._post_signature()["url"])

    def test_two_at_once_are_told_to_look_again(self):
        def refuse(_records, **_options):
            raise LockError("taken")

        self.patch(self.registry["order.desk.receipt"], "lock_for_update", refuse)
        self.assertIn("Somebody is signing", self._post_signature()["error"])
        self.assertEqual(self.receipt.state, "open")

    def test_signed_link_shows_the_summary_alone(self):
        self.receipt.partner_id.phone = "+86 571 98765432"
        self._post_signature({"received": "9", "note": "Wet"})
        page = self._get_page()
        self.assertEqual(page.status_code, 200)
        for text in ("was signed by Ms Wang", "9 Units", "1 Units missing; Wet"):
            self.assertIn(text, page.text)
        for text in ("<form", "o_order_desk_pad", "98765432", "1 Dock Road", "pdf"):
            with self.subTest(text=text):
                self.assertNotIn(text, page.text.split("<main")[-1])

    def test_pdf_is_there_before_and_for_the_customer_after(self):
        page = self._get_page(path="")
        self.assertIn("report_type=pdf", page.text)
        pdf = self.url_open(
            f"{self.path}?report_type=pdf&access_token={self._get_token()}"
        )
        self.assertIn(self.receipt.number, pdf.headers["Content-Disposition"])
        self._post_signature()
        page = self.url_open(
            f"{self.path}?report_type=pdf&access_token={self._get_token()}"
        )
        self.assertNotIn("Content-Disposition", page.headers)
        self.authenticate("od_customer", "od_customer")
        pdf = self.url_open(f"{self.path}?report_type=pdf")
        self.assertIn(self.receipt.number, pdf.headers["Content-Disposition"])

    # ------------------------------------------------------------- photos

    def test_photo_is_kept_with_its_line_and_shown_again(self):
        photo_id = self._post_photo()["photo"]
        photo = self.receipt.line_ids.photo_ids
        self.assertEqual(photo.id, photo_id)
        self.assertRecordValues(
            photo,
            [
                {
                    "name": "IMG_7.jpg",
                    "mimetype": "image/jpeg",
                    "res_model": "order.desk.receipt.line",
                    "res_id": self.receipt.line_ids.id,
                }
            ],
        )
        self.assertIn(f"/photo/{photo_id}", self._get_page().text)
        self.assertEqual(self._get_page(path=f"/photo/{photo_id}").status_code, 200)
        self.assertEqual(self._get_page("", path=f"/photo/{photo_id}").status_code, 404)

    def test_big_photo_is_made_small(self):
        data = self._make_picture((4000, 3000)).decode()
        self._post_photo(f"data:image/jpeg;base64,{data}")
        photo = self.receipt.line_ids.photo_ids
        self.assertLessEqual(max(self._get_size(photo.raw)), 1600)

    def test_what_is_no_photo_is_refused(self):
        bad = (
            ("text", b"hello"),
            ("a script", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("a PDF", b"%PDF-1.4 ..."),
            ("half a picture", base64.b64decode(self._make_picture())[:40]),
            ("nothing", b""),
        )
        for case, raw in bad:
            data = f"data:image/jpeg;base64,{base64.b64encode(raw).decode()}"
            with self.subTest(case=case):
                self.assertIn("error", self._post_photo(data))
        for case, values in (
            ("no base64", {"data": "data:image/png;base64,ÄÖ"}),
            ("another line", {"line_id": 999999}),
            ("no line", {"line_id": None}),
        ):
            with self.subTest(case=case):
                self.assertIn("error", self._post_photo(**values))
        self.assertFalse(self.receipt.line_ids.photo_ids)

    def test_photos_are_limited_and_can_be_removed(self):
        ids = [self._post_photo()["photo"] for _number in range(6)]
        self.assertIn("photos are enough", self._post_photo()["error"])
        line_id = self.receipt.line_ids.id
        self._post("/photo/remove", line_id=line_id, photo_id=ids[0])
        self.assertEqual(set(self.receipt.line_ids.photo_ids.ids), set(ids[1:]))
        other = self._make_file()
        self._post("/photo/remove", line_id=line_id, photo_id=other.id)
        self.assertTrue(other.exists())

    def test_photos_stay_as_they_were_signed(self):
        photo_id = self._post_photo()["photo"]
        self._post_signature({"damaged": "2"})
        self.assertNotIn("photo", self._post_photo())
        self._post("/photo/remove", line_id=self.receipt.line_ids.id, photo_id=photo_id)
        photo = self.receipt.line_ids.photo_ids
        self.assertEqual(photo.id, photo_id)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            photo.sudo().raw = b"other"
        self.assertEqual(self._get_page(path=f"/photo/{photo_id}").status_code, 404)
        self.assertTrue(photo.with_user(self.sales_admin).read(["name"]))

    # ------------------------------------------------------------- by mail

    def test_link_is_mailed_to_the_receiver(self):
        receipt = self.receipt.with_user(self.sales_admin)
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            receipt.action_mail_link()
        self.customer.email = "dock@example.com"
        receipt.action_mail_link()
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.customer.ids)], limit=1, order="id desc"
        )
        self.assertIn(self.path, mail.body_html)
        self.assertIn("Test pump", mail.body_html)
        receipt.action_revoke_link()
        with self.assertRaisesRegex(UserError, "revoked"):
            receipt.action_mail_link()

    # ------------------------------------------------------------- from the advice

    def test_page_of_the_advice_leads_to_the_receipt(self):
        advice = self.receipt.advice_id
        url = advice._get_portal_url(advice.partner_id)
        words = "The goods are here"
        self.assertIn(words, self.url_open(url).text)
        self._post_signature()
        self.assertNotIn(words, self.url_open(url).text)
