from odoo import api, fields, models
from odoo.exceptions import UserError

# so many codes in a row that somebody has typed by hand: the sequence is set wrong
MAX_TAKEN_CODES = 1000


class OrderDeskSheet(models.Model):
    """The order code by the company's pattern, and who the customer is (SPEC C4)."""

    _inherit = "order.desk.sheet"

    shop_floor_customer = fields.Char(
        "Customer on the Shop Floor",
        compute="_compute_shop_floor_customer",
        compute_sudo=True,
        help="The customer as shop-floor documents show it.",
    )

    @api.depends(
        "customer_code",
        "order_id.partner_id.commercial_partner_id.name",
        "company_id.hide_customer_name",
    )
    def _compute_shop_floor_customer(self):
        for sheet in self:
            name = sheet.order_id.partner_id.commercial_partner_id.name
            if sheet.company_id.hide_customer_name:
                name = False
            parts = (sheet.customer_code, name)
            sheet.shop_floor_customer = " · ".join(part for part in parts if part)

    def _is_order_code_taken(self, order_code):
        """Tell whether another sheet of this company has the order code."""
        self.ensure_one()
        return bool(
            self.search_count(
                [
                    ("order_code", "=", order_code),
                    ("company_id", "=", self.company_id.id),
                    ("id", "!=", self.id),
                ],
                limit=1,
            )
        )

    def _make_order_code(self, customer_code):
        """Return the next free order code by the company's pattern.

        :raise UserError: the pattern asks for something that is not filled in
        """
        self.ensure_one()
        company = self.company_id
        sequence = company._order_desk_sequence()
        if not sequence:
            raise UserError(
                self.env._(
                    "No sequence numbers the order codes of %s. Open the settings of"
                    " the order desk and save them.",
                    company.name,
                )
            )
        names = company._get_order_code_placeholders(company.order_code_pattern)
        family = self._get_order_code_family() if "family" in names else ""
        for _attempt in range(MAX_TAKEN_CODES):
            order_code = company._format_order_code(
                company.order_code_pattern, sequence.next_by_id(), family, customer_code
            )
            if not self._is_order_code_taken(order_code):
                return order_code
        raise UserError(
            self.env._(
                "The last order code tried for %(order)s, %(code)s, is taken like all"
                " before it. Set a higher next number in the settings of the order"
                " desk.",
                order=self.order_id.name,
                code=order_code,
            )
        )

    def _get_order_code_family(self):
        """Return the family code of the line that brings most.

        :raise UserError: its product has none
        """
        lines = self._get_content_lines().filtered("product_id")
        category = lines.sorted("price_subtotal")[-1:].product_id.categ_id
        family = category._get_order_code_family()
        if not family:
            raise UserError(
                self.env._(
                    "The order code of %(order)s starts from the product family. Fill"
                    " in “%(field)s” of the product category %(category)s.",
                    order=self.order_id.name,
                    field=category._fields["order_code_family"]._description_string(
                        self.env
                    ),
                    category=category.display_name or self.env._("of its products"),
                )
            )
        return family
