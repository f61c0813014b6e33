from odoo import fields, models


class OrderDeskClassChangeDecline(models.TransientModel):
    _name = "order.desk.class.change.decline"
    _description = "Decline Changes of Class"

    change_ids = fields.Many2many(
        "order.desk.class.change",
        "order_desk_class_change_decline_rel",
        required=True,
        readonly=True,
    )
    note = fields.Text("Why", help="Whoever asked for the change reads it.")

    def action_decline(self):
        """Decline all of them with the same answer."""
        self.ensure_one()
        self.change_ids.action_decline(self.note)
        return {"type": "ir.actions.act_window_close"}
