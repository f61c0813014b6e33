from odoo import api, fields, models


class OrderDeskSheet(models.Model):
    """What the customer was told about the shipments of an order (SPEC G4)."""

    _inherit = "order.desk.sheet"

    shipping_advice_ids = fields.Many2many(
        "order.desk.shipping.advice",
        "order_desk_shipping_advice_sheet_rel",
        "order_desk_sheet_id",
        "order_desk_shipping_advice_id",
        "Shipping Advices",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman,order_desk.group_order_desk_signer,stock.group_stock_user",
    )

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "shipping_advice_ids": []}
