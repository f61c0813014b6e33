from odoo import fields, models


class OrderDeskIncidentReason(models.TransientModel):
    _name = "order.desk.incident.reason"
    _description = "Reason on an Incident"

    incident_id = fields.Many2one("order.desk.incident", required=True, readonly=True)
    kind = fields.Selection(
        [("decline", "Decline"), ("withdraw", "Withdraw"), ("reopen", "Open Again")],
        required=True,
        readonly=True,
    )
    reason = fields.Text()

    def _get_title(self):
        """Return the dialog's title."""
        return {
            "decline": self.env._("Say No to the Plan"),
            "withdraw": self.env._("Withdraw the Incident"),
            "reopen": self.env._("Open the Incident Again"),
        }[self.kind]

    def action_confirm(self):
        """Do what the dialog was opened for, with the reason entered here."""
        self.ensure_one()
        if self.kind == "decline":
            self.incident_id.action_decline(self.reason)
        elif self.kind == "withdraw":
            self.incident_id.action_withdraw(self.reason)
        else:
            self.incident_id.action_reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
