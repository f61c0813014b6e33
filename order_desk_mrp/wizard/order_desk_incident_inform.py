from odoo import fields, models


class OrderDeskIncidentInform(models.TransientModel):
    _name = "order.desk.incident.inform"
    _description = "Note That the Customer Was Told on the Phone"

    incident_id = fields.Many2one("order.desk.incident", required=True, readonly=True)
    person = fields.Char("Spoke with", help="Who was told, at the customer's.")
    informed_on = fields.Datetime("When", default=fields.Datetime.now)
    note = fields.Text("What Was Said")

    def action_note(self):
        """Note the call entered here."""
        self.ensure_one()
        self.incident_id.action_informed_by_phone(
            self.person, self.informed_on, self.note
        )
        return {"type": "ir.actions.act_window_close"}
