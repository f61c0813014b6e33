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
        moved._get_order_desk_sheets(through=moved)._note_money_moved()
        return result

    def _get_order_desk_sheets(self, through=()):
        """Return the sheets of the orders whose money these have moved.

        An invoice moves none until it is reconciled; a credit note does at once.

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
                WITH part AS (
                    SELECT aml.move_id, other.move_id AS counterpart_id
                      FROM account_move_line aml
                      JOIN account_partial_reconcile part
                        ON part.debit_move_id = aml.id
                      JOIN account_move_line other ON other.id = part.credit_move_id
                     WHERE aml.move_id IN %(moves)s
                     UNION
                    SELECT aml.move_id, other.move_id
                      FROM account_move_line aml
                      JOIN account_partial_reconcile part
                        ON part.credit_move_id = aml.id
                      JOIN account_move_line other ON other.id = part.debit_move_id
                     WHERE aml.move_id IN %(moves)s
                ), document AS (
                    SELECT move_id FROM part
                     UNION
                    SELECT counterpart_id FROM part WHERE move_id IN %(through)s
                     UNION
                    SELECT id FROM account_move
                     WHERE id IN %(moves)s AND move_type = 'out_refund'
                )
                SELECT DISTINCT so.sheet_id
                  FROM document
                  JOIN account_move_line aml ON aml.move_id = document.move_id
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
