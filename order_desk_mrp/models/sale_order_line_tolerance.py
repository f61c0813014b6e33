from odoo import models
from odoo.fields import Domain
from odoo.tools import float_round

# Digits that binary fractions get right, far behind those of any unit: what is beyond
# them comes from calculating, and must not be rounded up to one piece more.
EXACT_DIGITS = 8


class SaleOrderLine(models.Model):
    """What was made for order lines, and what may be (SPEC E5)."""

    _inherit = "sale.order.line"

    def _is_order_desk_controlled(self):
        """Tell whether this line is of a running order with a sheet."""
        order = self.order_id
        return bool(order.sheet_id) and order.state != "cancel"

    def _get_making(self, product):
        """Return what is made of ``product`` for these lines, in the product's unit.

        Lines that share a manufacturing order are counted together. More may be made
        than the tolerance says where Odoo plans it so: batches are rounded up, and a
        merged order may be for stock, too.

        :return: dict of ``lines``, ``ordered``, ``most`` and ``least`` (allowed),
            ``made`` (net of what was unbuilt or scrapped), ``open`` (still to be made),
            ``other`` (covers the lines from stock), ``is_limited``: whether all lines
            are under control, so that the limits count
        """
        lines, productions = self._get_joint_productions(product)
        lines = lines.filtered(lambda line: line.order_id.state != "cancel")
        limits = lines._get_limits(product, productions)
        made = productions._get_net_made(product)
        return {
            **limits,
            "lines": lines,
            "made": made,
            "open": productions._get_open_quantity(product),
            "other": max(0.0, lines._get_on_hand(product, productions) - made)
            + lines._get_incoming(product),
            "is_limited": all(line._is_order_desk_controlled() for line in lines),
        }

    def _get_joint_productions(self, product):
        """Return these lines with all whose goods are made together, and by what."""
        lines = self
        while True:
            found = lines._find_productions().filtered(
                lambda production: production.product_id == product
            )
            further = found._get_customer_lines() | lines
            if further == lines:
                return lines, found
            lines = further

    def _find_productions(self):
        """Return the manufacturing orders whose goods the customers of these get."""
        # also behind the receipt of what a subcontractor makes
        served = Domain("sale_line_id", "in", self.ids)
        for _step in range(2):
            served |= Domain("move_dest_ids", "any", served)
        productions = self.env["mrp.production"].sudo()  # of all who may sell
        return productions.search(
            Domain("state", "!=", "cancel")
            & (
                Domain("sale_line_id", "in", self.ids)
                | Domain("move_finished_ids", "any", served)
            )
        )

    def _get_limits(self, product, productions):
        """Return ``ordered``, ``most`` and ``least`` of ``product`` for these lines."""
        uom = product.uom_id
        ordered = most = least = 0.0
        for line in self:
            quantity = line._get_quantity_of_part(product, line.product_uom_qty)
            # what waits for its signatures is not to be made yet
            launched = line.product_id.uom_id._compute_quantity(
                line.launched_qty, line.product_uom_id, round=False
            )
            launched = line._get_quantity_of_part(
                product, min(line.product_uom_qty, launched)
            )
            ordered += quantity
            most += quantity * (1 + line.tolerance_over / 100)
            least += launched * (1 - line.tolerance_under / 100)
        most = float_round(most, precision_digits=EXACT_DIGITS)
        least = float_round(least, precision_digits=EXACT_DIGITS)
        most = uom.round(most, rounding_method="DOWN")
        return {
            "ordered": ordered,
            "most": max(most, productions._round_to_batches(product, ordered))
            + sum(productions.mapped("order_desk_stock_qty")),
            "least": uom.round(least, rounding_method="UP"),
        }

    def _get_quantity_of_part(self, product, quantity):
        """Return how much of ``product`` is in ``quantity`` of this line."""
        self.ensure_one()
        if product == self.product_id:
            return self.product_uom_id._compute_quantity(
                quantity, product.uom_id, round=False
            )
        return quantity * self._get_part_units(product)[product]

    def _get_on_hand(self, product, productions):
        """Return what of ``product`` has left for these lines, or is there for them."""
        done = self.move_ids.filtered(lambda move: move.state == "done")
        shipped = sum(
            parts.get(product, 0.0) for parts in done._get_line_parts().values()
        )
        moves = self.move_ids | productions.move_finished_ids.move_dest_ids
        reserved = sum(
            line.quantity_product_uom
            # Odoo links what makes the goods to the line, too
            for line in moves.filtered(
                lambda move: not move.production_id
            ).move_line_ids
            if line.product_id == product and line.state not in ("done", "cancel")
        )
        warehouses = self.warehouse_id or productions.warehouse_id
        free = product.with_context(warehouse_id=warehouses.ids).free_qty
        return shipped + reserved + max(0.0, free)

    def _get_incoming(self, product):
        """Return what vendors are to deliver of ``product`` for these lines."""
        receipts = self.move_ids.move_orig_ids.filtered(
            lambda move: (
                move.product_id == product
                and move.state not in ("done", "cancel")
                and move.location_id.usage == "supplier"
            )
        )
        return sum(receipts.mapped("product_qty"))
