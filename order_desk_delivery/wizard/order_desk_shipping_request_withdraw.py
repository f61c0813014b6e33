from odoo import fields, models


class OrderDeskShippingRequestWithdraw(models.TransientModel):
    """Says why shipping requests are withdrawn."""

    _name = "order.desk.shipping.request.withdraw"
    _description = "Withdraw Shipping Requests"

    request_ids = fields.Many2many(
        "order.desk.shipping.request",
        "order_desk_shipping_request_withdraw_rel",
        required=True,
        readonly=True,
    )
    reason = fields.Text()

    def action_withdraw(self):
        """Withdraw the requests for the reason entered."""
        self.ensure_one()
        self.request_ids.action_withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
