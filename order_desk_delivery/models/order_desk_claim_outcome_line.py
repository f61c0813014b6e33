from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import plaintext2html

from .order_desk_claim_outcome import BACK_KINDS


class OrderDeskClaimOutcomeLine(models.Model):
    """How much of a claimed line comes back, is credited, sent anew or repaired."""

    _name = "order.desk.claim.outcome.line"
    _description = "Goods of an Outcome"
    _order = "outcome_id, id"
    _rec_name = "claim_line_id"
    _check_company_auto = True

    outcome_id = fields.Many2one(
        "order.desk.claim.outcome", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="outcome_id.company_id", store=True, precompute=True, index=True
    )
    claim_line_id = fields.Many2one(
        "order.desk.claim.line", required=True, index=True, ondelete="restrict"
    )
    product_uom_id = fields.Many2one(related="claim_line_id.product_uom_id")
    quantity = fields.Float(digits="Product Unit", required=True)

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "An outcome is about more than nothing."
    )

    def _get_quantity_text(self):
        """Return the quantity with its unit."""
        self.ensure_one()
        return self.claim_line_id._get_quantity_text(self.quantity)

    @api.constrains("quantity", "claim_line_id", "outcome_id")
    def _check_quantity(self):
        """Do each thing for no more than what is claimed.

        :raise ValidationError: names the line, and what is left of it
        """
        errors = [error for line in self.sudo() if (error := line._get_error())]
        if errors:
            raise ValidationError("\n".join(errors))

    def _get_error(self):
        """Return what is wrong with this line, or ""."""
        self.ensure_one()
        claim_line = self.claim_line_id
        kind = self.outcome_id.kind
        title = claim_line._get_title()
        if claim_line.claim_id != self.outcome_id.claim_id:
            return self.env._("%s belongs to another claim.", title)
        if kind in BACK_KINDS and claim_line.kind == "shortage":
            return self.env._(
                "%s did not arrive, so it cannot come back. Send it anew or credit it.",
                title,
            )
        same = claim_line.outcome_line_ids.filtered(
            lambda line: line.outcome_id.kind == kind and not line.outcome_id.is_dropped
        )
        total = sum(same.mapped("quantity"))
        if claim_line.product_uom_id.compare(total, claim_line.quantity) > 0:
            return self.env._(
                "%(line)s: %(what)s of %(total)s, but %(claimed)s is claimed.",
                line=title,
                what=self.outcome_id._get_kind_text(),
                total=claim_line._get_quantity_text(total),
                claimed=claim_line._get_quantity_text(),
            )
        return ""

    # ------------------------------------------------------------- for the documents

    def _get_part_quantities(self, moves):
        """Return what this line consists of: ``{product: quantity in its unit}``.

        A kit comes back part by part.
        """
        self.ensure_one()
        sale_line = self.claim_line_id.sale_line_id.sudo()
        if sale_line.product_id in moves.product_id:
            return {
                sale_line.product_id: sale_line.product_uom_id._compute_quantity(
                    self.quantity, sale_line.product_id.uom_id, round=False
                )
            }
        units = sale_line._get_part_units(moves.product_id)
        return {product: self.quantity * unit for product, unit in units.items()}

    def _prepare_resend_vals(self):
        """Return the values of the new order's line: configured as the claimed one."""
        self.ensure_one()
        line = self.claim_line_id.sale_line_id
        vals = line.copy_data({"product_uom_qty": self.quantity})[0]
        vals.pop("order_id", None)
        if self.outcome_id.is_free:
            vals.update(price_unit=0.0, discount=0.0)
        return vals

    def _prepare_repair_vals(self):
        """Return the values of the repair orders, one for each serial number."""
        self.ensure_one()
        claim_line = self.claim_line_id
        product = claim_line.product_id
        claim = claim_line.claim_id
        quantity = claim_line.product_uom_id._compute_quantity(
            self.quantity, product.uom_id
        )
        lots = claim_line.lot_ids
        vals = {
            "product_id": product.id,
            "product_qty": quantity,
            "partner_id": claim.partner_id.id,
            "company_id": self.company_id.id,
            "internal_notes": plaintext2html(claim.display_name),
            "under_warranty": True,
        }
        if product.tracking != "serial":
            return [{**vals, "lot_id": lots.id if len(lots) == 1 else False}]
        known = lots[: int(quantity)]
        return [
            {**vals, "product_qty": 1.0, "lot_id": lot_id}
            for lot_id in [*known.ids, *[False] * (int(quantity) - len(known))]
        ]


class OrderDeskClaimLine(models.Model):
    _inherit = "order.desk.claim.line"

    outcome_line_ids = fields.One2many(
        "order.desk.claim.outcome.line", "claim_line_id", readonly=True
    )

    def _get_undecided(self, kind):
        """Return how much of this line is not dealt with in this way yet."""
        self.ensure_one()
        same = self.outcome_line_ids.filtered(
            lambda line: line.outcome_id.kind == kind and not line.outcome_id.is_dropped
        )
        return max(0.0, self.quantity - sum(same.mapped("quantity")))
