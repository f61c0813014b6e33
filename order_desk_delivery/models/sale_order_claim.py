from odoo import fields, models


class SaleOrder(models.Model):
    """Orders and their claims (SPEC I1)."""

    _name = "sale.order"
    _inherit = ["order.desk.claim.document.mixin", "sale.order"]

    claim_outcome_id = fields.Many2one(string="Sent anew for a Claim")

    def _get_portal_claims(self, user):
        """Return the claims of these orders that ``user`` finds in the portal."""
        # customers have no right on the model; what is theirs is looked up
        return self.sudo().sheet_id.claim_ids._filter_for_portal(user)

    def _get_kept_quantities(self):
        quantities = super()._get_kept_quantities()
        for line, quantity in self._get_quantities_to_exchange().items():
            quantities[line] = quantities.get(line, 0.0) - quantity
        return quantities

    def _get_quantities_to_exchange(self):
        """Return what is still to come back in exchange: ``{line: quantity}``.

        No more than was decided, whatever the transfers say.
        """
        # whoever reads what is due need not be able to read transfers or claims
        back = self.sudo().order_line.move_ids.filtered(
            lambda move: (
                move.claim_outcome_id
                and move.claim_outcome_id.kind == "exchange"
                and move.state != "cancel"
                and move.location_id._order_desk_is_outgoing()
            )
        )
        if not back:
            return {}
        done = back.filtered(lambda move: move.state == "done")
        came = done._get_line_quantities()
        parts = (back - done)._get_line_parts(lambda move: move.product_uom_qty)
        decided = back.claim_outcome_id.line_ids.grouped(
            lambda line: line.claim_line_id.sale_line_id
        )
        return {
            line: max(
                0.0,
                min(
                    -line._get_quantity_of_parts(coming),
                    sum(decided[line].mapped("quantity")) + came.get(line, 0.0),
                ),
            )
            for line, coming in parts.items()
            if line in decided
        }
