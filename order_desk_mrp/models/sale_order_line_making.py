from odoo import models


class SaleOrderLine(models.Model):
    """By which bill of materials a line is made (SPEC B5, B6)."""

    _inherit = "sale.order.line"

    def _get_making_bom(self, found=None):
        """Return the bill of materials by which this line is made, maybe none.

        Modules that choose one for a line extend this.

        :param found: ``{product: bom}`` of many lines at once, see
            ``mrp.bom._get_for_making``; left out, it is looked up
        """
        self.ensure_one()
        if found is None:
            boms = self.env["mrp.bom"]
            found = boms._get_for_making(self.product_id, self.company_id)
        return found.get(self.product_id, self.env["mrp.bom"])

    def _get_making_boms(self):
        """Return by which bill of materials each line is made: ``{line: bom}``."""
        boms = {}
        for company, lines in self.grouped("company_id").items():
            found = self.env["mrp.bom"]._get_for_making(lines.product_id, company)
            boms.update({line: line._get_making_bom(found) for line in lines})
        return boms
