from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    receipt_line_ids = fields.One2many(
        "order.desk.receipt.line",
        "sale_line_id",
        "Lines of Delivery Receipts",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
