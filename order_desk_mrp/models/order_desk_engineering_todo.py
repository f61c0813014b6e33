from odoo import api, fields, models
from odoo.tools import plaintext2html

from .order_desk_engineering import OPEN_STATES

ANSWER_TODO = "order_desk_mrp.mail_activity_type_engineering"
INFEASIBLE_TODO = "order_desk_mrp.mail_activity_type_not_feasible"
LATE_TODO = "order_desk_mrp.mail_activity_type_engineering_late"
# working hours the salesperson has to talk with the customer
SALES_HOURS = 8.0


class OrderDeskEngineering(models.Model):
    """Who has to do what about a confirmation, and who is told (SPEC B5, J2)."""

    _inherit = "order.desk.engineering"

    def _get_todos(self):
        todos = {}
        engineers = self.env["order.desk.role"]._get_engineers(self.company_id)
        for engineering in self.filtered(lambda e: e.state in OPEN_STATES):
            roles = engineers[engineering.company_id]
            for user in roles.signer_ids:
                todos[engineering, ANSWER_TODO, user] = engineering._prepare_todo(user)
            if engineering.is_overdue:
                for user in engineering._get_superiors(roles):
                    todos[engineering, LATE_TODO, user] = (
                        engineering._prepare_late_todo(user)
                    )
        for engineering in self:
            user = engineering.user_id or engineering.sheet_id.clerk_id
            if engineering._waits_for_sales() and user:
                todos[engineering, INFEASIBLE_TODO, user] = (
                    engineering._prepare_infeasible_todo(user)
                )
        return todos

    def _waits_for_sales(self):
        """Tell whether the salesperson has to decide about an infeasible line."""
        self.ensure_one()
        return self.state == "answered" and self.answer == "not_feasible"

    def _get_superiors(self, roles):
        """Return who is told that engineering is late."""
        self.ensure_one()
        superiors = roles.superior_id or self.sheet_id.clerk_id or self.user_id
        return superiors.filtered("active") - roles.signer_ids

    def _prepare_todo(self, user):
        self.ensure_one()
        label = self.sale_line_id._get_engineering_label()
        env = self.with_context(lang=user.lang).env
        return {
            "summary": env._("Confirm the process in writing: %s", label)
            if self.state == "insisted"
            else env._("Can it be built? %s", label),
            "date_deadline": self.company_id._order_desk_date(self.due_on),
            "note": plaintext2html(
                (self.state == "insisted" and self.settle_reason)
                or self.special_requirement
                or ""
            ),
        }

    def _prepare_late_todo(self, user):
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        return {
            "summary": env._(
                "Late: engineering, %s", self.sale_line_id._get_engineering_label()
            ),
            "date_deadline": self.company_id._order_desk_date(),
        }

    def _prepare_infeasible_todo(self, user):
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        label = self.sale_line_id._get_engineering_label()
        return {
            "summary": env._("Proposal declined, change the line or insist: %s", label)
            if self.proposal_state == "declined"
            else env._("Not feasible, look at the proposal: %s", label),
            "date_deadline": self.company_id._order_desk_date(
                self.company_id._order_desk_plan_hours(SALES_HOURS, self.answered_on)
            ),
            "note": plaintext2html(self.reason or ""),
        }

    def _notify_infeasible(self):
        """Tell the sales managers of lines that cannot be built (SPEC B5)."""
        for engineering in self.sudo():  # whoever answers need not read sales teams
            managers = engineering.sheet_id._get_sales_managers() - self.env.user
            engineering._notify_people(
                managers,
                lambda env, label: env._("Not feasible: %s", label),
                engineering.reason,
            )

    def _notify_engineers(self, reason):
        """Tell the engineers what has become of their proposal."""
        for engineering in self.sudo():
            roles = self.env["order.desk.role"]._get_engineers(engineering.company_id)
            engineering._notify_people(
                roles[engineering.company_id].signer_ids - self.env.user,
                lambda env, label: env._("Proposal declined: %s", label),
                reason,
            )

    def _notify_people(self, users, get_subject, text):
        """Send colleagues a message in their own language."""
        self.ensure_one()
        for lang, people in users.grouped("lang").items():
            engineering = self.with_context(lang=lang)
            engineering.message_notify(
                partner_ids=people.partner_id.ids,
                subject=get_subject(engineering.env, engineering.display_name),
                body=plaintext2html(text or ""),
                email_layout_xmlid="mail.mail_notification_light",
            )

    @api.model
    def _cron_follow(self):
        """Tell the superiors of engineers who are late (SPEC J2)."""
        late = self.search(
            [("state", "in", OPEN_STATES), ("due_on", "<", fields.Datetime.now())]
        )
        self.env["ir.cron"]._order_desk_follow(
            late, lambda engineering: engineering._update_todos()
        )
