from odoo import api, models

RECEIVABLE = ("asset_receivable", "liability_payable")


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """Tell the orders whose money arrives: their gates may open (SPEC F4)."""
        partials = super().create(vals_list)
        partials._get_order_desk_sheets()._note_money_moved()
        return partials

    def unlink(self):
        """Tell the orders whose money is taken back: their gates may close."""
        sheets = self._get_order_desk_sheets()
        result = super().unlink()
        sheets._note_money_moved()
        return result

    def _get_order_desk_sheets(self):
        """Return the sheets of the orders whose invoices these settle.

        A payment that is matched with the bank is reconciled on another account than
        its invoices; those count as well.
        """
        lines = self.debit_move_id | self.credit_move_id
        bank = lines.filtered(lambda line: line.account_type not in RECEIVABLE)
        return lines.move_id._get_order_desk_sheets(through=bank.move_id)
