from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_part_units(self, products):
        """Read from the kit's bill of materials what one unit of it consists of.

        A part that is not on it any more counts as its transfers say.
        """
        units = super()._get_part_units(products)
        kit = self.env["mrp.bom"]._bom_find(
            self.product_id, company_id=self.company_id.id, bom_type="phantom"
        )[self.product_id]
        if not kit or not self.product_uom_qty:
            return units
        # of all that is ordered, as that is what the transfers were rounded for
        ordered = self.product_uom_id._compute_quantity(
            self.product_uom_qty, kit.product_uom_id, round=False
        )
        parts = dict.fromkeys(products, 0.0)
        _kits, lines = kit.explode(self.product_id, ordered / kit.product_qty)
        for bom_line, values in lines:
            if bom_line.product_id in parts:
                parts[bom_line.product_id] += bom_line.product_uom_id._compute_quantity(
                    values["qty"], bom_line.product_id.uom_id, round=False
                )
        return {
            product: parts[product] / self.product_uom_qty or units[product]
            for product in products
        }
