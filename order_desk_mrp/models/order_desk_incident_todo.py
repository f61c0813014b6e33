from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import plaintext2html

from odoo.addons.order_desk.quantity import format_quantity

from .order_desk_incident import OPEN_STATES

TAKE_TYPE = "order_desk_mrp.mail_activity_type_incident"
AGREE_TYPE = "order_desk_mrp.mail_activity_type_incident_agree"
# who is asked first, where there is such a role
FIRST_ROLES = ("sales_admin", "production_manager")
DEFAULT_HOURS = 8.0


class OrderDeskIncident(models.Model):
    """Who is told of an incident, in which order, and who is reminded (SPEC E3, J2)."""

    _inherit = "order.desk.incident"

    escalation_level = fields.Integer(
        readonly=True, help="How many of the chain were told that nobody has taken it."
    )
    escalate_on = fields.Datetime(
        readonly=True, help="When the next of the chain is told."
    )

    _escalate_idx = models.Index("(escalate_on) WHERE escalate_on IS NOT NULL")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "escalation_level": 0,
            "escalate_on": False,
        }

    # ------------------------------------------------------------- the chain

    def _get_roles(self):
        """Return the roles that are told of this incident, in their order.

        What is made without an order, or with one that nobody controls, is the
        production manager's.
        """
        self.ensure_one()
        company = self.company_id
        roles = self.env["order.desk.role"]
        if self.production_id and not self.sheet_id:
            step = roles._get_step_roles(company, "countersign")[company]
            return step.filtered(lambda role: role.code == "production_manager")
        return roles._get_step_roles(company, "incident")[company]

    def _get_queue(self):
        """Return who is asked one after the other: ``[(role, people)]``.

        The sales admin first; where nobody has that role, the clerk of the order. When
        nobody of the roles has taken it the superior of the last one is told.
        """
        self.ensure_one()
        roles = self._get_roles()
        first = roles.filtered(lambda role: role.code in FIRST_ROLES)[:1]
        clerk = (self.sheet_id.clerk_id | self.sheet_id.user_id).filtered("active")[:1]
        queue = [] if first or not clerk else [(roles.browse(), clerk)]
        queue += [(role, role._get_signers()) for role in first | roles]
        superior = roles[-1:].superior_id.filtered("active")
        return [*queue, (roles[-1:], superior)] if superior else queue

    def _get_chain(self):
        """Return everybody who is told of this incident at once (SPEC E3).

        The sales admin, the salesperson, the customer-service supervisor and the
        marketing director, or whom the company has put into these roles.
        """
        self.ensure_one()
        people = self.sheet_id.user_id.filtered("active")
        superior = self._get_roles()[-1:].superior_id
        return people.union(*(asked for _role, asked in self._get_queue())) - (
            superior - people
        )

    def _get_waiting_people(self):
        """Ask the chain one after the other until somebody has taken it."""
        self.ensure_one()
        if self.taken_on:
            return self.owner_id
        queue = self._get_queue()[: self.escalation_level + 1]
        people = self.env["res.users"].union(*(asked for _role, asked in queue))
        return people.filtered("active")

    def _get_managing_people(self):
        """Return who may deal with it: the owner, the chain and who was asked since."""
        self.ensure_one()
        return self.owner_id | self._get_chain() | self._get_waiting_people()

    def _get_hours(self):
        """Return the working hours that whoever is asked now has."""
        self.ensure_one()
        queue = self._get_queue()[: self.escalation_level + 1]
        role = queue[-1][0] if queue else False
        return role.deadline_hours if role else DEFAULT_HOURS

    def _get_due_on(self):
        """Return by when whoever is asked now has to act (UTC)."""
        self.ensure_one()
        return self.company_id._order_desk_plan_hours(self._get_hours())

    # ------------------------------------------------------------- telling

    def _get_facts(self):
        """Return what is known, a line each, without the customer's name."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        rows = [
            (self.env._("Kind"), kinds[self.kind]),
            (self.env._("Order"), self.order_code or self.sheet_id.order_id.name),
            (self.env._("Customer code"), self.sheet_id.customer_code),
            (self.env._("Manufacturing order"), self.production_id.name),
            (self.env._("Product"), self.production_id.product_id.display_name),
            (
                self.env._("Quantity affected"),
                self.quantity and format_quantity(self.quantity),
            ),
            (self.env._("Expected delay (days)"), self.delay_days),
            (self.env._("Reported by"), self.reporter_id.name),
            (self.env._("Details"), self.description),
        ]
        return [
            self.env._("%(label)s: %(value)s", label=label, value=value)
            for label, value in rows
            if value
        ]

    def _notify_people(self, people, heading_method=False):
        """Tell each of ``people`` of this incident, in their language.

        :param heading_method: the name of the method that says what is new
        """
        self.ensure_one()
        for user in people.filtered("active"):
            incident = self.with_context(lang=user.lang, mail_notify_force_send=False)
            subject = incident.env._("Incident %s", incident.display_name)
            lines = incident._get_facts()
            if heading_method:
                lines.insert(0, getattr(incident, heading_method)())
            incident.message_notify(
                partner_ids=user.partner_id.ids,
                subject=subject,
                body=Markup("<br/>").join(plaintext2html(line) for line in lines),
                email_layout_xmlid="mail.mail_notification_layout",
            )
        if people:
            # mails leave with Odoo's queue: whoever reports does not wait for them
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _tell_followers(self):
        """Tell who follows these incidents how they ended."""
        for incident in self:
            incident.with_context(mail_notify_force_send=False).message_post(
                body=incident._get_sentence(
                    "incident_solved" if incident.state == "solved" else "withdrawn"
                ),
                subtype_xmlid="mail.mt_comment",
                author_id=self.env.user.partner_id.id,
            )

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        todos = {}
        for incident in self.filtered(lambda i: i.state in OPEN_STATES):
            deadline = incident.company_id._order_desk_date(incident.due_on)
            for user in incident._get_waiting_people():
                todos[incident, TAKE_TYPE, user] = {
                    "summary": incident._get_todo_summary(user),
                    "date_deadline": deadline,
                }
            for user in incident._get_people_to_agree() - incident.owner_id:
                env = self.with_context(lang=user.lang).env
                todos[incident, AGREE_TYPE, user] = {
                    "summary": env._("Agree to the plan: %s", incident.name),
                    "date_deadline": deadline,
                }
        return todos

    def _get_todo_summary(self, user):
        """Return the to-do's one line in the language of who has to do it."""
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        if self.state == "planned":
            return env._("See the plan through: %s", self.name)
        if self.taken_on:
            return env._("Make a plan: %s", self.name)
        if self.escalation_level:
            return env._("Incident nobody has taken: %s", self.name)
        return env._("Incident: %s", self.name)

    def _get_many_subject(self):
        return self.env._("%s incidents wait for you", len(self))

    # ------------------------------------------------------------- scheduled

    @api.model
    def _cron_escalate(self):
        """Tell the next of the chain what nobody has taken in time (SPEC E3)."""
        late = self.search(
            [("state", "=", "open"), ("escalate_on", "<=", fields.Datetime.now())],
            order="escalate_on",
        )
        self.env["ir.cron"]._order_desk_follow(
            late, lambda incidents: [incident._escalate() for incident in incidents]
        )

    def _escalate(self):
        self.ensure_one()
        now = fields.Datetime.now()
        self.invalidate_recordset(["state", "taken_on", "escalate_on"])
        if self.state != "open" or not self.escalate_on or self.escalate_on > now:
            return
        queue = self._get_queue()
        level = self.escalation_level + 1
        people = queue[level][1] if level < len(queue) else self.env["res.users"]
        self.escalation_level = level
        self.escalate_on = self._get_due_on() if level + 1 < len(queue) else False
        if people:
            self.message_subscribe(people.partner_id.ids)
            self._message_log(
                body=self.env._(
                    "Nobody has taken it in time: %s has been told.",
                    ", ".join(people.mapped("name")),
                )
            )
        self._update_todos()
