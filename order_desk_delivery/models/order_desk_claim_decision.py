from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .order_desk_claim import OPEN_STATES
from .order_desk_claim_outcome import GOODS_KINDS
from .order_desk_claim_outcome_cost import COST_GROUPS

# what whoever decides says besides the kind and the goods
DECIDED_FIELDS = {"amount_asked", "carrier_id", "is_free", "other_cost", "text"}


class OrderDeskClaim(models.Model):
    _inherit = "order.desk.claim"

    outcome_ids = fields.One2many("order.desk.claim.outcome", "claim_id", "Outcomes")
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        groups=COST_GROUPS,
        help="What all outcomes cost, less what carriers have paid.",
    )

    has_outcomes = fields.Boolean(compute="_compute_has_outcomes", compute_sudo=True)
    is_waiting = fields.Boolean(
        "Not Done Yet", compute="_compute_has_outcomes", compute_sudo=True
    )

    @api.depends("outcome_ids.cost")
    def _compute_cost(self):
        for claim in self:
            claim.cost = sum(claim.outcome_ids.mapped("cost"))

    @api.depends("outcome_ids.state")
    def _compute_has_outcomes(self):
        for claim in self:
            claim.has_outcomes = bool(claim._get_live_outcomes())
            claim.is_waiting = bool(claim._get_waiting_outcomes())

    # ------------------------------------------------------------- deciding

    def _get_live_outcomes(self):
        """Return what is done about these claims, without what was dropped."""
        return self.outcome_ids.filtered(lambda outcome: not outcome.is_dropped)

    def _get_waiting_outcomes(self):
        """Return what is not done yet."""
        return self.outcome_ids.filtered(
            lambda outcome: outcome.state in ("asked", "open")
        )

    def action_decide(self, kind, quantities=None, **values):
        """Decide that something is done about this claim.

        Who has Odoo's rights makes the document at once; else it is the to-do of those
        who have.

        :param kind: one of the outcome's kinds
        :param quantities: ``{id of a claimed line: quantity}``, for kinds about goods
        :param values: other fields of the outcome that may be entered
        :raise AccessError: not one of those who deal with the claim
        :raise UserError: not open, an unknown kind, or nothing said
        :return: the outcome
        """
        self.ensure_one()
        self._start(*OPEN_STATES)
        self._check_managed()
        outcomes = self.env["order.desk.claim.outcome"]
        if kind not in outcomes._get_kinds():
            raise UserError(self.env._("Choose what is done about it."))
        if other := set(values) - DECIDED_FIELDS:
            raise AccessError(
                self.env._("This cannot be decided: %s.", ", ".join(sorted(other)))
            )
        chosen = self._read_quantities(quantities) if kind in GOODS_KINDS else {}
        self._check_decision(kind, chosen, values)
        if not self.owner_id:
            self._give_to(self.env.user)
        # whoever deals with it decides; nobody enters outcomes by hand
        outcome_sudo = outcomes.sudo()._decide(self, kind, chosen, **values)
        outcome_sudo._check_makeable()
        outcome = outcome_sudo.sudo(False)
        self._message_log(
            body=self.env._("Decided: %s", outcome.display_name),
            author_id=self.env.user.partner_id.id,
        )
        if outcome._may_make():
            outcome.action_make()
        self._update_todos()
        return outcome

    def _read_quantities(self, quantities):
        """Return ``{claimed line: quantity}`` of what a client has sent.

        :raise UserError: a line of another claim, or no number
        """
        self.ensure_one()
        by_id = {str(line.id): line for line in self.line_ids}
        chosen = {}
        for line_id, quantity in (quantities or {}).items():
            line = by_id.get(str(line_id))
            if not line:
                raise UserError(
                    self.env._("Choose from the goods of %s.", self.display_name)
                )
            quantity = line._read_number("quantity", quantity)
            if line.product_uom_id.compare(quantity, 0) > 0:
                chosen[line] = quantity
        return chosen

    def _check_decision(self, kind, chosen, values):
        """Refuse a decision that says nothing.

        :raise UserError: names what is missing
        """
        self.ensure_one()
        if kind in GOODS_KINDS and not chosen:
            raise UserError(
                self.env._("%s: say how much of which goods.", self.display_name)
            )
        if kind == "other" and not (values.get("text") or "").strip():
            raise UserError(self.env._("Write what is done about it."))
        if kind == "compensation" and not values.get("amount_asked"):
            raise UserError(self.env._("Enter what the carrier is asked to pay."))
