from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .at_hand import at_hand
from .common_money import OrderDeskMoneyCommon


class BalanceCommon(OrderDeskMoneyCommon):
    """Orders of 1000.00 with a deposit of 30 percent, goods on hand."""

    @classmethod
    def _finish(cls, order, quantity=None):
        """Reserve ``quantity`` of the order for the delivery, by default all of it."""
        picking = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        picking.action_assign()
        if quantity is not None:
            picking.move_ids.quantity = quantity
        return picking

    @classmethod
    @at_hand
    def _make_finished(cls, quantity=10, finished=None, **line_vals):
        """Return an order with finished goods, its deposit paid."""
        order = cls._make_released(quantity, **line_vals)
        cls._finish(order, finished)
        return order

    @classmethod
    def _prepare_notice(cls, order, user=None):
        order.sheet_id.with_user(user or cls.clerk).action_ask_balance()
        return order.sheet_id.balance_notice_id.with_user(user or cls.clerk)

    @classmethod
    def _get_sent(cls, order=None, via="email"):
        notice = cls._prepare_notice(order or cls._make_finished())
        notice.action_send(via)
        return notice

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("order_desk.ir_cron_follow_balance").method_direct_trigger()

    def _get_kinds(self, order):
        return {kind for _sheet, kind, _user in order.sheet_id._get_open_todos()}

    def _pay_notice(self, notice):
        """Pay what the notice asks for, and let the desk follow the accounts."""
        invoices = notice.sudo()._get_payables()
        payments = [self._pay(invoice, amount) for invoice, amount, _url in invoices]
        notice.sheet_id.sudo()._update_todos()
        return payments


@tagged("post_install", "-at_install")
class TestBalanceNotice(BalanceCommon):
    # ------------------------------------------------------------- preparing

    def test_clerk_prepares_a_notice_over_what_is_finished(self):
        notice = self._prepare_notice(self._make_finished(finished=4))
        line = notice.line_ids
        self.assertEqual(notice.state, "draft")
        self.assertEqual(
            (line.ordered_qty, line.shipped_qty, line.ready_qty, line.quantity),
            (10, 0, 4, 4),
        )
        self.assertEqual(notice.leaving_value, 400)
        # 300 deposit + 400 of goods - 120 of the deposit that counts for them - 300
        self.assertEqual(notice.amount_asked, 280)
        self.assertEqual(notice.partner_id, self.customer)
        self.assertFalse(notice.name)

    def test_order_has_the_button_as_well(self):
        order = self._make_finished()
        action = order.with_user(self.clerk).action_ask_balance()
        self.assertEqual(action["res_id"], order.sheet_id.balance_notice_id.id)

    def test_two_who_prepare_get_one_notice(self):
        order = self._make_finished()
        notice = self._prepare_notice(order)
        self.assertEqual(self._prepare_notice(order, self.salesperson), notice)
        self.assertEqual(len(order.sheet_id.balance_notice_ids), 1)

    def test_dialog_of_the_promise_shows_nobody_the_debts_of_others(self):
        notice = self._get_sent()
        other = new_test_user(
            self.env, login="od_other", groups="sales_team.group_sale_salesman"
        )
        wizards = self.env["order.desk.balance.promise"]
        own = wizards.with_user(self.salesperson).create({"notice_id": notice.id})
        self.assertEqual(own.amount_open, 700)
        with self.assertRaises(AccessError):
            foreign = wizards.with_user(other).create({"notice_id": notice.id})
            foreign.read(["amount_open"])

    def test_amount_follows_the_quantity_that_the_clerk_chooses(self):
        notice = self._prepare_notice(self._make_finished())
        self.assertEqual(notice.amount_asked, 700)
        notice.line_ids.quantity = 5
        self.assertEqual(notice.amount_asked, 350)

    def test_no_more_than_is_finished(self):
        notice = self._prepare_notice(self._make_finished(finished=4))
        for quantity in (5, -1):
            with self.subTest(quantity=quantity), self.assertRaises(ValidationError):
                notice.line_ids.quantity = quantity
                notice.flush_recordset()
        self.env.invalidate_all()
        notice.order_id.picking_ids.move_ids.quantity = 2
        with self.assertRaisesRegex(UserError, "2 Units are finished"):
            notice.action_send()

    def test_chosen_quantity_stays_when_more_is_finished(self):
        order = self._make_finished(finished=6)
        notice = self._prepare_notice(order)
        notice.line_ids.quantity = 5
        order.picking_ids.move_ids.quantity = 8
        self._prepare_notice(order)
        self.assertEqual(notice.line_ids.ready_qty, 8)
        self.assertEqual(notice.line_ids.quantity, 5)

    def test_nothing_finished(self):
        order = self._make_released()
        order.picking_ids.do_unreserve()
        with self.assertRaisesRegex(UserError, "nothing is finished"):
            self._prepare_notice(order)

    def test_nothing_due(self):
        order = self._make_order()
        self._pay(self._invoice_deposit(order, 1000))
        self._release_order(order)
        self._finish(order)
        with self.assertRaisesRegex(UserError, "nothing is due"):
            self._prepare_notice(order)

    def test_class_that_ships_on_terms_is_not_asked(self):
        self.customer.order_desk_class_id = self.class_terms
        order = self._make_finished()
        with self.assertRaisesRegex(UserError, "contract's terms"):
            self._prepare_notice(order)

    def test_not_before_the_release(self):
        order = self._make_order()
        with self.assertRaisesRegex(UserError, "not released"):
            self._prepare_notice(order)

    def test_cancelled_order(self):
        order = self._make_finished()
        notice = self._get_sent(order)
        order.sheet_id.with_user(self.clerk).action_cancel()
        self.assertEqual(notice.state, "withdrawn")
        self.assertFalse(notice.sudo().activity_ids)
        with self.assertRaisesRegex(UserError, "is cancelled"):
            self._prepare_notice(order)

    def test_free_goods_are_not_asked_for(self):
        order = self._make_finished()
        order.order_line.filtered("product_id").discount = 100
        with self.assertRaisesRegex(UserError, "nothing is due"):
            self._prepare_notice(order)

    # ------------------------------------------------------------- sending

    def test_sending_numbers_invoices_and_mails(self):
        order = self._make_finished()
        notice = self._get_sent(order)
        invoice = notice.sudo().invoice_id
        self.assertTrue(notice.name)
        self.assertEqual(notice.state, "sent")
        self.assertEqual(notice.sent_by_id, self.clerk)
        self.assertEqual(invoice.amount_total, 700)
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.invoice_date_due, notice.pay_until)
        self.assertIn("balance_asked", order.sheet_id.milestone_ids.mapped("code"))
        message = notice.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertEqual(message.partner_ids, self.customer)
        self.assertIn("700.00", message.body)
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertIn(notice._get_portal_path(), "".join(mails.mapped("body_html")))
        self.assertNotIn("access_token", message.body)

    def test_each_company_numbers_its_own_notices(self):
        company = self.env["res.company"].create({"name": "Second company"})
        code = "order.desk.balance.notice"
        first = self.env.company._order_desk_next_number(code)
        self.assertEqual(company._order_desk_next_number(code)[-4:], "0001")
        second = self.env.company._order_desk_next_number(code)
        self.assertEqual(int(second[-4:]), int(first[-4:]) + 1)

    def test_open_invoices_are_payable_before_a_further_one_is_made(self):
        order = self._make_finished()
        posted = self._invoice_deposit(order, 500)
        notice = self._get_sent(order)
        self.assertEqual(notice.sudo().invoice_id.amount_total, 200)
        payables = notice.sudo()._get_payables()
        self.assertEqual(
            [(invoice, amount) for invoice, amount, _url in payables],
            [(posted, 500), (notice.sudo().invoice_id, 200)],
        )

    def test_no_further_invoice_where_an_open_one_covers_it(self):
        order = self._make_finished(finished=5)
        self._invoice_deposit(order, 700)
        notice = self._get_sent(order)
        self.assertFalse(notice.sudo().invoice_id)
        ((invoice, amount, url),) = notice.sudo()._get_payables()
        self.assertEqual(amount, 350)
        self.assertIn(f"/my/invoices/{invoice.id}", url)

    def test_draft_invoice_stands_in_the_way(self):
        order = self._make_finished()
        self._invoice_deposit(order, 700, post=False)
        notice = self._prepare_notice(order)
        with self.assertRaisesRegex(UserError, "is a draft"):
            notice.action_send()
        self.assertEqual(notice.state, "draft")

    def test_customer_without_email_gets_it_on_paper(self):
        order = self._make_finished()
        self.customer.email = False
        notice = self._prepare_notice(order)
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            notice.action_send()
        self.assertFalse(notice.name)
        action = notice.action_send("fax")
        self.assertEqual(action["report_name"], "order_desk.report_balance_notice")
        self.assertEqual(notice.sent_via, "fax")

    def test_other_ways_of_sending_are_refused(self):
        notice = self._prepare_notice(self._make_finished())
        with self.assertRaisesRegex(UserError, "this way"):
            notice.action_send("pigeon")

    def test_reminder_sends_the_same_notice(self):
        notice = self._get_sent()
        name, invoices = notice.name, notice.order_id.sudo().invoice_ids
        notice.action_send()
        self.assertEqual(notice.name, name)
        self.assertEqual(notice.order_id.sudo().invoice_ids, invoices)

    def test_newer_notice_replaces_the_open_one(self):
        order = self._make_finished(finished=4)
        first = self._get_sent(order)
        order.picking_ids.move_ids.quantity = 7
        second = self._get_sent(order)
        self.assertEqual((first.state, second.state), ("withdrawn", "sent"))
        self.assertEqual(second.finished_on, first.finished_on)
        # 280 are asked for already, in all it is 300 + 700 - 210 - 300
        self.assertEqual(second.amount_asked, 490)
        self.assertEqual(second.sudo().invoice_id.amount_total, 210)

    def test_partial_shipments_have_notices_of_their_own(self):
        order = self._make_finished(finished=4)
        first = self._get_sent(order)
        self._pay_notice(first)
        self._ship(order, 4)
        self.assertEqual(first.state, "paid")
        rest = self._finish(order)
        self.assertEqual(rest.move_ids.quantity, 6)
        second = self._get_sent(order)
        self.assertEqual(second.shipped_value, 400)
        self.assertEqual(second.amount_asked, 420)
        self.assertEqual(second.line_ids.shipped_qty, 4)
        self._pay_notice(second)
        self.assertEqual(second.state, "paid")
        self.assertEqual(order.amount_received, 1000)
        self._ship(order)

    def test_withdrawn_notice_leaves_its_invoice_to_accounting(self):
        notice = self._get_sent()
        notice.action_withdraw()
        self.assertEqual(notice.state, "withdrawn")
        self.assertEqual(notice.sudo().invoice_id.state, "posted")
        with self.assertRaisesRegex(UserError, "has been withdrawn"):
            notice.action_withdraw()
        with self.assertRaisesRegex(UserError, "has been withdrawn"):
            notice.action_send()

    # ------------------------------------------------------------- the accounts

    def test_payment_in_the_accounts_makes_it_paid(self):
        notice = self._get_sent()
        self._pay(notice.sudo().invoice_id, 300)
        notice.sheet_id.sudo()._update_todos()
        self.assertEqual((notice.state, notice.amount_open), ("sent", 400))
        self._pay_notice(notice)
        self.assertEqual((notice.state, notice.amount_open), ("paid", 0))
        self.assertFalse(notice.sudo().activity_ids)
        self.assertTrue(
            self._get_condition(notice.order_id.sudo(), "balance", "shipping")["holds"]
        )

    def test_reversed_payment_opens_it_again(self):
        notice = self._get_sent()
        (payment,) = self._pay_notice(notice)
        payment.action_draft()
        payment.action_cancel()
        notice.sheet_id.sudo()._update_todos()
        self.assertEqual((notice.state, notice.amount_open), ("sent", 700))
        self.assertTrue(notice.sudo().activity_ids)

    def test_nothing_received_is_typed_in_or_kept(self):
        notice = self._get_sent()
        for vals in (
            {"state": "paid"},
            {"amount_asked": 1},
            {"promised_date": "2030-01-01"},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                notice.write(vals)
        for vals in ({"partner_id": self.customer.id}, {"remark": "Later"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                notice.write(vals)
        with self.assertRaises(AccessError):
            notice.line_ids.quantity = 1
        with self.assertRaises(AccessError):
            notice.unlink()
        with self.assertRaisesRegex(UserError, "stays on file"):
            notice.sudo().unlink()
        stored = {
            name
            for name, field in notice._fields.items()
            if field.store and field.type in ("float", "monetary")
        }
        self.assertEqual(
            stored, {"shipped_value", "leaving_value", "amount_needed", "amount_asked"}
        )

    def test_money_paid_online_counts_once_it_is_sent(self):
        order = self._make_finished()
        notice = self._prepare_notice(order)
        self._pay(self._invoice_deposit(order, 700))
        with self.assertRaisesRegex(UserError, "nothing is due"):
            notice.action_send()

    def test_foreign_currency(self):
        currency = self.env.ref("base.EUR")
        currency.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 0.5, "name": "2000-01-01"}
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        self.customer.property_product_pricelist = pricelist
        order = self._make_finished()
        self.assertEqual(order.currency_id, currency)
        notice = self._get_sent(order)
        self.assertEqual(notice.currency_id, currency)
        self.assertEqual(notice.sudo().invoice_id.currency_id, currency)
        self.assertEqual(
            notice.amount_asked, order.amount_total - order.deposit_required
        )
        self._pay_notice(notice)
        self.assertEqual(notice.state, "paid")

    # ------------------------------------------------------------- who may

    def test_others_neither_read_nor_prepare(self):
        order = self._make_finished()
        notice = self._prepare_notice(order)
        other = new_test_user(
            self.env, login="od_other", groups="sales_team.group_sale_salesman"
        )
        for user in (other, self.stranger):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                notice.with_user(user).read(["state"])
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._prepare_notice(order, user)
        for user in (self.manager, self.accountant):
            notice.with_user(user).read(["state", "amount_open", "display_name"])
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                notice.with_user(user).action_send()

    def test_other_company_does_not_see_it(self):
        notice = self._prepare_notice(self._make_finished())
        company = self.env["res.company"].create({"name": "Second company"})
        self.clerk.write({"company_ids": company.ids, "company_id": company.id})
        self.assertFalse(self.env[notice._name].with_user(self.clerk).search([]))

    # ------------------------------------------------------------- proposed

    def test_finished_goods_propose_a_notice_to_the_clerk(self):
        order = self._make_finished(finished=4)
        self._run_cron()
        notice = order.sheet_id.balance_notice_id
        self.assertEqual((notice.state, notice.amount_asked), ("draft", 280))
        self.assertIn("ask_balance", self._get_kinds(order))
        notice.with_user(self.clerk).action_send()
        self.assertNotIn("ask_balance", self._get_kinds(order))
        self._run_cron()
        self.assertEqual(order.sheet_id.balance_notice_ids, notice)

    def test_more_finished_goods_propose_another_notice(self):
        order = self._make_finished(finished=4)
        self._get_sent(order)
        order.picking_ids.move_ids.quantity = 7
        self._run_cron()
        self.assertEqual(order.sheet_id.balance_notice_id.state, "draft")
        self.assertEqual(order.sheet_id.balance_notice_id.amount_asked, 490)

    def test_proposal_goes_when_nothing_is_finished_or_due_any_more(self):
        order, paid = self._make_finished(), self._make_finished()
        self._run_cron()
        self.assertEqual(len((order | paid).sheet_id.balance_notice_ids), 2)
        order.picking_ids.do_unreserve()
        self._pay(self._invoice_deposit(paid, 700))
        self._run_cron()
        self.assertFalse((order | paid).sheet_id.balance_notice_ids)
        self.assertNotIn("ask_balance", self._get_kinds(order))

    def test_trouble_with_one_order_stops_no_other_notice(self):
        bad, good = self._make_finished(), self._make_finished()
        sheets = type(bad.sheet_id)
        plain = sheets._follow_finished

        def follow(self):
            if bad.sheet_id in self:
                raise ValueError("bad")
            return plain(self)

        with (
            patch.object(sheets, "_follow_finished", follow),
            mute_logger("odoo.addons.order_desk.models.ir_cron"),
        ):
            self._run_cron()
        self.assertTrue(good.sheet_id.balance_notice_ids)
        self.assertFalse(bad.sheet_id.balance_notice_ids)

    def test_reservation_triggers_the_proposal(self):
        order = self._make_released()
        order.picking_ids.do_unreserve()
        cron = self.env.ref("order_desk.ir_cron_follow_balance")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        order.picking_ids.action_assign()
        after = triggers.search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)

    # ------------------------------------------------------------- following up

    def _get_follow_up(self, notice):
        return notice.sudo().activity_search(
            ["order_desk.mail_activity_type_follow_balance"]
        )

    def test_salesperson_follows_up_after_some_working_days(self):
        self.env.company.order_desk_follow_up_days = 2
        notice = self._get_sent()
        todo = self._get_follow_up(notice)
        company = self.env.company
        self.assertEqual(todo.user_id, self.salesperson)
        self.assertEqual(
            todo.date_deadline,
            company._order_desk_add_working_days(company._order_desk_date(), 2),
        )
        self.assertIn("700.00", todo.summary)

    def test_follow_up_comes_again_until_paid(self):
        notice = self._get_sent()
        todo = self._get_follow_up(notice)
        with freeze_time(fields.Datetime.now() + timedelta(days=7)):
            todo.with_user(self.salesperson).action_feedback("They are looking into it")
            again = self._get_follow_up(notice)
            self.assertEqual(len(again), 1)
            self.assertGreater(again.date_deadline, todo.date_deadline)
        self._pay_notice(notice)
        self.assertFalse(self._get_follow_up(notice))

    def test_promise_moves_the_follow_up(self):
        notice = self._get_sent()
        day = self._soon(12)
        notice.with_user(self.salesperson).action_note_promise(day, "Ms Wang")
        self.assertEqual(self._get_follow_up(notice).date_deadline, day)
        self.assertEqual(notice.promise_noted_by_id, self.salesperson)
        self.assertEqual(notice.promised_by, "Ms Wang")

    def test_promise_needs_a_coming_day_and_a_name(self):
        notice = self._get_sent()
        today = self._today()
        for day, name, message in (
            (today - timedelta(days=1), "Ms Wang", "in the past"),
            (False, "Ms Wang", "give the day"),
            ("soon", "Ms Wang", "give the day"),
            (today, " ", "say who"),
        ):
            with self.subTest(day=day), self.assertRaisesRegex(UserError, message):
                notice.action_note_promise(day, name)
        self._pay_notice(notice)
        with self.assertRaisesRegex(UserError, "not waiting"):
            notice.action_note_promise(today, "Ms Wang")

    def test_broken_promise_is_told_to_the_superior_once(self):
        self.team.user_id = self.sales_manager
        notice = self._get_sent()
        day = self._soon(2)
        notice.action_note_promise(day, "Ms Wang")
        overdue = ["order_desk.mail_activity_type_balance_overdue"]
        for days, count in ((1, 0), (4, 1), (5, 1)):
            with freeze_time(fields.Datetime.now() + timedelta(days=days)):
                self._run_cron()
            todos = notice.sudo().activity_search(overdue)
            self.assertEqual(len(todos), count, days)
        self.assertIn(todos.user_id, notice.sheet_id.sudo()._get_sales_managers())
        notice.action_note_promise(day, "Ms Wang")
        self.assertFalse(notice.sudo().activity_search(overdue))

    def test_working_days_of_the_setting(self):
        settings = self.env["order.desk.settings"].with_user(self.administrator)
        wizard = settings.create({})
        wizard.order_desk_follow_up_days = 5
        wizard.action_save()
        self.assertEqual(self.env.company.order_desk_follow_up_days, 5)
        wizard.order_desk_follow_up_days = 0
        with self.assertRaises(ValidationError):
            wizard.action_save()


@tagged("post_install", "-at_install")
class TestCashOnDelivery(BalanceCommon):
    def _make_cash_order(self, finished=None):
        order = self._make_order()
        order.cash_on_delivery = True
        self._sign_pending(order.sheet_id)
        if order.deposit_required:
            self._pay(self._invoice_deposit(order, order.deposit_required))
        self._release_order(order)
        self._finish(order, finished)
        return order

    def test_transfer_carries_what_to_collect(self):
        order = self._make_cash_order(4)
        picking = order.picking_ids
        self.assertIn("280.00", picking.with_user(self.shipper).collect_on_delivery)

    def test_transfer_keeps_it_after_the_validation(self):
        order = self._make_cash_order(4)
        picking = self._ship(order, 4)
        self.assertEqual(picking.state, "done")
        self.assertIn("280.00", picking.collect_on_delivery)
        self._pay(self._invoice_deposit(order, 280))
        picking.invalidate_recordset()
        self.assertIn("280.00", picking.collect_on_delivery)
        rest = order.picking_ids - picking
        rest.action_assign()
        self.assertIn("420.00", rest.collect_on_delivery)

    def test_slip_says_it_in_the_currency_of_the_order(self):
        picking = self._make_cash_order().picking_ids
        report = self.env["ir.actions.report"].with_user(self.shipper)
        for state in ("assigned", "done"):
            content, _kind = report._render_qweb_html(
                "stock.report_deliveryslip", picking.ids
            )
            self.assertIn("Collect on delivery", content.decode())
            self.assertIn("700.00", content.decode())
            if state == "assigned":
                self._ship(picking.sale_id)

    def test_other_orders_collect_nothing(self):
        order = self._make_finished()
        self.assertFalse(order.picking_ids.collect_on_delivery)

    def test_class_on_terms_collects_the_value_of_the_goods(self):
        self.customer.order_desk_class_id = self.class_terms
        order = self._make_cash_order(4)
        self.assertIn("400.00", order.picking_ids.collect_on_delivery)

    def test_customer_is_told_to_have_the_amount_ready(self):
        order = self._make_cash_order()
        count = len(order.invoice_ids)
        notice = self._get_sent(order)
        body = notice.message_ids.filtered("partner_ids").body
        self.assertIn("have", body)
        self.assertIn("700.00", body)
        self.assertIn("ready when they are handed over", body)
        self.assertNotIn("so that we can ship", body)
        self.assertEqual(len(order.invoice_ids), count)

    def test_nobody_types_in_what_was_collected(self):
        picking = self._make_cash_order().picking_ids.with_user(self.shipper)
        amounts = {str(picking.sudo().sale_id.id): 1.0}
        with self.assertRaises(AccessError):
            picking.collect_amounts = amounts
        with self.assertRaises(AccessError):
            picking.create(
                {
                    "picking_type_id": picking.picking_type_id.id,
                    "collect_amounts": amounts,
                }
            )

    def test_customers_read_nothing_internal_about_their_transfers(self):
        picking = self._make_cash_order().picking_ids
        portal = new_test_user(
            self.env,
            login="od_portal",
            groups="base.group_portal",
            partner_id=self.customer.id,
        )
        picking = picking.with_user(portal)
        self.assertTrue(picking.read(["name"]))
        for name in ("shipping_gate", "waiver_note", "collect_amounts"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                picking.read([name])

    def test_unsigned_cash_on_delivery_collects_nothing(self):
        order = self._make_finished()
        order.cash_on_delivery = True
        self.assertFalse(order.picking_ids.collect_on_delivery)
