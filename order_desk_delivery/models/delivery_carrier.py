from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    order_desk_days = fields.Integer(
        "Days on the Way",
        help="Working days from when the goods are picked up to their arrival. With 0"
        " the service level of the order says it.",
    )

    _order_desk_days_positive = models.Constraint(
        "CHECK(order_desk_days BETWEEN 0 AND 365)",
        "Goods are on the way for 0 to 365 days.",
    )

    def _order_desk_serves(self, partner, orders, weight, volume):
        """Tell whether this carrier takes these goods to ``partner``.

        Odoo's own rules, but for what leaves now instead of whole orders.
        """
        self.ensure_one()
        return bool(
            self._match_address(partner)
            and all(
                self._match_must_have_tags(order) and self._match_excluded_tags(order)
                for order in orders
            )
            and (not self.max_weight or weight <= self.max_weight)
            and (not self.max_volume or volume <= self.max_volume)
        )
