from odoo import models


class SaleOrder(models.Model):
    """Nothing leaves for less than what was signed (SPEC C3, F3)."""

    _inherit = "sale.order"

    def _order_desk_conditions(self, gate, leaving=None):
        conditions = super()._order_desk_conditions(gate, leaving)
        if gate != "shipping" or not conditions:
            return conditions
        orders = self.browse().union(*conditions)
        waiting = orders.sudo().sheet_id._get_roles_for_terms()  # whoever ships
        for order in conditions:
            roles = waiting[order.sudo().sheet_id]
            if roles:
                conditions[order].append(order.sudo()._get_terms_condition(roles))
        return conditions

    def _get_terms_condition(self, roles):
        """Return the condition that ``roles`` sign the terms first."""
        return self._make_condition(
            "terms",
            self.env._("Prices and terms as signed"),
            self.env._(
                "The customer, the currency or what the goods cost has changed since it"
                " was signed."
            ),
            "; ".join(role._get_signers_text(self.sheet_id) for role in roles),
        )
