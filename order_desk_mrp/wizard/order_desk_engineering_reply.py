from odoo import fields, models


class OrderDeskEngineeringReply(models.TransientModel):
    _name = "order.desk.engineering.reply"
    _description = "Decide about an Engineering Confirmation"

    engineering_ids = fields.Many2many(
        "order.desk.engineering",
        string="Engineering Confirmations",
        required=True,
        readonly=True,
    )
    kind = fields.Selection(
        [
            ("decline", "Decline the Proposal"),
            ("insist", "The Customer Insists"),
            ("revise", "Answer Anew"),
        ],
        required=True,
        readonly=True,
        default="decline",
    )
    text = fields.Text()

    def _get_title(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def action_apply(self):
        """Do what the dialog was opened for, with the text entered."""
        self.ensure_one()
        engineering = self.engineering_ids
        if self.kind == "revise":
            return engineering.action_revise(self.text)
        if self.kind == "insist":
            engineering.action_insist(self.text)
        else:
            engineering.action_decline(self.text)
        return {"type": "ir.actions.act_window_close"}
