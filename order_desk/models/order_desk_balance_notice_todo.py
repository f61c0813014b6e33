from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

FOLLOW_TYPE = "order_desk.mail_activity_type_follow_balance"
OVERDUE_TYPE = "order_desk.mail_activity_type_balance_overdue"


class OrderDeskBalanceNotice(models.Model):
    """The salesperson follows a notice until it is paid (SPEC F3, J2)."""

    _inherit = "order.desk.balance.notice"

    followed_on = fields.Datetime(
        "Last Followed up", readonly=True, help="When the customer was last asked."
    )

    # ------------------------------------------------------------- the promise

    def action_note_promise(self, date, promised_by=False):
        """Note when the customer has promised to pay, and who said so.

        :param date: a date or its ISO text
        :raise UserError: not open, no date, a past one, or nobody named
        """
        self._start()
        try:
            date = fields.Date.to_date(date)
        except (ValueError, TypeError):
            date = None
        promised_by = (promised_by or "").strip()
        errors = [
            error
            for notice in self
            if (error := notice._get_promise_error(date, promised_by))
        ]
        if errors:
            raise UserError("\n".join(errors))
        for notice in self.sudo():  # protected fields, the checks are above
            notice.write(
                {
                    "promised_date": date,
                    "promised_by": promised_by,
                    "promise_noted_by_id": self.env.uid,
                    "promise_noted_on": fields.Datetime.now(),
                    "escalated_on": False,
                }
            )
            notice._tell(
                self.env._(
                    "%(who)s promises to pay %(number)s on %(date)s.",
                    who=promised_by,
                    number=notice.name,
                    date=format_date(self.env, date),
                )
            )
            notice._update_todos()

    def _get_promise_error(self, date, promised_by):
        self.ensure_one()
        if self.state != "sent":
            return self.env._(
                "%s is not waiting for a payment, so no promise can be noted.",
                self.display_name,
            )
        if not date:
            return self.env._("%s: give the day of the payment.", self.name)
        if date < self.company_id._order_desk_date():
            return self.env._("%s: the promised day is in the past.", self.name)
        if not promised_by:
            return self.env._("%s: say who has promised it.", self.name)
        return ""

    # ------------------------------------------------------------- following up

    def _note_followed(self):
        """Remember that the customer was asked; the next time is worked out anew."""
        self.filtered(lambda notice: notice.state == "sent").write(
            {"followed_on": fields.Datetime.now()}
        )
        self._update_todos()

    def _get_follow_up_date(self):
        """Return the day on which to ask the customer again.

        It is the day the customer has promised, else some working days after they were
        asked last; with cash on delivery not before the goods are there.
        """
        self.ensure_one()
        company = self.company_id
        last = company._order_desk_date(
            max(self.followed_on or self.sent_on, self.sent_on)
        )
        if self.promised_date and self.promised_date >= last:
            return self.promised_date
        day = company._order_desk_add_working_days(
            last, company.order_desk_follow_up_days
        )
        delivery = self.is_cash_on_delivery and self._get_delivery_day()
        return max(day, delivery) if delivery else day

    def _update_todos(self):
        """Give the salesperson a to-do for each open notice; take the others back."""
        for notice in self.sudo():  # to-dos of others are the desk's to give and take
            is_open = notice.state == "sent"
            if not (is_open and notice.escalated_on):
                notice.activity_unlink([OVERDUE_TYPE])
            todos = notice.activity_search([FOLLOW_TYPE])
            user = notice.user_id or notice.clerk_id
            own = todos.filtered(
                lambda todo, u=user, o=is_open: o and todo.user_id == u
            )
            (todos - own).unlink()
            if not is_open or not user:
                continue
            deadline = notice._get_follow_up_date()
            if not own:
                notice._schedule(FOLLOW_TYPE, user, deadline)
            elif own.date_deadline != deadline:
                own.date_deadline = deadline

    def _schedule(self, activity_type, user, deadline):
        self.ensure_one()
        notice = self.with_context(lang=user.lang)
        notice.activity_schedule(
            activity_type,
            deadline,
            summary=notice._get_todo_summary(activity_type),
            user_id=user.id,
        )

    def _get_todo_summary(self, activity_type):
        """Return the to-do's one line in the language of who has to do it."""
        values = {
            "customer": self.partner_id.commercial_partner_id.name,
            "amount": format_amount(self.env, self.amount_open, self.currency_id),
            "number": self.name,
        }
        if activity_type == OVERDUE_TYPE:
            return self.env._(
                "Promised and not paid: %(amount)s of %(customer)s (%(number)s)",
                **values,
            )
        return self.env._("%(customer)s owes %(amount)s (%(number)s)", **values)

    # ------------------------------------------------------------- scheduled

    @api.model
    def _cron_follow(self):
        """Propose notices for what is finished; follow the open ones (SPEC F3)."""
        sheets = self.env["order.desk.sheet"]._get_finished_sheets()
        sheets |= self.search([("state", "in", ("draft", "sent"))]).sheet_id
        self.env["ir.cron"]._order_desk_follow(
            sheets,
            lambda sheets: sheets._follow_notices(),
            again="order_desk.ir_cron_follow_balance",
        )

    def _escalate(self):
        """Tell the superior, once, that a promise was not kept."""
        late = self.filtered(
            lambda notice: (
                notice.state == "sent"
                and notice.promised_date
                and not notice.escalated_on
                and notice.promised_date < notice.company_id._order_desk_date()
            )
        )
        for notice in late:
            superiors = notice.sheet_id._get_sales_managers() - notice.user_id
            if not superiors:
                continue  # told as soon as there is a leader of the sales team
            today = notice.company_id._order_desk_date()
            notice._schedule(OVERDUE_TYPE, superiors[:1], today)
            notice.escalated_on = fields.Datetime.now()
            notice._tell(
                self.env._(
                    "%(number)s was promised for %(date)s and is not paid;"
                    " %(superior)s has been told.",
                    number=notice.name,
                    date=format_date(self.env, notice.promised_date),
                    superior=superiors[0].name,
                )
            )
