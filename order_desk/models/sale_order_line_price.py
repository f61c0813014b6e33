from odoo import api, fields, models
from odoo.tools import float_compare, format_amount, format_date, formatLang

from .order_desk_sheet import POLICY_GROUPS

SHOWN_PRICES = 3


class SaleOrderLine(models.Model):
    """The price policy: the pricelist, the cost, the last prices (SPEC B2)."""

    _inherit = "sale.order.line"

    policy_price = fields.Float(
        "Price by Pricelist",
        compute="_compute_policy_price",
        store=True,
        precompute=True,
        copy=False,
        digits="Product Price",
        groups=POLICY_GROUPS,
        help="The pricelist's price of this product and quantity, discount included.",
    )
    price_exception = fields.Selection(
        [("off_list", "Off list"), ("below_cost", "Below cost")],
        compute="_compute_price_exception",
        store=True,
        precompute=True,
        copy=False,
        groups="base.group_user",
        help="Needs the sales manager's approval before the general manager's.",
    )
    last_prices = fields.Text(
        compute="_compute_last_prices",
        compute_sudo=True,
        groups=POLICY_GROUPS,
        help="The last prices of this product for this customer, with date and order.",
    )

    @api.depends(
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "is_downpayment",
        "order_id.sheet_id",
        "order_id.pricelist_id",
    )
    def _compute_policy_price(self):
        """What was the policy's price when the line was entered (SPEC B2)."""
        for line in self:
            line.policy_price = (
                line._get_policy_price() if line._is_price_checked() else 0
            )

    def _is_price_checked(self):
        """Tell whether the price policy says anything about this line.

        Goods are checked, whatever else they are called.
        """
        self.ensure_one()
        return bool(
            self.product_id
            and self.product_uom_id
            and not (self.is_downpayment and not self.product_uom_qty)
            and not (self._is_delivery() and self.product_type == "service")
            and self.product_type != "combo"  # its choices share its price
            and self._is_desk_line()
        )

    def _get_policy_price(self):
        """Return the pricelist's price, discount included, taxed as on the order."""
        line = self.with_company(self.company_id)
        return line.product_id._get_tax_included_unit_price_from_price(
            line._get_combo_item_display_price()
            if line.combo_item_id and line._get_linked_line()
            else line._get_pricelist_price(),
            product_taxes=line.product_id.taxes_id._filter_taxes_by_company(
                line.company_id
            ),
            fiscal_position=line.order_id.fiscal_position_id,
        )

    @api.depends(
        "policy_price", "price_unit", "discount", "product_uom_qty", "is_downpayment"
    )
    def _compute_price_exception(self):
        for line in self:
            line.price_exception = (
                line._get_price_exception() if line._is_price_checked() else False
            )

    def _get_price_exception(self):
        """Return the graver of what is unusual about the price, or False."""
        # a currency's rounding would hide a discount on what costs next to nothing
        digits = self.env["decimal.precision"].precision_get("Product Price")
        price = self.price_unit * (1 - (self.discount or 0.0) / 100)
        cost = self._get_cost()
        if cost > 0 and float_compare(price, cost, precision_digits=digits) < 0:
            return "below_cost"
        if float_compare(price, self.policy_price, precision_digits=digits) == 0:
            return False
        # freight has no list price; a discount that is a line of its own needs a reason
        is_unlisted = self.product_type == "service" and not self.policy_price
        return False if is_unlisted and price > 0 else "off_list"

    def _get_cost(self):
        """Return the product's cost for one of the line's unit, in its currency."""
        company = self.company_id or self.env.company
        # the salesperson is told that a price is below cost, not what the cost is
        product = self.product_id.sudo().with_company(company)
        cost = product.uom_id._compute_price(
            product.standard_price, self.product_uom_id
        )
        return company.currency_id._convert(
            cost,
            self.currency_id or company.currency_id,
            company,
            self.order_id.date_order or fields.Datetime.now(),
            round=False,
        )

    @api.depends("product_id", "order_id.partner_id")
    @api.depends_context("lang", "tz")
    def _compute_last_prices(self):
        """The last prices of this customer and product (SPEC B2)."""
        known = self._get_earlier_lines()
        for line in self:
            customer = line.order_id.partner_id.commercial_partner_id
            line.last_prices = "\n".join(
                self.env._(
                    "%(price)s / %(unit)s on %(date)s (%(order)s, %(quantity)s)",
                    price=format_amount(
                        self.env,
                        old.price_unit * (1 - (old.discount or 0.0) / 100),
                        old.currency_id,
                    ),
                    unit=old.product_uom_id.name,
                    date=format_date(self.env, old.order_id.date_order),
                    order=old.order_id.name,
                    quantity=formatLang(
                        self.env, old.product_uom_qty, dp="Product Unit"
                    ),
                )
                for old in [
                    old
                    for old in known.get((customer, line.product_id), ())
                    if old.order_id != line.order_id._origin
                ][:SHOWN_PRICES]
            )

    def _get_earlier_lines(self):
        """Return confirmed lines, latest first: ``{(customer, product): [line]}``."""
        customers = self.order_id.partner_id.commercial_partner_id
        lines = self.search(
            [
                ("order_id.partner_id", "child_of", customers.ids),
                ("product_id", "in", self.product_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "sale"),
            ],
        )
        found = {}
        for line in lines.sorted(lambda line: line.order_id.date_order, reverse=True):
            customer = line.order_id.partner_id.commercial_partner_id
            found.setdefault((customer, line.product_id), []).append(line)
        return found
