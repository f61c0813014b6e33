from odoo import fields, models


class OrderDeskShippingAdviceReason(models.TransientModel):
    _name = "order.desk.shipping.advice.reason"
    _description = "Reason on a Shipping Advice"

    advice_id = fields.Many2one(
        "order.desk.shipping.advice", required=True, readonly=True
    )
    kind = fields.Selection(
        [("send_back", "Send Back"), ("withdraw", "Withdraw")],
        required=True,
        readonly=True,
    )
    reason = fields.Text()

    def action_apply(self):
        """Do what the dialog was opened for, with the reason entered here."""
        self.ensure_one()
        if self.kind == "send_back":
            self.advice_id.action_send_back(self.reason)
        else:
            self.advice_id.action_withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
