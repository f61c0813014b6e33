from odoo import api, fields, models

# what goods cost and what customers get back is no matter of the warehouse
COST_GROUPS = (
    "sales_team.group_sale_salesman,order_desk.group_order_desk_signer,"
    "account.group_account_invoice,account.group_account_readonly"
)


class OrderDeskClaimOutcome(models.Model):
    """What an outcome costs, read from its documents where there are any (SPEC I1)."""

    _inherit = "order.desk.claim.outcome"

    document_cost = fields.Monetary(
        "Cost as Documented",
        compute="_compute_document_cost",
        store=True,
        groups=COST_GROUPS,
        help="Posted credit notes without taxes, and goods that have left instead, at"
        " their value.",
    )
    cost = fields.Monetary(
        compute="_compute_cost",
        store=True,
        groups=COST_GROUPS,
        help="What the documents say and what was entered, less what the carrier paid.",
    )

    @api.depends(
        "kind",
        "move_ids.state",
        "move_ids.value",
        "credit_note_ids.state",
        "credit_note_ids.amount_untaxed_signed",
        "resend_order_ids.state",
        "resend_order_ids.amount_untaxed",
        "resend_order_ids.order_line.move_ids.state",
        "resend_order_ids.order_line.move_ids.value",
    )
    def _compute_document_cost(self):
        for outcome in self:
            outcome.document_cost = outcome.currency_id.round(
                outcome._get_document_cost()
            )

    def _get_document_cost(self):
        """Return what the documents cost, in the currency of the company."""
        self.ensure_one()
        if self.kind == "credit":
            posted = self.credit_note_ids.filtered(lambda m: m.state == "posted")
            return -sum(posted.mapped("amount_untaxed_signed"))
        if self.kind == "exchange":
            return self.move_ids._get_leaving_value()
        if self.kind == "resend":
            orders = self.resend_order_ids.filtered(lambda o: o.state != "cancel")
            paid = sum(
                order.currency_id._convert(
                    order.amount_untaxed,
                    self.currency_id,
                    self.company_id,
                    self.company_id._order_desk_date(order.date_order),
                )
                for order in orders
            )
            value = orders.order_line.move_ids._get_leaving_value()
            return max(0.0, value - paid)
        return 0.0

    @api.depends("document_cost", "other_cost", "amount_received", "is_dropped")
    def _compute_cost(self):
        for outcome in self:
            received = outcome.amount_received
            outcome.cost = outcome.document_cost + outcome.other_cost - received
