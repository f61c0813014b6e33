import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.order_desk.quantity import format_quantity


class MrpProduction(models.Model):
    """What is made stays within the tolerance of the order (SPEC E5)."""

    _inherit = "mrp.production"

    order_desk_stock_qty = fields.Float(
        "Part for Stock",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What of a merged order was planned for stock, in the product's unit. It"
        " does not count for the tolerance of the customers' orders.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any("order_desk_stock_qty" in vals for vals in vals_list):
            self._check_stock_part()
        return super().create(vals_list)

    def write(self, vals):
        if "order_desk_stock_qty" in vals:
            self._check_stock_part()
        if "sale_line_id" in vals:
            self._check_keeps_order(vals["sale_line_id"])
        group = self.browse()
        if "production_group_id" in vals:
            group = self._get_inspection_group()
        result = super().write(vals)
        if group or "sale_line_id" in vals:
            (self | group)._check_received()
        return result

    @api.model
    def _check_stock_part(self):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "What of a merged manufacturing order is for stock is worked out"
                    " by the order desk and cannot be entered."
                )
            )

    def _check_keeps_order(self, line_id):
        """Refuse to take what is made for a sheet's order out of its control."""
        moved = self.filtered(
            lambda production: (
                production.sale_line_id.id != line_id
                and production.sudo().sale_line_id._is_order_desk_controlled()
            )
        )
        moved._check_stays()

    def _check_stays(self):
        """Refuse to take away what is made by those of these under control."""
        if self.env.su:
            return
        kept = self.filtered(
            lambda production: any(
                line._is_order_desk_controlled()
                for line in production._get_customer_lines()
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "%s is made for an order of the order desk and stays with it."
                    " Cancel it and make one for stock instead.",
                    ", ".join(kept.mapped("name")),
                )
            )

    def _check_received(self):
        """Ask again what these orders have brought into stock: they are others' now."""
        received = self.sudo().filtered(lambda p: p.state == "done")
        if received:
            received._check_inspected(received.move_finished_ids.product_id)
            received._check_tolerance()

    def _get_part_for_stock(self, lines):
        """Return what this order makes for nobody's order, in the product's unit.

        :param lines: the order lines it is for
        """
        self.ensure_one()
        return self.order_desk_stock_qty if lines else self.product_uom_qty

    # ------------------------------------------------------------- the door

    def _check_tolerance(self, is_more=True):
        """Refuse what was made beyond the tolerance, or closed short of it.

        :param is_more: False where something was only taken back
        :raise UserError: names the orders with what is made, ordered and allowed
        """
        errors = []
        for production in self:
            lines = production._get_customer_lines()
            controlled = lines.filtered(lambda line: line._is_order_desk_controlled())
            if controlled:
                # of two at the same moment the second starts over, and sees the first
                controlled.order_id.sheet_id._start_over_if_second()
                making = lines._get_making(production.product_id)
                errors.append(
                    (is_more and production._get_over_error(making))
                    or production._get_short_error(making)
                )
        if any(errors):
            raise UserError("\n\n".join(dict.fromkeys(filter(None, errors))))

    def _get_over_error(self, making):
        """Return why more was made than allowed, or ""."""
        self.ensure_one()
        uom = self.product_id.uom_id
        if not making["is_limited"] or uom.compare(making["made"], making["most"]) <= 0:
            return ""
        return self.env._(
            "%(production)s: more than allowed would be made of %(product)s for"
            " %(orders)s.\nMade: %(made)s, ordered: %(ordered)s, allowed at most:"
            " %(most)s (%(unit)s).\nReport at most %(most)s for the order and make what"
            " is beyond it with a manufacturing order of its own for stock, or have the"
            " order changed.",
            **self._get_numbers(making),
        )

    def _get_short_error(self, making, reduction=0.0):
        """Return why an order would be left short, or "".

        :param reduction: by how much less is to be made than planned
        """
        self.ensure_one()
        compare = self.product_id.uom_id.compare
        is_open = any(
            move.state not in ("done", "cancel")
            for move in self.move_finished_ids
            if move.product_id == self.product_id
        )
        if is_open and not reduction or not making["is_limited"]:
            return ""  # the rest is still to be made
        covered = making["made"] + making["open"] + making["other"] - reduction
        if (
            compare(making["made"], making["least"]) >= 0
            or compare(covered, making["least"]) >= 0
        ):
            return ""
        return self.env._(
            "%(production)s: less than allowed would be made of %(product)s for"
            " %(orders)s.\nMade: %(made)s, still to be made or on hand: %(rest)s,"
            " ordered: %(ordered)s, allowed at least: %(least)s (%(unit)s).\nCreate a"
            " back order for the rest, or have the order changed.",
            **self._get_numbers(making),
            rest=format_quantity(making["open"] + making["other"] - reduction),
        )

    def _get_numbers(self, making):
        """Return the numbers of a refusal, as text."""
        self.ensure_one()
        return {
            "production": self.name,
            "product": self.product_id.display_name,
            "orders": ", ".join(making["lines"].order_id.mapped("name")),
            "unit": self.product_id.uom_id.name,
            **{
                name: format_quantity(making[name])
                for name in ("made", "ordered", "most", "least")
            },
        }

    def _check_reduction(self, quantity):
        """Refuse to plan so little that an order would be left short.

        :param quantity: the new quantity of this order, in its unit
        """
        self.ensure_one()
        reduction = self.product_uom_id._compute_quantity(
            self.product_qty - quantity, self.product_id.uom_id
        )
        lines = self._get_customer_lines()
        if self.product_id.uom_id.compare(reduction, 0) <= 0 or not any(
            line._is_order_desk_controlled() for line in lines
        ):
            return
        making = lines._get_making(self.product_id)
        if error := self._get_short_error(making, reduction):
            raise UserError(error)

    # ------------------------------------------------------------- quantities

    def _get_net_made(self, product):
        """Return what of ``product`` was made, less what was unbuilt or scrapped."""
        moves = self.move_finished_ids.filtered(
            lambda move: move.product_id == product and move.state == "done"
        )
        made = sum(sum(p._get_done_quantities(product).values()) for p in self)
        unbuilt = self.env["stock.move"].search(
            [("origin_returned_move_id", "in", moves.ids), ("state", "=", "done")]
        )
        scrapped = self.env["stock.scrap"].search(
            [
                ("production_id", "in", self.ids),
                ("product_id", "=", product.id),
                ("state", "=", "done"),
                # what never was in stock was never counted
                ("location_id.usage", "=", "internal"),
            ]
        )
        return (
            made
            - sum(unbuilt.move_line_ids.mapped("quantity_product_uom"))
            - sum(
                scrap.product_uom_id._compute_quantity(scrap.scrap_qty, product.uom_id)
                for scrap in scrapped
            )
        )

    def _get_open_quantity(self, product):
        """Return what of ``product`` these orders are still to make."""
        moves = self.move_finished_ids.filtered(
            lambda move: (
                move.product_id == product and move.state not in ("done", "cancel")
            )
        )
        return sum(moves.mapped("product_qty"))

    def _round_to_batches(self, product, quantity):
        """Return ``quantity`` as whole batches, the largest their bills give."""
        rounded = quantity
        for bom in self.bom_id.filtered("enable_batch_size"):
            batch = bom.product_uom_id._compute_quantity(
                bom.batch_size, product.uom_id, round=False
            )
            if batch > 0:
                # a little less, so that a whole number of batches stays one
                rounded = max(rounded, math.ceil(quantity / batch - 1e-6) * batch)
        return rounded

    def _get_planned(self, product):
        """Return what of ``product`` these orders have made and are to make."""
        made = sum(sum(p._get_done_quantities(product).values()) for p in self)
        return made + self._get_open_quantity(product)
