from odoo import models
from odoo.tools import SQL


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        """Follow payments and invoices that are set to draft, or posted again.

        They keep their reconciliations meanwhile, but count for nothing. So do credit
        notes, which take back what was paid.
        """
        moved = self.browse()
        if "state" in vals:
            moved = self.filtered(lambda move: move.state != vals["state"])
        result = super().write(vals)
        reconciled = moved.line_ids.filtered(
            lambda line: line.matched_debit_ids or line.matched_credit_ids
        ).move_id
        # a credit note takes money away as soon as it is posted
        concerned = reconciled | moved.filtered(lambda m: m.move_type == "out_refund")
        concerned._get_order_desk_sheets(through=reconciled)._note_money_moved()
        return result

    def _get_order_desk_sheets(self, through=()):
        """Return the sheets of the orders that these are the invoices of.

        :param through: moves whose counterparts in reconciliations count as well
        """
        if not self:
            return self.env["order.desk.sheet"]
        self.env["account.partial.reconcile"].flush_model()
        self.env["sale.order"].flush_model(["sheet_id"])
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH line AS (
                    SELECT id FROM account_move_line WHERE move_id IN %(through)s
                ), document AS (
                    SELECT id FROM account_move WHERE id IN %(moves)s
                     UNION
                    SELECT aml.move_id
                      FROM line
                      JOIN account_partial_reconcile part
                        ON part.credit_move_id = line.id
                      JOIN account_move_line aml ON aml.id = part.debit_move_id
                     UNION
                    SELECT aml.move_id
                      FROM line
                      JOIN account_partial_reconcile part
                        ON part.debit_move_id = line.id
                      JOIN account_move_line aml ON aml.id = part.credit_move_id
                )
                SELECT DISTINCT so.sheet_id
                  FROM document
                  JOIN account_move_line aml ON aml.move_id = document.id
                  JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = aml.id
                  JOIN sale_order_line sol ON sol.id = rel.order_line_id
                  JOIN sale_order so ON so.id = sol.order_id
                 WHERE so.sheet_id IS NOT NULL
                """,
                moves=tuple(self.ids),
                through=tuple(through.ids) if through else (0,),
            )
        )
        # the accountant need not be able to read the order desk
        return self.env["order.desk.sheet"].sudo().browse(id_ for (id_,) in rows)
