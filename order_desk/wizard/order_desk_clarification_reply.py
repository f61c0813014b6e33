from odoo import api, fields, models


class OrderDeskClarificationReply(models.TransientModel):
    _name = "order.desk.clarification.reply"
    _description = "Answer, Ask Again or Withdraw Questions"

    clarification_ids = fields.Many2many(
        "order.desk.clarification",
        string="Clarifications",
        required=True,
        readonly=True,
    )
    kind = fields.Selection(
        [
            ("answer", "Answer"),
            ("reopen", "Ask Again"),
            ("withdraw", "Withdraw"),
        ],
        required=True,
        readonly=True,
        default="answer",
    )
    text = fields.Text()
    hint = fields.Char(
        compute="_compute_hint", help="Whose answer is written down, if not one's own."
    )

    @api.depends("clarification_ids", "kind")
    @api.depends_context("uid")
    def _compute_hint(self):
        for wizard in self:
            people = self.env["res.partner"].union(
                *(
                    question._get_asked_partner()
                    for question in wizard.clarification_ids
                )
            )
            others = people - self.env.user.partner_id
            names = ", ".join(others.mapped("name"))
            wizard.hint = (
                self.env._("You write down what %s answered.", names)
                if others and wizard.kind == "answer"
                else False
            )

    def _get_title(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def action_apply(self):
        """Do what the dialog was opened for, with the text entered."""
        self.ensure_one()
        questions = self.clarification_ids
        if self.kind == "answer":
            questions.action_answer(self.text)
        elif self.kind == "reopen":
            questions.action_reopen(self.text)
        else:
            questions.action_withdraw(self.text)
        return {"type": "ir.actions.act_window_close"}
