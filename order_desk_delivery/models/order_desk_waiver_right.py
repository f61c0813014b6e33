from odoo import fields, models


class OrderDeskWaiverRight(models.Model):
    _inherit = "order.desk.waiver.right"

    condition = fields.Selection(
        selection_add=[
            ("shipping_request", "Shipping request"),
            ("accessories", "Accessories packed"),
        ],
        ondelete={"shipping_request": "cascade", "accessories": "cascade"},
    )
