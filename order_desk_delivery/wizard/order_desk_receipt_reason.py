from odoo import fields, models


class OrderDeskReceiptReason(models.TransientModel):
    _name = "order.desk.receipt.reason"
    _description = "Why It Was Not Collected"

    receipt_id = fields.Many2one("order.desk.receipt", required=True, readonly=True)
    collect_on_delivery = fields.Char(related="receipt_id.collect_on_delivery")
    reason = fields.Char(help="It stays on file.")

    def action_confirm(self):
        """Note that it was not collected, for the reason entered here."""
        self.ensure_one()
        self.receipt_id.action_not_collected(self.reason)
        return {"type": "ir.actions.act_window_close"}
