from odoo import api, fields, models


class OrderDeskClaimAnswer(models.TransientModel):
    _name = "order.desk.claim.answer"
    _description = "Tell the Customer about a Claim"

    claim_id = fields.Many2one("order.desk.claim", required=True, readonly=True)
    partner_id = fields.Many2one(related="claim_id.partner_id")
    kind = fields.Selection(
        [("answer", "Answer"), ("settle", "Settle"), ("refuse", "Refuse")],
        required=True,
        readonly=True,
    )
    via = fields.Selection(
        [("email", "E-mail"), ("phone", "Phone")],
        "Told by",
        required=True,
        compute="_compute_via",
        store=True,
        precompute=True,
        readonly=False,
    )
    person = fields.Char(
        "Spoke with",
        compute="_compute_via",
        store=True,
        precompute=True,
        readonly=False,
        help="Who was told, at the customer's.",
    )
    text = fields.Text(
        compute="_compute_text", store=True, precompute=True, readonly=False
    )

    @api.depends("claim_id")
    def _compute_via(self):
        # anybody can name a claim here; who may not read it gets nothing of it
        self.claim_id.sudo(False).check_access("read")
        for dialog in self:
            claim = dialog.claim_id
            dialog.via = "email" if claim.partner_id.email else "phone"
            dialog.person = claim.contact

    @api.depends("claim_id", "kind")
    def _compute_text(self):
        """Propose what was decided, in the customer's language."""
        for dialog in self:
            claim = dialog.claim_id
            dialog.text = (
                claim._get_settlement_proposal() if dialog.kind == "settle" else False
            )

    def _get_title(self):
        """Return the dialog's title."""
        return {
            "answer": self.env._("Answer the Customer"),
            "settle": self.env._("Settle the Claim"),
            "refuse": self.env._("Refuse the Claim"),
        }[self.kind]

    def action_confirm(self):
        """Do what the dialog was opened for."""
        self.ensure_one()
        values = (self.text, self.via, self.person)
        if self.kind == "answer":
            self.claim_id.action_answer(*values)
        elif self.kind == "settle":
            self.claim_id.action_settle(*values)
        else:
            self.claim_id.action_refuse(*values)
        return {"type": "ir.actions.act_window_close"}
