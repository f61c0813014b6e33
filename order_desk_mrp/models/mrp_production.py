from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        related="sale_line_id.order_id.sheet_id",
    )
    order_code = fields.Char(related="sheet_id.order_code")
    customer_code = fields.Char(related="sheet_id.customer_code")
    configuration_summary = fields.Text(related="sale_line_id.configuration_summary")
    special_requirement = fields.Text(related="sale_line_id.special_requirement")
    packaging_note = fields.Char(related="sale_line_id.packaging_note")
