from datetime import timedelta

from odoo import api, fields, models

CHECK_TYPE = "order_desk_delivery.mail_activity_type_tracking"
LATE_TYPE = "order_desk_delivery.mail_activity_type_tracking_late"
DEFAULT_HOURS = 8.0


class OrderDeskTrackingCheck(models.Model):
    """Whoever looks for shipments is reminded, and late ones are passed on (J2)."""

    _inherit = "order.desk.tracking.check"

    escalate_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the superior is told that nobody has looked.",
    )

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "escalate_on": False}

    def _get_role(self):
        """Return the sales admin's role in the company of this check; maybe none."""
        self.ensure_one()
        roles = self.env["order.desk.role"].sudo()  # whoever acts need not read roles
        return roles._get_step_roles(self.company_id, "shipping_request")[
            self.company_id
        ][:1]

    def _get_responsible(self):
        """Return who looks for this shipment: who has asked for it, as a rule."""
        self.ensure_one()
        request, role = self.advice_id.request_id, self._get_role()
        people = role.signer_ids or (
            self.advice_id.sheet_ids.clerk_id | self.advice_id.sheet_ids.user_id
        ).filtered("active")
        issuer = request.issued_by_id
        return issuer if issuer in people else people[:1]

    def _get_salespeople(self):
        """Return who speaks to the customer of this shipment."""
        self.ensure_one()
        return self.advice_id.sheet_ids.user_id.filtered("active")

    def _get_superior(self):
        """Return who is told when nobody looks; maybe nobody."""
        self.ensure_one()
        superior = self._get_role().superior_id.filtered("active")
        return superior or self.advice_id.sheet_ids._get_sales_managers()[:1]

    def _is_due(self):
        """Tell whether somebody has to look today."""
        self.ensure_one()
        today = self.company_id._order_desk_date()
        return bool(self.is_next and self.due_date and self.due_date <= today)

    def _get_todos(self):
        todos = {}
        now = fields.Datetime.now()
        for check in self.filtered(lambda check: check._is_due()):
            people = check.user_id or check._get_responsible()
            if check.escalate_on and check.escalate_on <= now:
                people |= check._get_superior()
            for user in people.filtered("active"):
                todos[check, CHECK_TYPE, user] = {
                    "summary": check._get_todo_summary(user, CHECK_TYPE),
                    "date_deadline": check.due_date,
                }
            if check.kind != "late":
                continue
            for user in check._get_salespeople():
                todos[check, LATE_TYPE, user] = {
                    "summary": check._get_todo_summary(user, LATE_TYPE),
                    "date_deadline": check.due_date,
                }
        return todos

    def _get_todo_summary(self, user, type_xmlid):
        """Return the to-do's one line in the language of who has to do it."""
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        values = {
            "shipment": self.advice_id.display_name,
            "customer": self.partner_id.name,
        }
        if type_xmlid == LATE_TYPE:
            return env._(
                "Not arrived: %(shipment)s. Call %(customer)s before they call you.",
                **values,
            )
        return env._("Where is %(shipment)s for %(customer)s?", **values)

    def _get_many_subject(self):
        return self.env._("%s shipments to look for", len(self))

    # ------------------------------------------------------------- scheduled

    @api.model
    def _cron_follow(self):
        """Remind of the shipments to look for today; pass forgotten ones on."""
        # it is tomorrow already somewhere; each company's own day is looked at later
        latest = fields.Date.today() + timedelta(days=1)
        due = self.search([("is_next", "=", True), ("due_date", "<=", latest)])
        self.env["ir.cron"]._order_desk_follow(due, lambda some: some._remind())

    def _remind(self):
        self.invalidate_recordset(["is_next", "due_date", "escalate_on"])
        due = self.filtered(lambda check: check._is_due())
        for check in due.filtered(lambda check: not check.escalate_on):
            hours = check._get_role().deadline_hours or DEFAULT_HOURS
            check.escalate_on = check.company_id._order_desk_plan_hours(hours)
        due._update_todos()
