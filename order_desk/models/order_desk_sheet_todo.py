from odoo import api, fields, models
from odoo.tools import plaintext2html, split_every

from .order_desk_sheet import SIGNING_STATES

TODO_TYPES = {
    "sign": "order_desk.mail_activity_type_sign",
    "code": "order_desk.mail_activity_type_code",
    "release": "order_desk.mail_activity_type_release",
    "submit": "order_desk.mail_activity_type_submit",
    "rework": "order_desk.mail_activity_type_rework",
}


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
                for user in role._get_signers():
                    key = (sheet, "sign", user)
                    todos[key] = todos.get(key, roles_model) | role
        coding = sheets_by_step.get("coding", self.browse())
        for company, roles in coding._get_roles().items():
            for role in roles.filtered(lambda role: role.step == "coding"):
                for user in role._get_signers():
                    for sheet in coding.filtered(
                        lambda s, c=company: s.company_id == c
                    ):
                        todos[sheet, "code", user] = role
        for sheet in sheets_by_step.get("confirming", self.browse()):
            user = sheet.clerk_id or sheet.user_id
            if user:
                todos[sheet, "release", user] = roles_model
        for sheet in sheets_by_step.get("draft", self.browse()):
            user = sheet.user_id or sheet.clerk_id
            if user and sheet.revision > 1:
                todos[sheet, "rework", user] = roles_model
            elif user and (sheet.order_id.signed_on or sheet.order_id.transaction_ids):
                todos[sheet, "submit", user] = roles_model
        return todos

    def _get_open_todos(self):
        """Return these sheets' to-dos: ``{(sheet, kind, user): activity}``."""
        kinds = {self.env.ref(xmlid).id: kind for kind, xmlid in TODO_TYPES.items()}
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
        sheets = self.sudo()  # to-dos of others are the desk's to give and take back
        wanted = sheets._get_todos()
        open_todos = sheets._get_open_todos()
        self.env["mail.activity"].sudo().union(
            *(open_todos[key] for key in open_todos.keys() - wanted.keys())
        ).unlink()
        deadlines = sheets._get_todo_deadlines(wanted.values())
        vals_list = []
        for key, roles in wanted.items():
            sheet, kind, user = key
            vals = {
                "summary": sheet._get_todo_summary(kind, user, roles),
                "date_deadline": deadlines[sheet.company_id, self._get_hours(roles)],
            }
            if key not in open_todos:
                vals_list.append(
                    {**sheet._prepare_todo_vals(kind, user, reason), **vals}
                )
            elif open_todos[key].summary != vals["summary"]:
                open_todos[key].write(vals)
        self.env["mail.activity"].sudo().create(vals_list)

    @api.model
    def _cron_follow_changes(self):
        """Ask for new signatures where addresses, names or questions have changed.

        Changes on the order and the sheet themselves are followed at once.
        """
        sheets = self.search([("state", "in", SIGNING_STATES)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(sheets))
        for ids in split_every(100, sheets.ids):
            self.browse(ids)._advance()
            if not cron._commit_progress(len(ids)):
                break

    def _prepare_todo_vals(self, kind, user, reason):
        self.ensure_one()
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env.ref(TODO_TYPES[kind]).id,
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
            "code": env._("Give the order code and the customer code"),
            "release": env._("Release to production"),
            "submit": env._("The customer has accepted: submit for review"),
            "rework": env._("Rework and submit again"),
        }[kind]

    @api.model
    def _get_hours(self, roles):
        """Return the working hours to act: those of the quickest role, else eight."""
        return min(roles.mapped("deadline_hours"), default=8.0)

    def _get_todo_deadlines(self, roles_list):
        """Return the days by which to act: ``{(company, hours): date}``.

        Hours count on each company's working calendar.
        """
        now = fields.Datetime.now()
        deadlines = {}
        for company in self.company_id:
            calendar = company.resource_calendar_id
            for hours in {self._get_hours(roles) for roles in roles_list}:
                planned = calendar and calendar.plan_hours(
                    hours, now, compute_leaves=True
                )
                deadlines[company, hours] = fields.Datetime.context_timestamp(
                    self.with_context(tz=calendar.tz or self.env.user.tz),
                    planned or now,
                ).date()
        return deadlines
