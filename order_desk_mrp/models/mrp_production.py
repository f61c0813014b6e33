from odoo import api, fields, models
from odoo.fields import Domain


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        compute="_compute_sheet_id",
        search="_search_sheet_id",
        compute_sudo=True,
    )
    order_code = fields.Char(related="sheet_id.order_code")
    customer_code = fields.Char(related="sheet_id.customer_code")
    finish_date = fields.Date(related="sheet_id.finish_date")
    configuration_summary = fields.Text(related="sale_line_id.configuration_summary")
    special_requirement = fields.Text(related="sale_line_id.special_requirement")
    packaging_note = fields.Char(related="sale_line_id.packaging_note")

    @api.depends("sale_line_id.order_id.sheet_id", "reference_ids.sale_ids.sheet_id")
    def _compute_sheet_id(self):
        """Take the order's sheet for its assemblies too, unless made for several."""
        for production in self:
            sheet = production.sale_line_id.order_id.sheet_id
            sheets = production.reference_ids.sale_ids.sheet_id
            production.sheet_id = sheet or (sheets if len(sheets) == 1 else False)

    def _search_sheet_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain("sale_line_id.order_id.sheet_id", operator, value) | Domain(
            "reference_ids.sale_ids.sheet_id", operator, value
        )
