from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_desk_claim import DEAD_STATES, ENTRY_STATES, OPEN_STATES


class OrderDeskClaim(models.Model):
    """Taking, settling, closing and refusing claims (SPEC I1)."""

    _inherit = "order.desk.claim"

    settlement = fields.Text(
        readonly=True, help="What is done about it, as the customer was told."
    )
    settled_on = fields.Datetime(readonly=True)
    settled_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    closed_on = fields.Datetime(readonly=True)
    end_reason = fields.Text(
        "Reason", readonly=True, help="Why it was refused or withdrawn."
    )
    can_manage = fields.Boolean(compute="_compute_can_manage")
    can_edit = fields.Boolean(compute="_compute_can_manage")
    can_withdraw = fields.Boolean(compute="_compute_can_manage")
    is_owner = fields.Boolean(compute="_compute_can_manage")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "settlement": False,
            "settled_on": False,
            "settled_by_id": False,
            "closed_on": False,
            "end_reason": False,
        }

    @api.depends("state", "owner_id", "opened_by_id")
    @api.depends_context("uid")
    def _compute_can_manage(self):
        user = self.env.user
        managed = self._filter_managed()
        for claim in self:
            own = user == claim.opened_by_id or not claim.id
            claim.is_owner = user == claim.owner_id
            claim.can_manage = claim in managed
            claim.can_edit = (claim.state in ENTRY_STATES and claim in managed) or (
                claim.state == "new" and own
            )
            claim.can_withdraw = claim.state in ENTRY_STATES and (
                claim in managed or (claim.state == "new" and own)
            )

    # ------------------------------------------------------------- opening

    def _open(self):
        """Tell those who deal with claims of new ones at once."""
        for claim in self.sudo():  # protected; customers open claims, too
            people = claim.opened_by_id | claim.order_id.user_id
            people = people.filtered("active")
            claim.message_subscribe(people.partner_id.ids)
            claim.write(
                {
                    "answer_due_on": claim._get_answer_due_on(),
                    "settle_due_on": claim._get_settle_due_on(),
                }
            )
        claims = self.sudo()
        claims._plan_escalation()
        claims._update_todos()
        claims._tell_sheet("claim")

    # ------------------------------------------------------------- dealing with it

    def action_take(self):
        """Take these claims: the current user deals with them from now on.

        :raise AccessError: not one of those who deal with claims
        :raise UserError: taken by the user already, or not open any more
        """
        self._start(*OPEN_STATES)
        self._check_managed()
        for claim in self:
            if claim.owner_id == self.env.user:
                raise UserError(
                    self.env._("You have taken %s already.", claim.display_name)
                )
        self._give_to(self.env.user)

    def action_hand_over(self, user_id, note=False):
        """Let somebody else deal with these claims.

        :param note: what the new owner should know, for colleagues alone
        :raise AccessError: not one of those who deal with them
        :raise UserError: not open, nobody chosen, or the person cannot read them
        """
        self._start(*OPEN_STATES)
        self._check_managed()
        user = self.env["res.users"].browse(user_id or 0).exists()
        if not user or not user.active or user.share:
            raise UserError(self.env._("Choose the colleague who takes it over."))
        for claim in self:
            if claim.owner_id == user:
                raise UserError(
                    self.env._(
                        "%(claim)s is dealt with by %(user)s already.",
                        claim=claim.display_name,
                        user=user.name,
                    )
                )
            if not claim.with_user(user).has_access("read"):
                raise UserError(
                    self.env._(
                        "%(user)s may not see %(claim)s. Choose somebody of sales,"
                        " customer service or the warehouse of %(company)s.",
                        user=user.name,
                        claim=claim.display_name,
                        company=claim.company_id.name,
                    )
                )
        self._give_to(user)
        note = str(note or "").strip()
        for claim in self:
            claim._message_log(
                body=self.env._(
                    "Handed over to %(user)s. %(note)s", user=user.name, note=note
                )
            )

    def _give_to(self, user):
        """Make ``user`` the owner of these claims; work on them has begun."""
        for claim in self.sudo():  # protected, the callers have checked
            vals = {"owner_id": user.id}
            if claim.state == "new":
                vals["state"] = "working"
            claim.write(vals)
        self.message_subscribe(user.partner_id.ids)
        self.sudo()._plan_escalation()
        self._update_todos()

    def action_answer(self, text, via="email", person=False):
        """Answer the customer, or note what was said on the phone.

        :param via: "email" or "phone"
        :param person: who was spoken with, on the phone
        :raise AccessError: not one of those who deal with these claims
        :raise UserError: not open, nothing written, or no e-mail address
        """
        self._start(*OPEN_STATES)
        self._check_managed()
        text = self._read_text(text, self.env._("Write what the customer is told."))
        self.filtered(lambda c: not c.owner_id)._give_to(self.env.user)
        self._tell_customer(text, via, person)

    def action_settle(self, text, via="email", person=False):
        """Tell the customer what is done about these claims.

        :param text: in the customer's language; stays on the claim
        :raise AccessError: not one of those who deal with these claims
        :raise UserError: nothing decided or written, or not open any more
        """
        self._start(*ENTRY_STATES)
        self._check_managed()
        undecided = self.filtered(lambda claim: not claim._get_live_outcomes())
        if undecided:
            raise UserError(
                self.env._(
                    "%s: decide first what is done about it, e.g. a return or a credit"
                    " note. Where nothing is done, refuse it with a reason.",
                    ", ".join(undecided.mapped("display_name")),
                )
            )
        text = self._read_text(text, self.env._("Write what the customer is told."))
        self.filtered(lambda c: not c.owner_id)._give_to(self.env.user)
        # protected, the checks are above
        self.sudo().write(
            {
                "state": "settled",
                "settlement": text,
                "settled_on": fields.Datetime.now(),
                "settled_by_id": self.env.uid,
            }
        )
        self._tell_customer(text, via, person)
        self._follow_state("claim_settled")

    def action_close(self):
        """Close these claims: everything is done; the customer is asked for a rating.

        :raise AccessError: not one of those who deal with these claims
        :raise UserError: not settled, or something is not done yet
        """
        self._start("settled")
        self._check_managed()
        errors = [
            self.env._(
                "%(claim)s: not done yet: %(outcomes)s. See it through, or drop it with"
                " a reason.",
                claim=claim.display_name,
                outcomes=", ".join(waiting.mapped("display_name")),
            )
            for claim in self
            if (waiting := claim._get_waiting_outcomes())
        ]
        if errors:
            raise UserError("\n".join(errors))
        # protected, the checks are above
        self.sudo().write({"state": "closed", "closed_on": fields.Datetime.now()})
        self._follow_state("claim_closed")
        self._ask_rating()

    def action_refuse(self, reason, via="email", person=False):
        """Refuse these claims; the customer reads why.

        :raise AccessError: not one of those who deal with these claims
        :raise UserError: no reason, something is being done about it, or not open
        """
        self._start(*ENTRY_STATES)
        self._check_managed()
        reason = self._read_text(
            reason, self.env._("Say why it is refused; the customer reads it.")
        )
        self._end("refused", reason)
        self._tell_customer(reason, via, person)

    def action_withdraw(self, reason):
        """Take these claims back: opened by mistake, or the customer does so.

        :raise AccessError: somebody else opened it or deals with it
        :raise UserError: no reason, something is being done about it, or not open
        """
        self._start(*ENTRY_STATES)
        others = self.filtered(
            lambda c: c.state != "new" or c.opened_by_id != self.env.user
        )
        others._check_managed()
        reason = self._read_text(reason, self.env._("Say why it is withdrawn."))
        self._end("withdrawn", reason)

    def _end(self, state, reason):
        """Let these claims come to nothing."""
        errors = [
            self.env._(
                "%(claim)s: there is an outcome already: %(outcomes)s. Drop it first.",
                claim=claim.display_name,
                outcomes=", ".join(outcomes.mapped("display_name")),
            )
            for claim in self
            if (outcomes := claim._get_live_outcomes())
        ]
        if errors:
            raise UserError("\n".join(errors))
        # protected, the callers have checked
        self.sudo().write(
            {
                "state": state,
                "end_reason": reason,
                "closed_on": fields.Datetime.now(),
            }
        )
        self._follow_state(f"claim_{state}")

    def action_reopen(self, reason):
        """Work on these claims again, e.g. because the customer is not content.

        :raise AccessError: not one of those who deal with claims
        :raise UserError: still in work, no reason, or the goods are claimed elsewhere
        """
        self._start("settled", "closed", *DEAD_STATES)
        self._check_managed()
        reason = self._read_text(reason, self.env._("Say why it is opened again."))
        for claim in self.sudo():  # protected, the checks are above
            claim.write(
                {
                    "state": "working",
                    "owner_id": claim.owner_id.id or self.env.uid,
                    "settle_due_on": claim._get_settle_due_on(),
                    "settled_on": False,
                    "settled_by_id": False,
                    "closed_on": False,
                    "end_reason": False,
                }
            )
            claim._message_log(
                body=self.env._("Opened again: %s", reason),
                author_id=self.env.user.partner_id.id,
            )
        self.line_ids._check_goods()
        self._follow_state("claim_reopened")

    def _follow_state(self, event):
        """Bring to-dos and the order's history in line with the new status."""
        claims = self.sudo()  # of colleagues, and the desk's
        claims._plan_escalation()
        claims._update_todos()
        claims._tell_sheet(event)

    # ------------------------------------------------------------- in words

    def _get_sentence(self, event):
        """Return what the order's history says about this claim."""
        self.ensure_one()
        values = {
            "number": self.number,
            "what": self.name,
            "text": self.settlement
            if event == "claim_settled"
            else self.end_reason or "",
        }
        return {
            "claim": self.env._("Claim %(number)s: %(what)s", **values),
            "claim_settled": self.env._(
                "Claim %(number)s (%(what)s) is settled: %(text)s", **values
            ),
            "claim_closed": self.env._(
                "Claim %(number)s (%(what)s) is closed.", **values
            ),
            "claim_refused": self.env._(
                "Claim %(number)s (%(what)s) was refused: %(text)s", **values
            ),
            "claim_withdrawn": self.env._(
                "Claim %(number)s (%(what)s) was withdrawn: %(text)s", **values
            ),
            "claim_reopened": self.env._(
                "Claim %(number)s (%(what)s) is opened again.", **values
            ),
        }[event]

    def _tell_sheet(self, event):
        """Write it into the orders' history; opening and settling are milestones."""
        for sheet, claims in self.grouped("sheet_id").items():
            if event in ("claim", "claim_settled"):
                sheet._add_milestones(event)
            for claim in claims:
                author = (
                    self.env.user.partner_id
                    if self.env.user._is_internal()
                    else claim.partner_id
                )
                sheet._message_log(body=claim._get_sentence(event), author_id=author.id)
