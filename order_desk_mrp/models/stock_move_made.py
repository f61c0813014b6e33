from odoo import api, models

# what tells which goods have entered stock
RECEIVED_FIELDS = {"quantity", "lot_id", "location_dest_id", "product_uom_id"}


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

    def write(self, vals):
        """Keep what is made for a sheet's order with its manufacturing order."""
        if "production_id" in vals:
            moved = self.filtered(lambda m: m.production_id.id != vals["production_id"])
            planned = moved.production_id.filtered(lambda p: p.state == "draft")
            (moved.production_id - planned)._check_stays()
        return super().write(vals)

    def _filter_made(self):
        """Return those of these moves that brought into stock what was made."""
        return self.filtered(
            lambda move: (
                move.production_id
                and move.state == "done"
                # else scrapped
                and set(move.move_line_ids.mapped("location_dest_usage"))
                - {"inventory"}
            )
        )

    def _check_made(self):
        """Refuse what of these moves was made and may not enter stock (SPEC E4, E5)."""
        made = self._filter_made()
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
        """Ask again where somebody changes what has been received already.

        To take back what was too much is no trouble, unless the order is left short.
        """
        if not RECEIVED_FIELDS & set(vals):
            return super().write(vals)
        done = {line: line._get_received() for line in self if line.state == "done"}
        result = super().write(vals)
        changed = self.browse()
        for line, (place, quantity) in done.items():
            new_place, new_quantity = line._get_received()
            if (
                new_place != place
                or line.product_id.uom_id.compare(new_quantity, quantity) > 0
            ):
                changed |= line
        changed._check_made()
        less = self.browse(line.id for line in done) - changed
        made = less.move_id.sudo()._filter_made()  # who corrects reads no sales orders
        made.production_id._check_tolerance(is_more=False)
        return result

    def _get_received(self):
        """Return where which lot was received to, and how much of it."""
        self.ensure_one()
        return (self.lot_id, self.location_dest_id), self.quantity_product_uom

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_made()
        return lines

    def _check_made(self):
        self.filtered(lambda line: line.state == "done").move_id._check_made()
