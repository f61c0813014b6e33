from datetime import timedelta

from lxml import html

from odoo import Command, fields
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import format_date

from .test_balance_notice import BalanceCommon


@tagged("post_install", "-at_install")
class TestBalancePortal(BalanceCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_visitor()
        cls.order = cls._make_finished(finished=4)
        cls.notice = cls._get_sent(cls.order).sudo()

    def _get_page(self, token=None, notice=None):
        notice = notice or self.notice
        if token is None:
            token = notice._get_portal_token(self.customer)
        return self.url_open(f"{notice._get_portal_path()}?access_token={token}")

    def test_link_shows_goods_and_amount_without_login(self):
        page = self._get_page()
        self.assertEqual(page.status_code, 200)
        for text in (self.notice.name, "Test pump", "280.00", "These goods", "400.00"):
            with self.subTest(text=text):
                self.assertIn(text, page.text)

    def test_button_leads_to_odoos_own_payment_page(self):
        tree = html.fromstring(self._get_page().text)
        (link,) = tree.xpath("//a[contains(@class, 'btn-lg')]/@href")
        self.assertIn(f"/my/invoices/{self.notice.invoice_id.id}", link)
        invoice_page = self.url_open(link)
        self.assertEqual(invoice_page.status_code, 200)
        self.assertIn(self.notice.invoice_id.name, invoice_page.text)

    def test_link_asks_for_no_more_than_is_due(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "account_payment.enable_portal_payment", "True"
        )
        order = self._make_finished(finished=4)
        self._invoice_deposit(order, 700)
        notice = self._get_sent(order).sudo()
        ((_invoice, _amount, url),) = notice._get_payables()
        self.assertIn("amount=280.0", url)
        self.assertIn("payment_token=", url)
        self.assertEqual(self.url_open(url).status_code, 200)

    def test_no_link_opens_another_notice(self):
        other = self._get_sent(self._make_finished()).sudo()
        token = self.notice._get_portal_token(self.customer)
        for bad in ("", "guess", token[:-4], token):
            with self.subTest(token=bad):
                self.assertEqual(self._get_page(bad, other).status_code, 404)
        confirmation = self.order.sheet_id.confirmation_ids[:1]
        foreign = confirmation._get_portal_token(self.customer)
        self.assertEqual(self._get_page(foreign).status_code, 404)

    def test_link_expires(self):
        token = self.notice._get_portal_token(self.customer)
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            self.assertFalse(self.notice._check_portal_token(token))

    def test_link_of_somebody_who_left_the_customer_lapses(self):
        token = self.notice._get_portal_token(self.visitor.partner_id)
        self.assertEqual(self._get_page(token).status_code, 200)
        self.visitor.partner_id.parent_id = self.other_customer
        self.assertEqual(self._get_page(token).status_code, 404)

    def test_draft_is_not_for_the_customer(self):
        draft = self._prepare_notice(self._make_finished()).sudo()
        self.assertEqual(self._get_page(notice=draft).status_code, 404)

    def test_customer_finds_it_after_login_and_a_stranger_does_not(self):
        self.authenticate("od_customer", "od_customer")
        self.assertIn(self.notice.name, self.url_open("/my/balance-notices").text)
        self.assertEqual(self._get_page("").status_code, 200)
        self.visitor.partner_id.parent_id = self.other_customer
        self.assertNotIn(self.notice.name, self.url_open("/my/balance-notices").text)
        self.assertEqual(self._get_page("").status_code, 404)

    def test_customer_finds_it_under_the_order(self):
        self.order.message_subscribe(self.visitor.partner_id.ids)
        self.authenticate("od_customer", "od_customer")
        page = self.url_open(f"/my/orders/{self.order.id}")
        self.assertIn(self.notice.name, page.text)
        self.assertIn(self.notice._get_portal_path(), page.text)

    def test_order_page_by_link_shows_no_notices_to_nobody(self):
        page = self.url_open(self.order.get_portal_url())
        self.assertEqual(page.status_code, 200)
        self.assertNotIn(self.notice.name, page.text)

    def test_paid_notice_says_so(self):
        self._pay_notice(self.notice)
        self.env.flush_all()
        page = self._get_page()
        self.assertIn("has been paid", page.text)
        self.assertNotIn("btn-lg", page.text)

    def test_replaced_notice_leads_to_the_newer_one(self):
        self.order.picking_ids.move_ids.quantity = 7
        newer = self._get_sent(self.order).sudo()
        page = self._get_page()
        self.assertIn(f"has been replaced by {newer.name}", page.text)
        self.assertNotIn("280.00", page.text)
        tree = html.fromstring(page.text)
        (link,) = tree.xpath("//a[contains(@class, 'alert-link')]/@href")
        self.assertIn("490.00", self.url_open(link).text)

    def test_page_is_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        day = self.notice.pay_until
        page = self._get_page().text
        self.assertIn(format_date(self.env, day, lang_code="zh_CN"), page)
        self.assertNotIn(format_date(self.env, day, lang_code="en_US"), page)

    def test_pdf_can_be_downloaded(self):
        token = self.notice._get_portal_token(self.customer)
        url = f"{self.notice._get_portal_path()}?report_type=pdf&access_token={token}"
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.notice.name, response.headers["Content-Disposition"])

    def test_document_tells_customer_lines_and_amount(self):
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.clerk)
            ._render_qweb_html("order_desk.report_balance_notice", self.notice.ids)
        )
        text = html.fromstring(content.decode()).text_content()
        for expected in (self.notice.name, "Test customer", "280.00", "Test pump"):
            with self.subTest(text=expected):
                self.assertIn(expected, text)


@tagged("post_install", "-at_install")
class TestOwed(BalanceCommon):
    def _read_owed(self, user, orders):
        return (
            self.env["order.desk.owed"]
            .with_user(user)
            .search([("order_id", "in", orders.ids)])
        )

    def test_sales_and_finance_see_what_is_owed_by_age(self):
        asked, proposed = self._make_finished(), self._make_finished(finished=4)
        notice = self._get_sent(asked)
        draft = self._prepare_notice(proposed)
        notice.sudo().finished_on = fields.Datetime.now() - timedelta(days=20)
        self._pay(notice.sudo().invoice_id, 100)
        for user in (self.clerk, self.salesperson, self.accountant):
            rows = self._read_owed(user, asked | proposed)
            with self.subTest(user=user.name):
                self.assertEqual(
                    [
                        (row.notice_id, row.amount_open, row.age, row.state)
                        for row in rows
                    ],
                    [(notice, 600, "15", "sent"), (draft, 280, "0", "draft")],
                )
                self.assertEqual(rows.mapped("age_days"), [20, 0])

    def test_grouping_adds_up_what_is_open_now(self):
        order = self._make_finished()
        notice = self._get_sent(order)
        owed = self.env["order.desk.owed"].with_user(self.accountant)
        domain = [("order_id", "=", order.id)]
        self.assertEqual(
            owed._read_group(domain, ["age", "user_id"], ["amount_company:sum"]),
            [("0", self.salesperson, 700.0)],
        )
        self._pay(notice.sudo().invoice_id, 300)
        self.assertEqual(
            owed._read_group(domain, [], ["amount_company:sum"]), [(400.0,)]
        )
        self._pay(notice.sudo().invoice_id)
        self.assertFalse(owed.search(domain))

    def test_broken_promise_is_marked(self):
        order = self._make_finished()
        notice = self._get_sent(order)
        notice.sudo().promised_date = self._soon(-3)
        self.assertTrue(self._read_owed(self.clerk, order).is_broken)

    def test_salesperson_sees_the_own_ones_and_others_none(self):
        order = self._make_finished()
        self._get_sent(order)
        other = new_test_user(
            self.env, login="od_other", groups="sales_team.group_sale_salesman"
        )
        self.assertFalse(self._read_owed(other, order))
        self.assertFalse(
            self.env["order.desk.owed"].with_user(self.stranger).has_access("read")
        )

    def test_it_opens_the_notice(self):
        order = self._make_finished()
        notice = self._get_sent(order)
        row = self._read_owed(self.accountant, order)
        self.assertEqual(row.action_open_notice()["res_id"], notice.id)

    def test_nobody_owes_anything(self):
        self.assertFalse(self._read_owed(self.clerk, self.env["sale.order"]))

    def test_many_take_as_many_queries_as_one(self):
        orders = self.env["sale.order"].union(
            *(self._make_finished() for _number in range(4))
        )
        counts = []
        for some in (orders[:1], orders):
            for order in some - orders[: len(counts)]:
                self._prepare_notice(order)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self._read_owed(self.env.user, orders).mapped("amount_open")
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_other_currency_is_converted_at_the_orders_rate(self):
        currency = self.env.ref("base.EUR")
        currency.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 0.5, "name": "2000-01-01"}
        )
        self.customer.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "EUR",
                "currency_id": currency.id,
                "item_ids": [
                    Command.create({"compute_price": "fixed", "fixed_price": 50})
                ],
            }
        )
        order = self._make_finished()
        self._get_sent(order)
        row = self._read_owed(self.clerk, order)
        self.assertEqual(row.amount_open, 350)
        self.assertEqual(row.amount_company, 700)
