from odoo import api, models


class StockMove(models.Model):
    """Nothing is consumed or made before the acknowledgement (SPEC E1)."""

    _inherit = "stock.move"

    def _get_productions(self):
        """Return the manufacturing orders that consume or make goods by these moves.

        Scrap is none of it: what is broken may be thrown away.
        """
        moves = self.filtered(lambda move: move.location_dest_usage != "inventory")
        return moves.raw_material_production_id | moves.production_id

    def _action_done(self, cancel_backorder=False):
        self._get_productions()._check_instruction()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def write(self, vals):
        if vals.get("picked") or vals.get("state") == "done":
            self._get_productions()._check_instruction()
        return super().write(vals)


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        picked = lines.browse(
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if vals.get("picked")
        )
        picked.move_id._get_productions()._check_instruction()
        return lines

    def write(self, vals):
        if vals.get("picked"):
            self.move_id._get_productions()._check_instruction()
        return super().write(vals)
