from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, plaintext2html

from .order_desk_clarification import ANSWER_HOURS

TODO_TYPE = "order_desk.mail_activity_type_question"
OVERDUE_TYPE = "order_desk.mail_activity_type_question_overdue"


class OrderDeskClarification(models.Model):
    """Asking, answering, passing on and reminding (SPEC A3)."""

    _inherit = "order.desk.clarification"

    # ------------------------------------------------------------- who may, and when

    def _filter_own(self, asked_too=False):
        """Return the questions that the current user owns or takes care of.

        :param asked_too: also those the user has asked
        """
        user = self.env.user
        return self._filtered_access("write") | self.filtered(
            lambda question: (
                question.user_id == user or (asked_too and question.asked_by_id == user)
            )
        )

    def _check_own(self, asked_too=False):
        others = self - self._filter_own(asked_too)
        if others:
            raise AccessError(
                "\n".join(
                    self.env._(
                        "“%(question)s” is for %(owner)s or the order desk to settle.",
                        question=question.name,
                        owner=question.user_id.name,
                    )
                    for question in others
                )
            )

    def _get_busy_message(self):
        return self.env._(
            "Somebody else is working on “%s” at this moment. Look at it again"
            " in a few seconds.",
            ", ".join(self.mapped("name")),
        )

    def _check_order_alive(self):
        """Refuse questions and answers on orders that need none any more."""
        dead = self.filtered(
            lambda question: question.sudo().sheet_id.state in ("done", "cancel")
        )
        if dead:
            raise UserError(
                self.env._(
                    "%s is cancelled or done, so there is nothing to clarify.",
                    ", ".join(dead.sudo().sheet_id.order_id.mapped("name")),
                )
            )

    def _check_states(self, *states):
        """Refuse unless each question is in one of ``states``, on a living order."""
        self._check_order_alive()
        labels = dict(self._fields["state"]._description_selection(self.env))
        errors = [
            self.env._(
                "“%(question)s” is in the state “%(state)s”, so this cannot be done.",
                question=question.name,
                state=labels[question.state],
            )
            for question in self
            if question.state not in states
        ]
        if errors:
            raise UserError("\n".join(errors))

    # ------------------------------------------------------------- actions

    def action_ask(self):
        """Send the questions once more to whoever is asked."""
        self._check_own(asked_too=True)
        self._lock()
        self._check_states("open")
        # a new to-do, so that a colleague gets a new notification
        self.sudo().activity_search([TODO_TYPE]).unlink()
        self._ask()

    def action_answer(self, answer=False):
        """Write down the answer, one's own or that of whoever was asked."""
        self._check_own()
        self._lock()
        self._check_states("open")
        answer = self._read_text(answer, self.env._("Write down the answer."))
        for question in self.sudo():  # the answer is protected, the checks are above
            asked = question._get_asked_partner()
            own = asked == self.env.user.partner_id
            question._record_answer(answer, asked, False if own else self.env.user)
            question.message_post(
                body=plaintext2html(answer),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def action_reopen(self, reason=False):
        """Ask again, as the answer was not enough or the question matters after all."""
        self._check_own(asked_too=True)
        self._lock()
        self._check_states("answered", "withdrawn")
        reason = self._read_text(
            reason, self.env._("Say what is still open; whoever is asked reads it.")
        )
        for question in self.sudo():  # protected fields, the checks are above
            company = question.company_id
            question.write(
                {
                    "state": "open",
                    "answer": False,
                    "answered_on": False,
                    "answered_by_id": False,
                    "recorded_by_id": False,
                    "follow_up": reason,
                    "escalated_on": False,
                    "due_on": company._order_desk_plan_hours(ANSWER_HOURS),
                }
            )
        self._ask()

    def action_withdraw(self, reason=False):
        """Take questions back that need no answer any more."""
        self._check_own(asked_too=True)
        self._lock()
        self._check_states("open")
        self._withdraw(
            self._read_text(
                reason, self.env._("Say why the question needs no answer any more.")
            )
        )

    def action_pass_on(self):
        """Hand what the clerk cannot settle to the sales manager."""
        self._check_own(asked_too=True)
        self._lock()
        self._check_states("open")
        managers = {}
        for question in self:
            candidates = question.sheet_id._get_sales_managers() - question.user_id
            managers[question] = candidates[:1]
            if not candidates:
                raise UserError(
                    self.env._(
                        "“%(question)s”: there is no sales manager to pass it on to."
                        " Name the leader of the sales team %(team)s.",
                        question=question.name,
                        team=question.sudo().order_id.team_id.name or "",
                    )
                )
        for question, manager in managers.items():
            vals = {"user_id": manager.id, "escalated_on": False}
            if question.asked_of == "salesperson":
                vals["asked_of"] = "sales_manager"
            question.sudo().write(vals)  # protected fields, the checks are above
            question._tell_sheet(
                self.env._(
                    "The question “%(question)s” was passed on to %(owner)s.",
                    question=question.name,
                    owner=manager.name,
                )
            )
        self._update_todos()

    def action_open_reply(self):
        """Open the dialog for an answer, a new round or a withdrawal.

        What it is for comes with the button: ``default_kind`` in the context.
        """
        wizard = self.env["order.desk.clarification.reply"].create(
            {"clarification_ids": self.ids}
        )
        return wizard._get_records_action(name=wizard._get_title(), target="new")

    # ------------------------------------------------------------- what happens then

    def _get_asked_partner(self):
        """Return who is asked, a person at the customer's or a colleague."""
        self.ensure_one()
        if self.asked_of == "customer":
            return self.partner_id
        return self.user_id.partner_id

    def _ask(self):
        """Send the questions; the caller has checked that they may be asked."""
        # whoever reads a sheet may ask, and need not read customers or send mails
        for question in self.sudo():
            people = question.user_id | question.asked_by_id | question.order_id.user_id
            question.message_subscribe(people.partner_id.ids)
            # who has no address is asked by phone, see the note of the owner's to-do
            if question.asked_of == "customer" and question.partner_id.email:
                question._mail_to_customer("order_desk.mail_template_question")
            question._tell_sheet(
                self.env._(
                    "Question to %(who)s: %(question)s",
                    who=question._get_asked_partner().name,
                    question=question.name,
                ),
                question.follow_up or question.description,
            )
        sheets = self.sudo().sheet_id
        sheets.activity_unlink(["order_desk.mail_activity_type_answered"])
        self._update_todos()

    def _record_answer(self, answer, author, recorded_by=False, files=()):
        """Write down what ``author`` has answered, and tell whoever waits for it."""
        self.ensure_one()
        self.write(
            {
                "state": "answered",
                "answer": answer,
                "answered_on": fields.Datetime.now(),
                "answered_by_id": author.id,
                "recorded_by_id": recorded_by and recorded_by.id,
                "attachment_ids": [Command.set([file.id for file in files])],
            }
        )
        self._tell_sheet(
            self.env._(
                "%(who)s answered “%(question)s”:",
                who=author.name,
                question=self.name,
            ),
            answer,
        )
        self._settle()

    def _withdraw(self, reason):
        for question in self.sudo():  # protected fields, the caller has checked
            question.state = "withdrawn"
            question._tell_sheet(
                self.env._("The question “%s” was withdrawn:", question.name), reason
            )
        self.sudo()._settle()

    def _settle(self):
        """Let the sheets go on whose last open question this was."""
        self._update_todos()
        settled = self.sheet_id.filtered(
            lambda sheet: (
                sheet.state not in ("done", "cancel")
                and "open" not in sheet.clarification_ids.mapped("state")
            )
        )
        for sheet in settled:
            askers = self.filtered(lambda q, s=sheet: q.sheet_id == s).asked_by_id
            sheet._tell_all_settled(askers.filtered("active") - self.env.user)
        # what was held back after the release by the open question may start now
        settled._follow_answers()

    def _tell_sheet(self, sentence, text=False):
        """Tell the story on the sheet in plain sentences."""
        self.ensure_one()
        body = plaintext2html("\n".join(part for part in (sentence, text) if part))
        self.sudo().sheet_id.message_post(body=body)

    # ------------------------------------------------------------- to-dos

    def _update_todos(self):
        """Give the owner of each open question a to-do, and take the others back."""
        for question in self.sudo():  # to-dos of others are the desk's to give and take
            todos = question.activity_search([TODO_TYPE])
            is_open = question.state == "open"
            if not (is_open and question.escalated_on):
                question.activity_unlink([OVERDUE_TYPE])
            own = todos.filtered(
                lambda todo, q=question, is_open=is_open: (
                    is_open and todo.user_id == q.user_id
                )
            )
            (todos - own).unlink()
            deadline = question.company_id._order_desk_date(question.due_on)
            if own:
                own.date_deadline = deadline
            elif is_open:
                question._schedule(TODO_TYPE, question.user_id, deadline)

    def _schedule(self, activity_type, user, deadline):
        self.ensure_one()
        question = self.with_context(lang=user.lang)
        question.activity_schedule(
            activity_type,
            deadline,
            summary=question._get_todo_summary(activity_type, user),
            note=plaintext2html(question._get_todo_note()),
            user_id=user.id,
        )

    def _get_todo_summary(self, activity_type, user):
        """Return the to-do's one line in the language of who has to do it."""
        values = {"question": self.name, "who": self._get_asked_partner().name}
        if activity_type == OVERDUE_TYPE:
            return self.env._("No answer from %(who)s: %(question)s", **values)
        if self.asked_of == "customer":
            return self.env._("Get the answer of %(who)s: %(question)s", **values)
        return self.env._("Answer: %(question)s", **values)

    def _get_todo_note(self):
        parts = [self.follow_up, self.description]
        if self.asked_of == "customer" and not self.partner_id.email:
            parts.append(
                self.env._(
                    "%s has no e-mail address. Ask by phone or fax, and write down the"
                    " answer here.",
                    self.partner_id.name,
                )
            )
        return "\n".join(part for part in parts if part)

    @api.model
    def _cron_escalate(self):
        """Tell the superior, once, that a question is overdue."""
        overdue = self.search(
            [("is_overdue", "=", True), ("escalated_on", "=", False)], order="due_on"
        )
        self.env["ir.cron"]._order_desk_follow(
            overdue, lambda questions: questions._escalate()
        )

    def _escalate(self):
        for question in self.sudo():
            superiors = question.sheet_id._get_sales_managers() - question.user_id
            if not superiors:
                continue  # told as soon as there is a leader of the sales team
            today = question.company_id._order_desk_date()
            question._schedule(OVERDUE_TYPE, superiors[:1], today)
            question.escalated_on = fields.Datetime.now()
            question._tell_sheet(
                self.env._(
                    "“%(question)s” was due on %(date)s; %(superior)s has been told.",
                    question=question.name,
                    date=format_date(
                        self.env, question.company_id._order_desk_date(question.due_on)
                    ),
                    superior=superiors[0].name,
                )
            )
