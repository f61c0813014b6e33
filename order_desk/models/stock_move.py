from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Let nothing leave whose shipping gate is closed, whatever door it takes."""
        leaving = self.filtered(
            lambda move: move.sale_line_id and move.location_dest_id._is_outgoing()
        )
        # the warehouse need not be able to read sales orders
        leaving.sudo().sale_line_id.order_id._check_order_desk_gate("shipping")
        return super()._action_done(cancel_backorder=cancel_backorder)
