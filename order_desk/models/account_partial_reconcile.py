from odoo import api, models
from odoo.tools import SQL


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
        if not lines:
            return self.env["order.desk.sheet"]
        self.env["sale.order"].flush_model(["sheet_id"])
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH line AS (
                    SELECT aml.move_id, account.account_type
                      FROM account_move_line aml
                      JOIN account_account account ON account.id = aml.account_id
                     WHERE aml.id IN %s
                ), bank AS (
                    SELECT aml.id
                      FROM line
                      JOIN account_move_line aml ON aml.move_id = line.move_id
                     WHERE line.account_type
                           NOT IN ('asset_receivable', 'liability_payable')
                ), document AS (
                    SELECT move_id FROM line
                     UNION
                    SELECT aml.move_id
                      FROM bank
                      JOIN account_partial_reconcile part
                        ON part.credit_move_id = bank.id
                      JOIN account_move_line aml ON aml.id = part.debit_move_id
                     UNION
                    SELECT aml.move_id
                      FROM bank
                      JOIN account_partial_reconcile part
                        ON part.debit_move_id = bank.id
                      JOIN account_move_line aml ON aml.id = part.credit_move_id
                )
                SELECT DISTINCT so.sheet_id
                  FROM document
                  JOIN account_move_line aml ON aml.move_id = document.move_id
                  JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = aml.id
                  JOIN sale_order_line sol ON sol.id = rel.order_line_id
                  JOIN sale_order so ON so.id = sol.order_id
                 WHERE so.sheet_id IS NOT NULL
                """,
                tuple(lines.ids),
            )
        )
        # the accountant need not be able to read the order desk
        return self.env["order.desk.sheet"].sudo().browse(id_ for (id_,) in rows)
