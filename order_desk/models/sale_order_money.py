from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_amount

# the models and fields that the figures are read from, by SQL
MONEY_SOURCES = {
    "account.move": None,
    "account.move.line": None,
    "account.partial.reconcile": None,
    "account.payment": ["is_matched", "outstanding_account_id"],
    "order.desk.signature": None,
    "res.company": [
        "account_journal_early_pay_discount_loss_account_id",
        "currency_exchange_journal_id",
        "order_desk_count_write_offs",
        "order_desk_payment_basis",
    ],
    "sale.order": ["currency_id", "company_id"],
    "sale.order.line": ["invoice_lines"],
}


class Receipt(NamedTuple):
    """What has arrived for an order, in its currency."""

    received: float
    verified: float  # confirmed by finance
    unrated: tuple  # ids of currencies whose money is not counted for want of a rate


class SaleOrder(models.Model):
    """What an order owes and what has arrived, read from the accounts (SPEC F1, F4).

    Nothing here is stored: a payment registered or taken back is seen at once.
    """

    _inherit = "sale.order"

    deposit_is_agreed = fields.Boolean(
        "Deposit Agreed on the Order",
        copy=False,
        help="The contract says another deposit than the customer class does. One below"
        " the class's needs a waiver.",
    )
    deposit_agreed_percent = fields.Float(
        "Agreed Deposit (%)", digits=(5, 2), copy=False
    )
    cash_on_delivery = fields.Boolean(
        "Cash on Delivery",
        copy=False,
        help="The balance is collected when the goods are handed over; the amount"
        " stands on the shipping papers. The general manager approves it.",
    )
    deposit_percent = fields.Float(
        "Deposit (%)",
        compute="_compute_deposit",
        compute_sudo=True,
        digits=(5, 2),
        help="As agreed on the order, else as the customer class says.",
    )
    deposit_required = fields.Monetary(
        compute="_compute_deposit",
        compute_sudo=True,
        help="What must have been received before the release to production.",
    )
    amount_received = fields.Monetary(
        compute="_compute_amount_received",
        compute_sudo=True,
        groups="base.group_user",
        help="Posted and reconciled money on the invoices of this order, less what was"
        " paid back.",
    )
    balance_due = fields.Monetary(
        compute="_compute_amount_received",
        compute_sudo=True,
        groups="base.group_user",
        help="What is still to be received for this order.",
    )
    balance_table = fields.Json(
        compute="_compute_balance_table",
        compute_sudo=True,
        groups="base.group_user",
        help="How the balance came about.",
    )

    @api.constrains("deposit_agreed_percent")
    def _check_deposit_agreed_percent(self):
        for order in self:
            if not 0 <= order.deposit_agreed_percent <= 100:
                raise ValidationError(
                    self.env._(
                        "%s: the agreed deposit is between 0 and 100 percent.",
                        order.name,
                    )
                )

    # ------------------------------------------------------------- what is owed

    def _get_customer_classes(self):
        """Return the customer class that applies to each order (SPEC F1)."""
        classes = {}
        result = {}
        for order in self:
            key = (order.company_id, order.partner_id.commercial_partner_id)
            if key not in classes:
                company, customer = key
                classes[key] = customer._get_order_desk_class(company)
            result[order] = classes[key]
        return result

    @api.depends(
        "amount_total",
        "partner_id.commercial_partner_id.order_desk_class_id",
        "deposit_is_agreed",
        "deposit_agreed_percent",
    )
    def _compute_deposit(self):
        classes = self._get_customer_classes()
        for order in self:
            order.deposit_percent = percent = (
                order.deposit_agreed_percent
                if order.deposit_is_agreed
                else classes[order].deposit_percent
            )
            order.deposit_required = order._get_deposit(percent)

    def _get_deposit(self, percent):
        """Return the deposit of ``percent`` of this order, in its currency."""
        self.ensure_one()
        return self.currency_id.round(max(self.amount_total, 0) * percent / 100)

    # ------------------------------------------------------------- what has arrived

    @api.depends("amount_total", "currency_id")
    def _compute_amount_received(self):
        for order, receipt in self._get_receipts().items():
            order.amount_received = receipt.received
            order.balance_due = order.currency_id.round(
                max(0.0, order.amount_total - receipt.received)
            )

    def _get_counted(self):
        """Return the money that the gates count: ``{order: amount}``.

        It is what has arrived, or what finance has confirmed of it (SPEC F4).
        """
        return {
            order: order._count_receipt(receipt)
            for order, receipt in self._get_receipts().items()
        }

    def _count_receipt(self, receipt):
        """Return what the gates count of a receipt, see ``_get_counted``."""
        confirms = self.company_id.order_desk_finance_confirms
        return receipt.verified if confirms else receipt.received

    def _get_received(self, seen=None):
        """Return the money received: ``{order: (received, confirmed by finance)}``.

        :param seen: ``{order: number of a reconciliation}``; the second amount is then
            what had counted up to it, instead of what finance has confirmed
        """
        return {
            order: (receipt.received, receipt.verified)
            for order, receipt in self._get_receipts(seen).items()
        }

    def _get_receipts(self, seen=None):
        """Return the money received: ``{order: Receipt}``.

        Amounts are in the currency of the order. Money counts where it is reconciled
        with a posted invoice, in proportion to the order's lines on it. A credit note
        takes back what it gives back, and what it leaves open while nothing else of
        the order is owed: that money may go to another order.

        :param seen: see ``_get_received``
        """
        rows = defaultdict(list)
        for row in self._origin._read_settlements(seen=seen):
            rows[row["order_id"]].append(row)
        return {order: order._sum_up(rows.get(order._origin.id, ())) for order in self}

    def _sum_up(self, rows):
        """Return the receipt that settlements of this order come to."""
        settled = verified = credit = debit = 0.0
        unrated = set()
        for row in rows:
            rate = self._get_settlement_rate(row)
            if rate is None:
                unrated.add(row["currency_id"])
                continue
            settled += row["settled"] * rate
            verified += row["verified"] * rate
            credit += row["credit"] * rate
            debit += row["debit"] * rate
        if not settled and not credit:
            return Receipt(0.0, 0.0, tuple(unrated))
        free = max(0.0, credit - debit)
        currency = self.currency_id
        # what was paid back since finance confirmed it is not there any more
        verified = min(verified, settled)
        return Receipt(
            currency.round(settled - free),
            currency.round(verified - free) if verified else 0.0,
            tuple(unrated),
        )

    def _get_settlement_rate(self, row):
        """Return what one unit of the invoice's currency is in that of this order.

        Money in a currency without any rate is not counted, as one to one would be
        wrong: there is no rate then.
        """
        if not row["day"]:
            return 1.0
        paid_in = self.env["res.currency"].browse(row["currency_id"])
        if self._get_currencies_without_rate(paid_in | self.currency_id):
            return None
        return paid_in._get_conversion_rate(
            paid_in, self.currency_id, self.company_id, row["day"]
        )

    def _get_currencies_without_rate(self, currencies):
        """Return those of ``currencies`` that cannot be converted in this company."""
        self.ensure_one()
        foreign = currencies - self.company_id.currency_id
        rates = self.env["res.currency.rate"].sudo()  # whoever reads the order
        rated = rates._read_group(
            [
                ("currency_id", "in", foreign.ids),
                ("company_id", "in", [False, self.company_id.root_id.id]),
            ],
            ["currency_id"],
        )
        return foreign.filtered(lambda c: c not in [known for (known,) in rated])

    def _read_settlements(self, by_invoice=False, seen=None):
        """Return what is settled on the orders' invoices, as rows.

        A row has ``order_id``, ``currency_id`` and ``day`` of the invoice (no day
        where the currency is the order's), ``settled``, ``verified``, and what is still
        open: ``debit`` (owed to us) and ``credit`` (owed to the customer).

        :param by_invoice: one row for each invoice, with its ``move_id``
        :param seen: see ``_get_received``
        """
        if not self.ids:
            return []
        for model, names in MONEY_SOURCES.items():
            self.env[model].flush_model(names)
        return self.env.execute_query_dict(
            SQL(
                """
                WITH %(shares)s, %(documents)s, %(settlements)s
                SELECT share.order_id, %(move)s
                       doc.currency_id,
                       CASE WHEN doc.currency_id = share.currency_id THEN NULL
                            ELSE doc.date END AS day,
                       COALESCE(SUM(share.amount * doc.factor * s.settled), 0)::float8
                           AS settled,
                       COALESCE(SUM(share.amount * doc.factor * s.verified), 0)::float8
                           AS verified,
                       COALESCE(SUM(share.amount * doc.factor
                                    * GREATEST(-doc.open, 0)), 0)::float8 AS credit,
                       COALESCE(SUM(share.amount * doc.factor
                                    * GREATEST(doc.open, 0)), 0)::float8 AS debit
                  FROM share
                  JOIN doc ON doc.move_id = share.move_id
             LEFT JOIN settlement s
                    ON s.move_id = doc.move_id AND s.order_id = share.order_id
              GROUP BY share.order_id, %(move)s doc.currency_id, day
                """,
                move=SQL("doc.move_id,") if by_invoice else SQL(),
                shares=self._sql_shares(),
                documents=self._sql_documents(),
                settlements=self._sql_settlements(seen),
            )
        )

    def _sql_shares(self):
        """What each order has on each of its posted invoices and credit notes."""
        return SQL(
            """
            share AS (
                SELECT sol.order_id, aml.move_id, so.currency_id,
                       SUM(aml.price_total / links.count) AS amount
                  FROM sale_order so
                  JOIN sale_order_line sol ON sol.order_id = so.id
                  JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sol.id
                  JOIN account_move_line aml ON aml.id = rel.invoice_line_id
                  JOIN account_move move ON move.id = aml.move_id
            CROSS JOIN LATERAL (SELECT COUNT(*) AS count
                                  FROM sale_order_line_invoice_rel
                                 WHERE invoice_line_id = aml.id) links
                 WHERE so.id IN %s AND move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
              GROUP BY sol.order_id, aml.move_id, so.currency_id
            )
            """,
            tuple(self.ids),
        )

    def _sql_documents(self):
        """The invoices: what is open, and by what a share of them is multiplied.

        Cash rounding is nobody's: who pays the rounded amount has paid all of it.
        """
        return SQL(
            """
            doc AS (
                SELECT move.id AS move_id, move.currency_id,
                       COALESCE(move.invoice_date, move.date) AS date,
                       SUM(aml.amount_residual_currency)
                           FILTER (WHERE aml.display_type = 'payment_term') AS open,
                       (SUM(aml.amount_currency)
                           FILTER (WHERE aml.display_type = 'payment_term')
                        + COALESCE(SUM(aml.amount_currency)
                           FILTER (WHERE aml.display_type = 'rounding'), 0))
                       / NULLIF(SUM(aml.amount_currency)
                           FILTER (WHERE aml.display_type = 'payment_term'), 0)
                       / NULLIF(SUM(aml.price_total)
                           FILTER (WHERE aml.display_type = 'product'), 0) AS factor
                  FROM account_move move
                  JOIN account_move_line aml ON aml.move_id = move.id
                 WHERE move.id IN (SELECT move_id FROM share)
              GROUP BY move.id
            )
            """
        )

    def _sql_settlements(self, seen=None):
        """What reconciliations settle of each invoice, in the invoice's currency."""
        return SQL(
            """
            part AS (
                SELECT part.id, aml.move_id, other.move_id AS counterpart_id,
                       part.debit_amount_currency AS amount
                  FROM account_move_line aml
                  JOIN account_partial_reconcile part ON part.debit_move_id = aml.id
                  JOIN account_move_line other ON other.id = part.credit_move_id
                 WHERE aml.move_id IN (SELECT move_id FROM share)
                   AND aml.display_type = 'payment_term'
             UNION ALL
                SELECT part.id, aml.move_id, other.move_id,
                       -part.credit_amount_currency
                  FROM account_move_line aml
                  JOIN account_partial_reconcile part ON part.credit_move_id = aml.id
                  JOIN account_move_line other ON other.id = part.debit_move_id
                 WHERE aml.move_id IN (SELECT move_id FROM share)
                   AND aml.display_type = 'payment_term'
            ), %(counterparts)s, seen AS (%(seen)s), settlement AS (
                SELECT share.order_id, share.move_id,
                       SUM(part.amount * other.weight) AS settled,
                       SUM(part.amount * other.weight)
                           FILTER (WHERE part.id <= seen.id) AS verified
                  FROM share
                  JOIN part ON part.move_id = share.move_id
                  JOIN counterpart other ON other.move_id = part.counterpart_id
             LEFT JOIN seen ON seen.order_id = share.order_id
              GROUP BY share.order_id, share.move_id
            )
            """,
            counterparts=self._sql_counterparts(),
            seen=self._sql_seen(seen),
        )

    @api.model
    def _sql_counterparts(self):
        """Which part of what settles an invoice is money: its weight, from 0 to 1.

        Credit notes hand on what was paid before. An early payment discount is in the
        contract. Exchange differences and entries without money settle nothing here.
        """
        return SQL(
            """
            counterpart AS (
                SELECT move.id AS move_id,
                       CASE WHEN move.state = 'posted' AND move.move_type IN
                                 ('out_invoice', 'out_refund', 'out_receipt') THEN 1
                            WHEN move.state != 'posted'
                                 OR move.journal_id
                                    = company.currency_exchange_journal_id
                                 OR COALESCE(lines.money, 0) = 0
                                 OR COALESCE(lines.owed, 0) = 0 THEN 0
                            WHEN company.order_desk_payment_basis = 'matched'
                                 AND NOT COALESCE(
                                     pay.is_matched, move.statement_line_id IS NOT NULL
                                 ) THEN 0
                            WHEN lines.discount OR company.order_desk_count_write_offs
                                 THEN 1
                            ELSE GREATEST(0, LEAST(1, -lines.money / lines.owed))
                       END AS weight
                  FROM account_move move
                  JOIN res_company company ON company.id = move.company_id
             LEFT JOIN account_payment pay ON pay.id = move.origin_payment_id
            CROSS JOIN LATERAL (
                SELECT SUM(aml.balance) FILTER (
                           WHERE account.account_type = 'asset_receivable') AS owed,
                       SUM(aml.balance) FILTER (
                           WHERE account.account_type
                                 IN ('asset_cash', 'liability_credit_card')
                              OR account.id = pay.outstanding_account_id) AS money,
                       BOOL_OR(account.id = company
                           .account_journal_early_pay_discount_loss_account_id
                       ) AS discount
                  FROM account_move_line aml
                  JOIN account_account account ON account.id = aml.account_id
                 WHERE aml.move_id = move.id) lines
                 WHERE move.id IN (SELECT counterpart_id FROM part)
            )
            """
        )

    # ------------------------------------------------------------- told in words

    @api.depends("amount_received", "deposit_required")
    @api.depends_context("lang")
    def _compute_balance_table(self):
        rows = defaultdict(list)
        for row in self._origin._read_settlements(by_invoice=True):
            rows[row["order_id"]].append(row)
        shipments = self._get_shipment_money()
        for order in self:
            table = [
                order._make_money_row("total", order.amount_total),
                *order._get_invoice_rows(rows[order._origin.id]),
                order._make_money_row("balance", order.balance_due),
            ]
            if order in shipments:
                table += order._get_shipment_rows(shipments[order])
            order.balance_table = table

    def _get_invoice_rows(self, rows):
        """Return what has arrived on which invoice, and what was given back."""
        currency = self.currency_id
        receipt = self._sum_up(rows)
        table = []
        total = 0.0
        for row in rows:
            amount = currency.round(
                row["settled"] * (self._get_settlement_rate(row) or 0.0)
            )
            if currency.is_zero(amount):
                continue
            total += amount
            invoice = self.env["account.move"].browse(row["move_id"])
            table.append(self._make_money_row("received", -amount, invoice))
        free = currency.round(total - receipt.received)
        if not currency.is_zero(free):
            table.append(self._make_money_row("credit", free))
        unconfirmed = currency.round(receipt.received - receipt.verified)
        if self.company_id.order_desk_finance_confirms and unconfirmed > 0:
            table.append(self._make_money_row("unconfirmed", unconfirmed))
        return table

    def _get_shipment_rows(self, money):
        """Return how the amount due before the next shipment came about."""
        table = [
            self._make_money_row("shipped", money["shipped_value"]),
            self._make_money_row("leaving", money["leaving_value"]),
            self._make_money_row("deposit", self.deposit_required),
            self._make_money_row("set_off", -money["set_off"]),
            self._make_money_row("received_total", -money["received"]),
            self._make_money_row("due", money["due"]),
        ]
        shown = ("leaving", "received_total", "due")
        return [row for row in table if row["amount"] or row["kind"] in shown]

    def _make_money_row(self, kind, amount, invoice=None):
        """Return a row of the balance table."""
        labels = {
            "total": self.env._("Order total"),
            "received": invoice
            and self.env._("Received on %s", invoice.sudo().name or ""),
            "credit": self.env._("Free for other orders: open credit notes"),
            "unconfirmed": self.env._("Of this not yet confirmed by finance"),
            "balance": self.env._("Balance"),
            "shipped": self.env._("Value of what has left"),
            "leaving": self.env._("Value of what leaves now"),
            "deposit": self.env._("Deposit"),
            "set_off": self.env._("Deposit set off"),
            "received_total": self.env._("Received"),
            "due": self.env._("Due before shipment"),
        }
        return {
            "kind": kind,
            "label": labels[kind],
            "amount": amount,
            "text": format_amount(self.env, amount, self.currency_id),
            "move_id": invoice and invoice.id or False,
        }
