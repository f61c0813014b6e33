from odoo import fields, models


class OrderDeskSheetRelax(models.TransientModel):
    _name = "order.desk.sheet.relax"
    _description = "Relax the Promise to the Customer"

    sheet_id = fields.Many2one("order.desk.sheet", required=True, readonly=True)
    finish_date = fields.Date(related="sheet_id.finish_date", related_sudo=False)
    promise_date = fields.Date(
        related="sheet_id.promise_date",
        string="Promised so Far",
        related_sudo=False,
    )
    date = fields.Date("New Promise")
    reason = fields.Text(help="Payment terms, urgency, …; the customer reads it.")

    def action_relax(self):
        """Promise the date entered here."""
        self.ensure_one()
        self.sheet_id.action_relax_promise(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
