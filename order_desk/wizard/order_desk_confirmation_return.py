from odoo import fields, models


class OrderDeskConfirmationReturn(models.TransientModel):
    _name = "order.desk.confirmation.return"
    _description = "File the Return Copy of an Order Confirmation"

    confirmation_id = fields.Many2one(
        "order.desk.confirmation", required=True, readonly=True
    )
    name = fields.Char(
        "Confirmed by", help="Who signed or stamped it on the customer's side."
    )
    file_ids = fields.Many2many(
        "ir.attachment", string="Return Copy", help="Photos or a scan of all pages."
    )
    remarks = fields.Text(
        "Customer's Remarks", help="What the customer wrote on the return copy."
    )

    def action_file(self):
        """File what was entered here."""
        self.ensure_one()
        self.confirmation_id.action_file_return(self.name, self.file_ids, self.remarks)
        return {"type": "ir.actions.act_window_close"}
