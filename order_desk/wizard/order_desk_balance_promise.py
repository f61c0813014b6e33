from odoo import api, fields, models


class OrderDeskBalancePromise(models.TransientModel):
    _name = "order.desk.balance.promise"
    _description = "Note When a Customer Promises to Pay"

    notice_id = fields.Many2one(
        "order.desk.balance.notice", required=True, readonly=True
    )
    amount_open = fields.Monetary(compute="_compute_amount_open")
    currency_id = fields.Many2one(related="notice_id.currency_id")
    date = fields.Date("Promised for")
    promised_by = fields.Char(help="Who has promised it at the customer's.")

    @api.depends("notice_id.amount_open")
    def _compute_amount_open(self):
        """Show what is open to those who may read the notice; anybody can name one."""
        self.notice_id.check_access("read")
        for dialog in self:
            dialog.amount_open = dialog.notice_id.amount_open

    def action_note(self):
        """Note the promise entered here."""
        self.ensure_one()
        self.notice_id.action_note_promise(self.date, self.promised_by)
        return {"type": "ir.actions.act_window_close"}
