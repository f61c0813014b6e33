from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_is_zero
from odoo.tools.sql import column_exists, create_column

from ..quantity import format_quantity
from .order_desk_sheet_content import get_signed_fields

# changes of these fields may make a signature stale, see sale.order
SIGNED_FIELDS = get_signed_fields("order_id.order_line.") | {"order_id"}
# readonly on the screen alone: Odoo lets a client write even what is computed
KEPT_FIELDS = {
    "configuration_categ_id",
    "launched_qty",
    "policy_price",
    "price_exception",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    configuration_categ_id = fields.Many2one(
        "product.category",
        "Configuration Category",
        compute="_compute_configuration_categ_id",
        store=True,
        precompute=True,
        copy=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The category whose questions the configuration answers.",
    )
    configuration = fields.Properties(
        definition="configuration_categ_id.configuration_definition", copy=True
    )
    configuration_summary = fields.Text(compute="_compute_configuration_summary")
    special_requirement = fields.Text(
        help="Anything outside the standard: process, structure, accessories."
    )
    is_non_standard = fields.Boolean(
        "Non-Standard",
        compute="_compute_is_non_standard",
        search="_search_is_non_standard",
    )
    packaging_note = fields.Char("Packaging", help="Packaging and labels of this line.")
    launched_qty = fields.Float(
        "Given to Procurement",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="The ordered quantity, in the product's unit, for which procurement was"
        " last started. What is ordered beyond it waits for its signatures.",
    )
    tolerance_over = fields.Float(
        "Over (%)",
        digits=(5, 2),
        help="How many percent more than ordered may be made and delivered.",
    )
    tolerance_under = fields.Float(
        "Under (%)",
        digits=(5, 2),
        help="How many percent less than ordered may be made and delivered.",
    )

    def _auto_init(self):
        # Lines of running orders have no sheet, so there is nothing to compute for
        # them; without the columns Odoo would go through every line of the company.
        for name, column_type in (
            ("configuration_categ_id", "int4"),
            ("configuration", "jsonb"),
            ("policy_price", "numeric"),
            ("price_exception", "varchar"),
        ):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, column_type)
        return super()._auto_init()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["launched_qty"] = 0  # neither a client nor its context may say more
            # Odoo drops the answers of a line that does not know its questions yet
            if vals.get("configuration") and "configuration_categ_id" not in vals:
                line = self.new({**vals, "configuration": False})
                vals["configuration_categ_id"] = line.configuration_categ_id.id
        lines = super().create(vals_list)
        lines._filter_content().order_id._order_desk_follow_change()
        return lines

    def write(self, vals):
        if KEPT_FIELDS & set(vals) and not self.env.su:
            raise AccessError(
                self.env._("This field of an order line is kept by the order desk.")
            )
        if "order_id" in vals:
            self._check_stays_on_order(vals["order_id"])
        watched = self if SIGNED_FIELDS & set(vals) else self.browse()
        orders = watched._filter_content().order_id
        replaced = self.filtered(
            lambda line: (
                line.launched_qty
                and vals.get("product_id", line.product_id.id) != line.product_id.id
            )
        )
        result = super().write(vals)
        if replaced:
            # kept by the desk alone; nothing of the new product is procured yet
            replaced.sudo().launched_qty = 0
        orders |= watched._filter_content().order_id
        orders._order_desk_follow_change()
        return result

    def unlink(self):
        orders = self._filter_content().order_id
        result = super().unlink()
        orders.exists()._order_desk_follow_change()
        return result

    def _check_stays_on_order(self, order_id):
        """Refuse to take what is procured and shipped out of the desk's control."""
        moved = self.filtered(
            lambda line: (
                line.order_id.sheet_id
                and line.order_id.state == "sale"
                and line.order_id.id != order_id
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "The lines of %s stay on it: it is confirmed. Set their quantity to"
                    " zero and order the goods anew.",
                    ", ".join(moved.order_id.mapped("name")),
                )
            )

    @api.depends("product_id", "order_id.sheet_id")
    def _compute_configuration_categ_id(self):
        for line in self:
            line.configuration_categ_id = (
                line.product_id.categ_id._get_configuration_category()
                if line.product_id and line._is_desk_line()
                else False
            )

    def _filter_content(self):
        """Return the lines somebody signs for: all but down payments.

        A down payment has no quantity; whatever has one may be procured.
        """
        return self.filtered(
            lambda line: not line.is_downpayment or line.product_uom_qty
        )

    def _is_desk_line(self):
        """Tell whether the line's order is, or is about to be, under control."""
        self.ensure_one()
        order = self.order_id
        # a new order gets its lines before its sheet
        return bool(
            order.sheet_id
            or (order.team_id.use_order_desk and order.state in ("draft", "sent"))
        )

    @api.depends("configuration", "configuration_categ_id.configuration_definition")
    def _compute_configuration_summary(self):
        answers = self._get_answers_by_line()
        for line in self:
            line.configuration_summary = ", ".join(
                f"{label}: {answer}" for label, answer in answers[line] if answer != ""
            )

    @api.depends("special_requirement")
    def _compute_is_non_standard(self):
        for line in self:
            line.is_non_standard = bool((line.special_requirement or "").strip())

    def _search_is_non_standard(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = [("special_requirement", "not in", [False, ""])]
        return domain if True in value else ["!", *domain]

    @api.constrains("tolerance_over", "tolerance_under")
    def _check_tolerance(self):
        for line in self:
            if not (
                0 <= line.tolerance_over <= 100 and 0 <= line.tolerance_under <= 100
            ):
                raise ValidationError(
                    self.env._(
                        "%s: the tolerance is a percentage between 0 and 100.",
                        line.product_id.display_name,
                    )
                )

    def _get_configuration_answers(self):
        """Return the configuration as ``[[label, answer]]``, answers as text."""
        self.ensure_one()
        return self._get_answers_by_line()[self]

    def _get_answers_by_line(self):
        """Return each line's configuration: ``{line: [[label, answer as text]]}``."""
        asked = self.filtered("configuration_categ_id").with_prefetch(
            self._prefetch_ids
        )
        answers = {
            line: [
                [prop.get("string") or "", self._get_answer_text(prop)]
                for prop in row["configuration"]
                if prop["type"] != "separator"
            ]
            for line, row in zip(asked, asked.read(["configuration"]), strict=True)
        }
        return {line: answers.get(line, []) for line in self}

    @api.model
    def _get_answer_text(self, prop):
        """Return the answer of one property, as ``read`` gives it, as text."""
        value = prop.get("value")
        kind = prop["type"]
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if not value:  # zero as well: that is how the form shows an empty number
            return ""
        if kind == "selection":
            return dict(prop.get("selection") or []).get(value, str(value))
        if kind == "tags":
            names = {tag[0]: tag[1] for tag in prop.get("tags") or []}
            return ", ".join(names.get(tag, str(tag)) for tag in value)
        if kind == "many2one":
            return value[1] or ""
        if kind == "many2many":
            return ", ".join(name or "" for _id, name in value)
        return format_quantity(value) if kind == "float" else str(value)

    def _get_print_description(self):
        """Return what the description says beyond the product's name."""
        self.ensure_one()
        if not self.product_id:
            return self.name
        name = self.translated_product_name or ""
        return (self.name or "").removeprefix(name).strip()

    def _get_content_values(self):
        """Return what there is to sign about each line: ``{line: {key: value}}``."""
        answers = self._get_answers_by_line()
        return {
            line: {
                "product": line._get_content_product(),
                "quantity": [line.product_uom_qty, line.product_uom_id.name or ""],
                "price_unit": line.price_unit,
                "discount": line.discount,
                "taxes": [[tax.id, tax.name] for tax in line.tax_ids],
                "description": line.name,
                "configuration": answers[line],
                "packaging_note": line.packaging_note or "",
                "routes": [[route.id, route.name] for route in line.route_ids],
                "special_requirement": line.special_requirement or "",
                "tolerance_over": line.tolerance_over,
                "tolerance_under": line.tolerance_under,
            }
            for line in self
        }

    def _get_content_product(self):
        """Return what says which product exactly is ordered, whoever asks."""
        self.ensure_one()
        product = self.product_id
        custom_values = self.product_custom_attribute_value_ids
        return [
            product.id,
            product.default_code or "",
            product.name or self.name,
            product.product_template_variant_value_ids.mapped("name"),
            self.product_no_variant_attribute_value_ids.mapped("name"),
            custom_values.mapped("custom_value"),
        ]

    def _is_without_price(self):
        """Tell whether this line lacks a price; only goods sold alone need one."""
        self.ensure_one()
        precision = self.env["decimal.precision"].precision_get("Product Price")
        return (
            self.product_id.type == "consu"
            and not self.combo_item_id
            and float_is_zero(self.price_unit, precision_digits=precision)
        )

    def _get_missing_entries(self):
        """Return the names of what this line lacks on the sheet (SPEC B1)."""
        self.ensure_one()
        if not self.product_id:
            return [self.env._("product")]
        if self._is_line_optional() and not self.product_uom_qty:
            return []  # the customer has not taken this offer
        missing = []
        if self.product_uom_id.compare(self.product_uom_qty, 0) <= 0:
            missing.append(self.env._("quantity"))
        if self._is_without_price():
            missing.append(self.env._("unit price (give free goods a 100% discount)"))
        questions = self.product_id.categ_id._get_configuration_category()
        if questions and not self.configuration_categ_id:
            missing.append(self.env._("configuration"))
        return missing + [
            question
            for question, answer in self._get_configuration_answers()
            if answer == ""
        ]

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Let procurement wait until the order is released to production (SPEC D5).

        A quantity that shrinks after the release shrinks at once, as in plain Odoo.
        """
        controlled = self.filtered("order_id.sheet_id")
        held_orders = controlled.order_id._get_order_desk_held()
        launched = controlled.filtered(
            lambda line: line.order_id not in held_orders or not line._is_launch_due()
        )
        plain = super(SaleOrderLine, self - controlled)
        result = plain._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        if launched:
            # a quantity that was held in between is not what Odoo has procured
            super(SaleOrderLine, launched)._action_launch_stock_rule(
                previous_product_uom_qty=launched._get_launched_quantities()
            )
        for line in launched:
            quantity = line._get_quantity_to_launch()
            if line.launched_qty != quantity:
                line.sudo().launched_qty = quantity  # kept by the desk alone
        return result

    def _get_quantity_to_launch(self):
        """Return the ordered quantity in the unit of the product."""
        self.ensure_one()
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, round=False
        )

    def _get_launched_quantities(self):
        """Return what was given to procurement, in each line's unit, by line id."""
        return {
            line.id: line.product_id.uom_id._compute_quantity(
                line.launched_qty, line.product_uom_id, round=False
            )
            for line in self
            if line.product_uom_id
        }

    def _is_launch_due(self):
        """Tell whether more is ordered than has been given to procurement."""
        self.ensure_one()
        unit = self.product_id.uom_id
        return bool(unit and self.product_uom_id) and (
            unit.compare(self._get_quantity_to_launch(), self.launched_qty) > 0
        )

    # ------------------------------------------------------------- shipments

    def _is_goods(self):
        """Tell whether this line is shipped: neither service, discount nor deposit.

        A down payment has no quantity; whatever has one may leave.
        """
        self.ensure_one()
        return bool(
            not self.display_type
            and self.product_id.type == "consu"
            and self.product_uom_qty > 0
            and self.price_total >= 0
        )

    def _get_quantity_of_parts(self, parts):
        """Return how much of this line is shipped, in its unit.

        A kit counts as shipped with its first part, so no part leaves unpaid.

        :param parts: ``{product: quantity in the product's unit}`` that has moved
        """
        self.ensure_one()
        own = parts.get(self.product_id, 0.0)
        others = [product for product in parts if product != self.product_id]
        units = self._get_part_units(others) if others else {}
        quantity = self.product_id.uom_id._compute_quantity(
            own, self.product_uom_id or self.product_id.uom_id, round=False
        )
        return quantity + max(
            (parts[product] / units[product] for product in others if units[product]),
            default=0.0,
        )

    def _get_part_units(self, products):
        """Return how much of each product one unit of this line consists of.

        Modules that know bills of materials say so; here the moves themselves tell.
        """
        self.ensure_one()
        leaving = self.move_ids.filtered(
            lambda move: move.state != "cancel" and move._is_leaving()
        )
        if self.product_id in leaving.product_id or not self.product_uom_qty:
            return dict.fromkeys(products, 1.0)  # shipped instead of the product itself
        demand = {
            product: sum(moves.mapped("product_qty"))
            for product, moves in leaving.grouped("product_id").items()
        }
        return {
            product: demand.get(product, 0.0) / self.product_uom_qty
            for product in products
        }

    def _get_unordered_value(self, quantity):
        """Return what goods are worth that were shipped without having been ordered.

        :param quantity: in the line's unit; amounts are in the order's currency
        """
        self.ensure_one()
        if self.display_type or self.product_uom_qty or quantity <= 0:
            return 0.0
        # Odoo adds goods that are invoiced as ordered without a price
        price = self.price_unit or self._get_pricelist_price()
        taxes = self.tax_ids.compute_all(
            price * (1 - self.discount / 100),
            currency=self.currency_id,
            quantity=quantity,
            product=self.product_id,
            partner=self.order_id.partner_shipping_id,
        )
        return taxes["total_included"]
