from odoo import fields, models


class OrderDeskClaimReason(models.TransientModel):
    _name = "order.desk.claim.reason"
    _description = "Reason on a Claim"

    claim_id = fields.Many2one("order.desk.claim", required=True, readonly=True)
    outcome_id = fields.Many2one("order.desk.claim.outcome", readonly=True)
    kind = fields.Selection(
        [
            ("withdraw", "Withdraw"),
            ("reopen", "Open Again"),
            ("drop", "Drop an Outcome"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text()

    def _get_title(self):
        """Return the dialog's title."""
        return {
            "withdraw": self.env._("Withdraw the Claim"),
            "reopen": self.env._("Open the Claim Again"),
            "drop": self.env._("Do without This Outcome"),
        }[self.kind]

    def action_confirm(self):
        """Do what the dialog was opened for, with the reason entered here."""
        self.ensure_one()
        if self.kind == "withdraw":
            self.claim_id.action_withdraw(self.reason)
        elif self.kind == "reopen":
            self.claim_id.action_reopen(self.reason)
        else:
            self.outcome_id.action_drop(self.reason)
        return {"type": "ir.actions.act_window_close"}
