from odoo import fields, models


class OrderDeskInstructionAsk(models.TransientModel):
    _name = "order.desk.instruction.ask"
    _description = "Ask about a Point of an Instruction"

    point_id = fields.Many2one(
        "order.desk.instruction.point", required=True, readonly=True
    )
    title = fields.Char(related="point_id.title")
    question = fields.Text(
        "What Is Unclear", help="The salesperson of the order answers it."
    )

    def action_ask(self):
        """Ask; the point waits for the answer."""
        self.ensure_one()
        self.point_id._ask(self.question)
        return {"type": "ir.actions.act_window_close"}
