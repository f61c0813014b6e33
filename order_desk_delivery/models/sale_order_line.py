from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    shipping_request_line_ids = fields.One2many(
        "order.desk.shipping.request.line",
        "sale_line_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
