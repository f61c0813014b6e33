from odoo import fields, models


class OrderDeskWaiverRight(models.Model):
    _inherit = "order.desk.waiver.right"

    condition = fields.Selection(
        selection_add=[
            ("engineering", "Engineering confirmations"),
            ("incident", "No open incident"),
            ("material", "Material statement"),
        ],
        ondelete={
            "engineering": "cascade",
            "incident": "cascade",
            "material": "cascade",
        },
    )
