from odoo import fields, models


class OrderDeskArchiveReason(models.TransientModel):
    _name = "order.desk.archive.reason"
    _description = "Archive without a Paper, or Send an Archive Back"

    archive_ids = fields.Many2many(
        "order.desk.archive", string="Archives", readonly=True
    )
    line_ids = fields.Many2many(
        "order.desk.archive.line", string="Shipments", readonly=True
    )
    kind = fields.Selection(
        [("accept", "Archive without"), ("send_back", "Send back")],
        required=True,
        default="accept",
        readonly=True,
    )
    reason = fields.Char(help="It stays on file.")

    def action_confirm(self):
        """Accept what is missing, or send the archives back, for this reason."""
        self.ensure_one()
        if self.kind == "send_back":
            self.archive_ids.action_send_back(self.reason)
        else:
            self.line_ids.action_accept(self.reason)
        return {"type": "ir.actions.act_window_close"}
