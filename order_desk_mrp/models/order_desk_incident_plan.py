from datetime import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .order_desk_incident import OPEN_STATES


class OrderDeskIncidentAnswer(models.Model):
    """What one of the chain says to an emergency plan: written once, never changed."""

    _name = "order.desk.incident.answer"
    _description = "Answer to an Emergency Plan"
    _order = "id"
    _rec_name = "user_id"

    incident_id = fields.Many2one(
        "order.desk.incident",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="incident_id.company_id", store=True, precompute=True, index=True
    )
    plan_version = fields.Integer("Plan", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [("agreed", "Agreed"), ("declined", "Declined")], required=True, readonly=True
    )
    reason = fields.Text(readonly=True)
    answered_on = fields.Datetime(readonly=True, default=fields.Datetime.now)
    is_current = fields.Boolean(
        compute="_compute_is_current", help="About the plan as it is now."
    )

    _user_uniq = models.UniqueIndex(
        "(incident_id, plan_version, user_id)", "You have answered this plan already."
    )

    @api.depends("plan_version", "incident_id.plan_version")
    def _compute_is_current(self):
        for answer in self:
            answer.is_current = answer.plan_version == answer.incident_id.plan_version

    def write(self, vals):
        self.check_access("write")
        if set(vals) - {"company_id"}:
            raise UserError(
                self.env._("An answer is written once. A new plan is answered anew.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An answer to a plan stays on file."))


class OrderDeskIncident(models.Model):
    """The emergency plan, which the chain agrees to (SPEC E3)."""

    _inherit = "order.desk.incident"

    plan = fields.Text(readonly=True, help="What is done about it.")
    plan_owner_id = fields.Many2one(
        "res.users",
        "Plan Carried out by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    plan_until = fields.Date(
        "Plan Done by", readonly=True, help="By when the plan is carried out."
    )
    planned_on = fields.Datetime(readonly=True)
    plan_version = fields.Integer(readonly=True)
    answer_ids = fields.One2many(
        "order.desk.incident.answer", "incident_id", "Answers", readonly=True
    )
    agreement = fields.Text(
        "Agreed by",
        compute="_compute_agreement",
        compute_sudo=True,
        help="Who of the chain has agreed to the plan as it is now, and who has not.",
    )
    can_answer = fields.Boolean(compute="_compute_can_answer", compute_sudo=True)

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "plan": False,
            "plan_owner_id": False,
            "plan_until": False,
            "planned_on": False,
            "plan_version": 0,
            "answer_ids": [],
        }

    @api.depends("answer_ids.decision", "plan_version", "state", "owner_id", "sheet_id")
    @api.depends_context("lang")
    def _compute_agreement(self):
        for incident in self:
            lines = [
                self.env._("%(user)s: agreed", user=answer.user_id.name)
                if answer.decision == "agreed"
                else self.env._(
                    "%(user)s: no, %(reason)s",
                    user=answer.user_id.name,
                    reason=answer.reason,
                )
                for answer in incident._get_current_answers()
            ]
            lines += [
                self.env._("%s: not answered yet", user.name)
                for user in incident._get_people_to_agree()
            ]
            incident.agreement = "\n".join(lines)

    @api.depends("answer_ids", "plan_version", "state", "owner_id", "sheet_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for incident in self:
            incident.can_answer = self.env.user in incident._get_people_to_agree()

    def _get_current_answers(self):
        self.ensure_one()
        return self.answer_ids.filtered("is_current")

    def _get_people_to_agree(self):
        """Return those of the chain who have not answered the plan as it is now.

        Whoever made the plan has agreed to it by making it.
        """
        self.ensure_one()
        if self.state != "planned":
            return self.env["res.users"]
        return self._get_chain() - self._get_current_answers().user_id

    # ------------------------------------------------------------- planning

    def action_open_plan(self):
        """Open the dialog in which the emergency plan is written."""
        self.ensure_one()
        dialog = self.env["order.desk.incident.plan"].create({"incident_id": self.id})
        return dialog._get_records_action(name=self.env._("Plan"), target="new")

    def action_plan(self, plan, owner_id=False, until=False):
        """Write down what is done about these incidents; the chain is asked to agree.

        A new plan takes the place of the old one, and is agreed to anew.

        :param owner_id: the id of whom carries it out, by default the current user
        :param until: a date or its ISO text
        :raise AccessError: not the owner or one of the chain
        :raise UserError: no plan, no date or one in the past, nobody to carry it out
        """
        self._start(*OPEN_STATES)
        self._check_managed()
        plan = self._read_text(plan, self.env._("Write down what is done."))
        until = self._read_until(until)
        owner = self._read_plan_owner(owner_id)
        self.filtered(lambda incident: not incident.taken_on)._take()
        for incident in self.sudo():  # protected, the checks are above
            incident.write(
                {
                    "state": "planned",
                    "plan": plan,
                    "plan_owner_id": owner.id,
                    "plan_until": until,
                    "planned_on": fields.Datetime.now(),
                    "plan_version": incident.plan_version + 1,
                    "due_on": incident._get_end_of_day(until),
                    "escalate_on": False,
                }
            )
        self._answer("agreed")
        for incident in self.sudo():
            incident.message_subscribe(owner.partner_id.ids)
            incident._message_log(
                body=incident._get_plan_sentence(),
                author_id=self.env.user.partner_id.id,
            )
            # the chain gets to-dos; whoever only carries it out, a message
            people = owner - incident._get_chain() - incident.owner_id
            incident._notify_people(people - self.env.user, "_get_plan_sentence")
        self._update_todos()

    def _read_until(self, date):
        """Return the date for what came over the wire.

        :raise UserError: no date, or one in the past of an incident's company
        """
        try:
            date = fields.Date.to_date(date)
        except (ValueError, TypeError):
            date = None
        if not date:
            raise UserError(self.env._("Give the day by which the plan is done."))
        if any(date < company._order_desk_date() for company in self.company_id):
            raise UserError(
                self.env._("The day by which the plan is done is in the past.")
            )
        return date

    def _read_plan_owner(self, owner_id):
        """Return whom an id means.

        :raise UserError: nobody who works in the companies of these incidents
        """
        users = self.env["res.users"].sudo()  # colleagues' companies
        owner = users.browse(owner_id or self.env.uid).exists()
        if not owner.active or owner.share or self.company_id - owner.company_ids:
            raise UserError(
                self.env._("Choose a colleague of this company who carries it out.")
            )
        return owner

    def _get_end_of_day(self, day):
        """Return the moment (UTC) at which work, or else the day, ends on ``day``."""
        self.ensure_one()
        company = self.company_id
        start = company._order_desk_to_utc(day, time.min)
        return company._order_desk_next_end_of_work(start)

    def _get_plan_sentence(self):
        self.ensure_one()
        return self.env._(
            "Plan %(version)s by %(user)s, carried out by %(owner)s until %(date)s:"
            " %(plan)s",
            version=self.plan_version,
            user=self.owner_id.name,
            owner=self.plan_owner_id.name,
            date=format_date(self.env, self.plan_until),
            plan=self.plan,
        )

    # ------------------------------------------------------------- agreeing

    def action_agree(self):
        """Agree to the plans of these incidents.

        :raise AccessError: not one of the chain
        :raise UserError: no plan, or answered already
        """
        self._start("planned")
        self._check_answering()
        self._answer("agreed")
        self._update_todos()

    def action_decline(self, reason):
        """Say no to the plans of these incidents; their owners are told.

        :raise AccessError: not one of the chain
        :raise UserError: no plan, answered already, or no reason
        """
        self._start("planned")
        self._check_answering()
        reason = self._read_text(reason, self.env._("Say why you do not agree."))
        self._answer("declined", reason)
        for incident in self.sudo():  # the owner may be anybody
            owner = incident.owner_id - self.env.user
            incident._notify_people(owner, "_get_decline_sentence")
        self._update_todos()

    def _check_answering(self):
        """Refuse unless the current user is asked, and has not answered yet."""
        for incident in self.sudo():  # who is in the chain is the desk's to know
            if self.env.user in incident._get_people_to_agree():
                continue
            if self.env.user in incident._get_current_answers().user_id:
                raise UserError(
                    self.env._(
                        "You have answered the plan of %s already.",
                        incident.display_name,
                    )
                )
            raise AccessError(
                self.env._(
                    "%s: the plan is agreed to by those who were told of the incident.",
                    incident.display_name,
                )
            )

    def _answer(self, decision, reason=False):
        # nobody writes answers by hand, so nobody has the right to create them
        answers = self.env["order.desk.incident.answer"].sudo()
        answers.create(
            [
                {
                    "incident_id": incident.id,
                    "plan_version": incident.plan_version,
                    "user_id": self.env.uid,
                    "decision": decision,
                    "reason": reason,
                }
                for incident in self
            ]
        )

    def _get_decline_sentence(self):
        """Return who does not agree, and why."""
        self.ensure_one()
        answer = self._get_current_answers().filtered(
            lambda a: a.decision == "declined"
        )[-1:]
        return self.env._(
            "%(user)s does not agree to the plan: %(reason)s",
            user=answer.user_id.name,
            reason=answer.reason,
        )
