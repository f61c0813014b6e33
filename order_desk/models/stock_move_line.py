from odoo import api, models

# what changes how much has left, once it has
QUANTITY_FIELDS = {
    "location_dest_id",
    "location_id",
    "move_id",
    "product_uom_id",
    "quantity",
}


class StockMoveLine(models.Model):
    """More goods leave when a transfer that is done is corrected: the same door."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._pass_order_desk_gate()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if QUANTITY_FIELDS & set(vals):
            self._pass_order_desk_gate()
        return result

    def _pass_order_desk_gate(self):
        """Ask the gate where these lines belong to goods that have left before."""
        done = self.move_id.filtered(lambda move: move.state == "done")
        if not done:
            return
        done._follow_order()
        controlled = done.filtered(
            lambda move: move.sudo().sale_line_id.order_id.sheet_id
        )
        controlled._pass_order_desk_gate()

    def _is_apart(self):
        """Tell whether this detail comes from or goes to other places than its move."""
        self.ensure_one()
        move = self.move_id
        return (self.location_id, self.location_dest_id) != (
            move.location_id,
            move.location_dest_id,
        )
