from odoo import models
from odoo.tools import ormcache


class StockLocation(models.Model):
    _inherit = "stock.location"

    def write(self, vals):
        result = super().write(vals)
        if {"location_id", "usage"} & set(vals):
            self.env.registry.clear_cache()
        return result

    def _order_desk_is_outgoing(self):
        """Tell whether goods that are here have left for a customer, as Odoo does.

        Odoo asks the database each time; few places serve very many moves.
        """
        self.ensure_one()
        place = self._origin
        return bool(place) and place._get_order_desk_outgoing()

    @ormcache("self.id")
    def _get_order_desk_outgoing(self):
        # kept for everybody, whoever asks first
        return bool(self.sudo()._is_outgoing())
