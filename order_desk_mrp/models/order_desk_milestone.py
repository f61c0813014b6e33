from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[
            ("instruction_acknowledged", "Production instruction acknowledged"),
            ("incident", "Incident reported"),
            ("incident_solved", "Incident solved"),
        ],
        ondelete={
            "instruction_acknowledged": "cascade",
            "incident": "cascade",
            "incident_solved": "cascade",
        },
    )
