from odoo import models
from odoo.tools import format_amount


class SaleOrder(models.Model):
    """The conditions of the gates that are about money (SPEC F1–F5)."""

    _inherit = "sale.order"

    def _order_desk_conditions(self, gate, leaving=None):
        conditions = super()._order_desk_conditions(gate, leaving)
        orders = self.browse().union(*conditions) if conditions else self.browse()
        orders = orders.sudo()  # gates are read by people who may not read money
        add = (
            orders._get_production_money_conditions()
            if gate == "production"
            else orders._get_shipping_money_conditions(leaving)
        )
        for order in conditions:
            conditions[order] += add[order.sudo()]
        return conditions

    def _get_production_money_conditions(self):
        """Return deposit and credit, as far as they apply: ``{order: [condition]}``."""
        owing = self.filtered(lambda order: order.deposit_required > 0)
        receipts = owing._get_receipts()
        classes = self._get_customer_classes()
        credit = self._get_credit_conditions(classes)
        return {
            order: [
                *(
                    [order._get_deposit_condition(receipts[order])]
                    if order in receipts
                    else []
                ),
                *order._get_agreed_deposit_conditions(classes[order]),
                *credit[order],
            ]
            for order in self
        }

    def _get_deposit_condition(self, receipt):
        needed = self.deposit_required
        missing = max(
            0.0, self.currency_id.round(needed - self._count_receipt(receipt))
        )
        return self._make_condition(
            "deposit",
            self.env._("Deposit of %s", self._format_order_money(needed)),
            self._get_missing_money_reason(receipt, missing),
            self._get_payer_name(receipt, needed),
            self._get_deposit_action() if missing else "",
            missing=missing,
        )

    def _get_missing_money_reason(self, receipt, missing):
        """Return why money is missing, or "" when none is."""
        if not missing:
            return ""
        amounts = {
            "received": self._format_order_money(receipt.received),
            "missing": self._format_order_money(missing),
        }
        if self.company_id.order_desk_finance_confirms and receipt.received > 0:
            text = self.env._(
                "%(received)s received; %(missing)s missing or not yet confirmed by"
                " finance.",
                **amounts,
            )
        else:
            text = self.env._("%(received)s received, %(missing)s missing.", **amounts)
        if receipt.unrated:
            currencies = self.env["res.currency"].browse(receipt.unrated)
            text += " " + self.env._(
                "Payments in %s are not counted: enter an exchange rate first.",
                ", ".join(currencies.mapped("name")),
            )
        return text

    def _get_payer_name(self, receipt, needed):
        """Return who must act: finance if all has arrived, else the customer."""
        if self.currency_id.compare_amounts(receipt.received, needed) >= 0:
            return self.env._("Finance")
        return self.partner_id.commercial_partner_id.name

    def _get_agreed_deposit_conditions(self, customer_class):
        """Return the condition that a deposit below the class's brings along."""
        if not self.deposit_is_agreed:
            return []
        usual = customer_class.deposit_percent
        if self.deposit_agreed_percent >= usual:
            return []
        missing = self._get_deposit(usual) - self.deposit_required
        if self.currency_id.is_zero(missing):
            return []
        return [
            self._make_condition(
                "agreed_deposit",
                self.env._("Deposit below that of the customer class"),
                self.env._(
                    "%(agreed)g%% are agreed instead of %(usual)g%%; this needs a"
                    " waiver.",
                    agreed=self.deposit_agreed_percent,
                    usual=usual,
                ),
                self.user_id.name or self.sheet_id.clerk_id.name or "",
                missing=self.currency_id.round(missing),
            )
        ]

    def _get_credit_conditions(self, classes):
        """Return the credit condition where the class checks it (SPEC F5).

        :param classes: see ``_get_customer_classes``
        """
        checked = self.filtered(lambda order: classes[order].check_credit)
        problems = checked._get_credit_problems()
        return {
            order: [order._get_credit_condition(*problems[order])]
            if order in problems
            else []
            for order in self
        }

    def _get_credit_condition(self, overdue, excess):
        company = self.company_id
        reasons = []
        if overdue:
            reasons.append(
                self.env._(
                    "Overdue invoices: %s.",
                    format_amount(self.env, overdue, company.currency_id),
                )
            )
        if excess:
            reasons.append(
                self.env._(
                    "Over the credit limit by %s.",
                    format_amount(self.env, excess, company.currency_id),
                )
            )
        return self._make_condition(
            "credit",
            self.env._("Credit of the customer"),
            " ".join(reasons),
            self.partner_id.commercial_partner_id.name,
            missing=self.currency_id.round(
                (overdue + excess) * (self.currency_rate or 1.0)
            ),
        )

    def _get_shipping_money_conditions(self, leaving):
        """Return balance and credit for what leaves: ``{order: [condition]}``."""
        shipments = self._get_shipment_money(leaving)
        credit = self._get_credit_conditions(self._get_customer_classes())
        return {
            order: [
                *(
                    [order._get_balance_condition(shipments[order])]
                    if order in shipments
                    else []
                ),
                *credit[order],
            ]
            for order in self
        }

    def _get_balance_condition(self, money):
        """Return whether the goods are paid, or may be paid on delivery (G9)."""
        if self._is_cash_on_delivery():
            return self._make_condition(
                "balance",
                self.env._(
                    "Cash on delivery: collect %s",
                    self._format_order_money(money["due"]),
                ),
                "",
                "",
            )
        return self._make_condition(
            "balance",
            self.env._("Balance of what ships"),
            self._get_missing_money_reason(money["receipt"], money["due"]),
            self._get_payer_name(money["receipt"], money["needed"]),
            missing=money["due"],
        )

    def _is_cash_on_delivery(self):
        """Tell whether the managers have signed that the customer pays on delivery."""
        self.ensure_one()
        return self.cash_on_delivery and not self.sheet_id.is_changed

    def _format_order_money(self, amount):
        return format_amount(self.env, amount, self.currency_id)
