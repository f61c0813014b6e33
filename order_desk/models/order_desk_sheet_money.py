from odoo import models

# computed on the order, from what accounting has just changed
MONEY_FIELDS = (
    "amount_received",
    "balance_due",
    "balance_table",
    "production_gate",
    "shipping_gate",
    "money_state",
    "money_gate",
    "money_due",
    "money_verified",
    "money_to_confirm",
    "money_unallocated",
    "money_since",
    "money_hint",
    "is_money_coverable",
    "is_money_to_confirm",
)


class OrderDeskSheet(models.Model):
    """Money that moves: who has to know, and what it opens (SPEC D5, F4)."""

    _inherit = "order.desk.sheet"

    def _note_money_moved(self):
        """Remember that money has moved on these orders, and have it followed soon.

        The accountant's own work neither waits for it nor fails with it.
        """
        if not self:
            return
        self._start_over_if_second(money_moved=True)
        self.order_id.invalidate_recordset(MONEY_FIELDS)
        self.invalidate_recordset(["production_gate", "can_confirm_receipt"])
        cron = self.env.ref("order_desk.ir_cron_follow_money", raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()  # nobody triggers scheduled actions by hand
