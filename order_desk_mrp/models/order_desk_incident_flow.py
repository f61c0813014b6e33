from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .order_desk_incident import OPEN_STATES


class OrderDeskIncident(models.Model):
    """Raising, taking, solving and withdrawing incidents (SPEC E3)."""

    _inherit = "order.desk.incident"

    outcome_kind = fields.Selection(
        [
            ("solved", "Solved, nothing changes for the customer"),
            ("moved", "Finish date moved"),
            ("short", "Quantity short"),
            ("cancelled", "Cancelled"),
        ],
        "Result",
        readonly=True,
        tracking=True,
    )
    outcome = fields.Text(readonly=True, help="What came out of it.")
    solved_on = fields.Datetime(readonly=True)
    solved_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "outcome_kind": False,
            "outcome": False,
            "solved_on": False,
            "solved_by_id": False,
        }

    # ------------------------------------------------------------- raising

    @api.model
    def _get_raise_action(self, **defaults):
        """Return the dialog in which somebody reports an incident."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "order_desk_mrp.order_desk_incident_action_raise"
            ),
            "context": {f"default_{name}": value for name, value in defaults.items()},
        }

    def _open(self):
        """Tell the chain of SPEC E3 of new incidents at once."""
        for incident in self:
            incident.message_subscribe(incident.reporter_id.partner_id.ids)
        self._ask_chain()

    def _ask_chain(self):
        """Hand these incidents to the first of the chain and tell all others."""
        incidents = self.sudo()  # the reporter need not know who is told
        for incident in incidents:
            incident.write({"taken_on": False, "escalation_level": 0})
            asked = incident._get_waiting_people()
            due_on = incident._get_due_on()
            incident.write(
                {"owner_id": asked[:1].id, "due_on": due_on, "escalate_on": due_on}
            )
            people = (incident._get_chain() | asked).filtered("active")
            incident.message_subscribe(people.partner_id.ids)
            incident._notify_people(people - asked - self.env.user)
        incidents.sheet_id._start_over_if_second()  # whoever ships sees the gate closed
        incidents._update_todos()
        incidents._tell_sheet("incident")

    def _follow_assignment(self):
        """Tell the chain of an order that has just been found out."""
        self.filtered(lambda i: i.state in OPEN_STATES)._ask_chain_again()

    def _ask_chain_again(self):
        """Tell those of the order's chain who have not been told yet."""
        incidents = self.sudo()  # who finds out need not know who is told
        for incident in incidents:
            known = incident.message_partner_ids
            chain = incident._get_chain()
            new = chain.filtered(lambda user, known=known: user.partner_id not in known)
            incident.message_subscribe(chain.partner_id.ids)
            if not incident.taken_on:
                incident.owner_id = incident._get_waiting_people()[:1]
            incident._notify_people(new - self.env.user)
        incidents.sheet_id._start_over_if_second()
        incidents._update_todos()
        incidents._tell_sheet("incident")

    def _follow_gate(self):
        """Let the gates go on, or close, as somebody has just decided."""
        sheets = self.sudo().sheet_id
        sheets._start_over_if_second()
        sheets._make_good_waivers()
        sheets._advance()

    # ------------------------------------------------------------- dealing with it

    def action_take(self):
        """Take these incidents: the current user sees to them from now on.

        :raise AccessError: not one of the chain
        :raise UserError: taken by the user already, solved or withdrawn
        """
        self._start(*OPEN_STATES)
        self._check_managed()
        for incident in self:
            if incident.taken_on and incident.owner_id == self.env.user:
                raise UserError(
                    self.env._("You have taken %s already.", incident.display_name)
                )
        self._take()
        self._update_todos()

    def _take(self):
        """Make the current user the owner where nobody has taken it."""
        for incident in self.sudo():  # protected, the callers have checked
            vals = {"owner_id": self.env.uid, "escalate_on": False}
            if not incident.taken_on:
                vals["taken_on"] = fields.Datetime.now()
            if incident.state == "open":
                vals["due_on"] = incident._get_due_on()
            incident.write(vals)
        self.message_subscribe(self.env.user.partner_id.ids)

    def action_solve(self, outcome_kind, outcome, finish_date=False):
        """Write down what came out of these incidents; they hold nothing up any more.

        :param outcome_kind: one of the field's values
        :param finish_date: the new one, where it moves; a date or its ISO text
        :raise AccessError: not the owner or one of the chain
        :raise UserError: solved or withdrawn already, nothing is written, or the finish
            date cannot be moved to that day
        """
        self._start(*OPEN_STATES)
        self._check_managed()
        if outcome_kind not in dict(self._fields["outcome_kind"].selection):
            raise UserError(self.env._("Choose what came out of it."))
        outcome = self._read_text(outcome, self.env._("Write down what came out."))
        if outcome_kind == "moved":
            self._move_finish_date(finish_date, outcome)
        # protected, the checks are above
        self.sudo().write(
            {
                "state": "solved",
                "outcome_kind": outcome_kind,
                "outcome": outcome,
                "solved_on": fields.Datetime.now(),
                "solved_by_id": self.env.uid,
                "escalate_on": False,
            }
        )
        self._end("incident_solved")

    def _move_finish_date(self, date, reason):
        """Finish the orders of these incidents later, as decided here (SPEC E3)."""
        unknown = self.filtered(lambda incident: not incident.sudo().sheet_id)
        if unknown:
            raise UserError(
                self.env._(
                    "%s belongs to no order, so there is no finish date to move.",
                    ", ".join(unknown.mapped("display_name")),
                )
            )
        for incident in self.sudo():  # the owner need not be able to read the order
            incident.sheet_id._move_finish_date_for_incident(
                date,
                self.env._(
                    "Incident %(number)s: %(reason)s",
                    number=incident.number,
                    reason=reason,
                ),
            )

    def action_withdraw(self, reason):
        """Take these incidents back, e.g. because they were raised by mistake.

        :raise AccessError: neither the reporter nor the owner
        :raise UserError: solved or withdrawn already, or no reason
        """
        self._start(*OPEN_STATES)
        for incident in self:
            if self.env.user not in incident.reporter_id | incident.owner_id:
                raise AccessError(
                    self.env._(
                        "%(incident)s is withdrawn by %(reporter)s, who reported it, or"
                        " by its owner.",
                        incident=incident.display_name,
                        reporter=incident.sudo().reporter_id.name,
                    )
                )
        reason = self._read_text(reason, self.env._("Say why it is withdrawn."))
        # protected, the checks are above
        self.sudo().write(
            {"state": "withdrawn", "outcome": reason, "escalate_on": False}
        )
        self._end("withdrawn")

    def _end(self, event):
        """Let the orders go on that nothing holds up any more."""
        incidents = self.sudo()  # the gates are the desk's
        incidents._update_todos()
        incidents._tell_followers()
        incidents._tell_sheet(event)
        incidents._follow_gate()

    def action_reopen(self, reason):
        """Open these incidents again: they hold the order up as before.

        :raise AccessError: neither the reporter nor one of the chain
        :raise UserError: still open, or no reason
        """
        self._start("solved", "withdrawn")
        (self - self._filter_reported())._check_managed()
        reason = self._read_text(reason, self.env._("Say why it is opened again."))
        # protected, the checks are above
        self.sudo().write(
            {
                "state": "open",
                "opened_on": fields.Datetime.now(),
                "outcome_kind": False,
                "outcome": False,
                "solved_on": False,
                "solved_by_id": False,
            }
        )
        for incident in self:
            incident._message_log(
                body=self.env._("Opened again: %s", reason),
            )
        self._ask_chain()

    def _filter_reported(self):
        return self.filtered(lambda incident: incident.reporter_id == self.env.user)

    # ------------------------------------------------------------- in words

    def _get_sentence(self, event):
        """Return what the sheet's history says about this incident."""
        self.ensure_one()
        if event == "incident":
            return self.env._(
                "Incident %(number)s, reported by %(user)s: %(what)s",
                number=self.number,
                user=self.reporter_id.name,
                what=self.name,
            )
        if event == "incident_solved":
            return self.env._(
                "Incident %(number)s (%(what)s) is solved: %(outcome)s",
                number=self.number,
                what=self.name,
                outcome=self.outcome,
            )
        return self.env._(
            "Incident %(number)s (%(what)s) was withdrawn: %(outcome)s",
            number=self.number,
            what=self.name,
            outcome=self.outcome,
        )

    def _tell_sheet(self, event):
        """Write it into the orders' history; raising and solving are milestones."""
        for sheet, incidents in self.filtered("sheet_id").grouped("sheet_id").items():
            if event in ("incident", "incident_solved"):
                sheet._add_milestones(event)
            for incident in incidents:
                sheet._message_log(
                    body=incident._get_sentence(event),
                    author_id=self.env.user.partner_id.id,
                )

    # ------------------------------------------------------------- on the screen

    def action_open_solve(self):
        """Open the dialog in which it is written what came out."""
        self.ensure_one()
        dialog = self.env["order.desk.incident.solve"].create({"incident_id": self.id})
        return dialog._get_records_action(name=self.env._("Solved"), target="new")

    def action_open_reason(self, kind):
        """Open the dialog that asks for a reason.

        :param kind: "decline" the plan, "withdraw" or "reopen" the incident
        """
        self.ensure_one()
        dialog = self.env["order.desk.incident.reason"].create(
            {"incident_id": self.id, "kind": kind}
        )
        return dialog._get_records_action(name=dialog._get_title(), target="new")

    def action_open_decline(self):
        """Open the dialog in which somebody says no to the plan."""
        return self.action_open_reason("decline")

    def action_open_withdraw(self):
        """Open the dialog in which an incident is taken back."""
        return self.action_open_reason("withdraw")

    def action_open_reopen(self):
        """Open the dialog in which an incident is opened again."""
        return self.action_open_reason("reopen")

    def action_open_production(self):
        """Open the manufacturing order of this incident."""
        self.ensure_one()
        return self.production_id._get_records_action()
