from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[
            ("advice_sent", "Shipping advice sent"),
            ("received", "Received by the customer"),
        ],
        ondelete={"advice_sent": "cascade", "received": "cascade"},
    )
