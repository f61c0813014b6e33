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
