from odoo import fields, models
from odoo.tools import plaintext2html

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
                    for sheet in coding.filtered(lambda s, c=company: s.company_id == c):
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

    def _update_todos(self, reason=False):
        """Bring the open activities in line with what these sheets wait for.

        :param reason: why a sheet came back, shown to whom reworks it
        """
        sheets = self.sudo()  # to-dos of others are the desk's to give and take back
        kinds = {
            self.env.ref(xmlid).id: kind for kind, xmlid in TODO_TYPES.items()
        }
        open_todos = {}
        for activity in sheets.activity_ids:
            kind = kinds.get(activity.activity_type_id.id)
            if kind:
                sheet = sheets.browse(activity.res_id)
                open_todos[sheet, kind, activity.user_id] = activity
        wanted = sheets._get_todos()
        obsolete = self.env["mail.activity"].sudo()
        for key, activity in open_todos.items():
            if key not in wanted:
                obsolete |= activity
        obsolete.unlink()
        type_ids = {kind: type_id for type_id, kind in kinds.items()}
        self.env["mail.activity"].sudo().create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": sheet.id,
                    "activity_type_id": type_ids[kind],
                    "user_id": user.id,
                    "automated": True,
                    "summary": sheet._get_todo_summary(kind, user, roles),
                    "note": reason and plaintext2html(reason),
                    "date_deadline": sheet._get_todo_deadline(roles),
                }
                for (sheet, kind, user), roles in wanted.items()
                if (sheet, kind, user) not in open_todos
            ]
        )

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

    def _get_todo_deadline(self, roles):
        """Return the day by which to act: the role's hours on the working calendar."""
        self.ensure_one()
        hours = min(roles.mapped("deadline_hours"), default=8.0)
        now = fields.Datetime.now()
        calendar = self.company_id.resource_calendar_id
        planned = calendar and calendar.plan_hours(hours, now, compute_leaves=True)
        return fields.Datetime.context_timestamp(
            self.with_context(tz=calendar.tz or self.env.user.tz), planned or now
        ).date()
