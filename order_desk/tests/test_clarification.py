from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, LockError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.mail.tests.common import MailCommon

from .common import OrderDeskCommon


class ClarificationCommon(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "customer@example.com"
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Test contact",
                "email": "contact@example.com",
                "parent_id": cls.customer.id,
            }
        )
        cls.leader = cls.administrator
        cls.team.user_id = cls.leader
        cls.sheet = cls._make_sheet()

    @classmethod
    def _ask(cls, user=None, sheet=None, **vals):
        return (
            cls.env["order.desk.clarification"]
            .with_user(user or cls.clerk)
            .create(
                {
                    "sheet_id": (sheet or cls.sheet).id,
                    "name": "Which plug?",
                    "asked_of": "customer",
                    **vals,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestClarification(ClarificationCommon):
    """Asking, answering, passing on and reminding (SPEC A3)."""

    def _todos(self, question, kind="question"):
        return question.sudo().activity_search(
            [f"order_desk.mail_activity_type_{kind}"]
        )

    # ------------------------------------------------------------- blocks

    def test_open_question_holds_the_sheet_back(self):
        self._ask()
        with self.assertRaisesRegex(UserError, "Which plug"):
            self._submit(self.sheet)
        self.assertEqual(self.sheet.state, "draft")
        self.assertEqual(self.sheet.clarification_open_count, 1)

    def test_answered_question_lets_the_sheet_go_on(self):
        self._ask().action_answer("EU")
        self._submit(self.sheet)
        self.assertEqual(self.sheet.state, "review")

    def test_question_raised_later_closes_the_production_gate(self):
        self._bring_to(self.sheet, "confirming")
        question = self._ask(self.production)
        with self.assertRaisesRegex(UserError, "Which plug"):
            self.sheet.with_user(self.clerk).action_release()
        question.with_user(self.clerk).action_answer("EU")
        self._release(self.sheet)
        self.assertEqual(self.sheet.state, "released")

    def test_answer_after_the_release_starts_what_was_held_back(self):
        self._bring_to(self.sheet, "released")
        question = self._ask(self.production)
        line = self.sheet.order_id.order_line
        line.product_uom_qty = 12
        self._sign_pending(self.sheet)
        self._confirm(self.sheet)
        self.assertEqual(line.launched_qty, 10)
        question.with_user(self.clerk).action_answer("EU")
        self.assertEqual(line.launched_qty, 12)

    # ------------------------------------------------------------- asking

    def test_customer_is_asked_at_once_and_the_salesperson_owns_the_question(self):
        question = self._ask()
        self.assertEqual(question.partner_id, self.customer)
        self.assertEqual(question.user_id, self.salesperson)
        self.assertEqual(question.asked_by_id, self.clerk)
        self.assertEqual(self._todos(question).user_id, self.salesperson)
        asked = question.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertIn(self.customer, asked.notified_partner_ids)
        self.assertIn(
            "Question to Test customer: Which plug?", self.sheet.message_ids[0].preview
        )

    def test_link_is_in_the_mail_and_not_in_the_message(self):
        question = self._ask()
        mail = self.env["mail.mail"].search(
            [("model", "=", question._name), ("res_id", "=", question.id)]
        )
        link = f"/my/order-questions/{question.id}?access_token="
        of_customer = mail.filtered(lambda m: self.customer in m.recipient_ids)
        self.assertIn(link, of_customer.body_html)
        for colleague in mail - of_customer:
            self.assertNotIn("access_token", colleague.body_html)
        self.assertNotIn("access_token", "".join(question.message_ids.mapped("body")))

    def test_due_time_is_eight_working_hours_from_now(self):
        with freeze_time("2026-03-06 06:00:00"):  # Friday 14:00 in Shanghai
            self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
            question = self._ask()
        expected = self.env.company._order_desk_plan_hours(
            8, fields.Datetime.to_datetime("2026-03-06 06:00:00")
        )
        self.assertEqual(question.due_on, expected)
        self.assertEqual(question.due_on.strftime("%A"), "Monday")

    def test_signer_asks_the_salesperson(self):
        question = self._ask(self.engineer, asked_of="salesperson")
        self.assertEqual(question.user_id, self.salesperson)
        self.assertFalse(question.partner_id)
        todo = self._todos(question)
        self.assertEqual(todo.user_id, self.salesperson)
        self.assertIn("Which plug?", todo.summary)

    def test_sales_manager_is_the_leader_of_the_team(self):
        self.assertEqual(self._ask(asked_of="sales_manager").user_id, self.leader)

    def test_sales_manager_by_role_where_the_team_has_no_leader(self):
        self.team.user_id = False
        question = self._ask(asked_of="sales_manager")
        self.assertEqual(question.user_id, self.sales_manager)

    def test_question_to_nobody_is_refused(self):
        self.team.user_id = False
        self.roles["sales_manager"].active = False
        with self.assertRaisesRegex(ValidationError, "Test team"):
            self._ask(asked_of="sales_manager")

    def test_owner_without_access_to_the_desk_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "Test stranger"):
            self._ask(asked_of="salesperson", user_id=self.stranger.id)

    def test_stranger_cannot_ask(self):
        with self.assertRaises(AccessError):
            self._ask(self.stranger)

    def test_salesperson_cannot_ask_on_the_order_of_another(self):
        self.sheet.order_id.user_id = self.clerk
        with self.assertRaises(AccessError):
            self._ask(self.salesperson)

    def test_blank_question_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "in one line"):
            self._ask(name="   ")

    def test_contact_of_another_customer_is_refused(self):
        other = self.env["res.partner"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "Test customer"):
            self._ask(partner_id=other.id)

    def test_line_of_another_order_is_refused(self):
        line = self._make_sheet().order_id.order_line
        with self.assertRaisesRegex(ValidationError, self.sheet.order_id.name):
            self._ask(order_line_id=line.id)

    def test_question_on_a_cancelled_order_is_refused(self):
        self.sheet.order_id.action_cancel()
        with self.assertRaisesRegex(UserError, self.sheet.order_id.name):
            self._ask()

    def test_customer_without_an_address_is_asked_by_phone(self):
        self.customer.email = False
        self.assertIn("phone", self._todos(self._ask()).note)

        mails = [("model", "=", "order.desk.clarification")]
        mails.append(("recipient_ids", "in", self.customer.ids))
        self.assertFalse(self.env["mail.mail"].search(mails))

    def test_due_time_in_the_past_is_refused(self):
        yesterday = fields.Datetime.now() - timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "past"):
            self._ask(due_on=yesterday)
        question = self._ask()
        with self.assertRaisesRegex(ValidationError, "past"):
            question.due_on = yesterday

    def test_owner_of_another_company_is_refused_with_a_message(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.clerk.company_ids |= company
        elsewhere = new_test_user(
            self.env,
            "od_elsewhere",
            groups="sales_team.group_sale_salesman",
            company_id=company.id,
            company_ids=company.ids,
        )
        companies = (self.env.company | company).ids
        asker = self.env["order.desk.clarification"].with_user(self.clerk)
        with self.assertRaisesRegex(ValidationError, "od_elsewhere"):
            asker.with_context(allowed_company_ids=companies).create(
                {
                    "sheet_id": self.sheet.id,
                    "name": "Which plug?",
                    "user_id": elsewhere.id,
                }
            )

    def test_question_cannot_be_born_answered(self):
        for vals in ({"state": "answered"}, {"answer": "EU"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self._ask(**vals)
        defaults = self.env["order.desk.clarification"].with_user(self.clerk)
        question = defaults.with_context(default_state="answered").create(
            {"sheet_id": self.sheet.id, "name": "Which plug?"}
        )
        self.assertEqual(question.state, "open")

    # ------------------------------------------------------------- answering

    def test_asked_colleague_answers(self):
        question = self._ask(self.engineer, asked_of="salesperson")
        question.with_user(self.salesperson).action_answer("  EU  ")
        self.assertRecordValues(
            question,
            [
                {
                    "state": "answered",
                    "answer": "EU",
                    "answered_by_id": self.salesperson.partner_id.id,
                    "recorded_by_id": False,
                }
            ],
        )
        self.assertFalse(self._todos(question))

    def test_answer_on_behalf_says_who_recorded_it(self):
        question = self._ask()
        question.action_answer("EU, by phone")
        self.assertEqual(question.answered_by_id, self.customer)
        self.assertEqual(question.recorded_by_id, self.clerk)

    def test_asker_is_told_and_gets_a_to_do_when_all_is_answered(self):
        first, second = self._ask(self.engineer), self._ask(self.engineer)
        first.with_user(self.salesperson).action_answer("EU")
        self.assertFalse(self._todos(self.sheet, "answered"))
        second.with_user(self.salesperson).action_answer("10 m")
        self.assertEqual(self._todos(self.sheet, "answered").user_id, self.engineer)
        answer = second.message_ids.filtered(lambda m: "10 m" in m.body)
        self.assertIn(self.engineer.partner_id, answer.notified_partner_ids)
        self.assertIn(
            "Test customer answered “Which plug?”", self.sheet.message_ids[0].preview
        )
        self._ask(self.engineer)
        self.assertFalse(self._todos(self.sheet, "answered"))

    def test_asker_cannot_answer_in_the_place_of_the_asked(self):
        question = self._ask(self.engineer, asked_of="salesperson")
        with self.assertRaisesRegex(AccessError, "Test salesperson"):
            question.action_answer("EU")
        self.assertEqual(question.state, "open")

    def test_empty_answer_is_refused(self):
        question = self._ask()
        for answer in (False, "", "  \n "):
            with self.subTest(answer=answer), self.assertRaisesRegex(UserError, "down"):
                question.action_answer(answer)
        self.assertEqual(question.state, "open")

    def test_answering_twice_is_refused(self):
        question = self._ask()
        question.action_answer("EU")
        with self.assertRaisesRegex(UserError, "Answered"):
            question.action_answer("US")
        self.assertEqual(question.answer, "EU")

    def test_answering_on_a_cancelled_order_is_refused(self):
        question = self._ask()
        self.sheet.order_id.action_cancel()
        self.assertEqual(question.state, "withdrawn")
        with self.assertRaisesRegex(UserError, "cancelled"):
            question.action_answer("EU")
        self.assertFalse(self._todos(question))
        self.assertFalse(self._todos(self.sheet, "answered"))

    def test_two_answers_at_the_same_moment(self):
        question = self._ask()
        with (
            patch.object(
                type(question), "lock_for_update", side_effect=LockError("locked")
            ),
            self.assertRaisesRegex(UserError, "Somebody else"),
        ):
            question.action_answer("EU")
        self.assertEqual(question.state, "open")

    def test_several_questions_are_answered_at_once_or_none(self):
        questions = self._ask() | self._ask(name="Which cable?")
        questions[1].action_withdraw("Written on the form")
        with self.assertRaisesRegex(UserError, "Which cable"):
            questions.action_answer("As last time")
        self.assertEqual(questions[0].state, "open")
        questions[1].action_reopen("The form is unreadable")
        questions.action_answer("As last time")
        self.assertEqual(set(questions.mapped("answer")), {"As last time"})

    def test_what_was_asked_and_answered_is_not_written_by_hand(self):
        question = self._ask()
        question.action_answer("EU")
        for vals in (
            {"answer": "US"},
            {"state": "open"},
            {"answered_by_id": self.clerk.partner_id.id},
            {"name": "Which colour?"},
            {"sheet_id": self._make_sheet().id},
            {"asked_by_id": self.engineer.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                question.write(vals)

    # ------------------------------------------------------------- again, withdrawn

    def test_answer_that_is_not_enough_is_asked_again(self):
        question = self._ask(self.engineer)
        question.with_user(self.clerk).action_answer("The usual one")
        before = question.message_ids
        question.action_reopen("Which one is usual?")
        self.assertEqual(question.state, "open")
        self.assertFalse(question.answer)
        sent = (question.message_ids - before).filtered(
            lambda m: self.customer in m.notified_partner_ids
        )
        self.assertIn("Which one is usual?", sent.body)
        self.assertEqual(self._todos(question).user_id, self.salesperson)

    def test_asking_again_needs_a_reason_and_an_answer(self):
        question = self._ask()
        with self.assertRaisesRegex(UserError, "Open"):
            question.action_reopen("Why?")
        question.action_answer("EU")
        with self.assertRaisesRegex(UserError, "still open"):
            question.action_reopen("")
        self.assertEqual(question.state, "answered")

    def test_withdrawn_question_holds_nothing_back(self):
        question = self._ask(self.engineer)
        question.action_withdraw("It is on page two")
        self.assertFalse(self.sheet._get_missing()[self.sheet])
        self.assertIn("It is on page two", self.sheet.message_ids[0].body)

    def test_withdrawing_an_answered_question_is_refused(self):
        question = self._ask()
        question.action_answer("EU")
        with self.assertRaisesRegex(UserError, "Answered"):
            question.action_withdraw("Never mind")
        self.assertEqual(question.state, "answered")

    def test_question_stays_on_file_once_the_sheet_was_submitted(self):
        question = self._ask()
        question.action_answer("EU")
        self._submit(self.sheet)
        with self.assertRaisesRegex(UserError, "on file"):
            question.sudo().unlink()

    def test_question_goes_with_its_quotation(self):
        question = self._ask()
        todo = self._todos(question)
        self.sheet.order_id.unlink()
        self.assertFalse(question.exists())
        self.assertFalse(todo.exists())

    # ------------------------------------------------------------- passing on, late

    def test_question_is_passed_on_to_the_sales_manager(self):
        question = self._ask(asked_of="salesperson")
        question.action_pass_on()
        self.assertEqual(question.asked_of, "sales_manager")
        self.assertEqual(self._todos(question).user_id, self.leader)

    def test_customer_can_still_answer_what_was_passed_on(self):
        question = self._ask()
        question.action_pass_on()
        self.assertEqual(question.asked_of, "customer")
        self.assertEqual(question.user_id, self.leader)

    def test_passing_on_to_nobody_is_refused(self):
        question = self._ask(asked_of="sales_manager")
        self.roles["sales_manager"].active = False
        with self.assertRaisesRegex(UserError, "Test team"):
            question.action_pass_on()

    def test_superior_is_told_once_about_an_overdue_question(self):
        question = self._ask()
        cron = self.env.ref("order_desk.ir_cron_escalate_questions")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertFalse(self._todos(question, "question_overdue"))
            with freeze_time(fields.Datetime.now() + timedelta(days=10)):
                self.assertTrue(question.is_overdue)
                cron.method_direct_trigger()
                cron.method_direct_trigger()
                overdue = question.search([("is_overdue", "=", True)])
                self.assertIn(question, overdue)
        todo = self._todos(question, "question_overdue")
        self.assertEqual(todo.user_id, self.leader)
        self.assertEqual(len(todo), 1)

    def test_new_due_time_moves_the_to_do(self):
        question = self._ask()
        due = fields.Datetime.now() + timedelta(days=20)
        question.due_on = due
        self.assertEqual(
            self._todos(question).date_deadline, self.env.company._order_desk_date(due)
        )

    # ------------------------------------------------------------- who sees it

    def test_salesperson_sees_no_question_on_the_order_of_another(self):
        question = self._ask(user_id=self.clerk.id)
        self.sheet.order_id.user_id = self.clerk
        self.assertFalse(question.with_user(self.salesperson)._filtered_access("read"))
        self.assertTrue(question.with_user(self.material)._filtered_access("read"))
        self.assertFalse(question.with_user(self.stranger).has_access("read"))

    def test_question_of_another_company_is_not_seen(self):
        question = self._ask()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.clerk.write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        self.assertFalse(question.with_user(self.clerk)._filtered_access("read"))

    def test_dialog_answers_asks_again_and_withdraws(self):
        question = self._ask()
        for kind, state in (
            ("answer", "answered"),
            ("reopen", "open"),
            ("withdraw", "withdrawn"),
        ):
            action = question.with_context(default_kind=kind).action_open_reply()
            wizard = self.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(bool(wizard.hint), kind == "answer")
            wizard.with_user(self.clerk).text = "EU"
            wizard.with_user(self.clerk).action_apply()
            self.assertEqual(question.state, state)


MAIL = """Return-Path: {return_path}
To: {to}
cc: {cc}
From: {email_from}
Subject: {subject}
MIME-Version: 1.0
Content-Type: text/{kind}; charset=utf-8
Date: Fri, 10 Aug 2026 14:16:26 +0000
Message-ID: {msg_id}
{extra}

{body}
"""


@tagged("post_install", "-at_install")
class TestClarificationMail(ClarificationCommon, MailCommon):
    """The reply to the e-mail is the answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.salesperson, cls.clerk):
            user.email = f"{user.login}@example.com"

    def _reply(self, question, body, email="customer@example.com", **values):
        asked = self.env["mail.message"].search(
            [
                ("model", "=", question._name),
                ("res_id", "=", question.id),
                ("message_type", "in", ("comment", "user_notification")),
            ],
            limit=1,
        )
        mail = MAIL.format(
            return_path=email,
            to="catchall@example.com",
            cc="",
            email_from=email,
            subject=values.get("subject", f"Re: {question.name}"),
            msg_id=f"<{values.get('number', 1)}-reply@example.com>",
            kind=values.get("kind", "plain"),
            extra="\n".join(
                [f"In-Reply-To: {asked.message_id}", *values.get("headers", [])]
            ),
            body=body,
        )
        self.env["mail.thread"].sudo().message_process(False, mail)

    def test_reply_of_the_customer_is_the_answer(self):
        question = self._ask()
        self._reply(
            question,
            "The EU plug, please.\nTwo metres.\n\n"
            "On Fri, 10 Aug 2026 at 10:00, Test salesperson <s@example.com>\nwrote:\n"
            "> Which plug?\n> Please reply\n",
        )
        self.assertEqual(question.state, "answered")
        self.assertEqual(question.answer, "The EU plug, please.\nTwo metres.")
        self.assertEqual(question.answered_by_id, self.customer)

    def test_colleague_of_the_customer_may_reply(self):
        question = self._ask()
        self._reply(question, "EU", email="contact@example.com")
        self.assertEqual(question.answered_by_id, self.contact)

    def test_quoted_html_is_left_out(self):
        question = self._ask()
        self._reply(
            question,
            '<div>EU <b>only</b></div><div class="gmail_quote">'
            '<div class="gmail_attr">On Fri X wrote:</div>'
            "<blockquote>Which plug?</blockquote></div>",
            kind="html",
        )
        self.assertEqual(question.answer, "EU *only*")

    def test_chinese_mail_programs_quote_in_their_own_words(self):
        for number, quote in enumerate(
            (
                "------------------ 原始邮件 ------------------\n发件人: x\n主题: y",
                "在 2026-08-10 10:00:00，“Test” 写道：\nWhich plug?",
                "发件人： Test\n发送时间： 2026年8月10日\n收件人： x",
            )
        ):
            question = self._ask()
            self._reply(question, f"欧标插头\n\n{quote}", number=number)
            self.assertEqual(question.answer, "欧标插头")

    def test_automatic_reply_is_no_answer(self):
        question = self._ask()
        for number, values in enumerate(
            (
                {"headers": ["Auto-Submitted: auto-replied"]},
                {"headers": ["Precedence: bulk"]},
                {"headers": ["X-Autoreply: yes"]},
                {"subject": "Out of Office: Which plug?"},
                {"subject": "自动回复：Which plug?"},
            )
        ):
            self._reply(question, "I am away until Monday", number=number, **values)
            self.assertEqual(question.state, "open", values)
        self.assertIn("I am away", question.message_ids[0].body)

    def test_mail_that_says_it_is_not_automatic_is_an_answer(self):
        question = self._ask()
        self._reply(question, "EU", headers=["Auto-Submitted: no"])
        self.assertEqual(question.state, "answered")

    def test_empty_mail_is_no_answer(self):
        question = self._ask()
        for number, body in enumerate(("", "  \n", "> Which plug?\n")):
            self._reply(question, f"\n{body}", number=number)
            self.assertEqual(question.state, "open", body)

    def test_stranger_by_mail_is_no_answer(self):
        question = self._ask()
        self.env["res.partner"].create({"name": "Other", "email": "other@example.com"})
        for number, email in enumerate(("other@example.com", "nobody@example.com")):
            self._reply(question, "US", email=email, number=number)
            self.assertEqual(question.state, "open", email)

    def test_reply_of_the_asked_colleague_is_the_answer(self):
        question = self._ask(self.engineer, asked_of="salesperson")
        self._reply(question, "EU", email=self.salesperson.email)
        self.assertEqual(question.answered_by_id, self.salesperson.partner_id)

    def test_reply_of_another_colleague_is_no_answer(self):
        question = self._ask(self.engineer, asked_of="salesperson")
        self._reply(question, "I guess EU", email=self.clerk.email)
        self.assertEqual(question.state, "open")

    def test_remark_of_a_colleague_in_the_chatter_is_no_answer(self):
        question = self._ask()
        for user in (self.clerk, self.salesperson):
            question.with_user(user).message_post(
                body="I have called them", message_type="comment"
            )
        self.assertEqual(question.state, "open")

    def test_nobody_answers_in_the_name_of_another(self):
        to_customer = self._ask(self.engineer)
        to_colleague = self._ask(self.engineer, asked_of="salesperson")
        for question, author in (
            (to_customer, self.customer),
            (to_colleague, self.salesperson.partner_id),
        ):
            question.message_post(
                body="All is fine", author_id=author.id, message_type="email"
            )
            self.assertEqual(question.state, "open")

    def test_second_mail_does_not_change_the_answer(self):
        question = self._ask()
        self._reply(question, "EU")
        self._reply(question, "US", number=2)
        self.assertEqual(question.answer, "EU")

    def test_reply_on_a_cancelled_order_changes_nothing(self):
        question = self._ask()
        self.sheet.order_id.action_cancel()
        self._reply(question, "EU")
        self.assertEqual(question.state, "withdrawn")
        self.assertFalse(question.answer)
