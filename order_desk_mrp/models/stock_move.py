from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _set_date_deadline(self, new_deadline):
        """Keep the customer's date off what is made by the finish date (SPEC B7).

        Deadlines pass neither from a delivery to the manufacturing order whose date
        production has given, nor back.
        """
        made = (self | self.move_orig_ids)._filter_made_by_finish_date()
        kept = (self & made).move_dest_ids | ((self - made).move_orig_ids & made)
        if not kept:
            return super()._set_date_deadline(new_deadline)
        # Odoo passes over the moves named here, as it has been at them already
        done = self.env.context.get("date_deadline_propagate_ids", set())
        done = {*done, *kept.ids}
        moves = self.with_context(date_deadline_propagate_ids=done)
        return super(StockMove, moves)._set_date_deadline(new_deadline)

    def _filter_made_by_finish_date(self):
        """Return the moves that bring in what was made for an order with a date."""
        # whoever changes a date need not be able to read sheets
        return self.filtered("production_id").filtered(
            lambda move: move.sudo().production_id._get_order_finish_date()
        )
