from odoo import fields, models


class OrderDeskAccessoryReason(models.TransientModel):
    _name = "order.desk.accessory.reason"
    _description = "Cancel Accessories, or Send Them on Their Own"

    accessory_ids = fields.Many2many(
        "order.desk.accessory", string="Accessories", required=True, readonly=True
    )
    kind = fields.Selection(
        [("cancel", "Not needed"), ("ship", "Sent on its own")],
        required=True,
        default="cancel",
        readonly=True,
    )
    reason = fields.Char(help="It stays on file.")

    def action_confirm(self):
        """Cancel or send the accessories, with the reason entered here."""
        self.ensure_one()
        if self.kind == "ship":
            self.accessory_ids.action_ship(self.reason)
        else:
            self.accessory_ids.action_cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
