from odoo import models
from odoo.tools import SQL

from .sale_order_money import MONEY_SOURCES


class SaleOrder(models.Model):
    """What has arrived since somebody looked, and what was taken back (SPEC F4)."""

    _inherit = "sale.order"

    def _sql_seen(self, seen=None):
        """Up to which reconciliation money is confirmed: by finance, or as ``seen``.

        :param seen: ``{order: number}``
        """
        if seen:
            rows = [SQL("(%s, %s)", order.id, number) for order, number in seen.items()]
            values = SQL(", ").join(rows)
            return SQL("SELECT * FROM (VALUES %s) told (order_id, id)", values)
        return SQL(
            """
                SELECT sheet.order_id, MAX(signature.seen_reconcile_id) AS id
                  FROM order_desk_sheet sheet
                  JOIN order_desk_signature signature ON signature.sheet_id = sheet.id
                  JOIN order_desk_role role ON role.id = signature.role_id
                 WHERE sheet.order_id IN %s AND role.step = 'finance'
                   AND signature.decision = 'signed'
              GROUP BY sheet.order_id
            """,
            tuple(self.ids),
        )

    def _get_last_reconciliations(self):
        """Return the last reconciliation that counts for each order: ``{order: id}``.

        Its number says which money somebody has seen; the sums stay in the accounts.
        """
        rows = {}
        if self.ids:
            for model, names in MONEY_SOURCES.items():
                self.env[model].flush_model(names)
            rows = dict(
                self.env.execute_query(
                    SQL(
                        """
                        WITH %(shares)s, %(settlements)s
                        SELECT share.order_id, MAX(part.id)
                          FROM share
                          JOIN part ON part.move_id = share.move_id
                          JOIN counterpart other
                            ON other.move_id = part.counterpart_id
                         WHERE other.weight > 0
                      GROUP BY share.order_id
                        """,
                        shares=self._sql_shares(),
                        settlements=self._sql_settlements(),
                    )
                )
            )
        return {order: rows.get(order.id, 0) for order in self}

    def _get_last_counted(self):
        """Return the last reconciliation that the gates count: ``{order: id}``."""
        last = self._get_last_reconciliations()
        for order in self:
            if order.company_id.order_desk_finance_confirms:
                seen = order.sheet_id.signature_ids.mapped("seen_reconcile_id")
                last[order] = max(seen, default=0)
        return last

    def _get_paid_invoices(self):
        """Return the posted invoices of this order on which something has arrived."""
        self.ensure_one()
        return self.invoice_ids.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type == "out_invoice"
                and move.currency_id.compare_amounts(
                    move.amount_residual, move.amount_total
                )
                < 0
            )
        )

    # ------------------------------------------------------------- confirming

    def _get_deposit_condition(self, receipt):
        condition = super()._get_deposit_condition(receipt)
        return self._offer_to_confirm(condition, receipt)

    def _get_balance_condition(self, money):
        condition = super()._get_balance_condition(money)
        return self._offer_to_confirm(condition, money["receipt"])

    def _offer_to_confirm(self, condition, receipt):
        """Let finance confirm right beside the condition what has arrived."""
        if (
            not condition["holds"]
            and self.currency_id.compare_amounts(
                receipt.received, self._count_receipt(receipt)
            )
            > 0
            and self.sheet_id.can_confirm_receipt
        ):
            condition["action"] = self.env._("Confirm receipt")
        return condition

    def action_open_condition(self, code):
        sheet = self.sheet_id
        if code in ("deposit", "balance") and sheet.can_confirm_receipt:
            return sheet.action_confirm_receipt()
        return super().action_open_condition(code)

    # ------------------------------------------------------------- taken back

    def _get_money_lost(self):
        """Return what is missing at gates that these orders have passed.

        :return: ``{order: amount}`` in the order's currency, without those on which
            all is well: what was needed is there, or its lack is waived
        """
        orders = self.filtered(
            lambda order: order.sheet_id.state in ("released", "done")
        )
        nothing = dict.fromkeys(orders.order_line, 0.0)
        gates = (
            orders._apply_waivers(
                "production", orders._get_production_money_conditions()
            ),
            orders._apply_waivers(
                "shipping", orders._get_shipping_money_conditions(nothing)
            ),
        )
        lost = {}
        for order in orders:
            missing = max(
                (
                    condition["missing"]
                    for gate in gates
                    for condition in gate[order]
                    if condition["code"] in ("deposit", "balance")
                    and not condition["holds"]
                ),
                default=0.0,
            )
            if order.currency_id.compare_amounts(missing, 0.0) > 0:
                lost[order] = missing
        return lost
