from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _note_leaving(self):
        """Let the accessories leave that are packed to travel with these goods."""
        result = super()._note_leaving()
        # the warehouse need not be able to read sales orders
        moves = self.sudo().filtered("sale_line_id.order_id.sheet_id")
        if moves:
            moves.env["order.desk.accessory"]._ship_with(moves)
        return result
