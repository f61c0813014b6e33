from odoo import api, fields, models

from ..models.order_desk_claim_outcome import BACK_KINDS, GOODS_KINDS


class OrderDeskClaimDecide(models.TransientModel):
    _name = "order.desk.claim.decide"
    _description = "Decide What Is Done about a Claim"
    _inherit = ["order.desk.number.mixin"]

    claim_id = fields.Many2one("order.desk.claim", required=True, readonly=True)
    company_id = fields.Many2one(related="claim_id.company_id")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    kind = fields.Selection(selection="_selection_kind")
    is_about_goods = fields.Boolean(compute="_compute_is_about_goods")
    line_ids = fields.One2many(
        "order.desk.claim.decide.line",
        "decide_id",
        "Goods",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    text = fields.Text("What Is Done", help="The customer reads it too.")
    is_free = fields.Boolean("Free of Charge", default=True)
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    amount_asked = fields.Monetary()
    other_cost = fields.Monetary("Freight and Other Cost")
    hint = fields.Char("Next", compute="_compute_hint")
    outcome_id = fields.Many2one("order.desk.claim.outcome", readonly=True)

    @api.model
    def _get_entered_numbers(self):
        return ("amount_asked", "other_cost")

    @api.model
    def _selection_kind(self):
        outcomes = self.env["order.desk.claim.outcome"]
        labels = dict(outcomes._fields["kind"]._description_selection(self.env))
        return [(kind, labels[kind]) for kind in outcomes._get_kinds()]

    @api.depends("kind")
    def _compute_is_about_goods(self):
        for dialog in self:
            dialog.is_about_goods = dialog.kind in GOODS_KINDS

    @api.depends("claim_id", "kind")
    def _compute_line_ids(self):
        """Propose what is claimed and not dealt with in this way yet."""
        # anybody can name a claim here; who may not read it gets nothing of it
        self.claim_id.sudo(False).check_access("read")
        for dialog in self:
            commands = [fields.Command.clear()]
            lines = dialog.claim_id.line_ids
            if dialog.kind in BACK_KINDS:
                lines = lines.filtered(lambda line: line.kind != "shortage")
            for line in lines if dialog.kind in GOODS_KINDS else ():
                commands.append(
                    fields.Command.create(
                        {
                            "claim_line_id": line.id,
                            "quantity": line._get_undecided(dialog.kind),
                        }
                    )
                )
            dialog.line_ids = commands

    @api.depends("kind")
    def _compute_hint(self):
        """Say who makes the document when it is not the current user."""
        for dialog in self:
            outcome = self.env["order.desk.claim.outcome"].new(
                {"claim_id": dialog.claim_id.id, "kind": dialog.kind}
            )
            dialog.hint = False
            if dialog.kind not in GOODS_KINDS or outcome._may_make():
                continue
            people = outcome.sudo()._get_makers()
            dialog.hint = self.env._(
                "%s gets a to-do to make the document.",
                ", ".join(people.mapped("name")) or self.env._("no one assigned"),
            )

    def action_decide(self):
        """Decide what was entered here; a second tap shows what the first has made."""
        self.ensure_one()
        if not self.outcome_id:
            self.outcome_id = self._decide()
        documents = self.outcome_id.sudo()._get_documents()
        if documents and self.outcome_id.kind == "resend":
            return self.outcome_id.action_open_documents()
        return {"type": "ir.actions.act_window_close"}

    def _decide(self):
        quantities = {
            line.claim_line_id.id: line.quantity
            for line in self.line_ids
            if line.quantity
        }
        return self.claim_id.action_decide(
            self.kind,
            quantities,
            text=self.text,
            is_free=self.is_free,
            carrier_id=self.carrier_id.id if self.kind == "compensation" else False,
            amount_asked=self.amount_asked if self.kind == "compensation" else 0.0,
            other_cost=self.other_cost,
        )


class OrderDeskClaimDecideLine(models.TransientModel):
    _name = "order.desk.claim.decide.line"
    _description = "Goods of a Decision"
    _inherit = ["order.desk.number.mixin"]

    decide_id = fields.Many2one(
        "order.desk.claim.decide", required=True, ondelete="cascade"
    )
    claim_line_id = fields.Many2one(
        "order.desk.claim.line", "Goods", required=True, readonly=True
    )
    claimed_quantity = fields.Float(
        "Claimed",
        related="claim_line_id.quantity",
        related_sudo=False,
        digits="Product Unit",
    )
    product_uom_id = fields.Many2one(related="claim_line_id.product_uom_id")
    quantity = fields.Float(digits="Product Unit")

    @api.model
    def _get_entered_numbers(self):
        return ("quantity",)
