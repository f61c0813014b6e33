from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    shipping_request_line_ids = fields.One2many(
        "order.desk.shipping.request.line",
        "sale_line_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def write(self, vals):
        self._check_same_goods(vals)
        return super().write(vals)

    def _check_same_goods(self, vals):
        """Refuse another product or unit where an issued request says how many leave.

        :raise UserError: names the requests, which are to be revised first
        """
        if not {"product_id", "product_uom_id"} & set(vals):
            return
        # whoever changes orders need not be able to read requests
        changed = self.sudo().filtered(
            lambda line: any(
                vals.get(name, line[name].id) != line[name].id
                for name in ("product_id", "product_uom_id")
            )
        )
        requests = changed.shipping_request_line_ids._filter_open().request_id
        if requests:
            raise UserError(
                self.env._(
                    "%s lets these goods leave in their present unit. Revise it before"
                    " you change product or unit.",
                    ", ".join(requests.mapped("display_name")),
                )
            )

    def _format_shipping_quantity(self, quantity):
        """Return a quantity with this line's unit, as the reader writes figures."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        text = formatLang(self.env, quantity, digits=digits)
        return f"{text} {self.product_uom_id.name}"

    def _get_whole_quantity_of_parts(self, parts):
        """Return how much of this line has moved whole, in its unit.

        A kit is whole with its last part; see also ``_get_quantity_of_parts``.

        :param parts: ``{product: quantity in the product's unit}`` that has moved
        """
        self.ensure_one()
        if not parts:
            return 0.0
        products = self.env["product.product"]
        if self.product_id not in parts:
            products = self.move_ids.filtered(
                lambda move: (
                    move.state != "cancel"
                    and (move._is_leaving() or move._is_heading_out())
                )
            ).product_id
        if not products or self.product_id in products:
            return self._get_quantity_of_parts(parts)
        return min(
            (
                parts.get(product, 0.0) / units
                for product, units in self._get_part_units(products).items()
                if units
            ),
            default=0.0,
        )

    def _get_most_to_ship(self):
        """Return how much of this line may be shipped in all, tolerance included."""
        self.ensure_one()
        return self.product_uom_id.round(
            self.product_uom_qty * (1 + self.tolerance_over / 100),
            rounding_method="DOWN",
        )

    def _get_request_reason(self, quantity, lines):
        """Return why a quantity of this line may not leave yet, or "".

        :param lines: those of requests under which goods of it may leave
        """
        self.ensure_one()
        errors = {line: line.request_id._get_ship_to_error() for line in lines}
        good = lines.filtered(lambda line: not errors[line])
        requested = sum(good.mapped("remaining_quantity"))
        if self.product_uom_id.compare(quantity, requested) <= 0:
            return ""
        values = {
            "product": self.product_id.display_name,
            "quantity": self._format_shipping_quantity(quantity),
            "requested": self._format_shipping_quantity(requested),
        }
        texts = list(dict.fromkeys(filter(None, errors.values())))
        if good:
            texts.append(
                self.env._(
                    "only %(requested)s are requested (%(numbers)s)",
                    **values,
                    numbers=", ".join(good.request_id.mapped("display_name")),
                )
            )
        return self.env._(
            "%(quantity)s of %(product)s: %(why)s.",
            **values,
            why="; ".join(texts) or self.env._("no shipping request is issued"),
        )

    def _get_left_reason(self, moves, lines):
        """Return why goods of this line were not to leave as they did.

        :param moves: by which they left without a request
        :param lines: those of requests under which goods of it may leave
        """
        self.ensure_one()
        quantity = moves._get_moved_quantity()
        reason = self._get_request_reason(quantity, lines)
        if not reason:  # enough is requested, but not for this
            reason = self.env._(
                "%(quantity)s of %(product)s: %(numbers)s is for less at once, or for"
                " another ship-to than that of %(transfers)s.",
                quantity=self._format_shipping_quantity(quantity),
                product=self.product_id.display_name,
                numbers=", ".join(lines.request_id.mapped("display_name")),
                transfers=", ".join(
                    moves.mapped(lambda move: move.picking_id.name or move.reference)
                ),
            )
        return self.env._("Without a shipping request: %s", reason)
