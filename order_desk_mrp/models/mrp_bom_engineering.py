from odoo import api, fields, models
from odoo.fields import Domain

from .order_desk_engineering import SHEET_GROUPS


class MrpBom(models.Model):
    """A bill of materials may be made for one order line alone (SPEC B5)."""

    _inherit = "mrp.bom"

    is_order_desk_special = fields.Boolean(
        "For One Order Line Only",
        readonly=True,
        copy=False,
        help="Ordinary manufacturing never takes it. Duplicate it to use it otherwise.",
    )
    order_desk_sale_line_id = fields.Many2one(
        "sale.order.line",
        "Made for Order Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=SHEET_GROUPS,  # its name tells the customer's
    )

    @api.model
    def _bom_find_domain(
        self, products, picking_type=None, company_id=False, bom_type=False
    ):
        """Leave out what was made for one line: whatever is found is for everything.

        The line it was made for gets it by ``stock.rule._get_matching_bom``.
        """
        domain = super()._bom_find_domain(
            products,
            picking_type=picking_type,
            company_id=company_id,
            bom_type=bom_type,
        )
        return domain & Domain("is_order_desk_special", "=", False)

    @api.model
    def _order_desk_make_special(self, line):
        """Return a bill of materials for this line alone, to be changed.

        It starts as a copy of the one by which the product is made usually.
        """
        usual = self._bom_find(
            line.product_id, company_id=line.company_id.id, bom_type="normal"
        )[line.product_id]
        number = self.search_count([("order_desk_sale_line_id", "=", line.id)]) + 1
        position = line._get_engineering_label().partition(".")[0]
        code = f"{line.sudo().order_id.name}-{position}"
        vals = {
            "code": f"{code} ({number})" if number > 1 else code,
            "is_order_desk_special": True,
            "order_desk_sale_line_id": line.id,
            "company_id": line.company_id.id,
            # last in lists that do not tell them apart
            "sequence": usual.sequence + 1000,
        }
        if usual:
            return usual.copy(vals)
        return self.create(
            {
                **vals,
                "product_tmpl_id": line.product_id.product_tmpl_id.id,
                "product_id": line.product_id.id,
                "product_uom_id": line.product_id.uom_id.id,
            }
        )
