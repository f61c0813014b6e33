from odoo import api, fields, models

DELIVERY_ROLES = (
    "order_desk_delivery.role_shipping_request",
    "order_desk_delivery.role_shipper",
    "order_desk_delivery.role_followup_clerk",
    "order_desk_delivery.role_customer_service",
)


class OrderDeskRole(models.Model):
    """Who works on shipping and claims; these roles sign no sheet (SPEC G, I).

    A company where nobody fills the role of shipping requests does without them.
    """

    _inherit = "order.desk.role"

    step = fields.Selection(
        selection_add=[
            ("shipping_request", "Shipping Request"),
            ("shipping", "Shipping"),
            ("accessory", "Accessories"),
            ("claim", "Claims"),
        ],
        ondelete={
            "shipping_request": "cascade",
            "shipping": "cascade",
            "accessory": "cascade",
            "claim": "cascade",
        },
    )

    @api.model
    def _get_default_role_xmlids(self):
        return [*super()._get_default_role_xmlids(), *DELIVERY_ROLES]
