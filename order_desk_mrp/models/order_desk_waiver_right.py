from odoo import fields, models


class OrderDeskWaiverRight(models.Model):
    _inherit = "order.desk.waiver.right"

    condition = fields.Selection(
        selection_add=[("incident", "No open incident")],
        ondelete={"incident": "cascade"},
    )
