from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _get_slip_accessories(self):
        """Return the accessories that the delivery slip lists.

        Once the goods have left, those that went along; before, those that are to.
        """
        self.ensure_one()
        # the warehouse need not be able to read sheets
        accessories = self.sudo()._get_desk_orders().sheet_id.accessory_ids
        if self.state == "done":
            return accessories.filtered(lambda a: a.picking_id == self)
        moves = self.sudo().move_ids.filtered(
            lambda move: move.state != "cancel" and move._is_leaving()
        )
        if not moves:
            return accessories.browse()
        coming = accessories.filtered(
            lambda a: (
                a.state in ("wanted", "prepared", "packed")
                and (not a.request_id or a.request_id == self.shipping_request_id)
            )
        )
        return coming._filter_due(moves._get_leaving_quantities())
