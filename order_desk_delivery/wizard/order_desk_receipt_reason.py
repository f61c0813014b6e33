from odoo import api, fields, models


class OrderDeskReceiptReason(models.TransientModel):
    _name = "order.desk.receipt.reason"
    _description = "Why It Was Not Collected"

    receipt_id = fields.Many2one("order.desk.receipt", required=True, readonly=True)
    collect_on_delivery = fields.Char(
        "To Collect",
        compute="_compute_collect_on_delivery",
        help="What the customer pays before these goods are handed over.",
    )
    reason = fields.Char(help="It stays on file.")

    @api.depends("receipt_id")
    def _compute_collect_on_delivery(self):
        # anybody can name a receipt here; who may not read it gets nothing of it
        self.receipt_id.check_access("read")
        for dialog in self:
            dialog.collect_on_delivery = dialog.receipt_id.collect_on_delivery

    def action_confirm(self):
        """Note that it was not collected, for the reason entered here."""
        self.ensure_one()
        self.receipt_id.action_not_collected(self.reason)
        return {"type": "ir.actions.act_window_close"}
