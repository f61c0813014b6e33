from odoo import api, fields, models


class OrderDeskWaiverRight(models.Model):
    _inherit = "order.desk.waiver.right"

    condition = fields.Selection(
        selection_add=[
            ("shipping_request", "Shipping request"),
            ("accessories", "Accessories packed"),
        ],
        ondelete={"shipping_request": "cascade", "accessories": "cascade"},
    )

    @api.model
    def _get_default_roles(self):
        """In an emergency customer service lets goods go (SPEC G2)."""
        return {**super()._get_default_roles(), "shipping_request": "customer_service"}
