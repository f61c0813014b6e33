from odoo import fields, models


class OrderDeskWaiverClose(models.TransientModel):
    _name = "order.desk.waiver.close"
    _description = "Make Waivers Good or Withdraw Them"

    waiver_ids = fields.Many2many(
        "order.desk.waiver", string="Waivers", required=True, readonly=True
    )
    kind = fields.Selection(
        [("made_good", "Made Good"), ("withdrawn", "Withdraw")],
        required=True,
        readonly=True,
        default="made_good",
    )
    note = fields.Text()

    def _get_title(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def action_apply(self):
        """Do what the dialog was opened for, with the remark entered."""
        self.ensure_one()
        if self.kind == "made_good":
            self.waiver_ids.action_made_good(self.note)
        else:
            self.waiver_ids.action_withdraw(self.note)
        return {"type": "ir.actions.act_window_close"}
