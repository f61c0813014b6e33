from collections import defaultdict
from datetime import timedelta

from odoo import models


class SaleOrder(models.Model):
    """The credit of the customers: overdue invoices and the credit limit (SPEC F5)."""

    _inherit = "sale.order"

    def _get_credit_problems(self):
        """Return ``{order: (overdue, excess)}`` in the currency of the company.

        Overdue is what the customer class does not tolerate; the excess is what goes
        beyond the customer's credit limit.
        """
        overdue = self._read_overdue()
        classes = self._get_customer_classes()
        result = {}
        for order in self:
            customer_class = classes[order]
            customer = order.partner_id.commercial_partner_id
            today = order.company_id._order_desk_date()
            last = today - timedelta(days=customer_class.max_overdue_days)
            amount = sum(
                amount
                for day, amount in overdue[order.company_id, customer].items()
                if day < last
            )
            tolerated = max(0.0, customer_class.max_overdue_amount)
            result[order] = (
                amount
                if order.company_id.currency_id.compare_amounts(amount, tolerated) > 0
                else 0.0,
                order._get_credit_excess(),
            )
        return result

    def _read_overdue(self):
        """Return what the customers owe by due day, in the currency of the company.

        Credit notes count against it on the day they are due.

        :return: ``{(company, customer): {day: amount}}``
        """
        overdue = defaultdict(lambda: defaultdict(float))
        latest = max(
            (company._order_desk_date() for company in self.company_id), default=None
        )
        # whoever reads the sum need not read the accounts
        rows = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("parent_state", "=", "posted"),
                    ("display_type", "=", "payment_term"),
                    ("account_type", "=", "asset_receivable"),
                    ("reconciled", "=", False),
                    ("date_maturity", "<", latest),
                    ("company_id", "in", self.company_id.ids),
                    ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
                ],
                ["company_id", "partner_id", "date_maturity:day"],
                ["amount_residual:sum"],
            )
        )
        for company, partner, day, amount in rows:
            if day < company._order_desk_date():
                overdue[company, partner.commercial_partner_id][day] += amount
        return overdue

    def _get_credit_excess(self):
        """Return by how much the customer is over the credit limit, 0 if not.

        What is confirmed and not invoiced counts as well as what is owed.
        """
        self.ensure_one()
        company = self.company_id
        if not company.account_use_credit_limit:
            return 0.0
        customers = self.partner_id.commercial_partner_id.with_company(company)
        if not customers.credit_limit:
            return 0.0
        used = customers.credit + customers.credit_to_invoice
        if self.state != "sale":
            used += self.amount_total / (self.currency_rate or 1.0)
        return max(0.0, company.currency_id.round(used - customers.credit_limit))

    def _get_unallocated(self):
        """Return the customers' money that no invoice has been given (SPEC F4).

        It could cover an order, but counts for none until it is reconciled.

        :return: ``{(company, commercial partner): amount}``, company currency
        """
        # whoever sees the sum need not read the accounts
        rows = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                self._get_unallocated_domain(),
                ["company_id", "partner_id"],
                ["amount_residual:sum"],
            )
        )
        unallocated = defaultdict(float)
        for company, partner, amount in rows:
            unallocated[company, partner.commercial_partner_id] -= amount
        return dict(unallocated)

    def _get_unallocated_domain(self):
        """Return the domain of the journal items ``_get_unallocated`` sums up."""
        customers = self.partner_id.commercial_partner_id
        return [
            ("parent_state", "=", "posted"),
            ("account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
            ("amount_residual", "<", 0),
            ("company_id", "in", self.company_id.ids),
            ("partner_id", "child_of", customers.ids),
        ]
