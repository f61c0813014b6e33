from odoo import fields, models

from ..models.order_desk_shipping_advice import RECEIVED_VIA


class OrderDeskShippingAdviceReceipt(models.TransientModel):
    _name = "order.desk.shipping.advice.receipt"
    _description = "Note That a Shipping Advice Was Received Clearly"

    advice_id = fields.Many2one(
        "order.desk.shipping.advice", required=True, readonly=True
    )
    name = fields.Char("Received by", help="Who at the customer's says so.")
    via = fields.Selection(
        [way for way in RECEIVED_VIA if way[0] != "portal"],
        "Heard by",
        default="phone",
        required=True,
    )

    def action_note(self):
        """Note the receipt entered here."""
        self.ensure_one()
        self.advice_id.action_note_receipt(self.name, self.via)
        return {"type": "ir.actions.act_window_close"}
