from odoo import models


class OrderDeskClaim(models.Model):
    """Goods that can be claimed: what has left and is not claimed yet (SPEC I1)."""

    _inherit = "order.desk.claim"

    def _get_goods_errors(self):
        """Return what is wrong with the claimed goods, a text per line."""
        self.ensure_one()
        errors = [error for line in self.line_ids if (error := line._get_lot_error())]
        claimable = self.line_ids.sale_line_id._get_claimable_quantities(self)
        for sale_line, lines in self.line_ids.grouped("sale_line_id").items():
            shipped, available = claimable[sale_line]
            uom = sale_line.product_uom_id
            title = lines[0]._get_title()
            if sale_line.order_id != self.order_id:
                errors.append(
                    self.env._(
                        "%(line)s does not belong to %(order)s.",
                        line=title,
                        order=self.order_id.name,
                    )
                )
            elif uom.compare(shipped, 0) <= 0:
                errors.append(
                    self.env._(
                        "%(line)s: nothing of it has left yet, so it cannot be"
                        " claimed.",
                        line=title,
                    )
                )
            elif uom.compare(sum(lines.mapped("quantity")), available) > 0:
                errors.append(
                    self.env._(
                        "%(line)s: %(claimed)s is claimed, but %(shipped)s has left and"
                        " %(open)s of it is not claimed yet.",
                        line=title,
                        claimed=lines[0]._get_quantity_text(
                            sum(lines.mapped("quantity"))
                        ),
                        shipped=lines[0]._get_quantity_text(shipped),
                        open=lines[0]._get_quantity_text(available),
                    )
                )
        return errors
