from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[
            ("engineering_answered", "Engineering answered"),
            ("instruction_acknowledged", "Production instruction acknowledged"),
            ("incident", "Incident reported"),
            ("incident_solved", "Incident solved"),
            ("inspected", "Goods inspected"),
            ("balance_asked",),
        ],
        ondelete={
            "engineering_answered": "cascade",
            "instruction_acknowledged": "cascade",
            "incident": "cascade",
            "incident_solved": "cascade",
            "inspected": "cascade",
        },
    )
