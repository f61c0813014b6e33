from odoo import api, fields, models

from odoo.addons.order_desk.quantity import format_quantity


class OrderDeskShippingAdviceLine(models.Model):
    """What has left of one order line; the quantity is what the transfers say."""

    _name = "order.desk.shipping.advice.line"
    _description = "Goods of a Shipping Advice"
    _order = "advice_id, sequence, id"
    _rec_name = "title"

    advice_id = fields.Many2one(
        "order.desk.shipping.advice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="advice_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        related="sale_line_id.order_id", store=True, precompute=True, index=True
    )
    product_id = fields.Many2one(related="sale_line_id.product_id", string="Article")
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    title = fields.Char("Product", compute="_compute_title", compute_sudo=True)
    move_ids = fields.One2many(
        "stock.move",
        compute="_compute_moves",
        compute_sudo=True,
        string="Stock Moves",
    )
    quantity = fields.Float(
        "Left", digits="Product Unit", compute="_compute_moves", compute_sudo=True
    )
    requested_quantity = fields.Float(
        "Requested",
        digits="Product Unit",
        compute="_compute_moves",
        compute_sudo=True,
        help="What the shipping request asks for of this order line.",
    )
    lot_names = fields.Char(
        "Lots and Serial Numbers", compute="_compute_moves", compute_sudo=True
    )

    _advice_line_uniq = models.UniqueIndex(
        "(advice_id, sale_line_id)", "An advice tells of each order line once."
    )

    @api.depends("sale_line_id.name")
    def _compute_title(self):
        for line in self:
            line.title = (line.sale_line_id.name or "").split("\n")[0]

    @api.depends(
        "advice_id.move_ids.quantity",
        "advice_id.move_ids.state",
        "advice_id.move_ids.move_line_ids.lot_id",
        "advice_id.request_id.line_ids.quantity",
    )
    def _compute_moves(self):
        for line in self:
            advice = line.advice_id
            moves = advice.move_ids.filtered(
                lambda move, line=line: move.sale_line_id == line.sale_line_id
            )
            requested = advice.request_id.line_ids.filtered(
                lambda other, line=line: other.sale_line_id == line.sale_line_id
            )
            line.move_ids = moves
            line.quantity = moves._get_line_quantities().get(line.sale_line_id, 0.0)
            line.requested_quantity = sum(requested.mapped("quantity"))
            lots = moves.move_line_ids.lot_id.sorted("name")
            line.lot_names = ", ".join(lots.mapped("name"))

    def _get_quantity_text(self):
        """Return what has left with its unit, e.g. ``5 Units``."""
        self.ensure_one()
        return format_quantity(self.quantity, self.product_uom_id)
