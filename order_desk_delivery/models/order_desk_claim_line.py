from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.order_desk.quantity import format_quantity

from .order_desk_claim import DEAD_STATES

# whoever takes claims down names the lots; plain salespeople do not read them
LOT_GROUPS = (
    "order_desk.group_order_desk_clerk,order_desk.group_order_desk_signer,"
    "stock.group_stock_user"
)
LINE_KINDS = ("quality", "damage", "shortage", "wrong")


class OrderDeskClaimLine(models.Model):
    """Goods that a customer claims, in the unit of the order's line (SPEC I1)."""

    _name = "order.desk.claim.line"
    _description = "Claimed Goods"
    _inherit = ["order.desk.number.mixin"]
    _order = "claim_id, sequence, id"
    _rec_name = "sale_line_id"
    _check_company_auto = True

    claim_id = fields.Many2one(
        "order.desk.claim", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="claim_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    claimable_line_ids = fields.Many2many(related="claim_id.claimable_line_ids")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('id', 'in', claimable_line_ids)]",
        help="Only what has left for the customer can be claimed.",
    )
    product_id = fields.Many2one(related="sale_line_id.product_id", store=True)
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    kind = fields.Selection(
        [
            ("quality", "Quality"),
            ("damage", "Damage"),
            ("shortage", "Shortage"),
            ("wrong", "Wrong Goods"),
        ],
        "Problem",
        compute="_compute_kind",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    quantity = fields.Float(
        "Claimed", digits="Product Unit", default=1.0, required=True
    )
    claimable_quantity = fields.Float(
        "Claimable",
        digits="Product Unit",
        compute="_compute_claimable_quantity",
        compute_sudo=True,
        help="What has left, less what other claims are about.",
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        "order_desk_claim_line_lot_rel",
        string="Lots/Serial Numbers",
        domain="[('id', 'in', delivered_lot_ids)]",
        groups=LOT_GROUPS,
        help="As far as the customer has named them.",
    )
    delivered_lot_ids = fields.Many2many(
        "stock.lot",
        compute="_compute_delivered_lot_ids",
        compute_sudo=True,
        groups=LOT_GROUPS,
    )
    note = fields.Char("Remark", help="The customer reads it too.")

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "A claim is about more than nothing."
    )

    @api.depends("claim_id.kind")
    def _compute_kind(self):
        for line in self:
            kind = line.claim_id.kind
            line.kind = line.kind or (kind if kind in LINE_KINDS else "quality")

    @api.depends("sale_line_id", "claim_id")
    def _compute_claimable_quantity(self):
        for claim, lines in self.grouped("claim_id").items():
            claimable = lines.sale_line_id._get_claimable_quantities(claim._origin)
            for line in lines:
                found = claimable.get(line.sale_line_id)
                line.claimable_quantity = found.open if found else 0.0

    @api.depends("sale_line_id")
    def _compute_delivered_lot_ids(self):
        for line in self:
            moves = line.sale_line_id._get_delivered_moves()
            line.delivered_lot_ids = moves.move_line_ids.lot_id

    @api.model
    def _get_entered_numbers(self):
        return ("quantity",)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.claim_id._check_editing({"line_ids"})
        return lines

    def write(self, vals):
        self.claim_id._check_editing({"line_ids"})
        result = super().write(vals)
        self.claim_id._check_editing({"line_ids"})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_editing(self):
        self.claim_id._check_editing({"line_ids"})

    @api.constrains("claim_id", "sale_line_id", "quantity", "lot_ids")
    def _check_goods(self):
        """Accept goods that have left for this order, and no more of them (SPEC I1).

        :raise ValidationError: names each line and what can be claimed
        """
        lines = self.sudo()  # transfers, and claims of colleagues
        claims = lines.claim_id.filtered(lambda claim: claim.state not in DEAD_STATES)
        claims.sheet_id._start_over_if_second()  # two who claim the same goods
        errors = [error for claim in claims for error in claim._get_goods_errors()]
        if errors:
            raise ValidationError("\n".join(errors))

    def _get_title(self):
        """Return the goods' name, for messages and documents."""
        self.ensure_one()
        return self.sale_line_id.name.split("\n")[0]

    def _get_number_title(self):
        return self._get_title() if len(self) == 1 else super()._get_number_title()

    def _get_quantity_text(self, quantity=None):
        """Return the quantity with its unit."""
        self.ensure_one()
        value = self.quantity if quantity is None else quantity
        return format_quantity(value, self.product_uom_id)

    def _get_lot_error(self):
        """Return what is wrong with the lots of this line, or ""."""
        self.ensure_one()
        strange = self.lot_ids - self.delivered_lot_ids
        if strange:
            return self.env._(
                "%(line)s: %(lots)s was not delivered on this order. Delivered were:"
                " %(delivered)s.",
                line=self._get_title(),
                lots=", ".join(strange.mapped("name")),
                delivered=", ".join(self.delivered_lot_ids.mapped("name"))
                or self.env._("none"),
            )
        pieces = self.product_uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id
        )
        if self.product_id.tracking == "serial" and len(self.lot_ids) > pieces:
            return self.env._(
                "%(line)s: %(count)s serial numbers for %(quantity)s. Correct the"
                " quantity or take numbers off.",
                line=self._get_title(),
                count=len(self.lot_ids),
                quantity=self._get_quantity_text(),
            )
        return ""
