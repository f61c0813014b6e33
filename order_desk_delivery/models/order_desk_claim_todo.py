from odoo import api, fields, models
from odoo.fields import Domain

from .order_desk_claim import ENTRY_STATES, OPEN_STATES

CLAIM_TYPE = "order_desk_delivery.mail_activity_type_claim"
OVERDUE_TYPE = "order_desk_delivery.mail_activity_type_claim_overdue"
DEFAULT_HOURS = 8.0


class OrderDeskClaim(models.Model):
    """Who deals with a claim, by when, who is told when it is late (SPEC I1, J2)."""

    _inherit = "order.desk.claim"

    answer_due_on = fields.Datetime(
        "First Answer Due", readonly=True, help="In working hours of customer service."
    )
    answered_on = fields.Datetime("First Answer", readonly=True)
    settle_due_on = fields.Datetime(
        "Settlement Due",
        readonly=True,
        help="By when the customer should know what is done about it.",
    )
    due_on = fields.Datetime(
        "Due",
        compute="_compute_due_on",
        store=True,
        index="btree_not_null",
        help="By when the next step has to be done.",
    )
    escalate_on = fields.Datetime(
        readonly=True, help="When the superior is told that it is late."
    )
    escalated_to_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    _escalate_idx = models.Index("(escalate_on) WHERE escalate_on IS NOT NULL")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "answer_due_on": False,
            "answered_on": False,
            "settle_due_on": False,
            "escalate_on": False,
            "escalated_to_id": False,
        }

    @api.depends("state", "answered_on", "answer_due_on", "settle_due_on")
    def _compute_due_on(self):
        for claim in self:
            if claim.state not in ENTRY_STATES:
                claim.due_on = False
            elif claim.answered_on:
                claim.due_on = claim.settle_due_on
            else:
                claim.due_on = claim.answer_due_on

    # ------------------------------------------------------------- who

    def _get_roles(self):
        """Return the roles that deal with the claims of this company."""
        roles = self.env["order.desk.role"]
        return roles._get_step_roles(self.company_id, "claim")[self.company_id]

    def _get_role_people(self):
        """Return who deals with claims; where nobody has that role, who entered it."""
        self.ensure_one()
        signers = self.env["res.users"].union(
            *(role._get_signers() for role in self._get_roles())
        )
        others = self.sheet_id.clerk_id | self.sheet_id.user_id
        return signers or others.filtered("active")[:1]

    def _get_waiting_people(self):
        self.ensure_one()
        return self.owner_id or self._get_role_people()

    def _get_managing_people(self):
        """Return who may deal with it: the owner, the role, and who is told."""
        self.ensure_one()
        return self.owner_id | self.escalated_to_id | self._get_role_people()

    def _get_superior(self):
        """Return who is told when the claim is late, nobody if they deal with it."""
        self.ensure_one()
        superiors = self._get_roles().superior_id.filtered("active")
        return (superiors - self.owner_id)[:1]

    # ------------------------------------------------------------- by when

    def _get_answer_due_on(self):
        """Return by when the customer gets a first answer (UTC)."""
        self.ensure_one()
        hours = self._get_roles()[:1].deadline_hours or DEFAULT_HOURS
        return self.company_id._order_desk_plan_hours(hours)

    def _get_settle_due_on(self):
        """Return by when the customer knows what is done about it (UTC)."""
        self.ensure_one()
        hours = self.company_id.order_desk_claim_hours
        return self.company_id._order_desk_plan_hours(hours)

    def _plan_escalation(self):
        """Tell the superior when the next step is late; what was told is over."""
        for claim in self:
            claim.write({"escalate_on": claim.due_on, "escalated_to_id": False})

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        todos = {}
        for claim in self.filtered(lambda claim: claim.state in OPEN_STATES):
            day = claim.company_id._order_desk_date(claim.due_on or claim.settle_due_on)
            for user in claim._get_waiting_people():
                todos[claim, CLAIM_TYPE, user] = {
                    "summary": claim._get_todo_summary(user),
                    "date_deadline": day,
                }
            if claim.escalated_to_id:
                user = claim.escalated_to_id
                env = claim.with_context(lang=user.lang).env
                todos[claim, OVERDUE_TYPE, user] = {
                    "summary": env._("Late claim: %s", claim.name),
                    "date_deadline": day,
                }
            todos.update(claim.outcome_ids._get_outcome_todos(day))
        return todos

    def _get_todo_summary(self, user):
        """Return the to-do's one line in the language of who has to do it."""
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        if self.state == "settled":
            if self._get_waiting_outcomes():
                return env._("See through what was promised: %s", self.name)
            return env._("Everything is done, close the claim: %s", self.name)
        if not self.owner_id:
            return env._("Take the claim: %s", self.name)
        if not self.answered_on:
            return env._("Answer the customer: %s", self.name)
        return env._("Settle the claim: %s", self.name)

    def _get_many_subject(self):
        return self.env._("%s claims wait for you", len(self))

    # ------------------------------------------------------------- scheduled

    @api.model
    def _cron_follow(self):
        """Tell the superior what is late; remind of what can be closed (SPEC J2)."""
        late = Domain("escalate_on", "<=", fields.Datetime.now())
        claims = self.search(late | Domain("state", "=", "settled"))
        self.env["ir.cron"]._order_desk_follow(claims, lambda some: some._follow())

    def _follow(self):
        """Escalate what is late, and bring the to-dos in line with the documents."""
        self._escalate()
        self._update_todos()

    def _escalate(self):
        """Tell the superior of the role, once for each step that is late."""
        now = fields.Datetime.now()
        for claim in self:
            if not claim.escalate_on or claim.escalate_on > now:
                continue
            superior = claim._get_superior()
            claim.write({"escalate_on": False, "escalated_to_id": superior.id})
            if not superior:
                continue
            claim.message_subscribe(superior.partner_id.ids)
            claim._message_log(
                body=self.env._("It is late: %s has been told.", superior.name)
            )
