from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """Money alone does not confirm an order that the managers have to sign."""
        unsigned = self.filtered(
            lambda tx: tx.sale_order_ids._get_order_desk_unapproved()
        )
        for tx in unsigned:
            orders = tx.sale_order_ids._get_order_desk_unapproved()
            orders._order_desk_note_acceptance(
                self.env._("A payment has arrived: %s.", tx.reference)
            )
        return super(
            PaymentTransaction, self - unsigned
        )._check_amount_and_confirm_order()
