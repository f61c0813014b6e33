from datetime import timedelta

from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _prepare_mo_vals(
        self,
        product_id,
        product_qty,
        product_uom,
        location_dest_id,
        name,
        origin,
        company_id,
        values,
        bom,
    ):
        """Make what a sheet's order sells by the finish date of production (SPEC B7).

        The customer's wished date prevails on transfers alone. Sub-assemblies follow
        from the start of what they are for.
        """
        vals = super()._prepare_mo_vals(
            product_id,
            product_qty,
            product_uom,
            location_dest_id,
            name,
            origin,
            company_id,
            values,
            bom,
        )
        line = self.env["sale.order.line"].sudo().browse(values.get("sale_line_id"))
        sheet = line.order_id.sheet_id
        if sheet.finish_date:
            end = sheet._get_end_of_finish()
            lead = timedelta(days=bom.produce_delay) or timedelta(hours=1)
            vals.update(date_deadline=end, date_start=end - lead)
        return vals
