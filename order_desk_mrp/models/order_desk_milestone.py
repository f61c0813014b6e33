from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[
            ("incident", "Incident reported"),
            ("incident_solved", "Incident solved"),
        ],
        ondelete={"incident": "cascade", "incident_solved": "cascade"},
    )
