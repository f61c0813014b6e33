from odoo import fields, models


class OrderDeskWaiverRight(models.Model):
    _inherit = "order.desk.waiver.right"

    condition = fields.Selection(
        selection_add=[
            ("incident", "No open incident"),
            ("material", "Material statement"),
        ],
        ondelete={"incident": "cascade", "material": "cascade"},
    )
