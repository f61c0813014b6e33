from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[
            ("shipping_requested", "Shipping requested"),
            ("cancelled",),
        ],
        ondelete={"shipping_requested": "cascade"},
    )
