from odoo import fields, models


class OrderDeskConfirmationSendBack(models.TransientModel):
    _name = "order.desk.confirmation.send.back"
    _description = "Ask for a Return Copy Again"

    confirmation_id = fields.Many2one(
        "order.desk.confirmation", required=True, readonly=True
    )
    partner_id = fields.Many2one(
        related="confirmation_id.partner_id", related_sudo=False
    )
    message = fields.Text(help="What is unclear or open; the customer reads it.")

    def action_send_back(self):
        """Send the return copy back with the message."""
        self.ensure_one()
        self.confirmation_id.action_send_back(self.message)
        return {"type": "ir.actions.act_window_close"}
