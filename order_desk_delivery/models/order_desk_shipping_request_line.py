from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OrderDeskShippingRequestLine(models.Model):
    """How much of an order's line is to leave under a shipping request."""

    _name = "order.desk.shipping.request.line"
    _description = "Line of a Shipping Request"
    _inherit = ["order.desk.number.mixin", "order.desk.protected.mixin"]
    _order = "request_id, sequence, id"
    _check_company_auto = True

    request_id = fields.Many2one(
        "order.desk.shipping.request", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    order_id = fields.Many2one(
        related="sale_line_id.order_id", store=True, precompute=True, index=True
    )
    product_id = fields.Many2one(related="sale_line_id.product_id")
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    packaging_note = fields.Char(related="sale_line_id.packaging_note")
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        help="To leave, in the unit of the order line.",
    )
    is_closed = fields.Boolean(
        readonly=True, copy=False, help="What has not left of it will not leave."
    )
    move_ids = fields.One2many(
        "stock.move", "shipping_request_line_id", "What Has Left", readonly=True
    )
    shipped_quantity = fields.Float(
        "Shipped",
        digits="Product Unit",
        compute="_compute_shipped_quantity",
        compute_sudo=True,
        help="What has left under this line, in its unit, as the transfers say.",
    )
    remaining_quantity = fields.Float(
        "Still to Leave",
        digits="Product Unit",
        compute="_compute_shipped_quantity",
        compute_sudo=True,
    )
    ready_quantity = fields.Float(
        "Ready",
        digits="Product Unit",
        compute="_compute_ready_quantity",
        compute_sudo=True,
        help="Reserved for the delivery right now, in the unit of the order line.",
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "A shipping request asks for more than nothing."
    )
    _request_sale_line_uniq = models.UniqueIndex(
        "(request_id, sale_line_id)",
        "This order line is on the shipping request already.",
    )

    @api.depends("sale_line_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.sale_line_id.display_name

    @api.depends("quantity", "is_closed", "move_ids.state", "move_ids.quantity")
    def _compute_shipped_quantity(self):
        for line in self:
            shipped = line._get_whole_quantity(line._get_left_parts())
            line.shipped_quantity = shipped
            line.remaining_quantity = (
                0.0 if line.is_closed else max(0.0, line.quantity - shipped)
            )

    @api.depends("sale_line_id.move_ids.quantity", "sale_line_id.move_ids.state")
    def _compute_ready_quantity(self):
        ready = self.order_id._get_heading_quantities()
        for line in self:
            line.ready_quantity = max(0.0, ready.get(line.sale_line_id, 0.0))

    def _get_left_parts(self):
        """Return what has left under this line: ``{product: quantity in its unit}``."""
        self.ensure_one()
        parts = defaultdict(float)
        for move in self.move_ids:
            if move.state == "done":
                parts[move.product_id] += move._get_own_quantity()
        return parts

    def _get_quantity(self, parts):
        """Return how much of this line such parts are, in its unit.

        A kit counts with its first part, so that none leaves too much.
        """
        self.ensure_one()
        return self.sale_line_id._get_quantity_of_parts(parts) if parts else 0.0

    def _get_whole_quantity(self, parts):
        """Return the same, a kit counting with its last part."""
        self.ensure_one()
        return self.sale_line_id._get_whole_quantity_of_parts(parts)

    @api.constrains("sale_line_id")
    def _check_goods(self):
        for line in self.sudo():  # whoever prepares need not be able to read orders
            product = line.sale_line_id.product_id
            if product.type != "consu":
                raise ValidationError(
                    self.env._(
                        "%s is no goods, so it does not leave.",
                        product.display_name or line.sale_line_id.name,
                    )
                )

    # ------------------------------------------------------------- protection

    @api.model
    def _get_entered_numbers(self):
        return ("quantity",)

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "move_ids": [], "is_closed": False}

    @api.model
    def _get_fixed_fields(self):
        return {*super()._get_fixed_fields(), "request_id", "sale_line_id"}

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_request()
        lines.request_id._update_checks()
        return lines

    def write(self, vals):
        if {"quantity", "sequence"} & set(vals):
            self._check_request()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_prepared(self):
        self._check_request()

    def _check_request(self):
        if not self.env.su:
            self.request_id._check_prepared()

    # ------------------------------------------------------------- in words

    def _get_look_value(self):
        """Return product code, product and quantity, as the second look reads them."""
        self.ensure_one()
        return f"{self.product_id.display_name}: {self._format(self.quantity)}"

    def _format(self, quantity):
        """Return a quantity of this line with its unit, for messages."""
        self.ensure_one()
        # whoever reads the request need not be able to read the order
        return self.sudo().sale_line_id._format_shipping_quantity(quantity)

    # ------------------------------------------------------------- what may leave

    def _filter_open(self):
        """Return the lines under which goods may still leave."""
        return self.filtered(
            lambda line: (
                line.request_id.state == "issued"
                and line.product_uom_id.compare(line.remaining_quantity, 0) > 0
            )
        )

    def _is_exceeded(self):
        """Tell whether more has left under this line than was requested."""
        self.ensure_one()
        left = self._get_quantity(self._get_left_parts())
        return self.product_uom_id.compare(left, self.quantity) > 0

    def _cover(self, moves):
        """Tell under which of these lines the moves may leave: ``{move: line}``.

        Each move leaves under one line that has enough left for all of it: of the
        request of its transfer if there is one, else of the oldest. A move that finds
        none is not in the result.
        """
        parts = {line: line._get_left_parts() for line in self}
        candidates = self.sorted(lambda line: (line.request_id.issued_on, line.id))
        candidates = candidates.grouped("sale_line_id")
        found = {}
        for move in moves:
            own = move.picking_id.shipping_request_id
            lines = candidates.get(move.sale_line_id, self.browse())
            for line in lines.sorted(lambda line, own=own: line.request_id != own):
                after = parts[line].copy()
                after[move.product_id] += move._get_own_quantity()
                if (
                    line.request_id._goes_to(move)
                    and line.product_uom_id.compare(
                        line._get_quantity(after), line.quantity
                    )
                    <= 0
                ):
                    parts[line] = after
                    found[move] = line
                    break
        return found
