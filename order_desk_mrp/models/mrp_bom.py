from odoo import api, models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.model
    def _get_for_making(self, products, company):
        """Return by which bill of materials each product is made, a kit before others.

        That is how Odoo chooses. Products without one are not in the result.
        """
        found = {}
        for bom_type in ("phantom", "normal"):
            rest = products.filtered(lambda product: product not in found)
            boms = self._bom_find(rest, company_id=company.id, bom_type=bom_type)
            found.update({product: bom for product, bom in boms.items() if bom})
        return found
