from odoo import api, fields, models


class OrderDeskClaimResponsible(models.TransientModel):
    _name = "order.desk.claim.responsible"
    _description = "Say Who Was Responsible for What a Claim Is about"

    claim_id = fields.Many2one("order.desk.claim", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        compute="_compute_responsible",
        store=True,
        precompute=True,
        readonly=False,
        domain=[("share", "=", False)],
    )
    department_id = fields.Many2one(
        "order.desk.department",
        compute="_compute_responsible",
        store=True,
        precompute=True,
        readonly=False,
    )
    reason = fields.Text(
        compute="_compute_responsible",
        store=True,
        precompute=True,
        readonly=False,
        help="Why, in words that the person could read.",
    )

    @api.depends("claim_id")
    def _compute_responsible(self):
        # anybody can name a claim here; who may not read it gets nothing of it
        claims = self.claim_id.sudo(False)
        claims.check_access("read")
        judged = claims._filter_judged()
        for dialog in self:
            claim = dialog.claim_id & judged
            dialog.user_id = claim.responsible_user_id
            dialog.department_id = claim.responsible_department_id
            dialog.reason = claim.responsible_reason

    def action_set(self):
        """Set what was chosen here."""
        self.ensure_one()
        self.claim_id.action_set_responsible(
            self.user_id.id, self.department_id.id, self.reason
        )
        return {"type": "ir.actions.act_window_close"}
