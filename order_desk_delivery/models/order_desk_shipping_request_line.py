from odoo import api, fields, models


class OrderDeskShippingRequestLine(models.Model):
    """How much of an order's line is to leave under a shipping request."""

    _name = "order.desk.shipping.request.line"
    _description = "Line of a Shipping Request"
    _inherit = ["order.desk.protected.mixin"]
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
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        help="To leave, in the unit of the order line.",
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

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "A shipping request asks for more than nothing."
    )

    @api.depends("quantity", "move_ids.state", "move_ids.quantity")
    def _compute_shipped_quantity(self):
        for line in self:
            done = line.move_ids.filtered(lambda move: move.state == "done")
            quantities = done._get_line_quantities()
            shipped = quantities.get(line.sale_line_id, 0.0)
            line.shipped_quantity = shipped
            line.remaining_quantity = max(0.0, line.quantity - shipped)

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "move_ids": []}
