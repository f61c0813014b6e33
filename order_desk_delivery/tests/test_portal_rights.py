from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.sql_db import Cursor
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.order_desk.tests.common import PNG

from .common_receipt import ReceiptCommon


@tagged("post_install", "-at_install")
class TestPortalRights(ReceiptCommon, HttpCase):
    """Every page for customers, with everybody whose page it is not (SPEC J1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "customer@example.com"
        cls.receipt = cls._make_receipt().sudo()
        cls.advice = cls.receipt.advice_id.sudo()
        line = cls.receipt.line_ids
        photo = line._add_photo("dent.png", PNG)
        cls.claim = (
            cls.env["order.desk.claim"]
            .with_user(cls.clerk)
            .create({"name": "Late again", "kind": "late", "sheet_id": cls.sheet.id})
            .sudo()
        )
        cls.claim.attachment_ids = cls.claim._keep_files([("crack.png", PNG)])
        receipt, advice = cls.receipt._get_portal_path(), cls.advice._get_portal_path()
        claim = cls.claim._get_portal_path()
        cls.paths = {
            cls.receipt: (
                receipt,
                f"{receipt}?report_type=pdf",
                f"{receipt}/code",
                f"{receipt}/photo/{photo.id}",
                f"/my/claims/new/receipt/{cls.receipt.id}",
            ),
            cls.advice: (advice, f"{advice}?report_type=pdf"),
            cls.claim: (
                claim,
                f"{claim}?report_type=pdf",
                f"{claim}/file/{cls.claim.attachment_ids.id}",
            ),
        }
        cls.other_customer = cls.env["res.partner"].create({"name": "Other customer"})

    @classmethod
    def _make_receipt(cls):
        cls.sheet = cls._make_released()
        return cls._ship_and_advise(cls.sheet)

    def _get(self, path, token=""):
        mark = "&" if "?" in path else "?"
        with mute_logger("odoo.http"):
            return self.url_open(f"{path}{mark}access_token={token}")

    def _assert_nothing_opens(self, tokens=None):
        for document, paths in self.paths.items():
            for path in paths:
                with self.subTest(path=path):
                    page = self._get(path, (tokens or {}).get(document, ""))
                    self.assertEqual(page.status_code, 404)
                    for text in ("Test pump", "Late again", self.advice.number):
                        self.assertNotIn(text, page.text)

    def _get_tokens(self, partner=None):
        return {
            document: document._get_portal_token(partner or document.partner_id)
            for document in self.paths
        }

    def test_strangers_with_links_that_are_not_theirs(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=90)):
            expired = self._get_tokens()
        good = self._get_tokens()
        self._assert_nothing_opens()
        self._assert_nothing_opens(expired)
        self._assert_nothing_opens(self._get_tokens(self.other_customer))
        turned = dict(zip(good, [*good.values()][::-1], strict=True))
        turned[self.advice] = good[self.claim]
        self._assert_nothing_opens(turned)
        self.receipt.with_user(self.sales_admin).action_revoke_link()
        self._assert_nothing_opens({self.receipt: good[self.receipt]})

    def test_users_whose_documents_these_are_not(self):
        elsewhere = self.env["res.company"].create({"name": "Other company"})
        users = (
            self._make_user("odd_other", "base.group_portal"),
            self._make_user("odd_colleague", "sales_team.group_sale_salesman"),
            self._make_user(
                "odd_elsewhere", "order_desk.group_order_desk_clerk", elsewhere
            ),
        )
        users[0].partner_id.parent_id = self.other_customer
        self.sheet.order_id.user_id = self.salesperson
        dossier = f"/order_desk/dossier/{self.sheet.id}"
        order = f"/my/claims/new/order/{self.sheet.order_id.id}"
        for user in users:
            self.authenticate(user.login, user.login)
            with self.subTest(user=user.login):
                self._assert_nothing_opens()
                self.assertGreaterEqual(self._get(dossier).status_code, 400)
                self.assertEqual(self._get(order).status_code, 404)
                for name in ("delivery-receipts", "shipping-advices", "claims"):
                    page = self._get(f"/my/{name}").text
                    for document in self.paths:
                        self.assertNotIn(document._get_portal_path(), page)

    def _make_user(self, login, group, company=None):
        company = company or self.env.company
        return new_test_user(
            self.env,
            login=login,
            groups=group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def test_nothing_is_posted_without_a_link(self):
        csrf = self._get_csrf()
        claim, advice = self.claim._get_portal_path(), self.advice._get_portal_path()
        for path in (
            claim,
            f"{advice}/received",
            f"/my/claims/new/receipt/{self.receipt.id}",
            f"/my/claims/new/order/{self.sheet.order_id.id}",
        ):
            with self.subTest(path=path):
                answer = self.url_open(path, data={"csrf_token": csrf, "message": "Hi"})
                self.assertEqual(answer.status_code, 404)
        receipt = self.receipt._get_portal_path()
        for path in ("/sign", "/photo", "/photo/remove"):
            with self.subTest(path=path):
                answer = self.make_jsonrpc_request(f"{receipt}{path}", {})
                self.assertIn("not valid", answer["error"])
        self.assertFalse(self.advice.received_clear_on)
        self.assertEqual(self.receipt.state, "open")

    def _get_csrf(self):
        page = self._get(self.claim._get_portal_path(), self._get_tokens()[self.claim])
        return page.text.split('name="csrf_token" value="')[1].split('"')[0]

    def test_reading_changes_nothing(self):
        """Mail scanners and previews open every link."""
        tokens = self._get_tokens()
        for document, paths in self.paths.items():
            for path in paths:
                self._get(path, tokens[document])  # assets, the paper that is kept
        written = []
        execute = Cursor.execute

        def note(cursor, query, *args, **kwargs):
            text = str(getattr(query, "code", query)).strip()
            if text.upper().startswith(("INSERT", "UPDATE", "DELETE")):
                written.append(text[:200])
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", note):
            for document, paths in self.paths.items():
                for path in paths:
                    page = self._get(path, tokens[document])
                    self.assertEqual(page.status_code, 200, path)
        self.assertFalse(written)
