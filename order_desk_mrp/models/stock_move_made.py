from odoo import api, models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Let nothing made enter stock uninspected, nor outside the tolerance.

        All doors of manufacturing lead through here. It is asked once the moves are
        done, as only then the quantities are certain; a refusal takes all of it back.
        """
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._check_made()
        return moves

    def _check_made(self):
        """Refuse what of these moves was made and may not enter stock (SPEC E4, E5)."""
        made = self.filtered(
            lambda move: (
                move.production_id
                and move.state == "done"
                and move.location_dest_usage != "inventory"  # scrapped
            )
        )
        if not made:
            return
        # the workshop need not read sales orders and release standards
        productions = made.sudo().production_id
        main = made.sudo().filtered(
            lambda move: move.product_id == move.production_id.product_id
        )
        productions._check_inspected(made.product_id)
        main.production_id._check_tolerance()
        productions._get_inspection_group().inspection_ids._update_todos()


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def write(self, vals):
        """Ask again where somebody changes what has been received already."""
        result = super().write(vals)
        if {"quantity", "lot_id", "product_uom_id"} & set(vals):
            self._check_made()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_made()
        return lines

    def _check_made(self):
        self.filtered(lambda line: line.state == "done").move_id._check_made()
