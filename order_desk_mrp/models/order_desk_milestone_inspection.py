from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[("inspected", "Goods inspected"), ("balance_asked",)],
        ondelete={"inspected": "cascade"},
    )
