from odoo import api, fields, models
from odoo.tools import plaintext2html

from .order_desk_sheet import SIGNING_STATES

TODO_TYPES = {
    "check": "order_desk.mail_activity_type_check",
    "sign": "order_desk.mail_activity_type_sign",
    "code": "order_desk.mail_activity_type_code",
    "send_confirmation": "order_desk.mail_activity_type_send_confirmation",
    "ask_return_copy": "order_desk.mail_activity_type_ask_return_copy",
    "verify_return_copy": "order_desk.mail_activity_type_verify_return_copy",
    "release": "order_desk.mail_activity_type_release",
    "submit": "order_desk.mail_activity_type_submit",
    "rework": "order_desk.mail_activity_type_rework",
    "ask_deposit": "order_desk.mail_activity_type_ask_deposit",
    "ask_balance": "order_desk.mail_activity_type_ask_balance",
    "late": "order_desk.mail_activity_type_late",
    "make_good": "order_desk.mail_activity_type_make_good",
    "confirm_receipt": "order_desk.mail_activity_type_confirm_receipt",
    "money_lost": "order_desk.mail_activity_type_money_lost",
    "money_trouble": "order_desk.mail_activity_type_money_trouble",
}
# whose people get a message of their own every day
DIGEST_TODOS = ("make_good",)
# to-dos with a deadline of a role; when it has passed, the role's superior is told
ROLE_TODOS = ("check", "sign", "code", "confirm_receipt")
# those of them that are done on the card of a signer
SIGNER_TODOS = ("check", "sign", "code")


class OrderDeskSheet(models.Model):
    """To-dos: whoever has to act on a sheet finds it among their activities."""

    _inherit = "order.desk.sheet"

    def _get_todos(self):
        """Return who has to do what: ``{(sheet, kind, user): roles}``."""
        todos = {}
        sheets_by_step = self.grouped("state")
        roles_model = self.env["order.desk.role"].sudo()
        for sheet, roles in self._get_roles_to_sign().items():
            for role in roles:
                kind = "check" if role.is_second_look else "sign"
                for user in role._get_signers(sheet):
                    key = (sheet, kind, user)
                    todos[key] = todos.get(key, roles_model) | role
        coding = sheets_by_step.get("coding", self.browse())
        for company, roles in coding._get_roles().items():
            for role in roles.filtered(lambda role: role.step == "coding"):
                for user in role._get_signers():
                    for sheet in coding.filtered(
                        lambda s, c=company: s.company_id == c
                    ):
                        todos[sheet, "code", user] = role
        for sheet, kind in self._get_confirmation_todos().items():
            user = sheet.clerk_id or sheet.user_id
            if user:
                todos[sheet, kind, user] = roles_model
        for sheet, kind in self._get_asking_todos():
            user = sheet.clerk_id or sheet.user_id
            if user:
                todos[sheet, kind, user] = roles_model
        for sheet in sheets_by_step.get("draft", self.browse()):
            user = sheet.user_id or sheet.clerk_id
            if user and sheet.revision > 1:
                todos[sheet, "rework", user] = roles_model
            elif user and (sheet.order_id.signed_on or sheet.order_id.transaction_ids):
                todos[sheet, "submit", user] = roles_model
        return todos

    @api.model
    def _get_todo_xmlids(self):
        """Return the activity type of each kind of to-do; modules add theirs."""
        return dict(TODO_TYPES)

    @api.model
    def _get_todo_types(self):
        """Return the kinds of to-dos: ``{activity type id: kind}``."""
        get_id = self.env["ir.model.data"]._xmlid_to_res_id
        return {get_id(xmlid): kind for kind, xmlid in self._get_todo_xmlids().items()}

    def _get_open_todos(self):
        """Return these sheets' to-dos: ``{(sheet, kind, user): activity}``."""
        kinds = self._get_todo_types()
        return {
            (
                self.browse(activity.res_id),
                kinds[activity.activity_type_id.id],
                activity.user_id,
            ): activity
            for activity in self.activity_ids
            if activity.automated and activity.activity_type_id.id in kinds
        }

    def _update_todos(self, reason=False):
        """Bring the open activities in line with what these sheets wait for.

        :param reason: why a sheet came back, shown to whom reworks it
        """
        if not self:  # an order without a sheet has been cancelled
            return
        # to-dos of others are the desk's to give and take back
        sheets = self.sudo().with_prefetch()
        sheets.balance_notice_ids._follow_payment()
        wanted = sheets._get_todos()
        open_todos = sheets._get_open_todos()
        wanted.update(sheets._get_escalations(wanted, open_todos))
        sheets._note_exceptions(wanted)
        activities = self.env["mail.activity"].sudo()
        gone = activities.union(
            *(open_todos[key] for key in open_todos.keys() - wanted.keys())
        )
        new = {key: wanted[key] for key in wanted.keys() - open_todos.keys()}
        deadlines = sheets._get_todo_deadlines(new.values())
        vals_list = []
        for key, roles in wanted.items():
            sheet, kind, user = key
            summary = sheet._get_todo_summary(kind, user, roles)
            if key in new:
                deadline = deadlines[sheet.company_id, self._get_hours(roles)]
                vals_list.append(
                    {
                        **sheet._prepare_todo_vals(kind, user, reason),
                        "summary": summary,
                        "date_deadline": sheet._get_todo_day(kind, deadline),
                    }
                )
            elif open_todos[key].summary != summary:
                open_todos[key].summary = summary
        gone.unlink()  # last, as it empties the cache
        # one message for each person, however many sheets come their way at once
        created = activities.with_context(mail_activity_quick_update=True).create(
            vals_list
        )
        kinds = self._get_todo_types()
        created.filtered(
            lambda activity: kinds[activity.activity_type_id.id] not in DIGEST_TODOS
        )._order_desk_notify()

    def _get_many_subject(self):
        """Return the subject of the message that says these sheets wait."""
        return self.env._("%s order configuration sheets wait for you", len(self))

    def _get_escalations(self, wanted, open_todos):
        """Return whom to tell that others are late (SPEC J2), in the form of to-dos.

        :param wanted: what there is to do, see ``_get_todos``
        :param open_todos: the activities that exist for it
        """
        now = fields.Datetime.now()
        escalations = {}
        for key, activity in open_todos.items():
            sheet, kind, _user = key
            if kind not in ROLE_TODOS or key not in wanted:
                continue
            company = sheet.company_id
            for role in wanted[key]:
                if activity.date_deadline > company._order_desk_date(now):
                    continue
                until = company._order_desk_plan_hours(
                    role.deadline_hours, activity.create_date
                )
                superior = role.superior_id or sheet.clerk_id or sheet.user_id
                if until <= now and superior - role._get_signers(sheet):
                    told = (sheet, "late", superior)
                    escalations[told] = escalations.get(told, role) | role
        return escalations

    @api.model
    def _cron_follow_changes(self):
        """Ask for new signatures where addresses, names or questions have changed.

        Changes on the order and the sheet themselves are followed at once.
        """
        # stand-ins come and go with the days
        self.env["order.desk.role"]._sync_signer_group()
        self._follow_in_batches(self.search([("state", "in", SIGNING_STATES)]))

    @api.model
    def _cron_escalate(self):
        """Tell the superiors of those who are late (SPEC J2)."""
        late = self.env["mail.activity"]._search(
            [
                ("res_model", "=", self._name),
                ("automated", "=", True),
                ("date_deadline", "<=", fields.Date.add(fields.Date.today(), days=1)),
            ]
        )
        self._follow_in_batches(
            self.search([("state", "in", SIGNING_STATES), ("activity_ids", "in", late)])
        )

    @api.model
    def _follow_in_batches(self, sheets):
        # whoever signs meanwhile is not told to come back later
        self.env["ir.cron"]._order_desk_follow(
            sheets, lambda some: some._advance(), lock=False
        )

    def _prepare_todo_vals(self, kind, user, reason):
        self.ensure_one()
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                self._get_todo_xmlids()[kind]
            ),
            "user_id": user.id,
            "automated": True,
            "note": reason and plaintext2html(reason),
        }

    def _get_todo_summary(self, kind, user, roles):
        """Return the to-do's one line in the language of who has to do it."""
        env = self.with_context(lang=user.lang).env
        if kind == "sign":
            names = ", ".join(roles.with_env(env).mapped("name"))
            return env._("Sign as %s", names)
        return {
            "check": env._("Take the second look at what was entered"),
            "code": env._("Give the order code and the customer code"),
            "late": env._("Late: %s", ", ".join(roles.with_env(env).mapped("name"))),
            "send_confirmation": env._("Send the order confirmation"),
            "ask_return_copy": env._("Ask for the return copy"),
            "verify_return_copy": env._("Verify the return copy"),
            "release": env._("Release to production"),
            "ask_deposit": env._("Ask for the deposit"),
            "ask_balance": env._("Ask for the balance of what is finished"),
            "submit": env._("The customer has accepted: submit for review"),
            "rework": env._("Rework and submit again"),
        }[kind]

    def _get_todo_day(self, kind, deadline):
        """Return the day by which to act; modules that plan extend this.

        :param deadline: the day when the role's working hours have passed
        """
        self.ensure_one()
        return deadline

    @api.model
    def _get_hours(self, roles):
        """Return the working hours to act: those of the quickest role, else eight."""
        return min(roles.mapped("deadline_hours"), default=8.0)

    def _get_todo_deadlines(self, roles_list):
        """Return the days by which to act: ``{(company, hours): date}``.

        Hours count on each company's working calendar.
        """
        hours_list = {self._get_hours(roles) for roles in roles_list}
        return {
            (company, hours): company._order_desk_date(
                company._order_desk_plan_hours(hours)
            )
            for company in self.company_id
            for hours in hours_list
        }
