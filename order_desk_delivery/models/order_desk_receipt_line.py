from odoo import api, fields, models
from odoo.tools import formatLang, get_lang


class OrderDeskReceiptLine(models.Model):
    """What should have come of one article, and what came (SPEC G7)."""

    _name = "order.desk.receipt.line"
    _description = "Line of a Delivery Receipt"
    _inherit = ["order.desk.protected.mixin"]
    _order = "receipt_id, sequence, id"
    _rec_name = "title"
    _check_company_auto = True

    receipt_id = fields.Many2one(
        "order.desk.receipt", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="receipt_id.company_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="receipt_id.state")
    sequence = fields.Integer(default=10)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    order_id = fields.Many2one(
        related="sale_line_id.order_id", store=True, precompute=True, index=True
    )
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    product_uom_id = fields.Many2one("uom.uom", "Unit", required=True)
    move_ids = fields.Many2many(
        "stock.move",
        "order_desk_receipt_line_move_rel",
        string="Stock Moves",
        help="By which the goods left.",
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        "order_desk_receipt_line_lot_rel",
        string="Lots and Serial Numbers",
    )
    title = fields.Char(compute="_compute_title", compute_sudo=True)
    expected_qty = fields.Float("Shipped", digits="Product Unit")
    received_qty = fields.Float(
        "Received", digits="Product Unit", help="With what came damaged."
    )
    damaged_qty = fields.Float(
        "Damaged", digits="Product Unit", help="Of what was received."
    )
    missing_qty = fields.Float(
        "Missing", digits="Product Unit", compute="_compute_difference", store=True
    )
    surplus_qty = fields.Float(
        "Too Many", digits="Product Unit", compute="_compute_difference", store=True
    )
    is_wrong = fields.Boolean(
        "Wrong Goods", help="Something else came than the line says."
    )
    note = fields.Char()
    photo_ids = fields.Many2many(
        "ir.attachment", "order_desk_receipt_line_photo_rel", string="Photos"
    )
    difference = fields.Selection(
        [
            ("shortage", "Missing"),
            ("damage", "Damaged"),
            ("wrong", "Wrong or Too Many"),
        ],
        compute="_compute_difference",
        store=True,
        help="What weighs most: what is damaged before what is wrong or missing.",
    )

    @api.depends("product_id", "sale_line_id.name")
    @api.depends_context("lang")
    def _compute_title(self):
        for line in self:
            order_line = line.sale_line_id
            own = order_line.product_id == line.product_id
            # the first line of what stands on the order, as the customer knows it
            text = (order_line.name or "").strip() if own else ""
            line.title = text.split("\n")[0] or line.product_id.display_name

    @api.depends(
        "expected_qty", "received_qty", "damaged_qty", "is_wrong", "receipt_id.state"
    )
    def _compute_difference(self):
        for line in self:
            line.missing_qty = line.surplus_qty = 0.0
            line.difference = False
            if not line.receipt_id._is_in():
                continue
            unit = line.product_uom_id
            gap = unit.round(line.expected_qty - line.received_qty)
            line.missing_qty, line.surplus_qty = max(0.0, gap), max(0.0, -gap)
            if unit.compare(line.damaged_qty, 0.0) > 0:
                line.difference = "damage"
            elif line.is_wrong or unit.compare(gap, 0.0) < 0:
                line.difference = "wrong"
            elif unit.compare(gap, 0.0) > 0:
                line.difference = "shortage"

    @api.model
    def _get_fixed_fields(self):
        # the ways of a receipt alone write its lines
        return set(self._fields) - set(models.MAGIC_COLUMNS)

    def _get_quantity_text(self, quantity):
        """Return a quantity of this line in words, with its unit."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        text = formatLang(self.env, quantity, digits=digits)
        point = get_lang(self.env).decimal_point
        if point in text:
            text = text.rstrip("0").rstrip(point)
        return f"{text} {self.product_uom_id.name}"

    def _get_lot_text(self):
        """Return the lots and serial numbers, a comma between them."""
        self.ensure_one()
        return ", ".join(self.lot_ids.mapped("name"))

    def _is_evidence(self, attachment):
        """Tell whether a photo of this line is what the customer has signed."""
        self.ensure_one()
        return self.receipt_id._is_in() and attachment in self.photo_ids
