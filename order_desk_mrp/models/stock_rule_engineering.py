from odoo import models


class StockRule(models.Model):
    """What is made for a line is made as engineering has answered (SPEC B5).

    Odoo carries the sale order line from move to move, so it is at hand in routes of
    any number of steps, and when the ordered quantity grows later.
    """

    _inherit = "stock.rule"

    def _get_order_desk_line(self, product, values):
        """Return the line under control for which ``product`` itself is made."""
        # who causes the procurement need not read orders
        line = self.env["sale.order.line"].sudo().browse(values.get("sale_line_id"))
        is_made = line and line.product_id == product and line.order_id.sheet_id
        return line if is_made else line.browse()

    def _get_matching_bom(self, product_id, company_id, values):
        line = self._get_order_desk_line(product_id, values)
        bom = line and line._get_engineering_bom()
        return bom or super()._get_matching_bom(product_id, company_id, values)

    def _make_mo_get_domain(self, procurement, bom):
        """Make each line under control by itself: the next one is built otherwise."""
        domain = super()._make_mo_get_domain(procurement, bom)
        line = self._get_order_desk_line(procurement.product_id, procurement.values)
        return (*domain, ("sale_line_id", "=", line.id)) if line else domain
