from odoo import api, fields, models


class OrderDeskClaimCarrier(models.TransientModel):
    _name = "order.desk.claim.carrier"
    _description = "Note What the Carrier Has Paid"
    _inherit = ["order.desk.number.mixin"]

    outcome_id = fields.Many2one(
        "order.desk.claim.outcome", required=True, readonly=True
    )
    currency_id = fields.Many2one(related="outcome_id.currency_id")
    amount_asked = fields.Monetary(
        related="outcome_id.amount_asked", related_sudo=False
    )
    amount_received = fields.Monetary(
        "Paid",
        compute="_compute_amount_received",
        store=True,
        precompute=True,
        readonly=False,
        help="Nothing, where the carrier refuses.",
    )
    day = fields.Date("On", default=fields.Date.context_today)

    @api.model
    def _get_entered_numbers(self):
        return ("amount_received",)

    @api.depends("outcome_id")
    def _compute_amount_received(self):
        # anybody can name an outcome here; who may not read it gets nothing of it
        self.outcome_id.sudo(False).check_access("read")
        for dialog in self:
            dialog.amount_received = dialog.outcome_id.amount_asked

    def action_note(self):
        """Note what was entered here."""
        self.ensure_one()
        self.outcome_id.action_note_carrier(self.amount_received, self.day)
        return {"type": "ir.actions.act_window_close"}
