from odoo import fields, models


class OrderDeskClaimHandOver(models.TransientModel):
    _name = "order.desk.claim.hand.over"
    _description = "Hand a Claim Over"

    claim_id = fields.Many2one("order.desk.claim", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "To", domain=[("share", "=", False)], help="Deals with it next."
    )
    note = fields.Text(help="For colleagues; the customer does not see it.")

    def action_hand_over(self):
        """Hand the claim over to whom was chosen here."""
        self.ensure_one()
        self.claim_id.action_hand_over(self.user_id.id, self.note)
        return {"type": "ir.actions.act_window_close"}
