from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    sheet_id = fields.Many2one(
        "order.desk.sheet", "Configuration Sheet", related="sale_id.sheet_id"
    )
    order_code = fields.Char(related="sheet_id.order_code")
    customer_code = fields.Char(related="sheet_id.customer_code")
    other_requirements = fields.Text(related="sheet_id.other_requirements")
