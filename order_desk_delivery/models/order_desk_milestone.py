from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[("received", "Received by the customer")],
        ondelete={"received": "cascade"},
    )
