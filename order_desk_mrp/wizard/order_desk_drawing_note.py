from odoo import fields, models


class OrderDeskDrawingNote(models.TransientModel):
    _name = "order.desk.drawing.note"
    _description = "Note the Customer's Answer on a Drawing"

    drawing_id = fields.Many2one("order.desk.drawing", required=True, readonly=True)
    decision = fields.Selection(
        [("approved", "Approved"), ("marked_up", "Marked up")],
        string="Answer",
        required=True,
        default="approved",
    )
    name = fields.Char("Customer's Person", help="Who approved it or marked it up.")
    text = fields.Text("Remarks")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_drawing_note_attachment_rel",
        string="Mail, Photo or Scan",
    )

    def action_apply(self):
        """Note the answer with its files."""
        self.ensure_one()
        self.drawing_id.action_note(
            self.decision, self.name, self.attachment_ids, self.text
        )
        return {"type": "ir.actions.act_window_close"}
