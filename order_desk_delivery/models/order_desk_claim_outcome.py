from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .order_desk_claim import OPEN_STATES

OUTCOME_TYPE = "order_desk_delivery.mail_activity_type_claim_outcome"

# these take the goods of the claim; what did not arrive cannot come back
BACK_KINDS = ("return", "exchange", "repair")
GOODS_KINDS = (*BACK_KINDS, "credit", "resend")


class OrderDeskClaimOutcome(models.Model):
    """One thing that is done about a claim, by a document of Odoo's own (SPEC I1).

    Its status is read from that document. Whoever decides need not have the right to
    make the document: then it is the to-do of those who have.
    """

    _name = "order.desk.claim.outcome"
    _description = "Outcome of a Claim"
    _inherit = ["order.desk.number.mixin", "order.desk.protected.mixin"]
    _order = "claim_id, id"
    _rec_name = "kind"
    _check_company_auto = True

    claim_id = fields.Many2one(
        "order.desk.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="claim_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("return", "Return"),
            ("exchange", "Exchange"),
            ("credit", "Credit Note"),
            ("resend", "Resend"),
            ("repair", "Repair"),
            ("compensation", "Compensation by the Carrier"),
            ("other", "Apology or Other"),
        ],
        required=True,
        index=True,
    )
    line_ids = fields.One2many(
        "order.desk.claim.outcome.line", "outcome_id", "Goods", readonly=True
    )
    goods = fields.Char("What Goods", compute="_compute_goods")
    text = fields.Text("What Is Done", help="The customer reads it too.")
    is_free = fields.Boolean(
        "Free of Charge", default=True, help="The goods sent anew cost nothing."
    )
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    amount_asked = fields.Monetary(help="What the carrier is asked to pay.")
    amount_received = fields.Monetary(help="What the carrier has paid.")
    answered_on = fields.Date(
        "Carrier Answered on", help="When the carrier has paid or refused to."
    )
    other_cost = fields.Monetary(
        "Freight and Other Cost",
        help="What it costs beyond what the documents say, e.g. the way back.",
    )
    decided_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    decided_on = fields.Datetime(readonly=True)
    drop_reason = fields.Text(readonly=True)
    is_dropped = fields.Boolean(readonly=True)
    state = fields.Selection(
        [
            ("asked", "Asked for"),
            ("open", "In Work"),
            ("done", "Done"),
            ("dropped", "Dropped"),
        ],
        "Status",
        compute="_compute_state",
        compute_sudo=True,
        help="As its document says.",
    )
    waits_for = fields.Char(
        compute="_compute_waits_for",
        compute_sudo=True,
        help="Who makes the document.",
    )
    can_make = fields.Boolean(compute="_compute_can_make")
    can_manage = fields.Boolean(compute="_compute_can_make")

    @api.depends("line_ids.quantity")
    def _compute_goods(self):
        for outcome in self:
            outcome.goods = ", ".join(
                f"{line._get_quantity_text()} × {line.claim_line_id._get_title()}"
                for line in outcome.line_ids
            )

    @api.depends("kind", "line_ids.quantity", "text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for outcome in self:
            label = outcome._get_kind_text()
            goods = outcome.goods or outcome.text
            outcome.display_name = (
                self.env._("%(what)s: %(goods)s", what=label, goods=goods)
                if goods
                else label
            )

    @api.depends(
        "kind",
        "is_dropped",
        "answered_on",
        "move_ids.state",
        "credit_note_ids.state",
        "resend_order_ids.state",
        "resend_order_ids.delivery_status",
        "repair_res_ids",
    )
    def _compute_state(self):
        for outcome in self:
            states = outcome._get_document_states()
            if outcome.is_dropped:
                outcome.state = "dropped"
            elif outcome.kind == "other":
                outcome.state = "done"
            elif outcome.kind == "compensation":
                outcome.state = "done" if outcome.answered_on else "open"
            elif not states - {"cancel"}:
                outcome.state = "asked"
            else:
                outcome.state = "open" if "open" in states else "done"

    def _get_kind_text(self):
        """Return the kind as the screen shows it."""
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    # ------------------------------------------------------------- protection

    @api.model
    def _get_entered_numbers(self):
        return ("amount_asked", "amount_received", "other_cost")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "line_ids": [],
            "decided_by_id": False,
            "decided_on": False,
            "amount_received": 0.0,
            "answered_on": False,
            "is_dropped": False,
            "drop_reason": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"claim_id", "kind", "is_free"}

    def write(self, vals):
        if not self.env.su:
            self.claim_id._check_managed()
        return super().write(vals)

    @api.constrains("amount_asked", "amount_received", "other_cost")
    def _check_amounts(self):
        for outcome in self:
            amounts = (outcome.amount_asked, outcome.amount_received)
            if any(amount < 0 for amount in (*amounts, outcome.other_cost)):
                raise ValidationError(
                    self.env._("%s: amounts are not negative.", outcome.display_name)
                )

    # ------------------------------------------------------------- deciding

    @api.model
    def _decide(self, claim, kind, quantities, **values):
        """Return a new outcome of ``claim``; see ``action_decide`` there."""
        return self.create(
            {
                "claim_id": claim.id,
                "kind": kind,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "line_ids": [
                    (0, 0, {"claim_line_id": line.id, "quantity": quantity})
                    for line, quantity in quantities.items()
                ],
                **values,
            }
        )

    @api.model
    def _get_kinds(self):
        """Return the kinds that this database knows; repairs may not be installed."""
        kinds = [kind for kind, _label in self._fields["kind"].selection]
        return [k for k in kinds if k != "repair" or "repair.order" in self.env]

    # ------------------------------------------------------------- making it

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_make(self):
        managed = self.claim_id._filter_managed()
        for outcome in self:
            outcome.can_make = outcome.state == "asked" and outcome._may_make()
            outcome.can_manage = (
                outcome.claim_id in managed and outcome.claim_id.state in OPEN_STATES
            )

    @api.depends("state")
    def _compute_waits_for(self):
        for outcome in self:
            asked = outcome.state == "asked"
            people = outcome._get_makers() if asked else self.env["res.users"]
            outcome.waits_for = ", ".join(people.mapped("name"))

    def _may_make(self):
        """Tell whether the current user has Odoo's rights to make the document."""
        self.ensure_one()
        model = {
            "return": "stock.return.picking",
            "exchange": "stock.return.picking",
            "credit": "account.move.reversal",
            "resend": "sale.order",
            "repair": "repair.order",
        }.get(self.kind)
        return bool(
            model and model in self.env and self.env[model].has_access("create")
        )

    def _get_makers(self):
        """Return who is asked to make the document: those whose work it is."""
        self.ensure_one()
        company = self.company_id
        roles = self.env["order.desk.role"]
        if self.kind == "resend":
            sheet = self.claim_id.sheet_id
            return (sheet.clerk_id | sheet.user_id).filtered("active")[:1]
        step = "finance" if self.kind == "credit" else "shipping"
        steps = roles._get_step_roles(company, step)[company]
        people = self.env["res.users"].union(*(role._get_signers() for role in steps))
        able = people.filtered(
            lambda user: self.with_user(user).sudo(False)._may_make()
        )
        return able or self._get_group_makers()

    def _get_group_makers(self):
        """Return who could make the document where no role names anybody."""
        group = self.env.ref(
            "account.group_account_invoice"
            if self.kind == "credit"
            else "stock.group_stock_user"
        )
        return group.all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and self.company_id in user.company_ids
                and user._is_internal()
            )
        )

    def action_make(self):
        """Make the document of these outcomes.

        :raise AccessError: the user has not the rights that Odoo asks for
        :raise UserError: there is one already, the claim is over, or Odoo says why not
        :return: the action that opens it
        """
        self.claim_id._start(*OPEN_STATES)
        for outcome in self:
            if outcome.state != "asked":
                raise UserError(
                    self.env._("%s: this is done already.", outcome.display_name)
                )
            if not outcome._may_make():
                raise AccessError(
                    self.env._(
                        "%(outcome)s: this is done by %(people)s.",
                        outcome=outcome.display_name,
                        people=", ".join(outcome.sudo()._get_makers().mapped("name"))
                        or self.env._("no one assigned"),
                    )
                )
            getattr(outcome, f"_make_{outcome.kind}")()
        self.claim_id._update_todos()
        return self.action_open_documents()

    # ------------------------------------------------------------- dropping

    def action_drop(self, reason):
        """Do without these outcomes; what was made is cancelled first, by hand.

        :raise AccessError: not one of those who deal with the claim
        :raise UserError: no reason, or there is a document that is not cancelled
        """
        claims = self.claim_id
        claims._start(*OPEN_STATES)
        claims._check_managed()
        reason = claims._read_text(reason, self.env._("Say why it is dropped."))
        for outcome in self:
            documents = outcome._get_living_documents()
            if documents:
                raise UserError(
                    self.env._(
                        "%(outcome)s: cancel %(documents)s first.",
                        outcome=outcome.display_name,
                        documents=", ".join(documents),
                    )
                )
            if outcome.is_dropped or outcome.answered_on:
                raise UserError(self.env._("%s is over already.", outcome.display_name))
        # protected, the checks are above
        self.sudo().write({"is_dropped": True, "drop_reason": reason})
        for outcome in self:
            outcome.claim_id._message_log(
                body=self.env._(
                    "Dropped: %(outcome)s. %(reason)s",
                    outcome=outcome.display_name,
                    reason=reason,
                )
            )
        claims._update_todos()

    # ------------------------------------------------------------- the carrier

    def action_note_carrier(self, amount, day=False):
        """Note what the carrier has paid for the damage; nothing means a refusal.

        :raise AccessError: not one of those who deal with the claim
        :raise UserError: no compensation was asked for, or a negative amount
        """
        claims = self.claim_id
        claims._start(*OPEN_STATES)
        claims._check_managed()
        for outcome in self:
            if outcome.kind != "compensation" or outcome.is_dropped:
                raise UserError(
                    self.env._(
                        "%s: no compensation was asked for.", outcome.display_name
                    )
                )
            # protected, the checks are above
            outcome.sudo().write(
                {
                    "amount_received": outcome._read_number("amount_received", amount),
                    "answered_on": day or outcome.company_id._order_desk_date(),
                }
            )
        claims._update_todos()

    # ------------------------------------------------------------- to-dos

    def _get_outcome_todos(self, day):
        """Return the to-dos of those who have the rights to make the documents."""
        todos = {}
        for outcome in self:
            if outcome.state != "asked":
                continue
            for user in outcome._get_makers():
                claim = outcome.claim_id
                key = (claim, OUTCOME_TYPE, user)
                env = claim.with_context(lang=user.lang).env
                todos[key] = {
                    "summary": env._(
                        "%(what)s for the claim %(claim)s",
                        what=outcome.with_context(lang=user.lang)._get_kind_text(),
                        claim=claim.number,
                    ),
                    "date_deadline": day,
                }
        return todos
