from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..quantity import format_quantity


class OrderDeskBalanceNoticeLine(models.Model):
    """One order line of which goods are finished and to be paid (SPEC F3)."""

    _name = "order.desk.balance.notice.line"
    _description = "Goods of a Balance Payment Notice"
    _order = "notice_id, sequence, id"
    _rec_name = "sale_line_id"

    notice_id = fields.Many2one(
        "order.desk.balance.notice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="notice_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    title = fields.Char("Product", compute="_compute_title", compute_sudo=True)
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    ordered_qty = fields.Float(
        "Ordered", related="sale_line_id.product_uom_qty", digits="Product Unit"
    )
    shipped_qty = fields.Float(
        "Shipped",
        digits="Product Unit",
        readonly=True,
        help="What had left when the notice was made.",
    )
    ready_qty = fields.Float(
        "Finished",
        digits="Product Unit",
        readonly=True,
        help="What was ready for shipment when the notice was made.",
    )
    quantity = fields.Float(
        "To Pay",
        digits="Product Unit",
        help="What the notice asks the customer to pay.",
    )

    @api.depends("sale_line_id.name", "sale_line_id.product_id")
    @api.depends_context("lang")
    def _compute_title(self):
        for line in self:
            sale_line = line.sale_line_id
            line.title = (sale_line.name or "").split("\n")[0]

    @api.constrains("quantity")
    def _check_quantity(self):
        for line in self:
            unit = line.product_uom_id
            if unit.compare(line.quantity, 0) < 0:
                raise ValidationError(
                    self.env._("%s: the quantity cannot be negative.", line.title)
                )
            if unit.compare(line.quantity, line.ready_qty) > 0:
                raise ValidationError(line._get_too_much_error(line.ready_qty))

    def _get_quantity_text(self):
        """Return what is to be paid with its unit, e.g. ``5 Units``."""
        self.ensure_one()
        return format_quantity(self.quantity, self.product_uom_id)

    def _get_ordered_text(self):
        """Return how much was ordered, for the customer."""
        self.ensure_one()
        return format_quantity(self.ordered_qty)

    def _get_too_much_error(self, ready):
        self.ensure_one()
        return self.env._(
            "%(product)s: %(ready)s are finished, so %(asked)s cannot be asked"
            " for. Reserve more for shipment first, or lower the quantity.",
            product=self.title,
            ready=format_quantity(ready, self.product_uom_id),
            asked=format_quantity(self.quantity),
        )

    def write(self, vals):
        if not self.env.su:
            if set(vals) - {"quantity"}:
                raise AccessError(
                    self.env._("What is finished is kept by the order desk.")
                )
            sent = self.notice_id.filtered(lambda notice: notice.state != "draft")
            if sent:
                raise AccessError(
                    self.env._(
                        "%s has been sent. Prepare a new notice instead.",
                        ", ".join(sent.mapped("display_name")),
                    )
                )
        result = super().write(vals)
        if "quantity" in vals:
            # the amounts are the desk's to keep; whoever may write the quantity may
            # cause this
            self.notice_id.sudo()._refresh_amounts()
        return result
