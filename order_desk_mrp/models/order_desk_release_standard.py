import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare, ormcache

from odoo.addons.order_desk.quantity import format_quantity

KINDS = [
    ("quantity", "Quantity"),
    ("appearance", "Appearance"),
    ("packaging", "Packaging"),
    ("labels", "Labels"),
]
# limits are compared with this many decimals
LIMIT_DIGITS = 6
# changes of these fields give the standard a new version once it has been used
CONTENT_FIELDS = {"line_ids", "size_ids"}


class OrderDeskReleaseStandard(models.Model):
    """What finished goods of a category are inspected against (SPEC E4).

    An inspection copies the points when it begins; a change of the standard counts for
    those that begin later.
    """

    _name = "order.desk.release.standard"
    _description = "Release Standard"
    _inherit = ["mail.thread"]
    _order = "category_id, id"
    _check_company_auto = True

    category_id = fields.Many2one(
        "product.category",
        "Product Category",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="Categories below it follow the same standard unless they have their own.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True, tracking=True)
    version = fields.Integer(default=1, readonly=True, copy=False)
    is_for_stock = fields.Boolean(
        "Also Goods Made for Stock",
        tracking=True,
        help="Goods that are made for no order of the order desk are inspected, too."
        " Left out, they enter stock as in plain Odoo.",
    )
    note = fields.Text(
        "Instructions", help="What inspectors should know before they begin."
    )
    line_ids = fields.One2many(
        "order.desk.release.standard.line", "standard_id", "Points", copy=True
    )
    size_ids = fields.One2many(
        "order.desk.release.standard.size", "standard_id", "Sample Sizes", copy=True
    )

    _category_company_uniq = models.UniqueIndex(
        "(category_id, company_id) WHERE active IS TRUE",
        "This category has a release standard already.",
    )

    @api.depends("category_id.name", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for standard in self:
            standard.display_name = self.env._(
                "%(category)s, version %(version)s",
                category=standard.category_id.name or "",
                version=standard.version,
            )

    @api.constrains("line_ids")
    def _check_line_ids(self):
        for standard in self:
            if not standard.line_ids:
                raise ValidationError(
                    self.env._(
                        "The release standard of %s needs at least one point.",
                        standard.category_id.display_name,
                    )
                )

    @api.constrains("size_ids")
    def _check_size_ids(self):
        for standard in self:
            sizes = standard.size_ids.sorted("quantity_from")
            for first, second in zip(sizes, sizes[1:], strict=False):
                end = first.quantity_to or math.inf
                if second.quantity_from <= end:
                    raise ValidationError(
                        self.env._(
                            "%(standard)s: the sample sizes from %(first)s and from"
                            " %(second)s pieces overlap.",
                            standard=standard.category_id.display_name,
                            first=first.quantity_from,
                            second=second.quantity_from,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        standards = super().create(
            [{**vals, "version": 1} for vals in vals_list]  # counted, not entered
        )
        standards._check_line_ids()
        self.env.registry.clear_cache()
        return standards

    def write(self, vals):
        if "version" in vals and not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "version"}
        result = super().write(vals)
        self.env.registry.clear_cache()
        if CONTENT_FIELDS & set(vals):
            self._renew()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def copy_data(self, default=None):
        default = {"active": False, **(default or {})}  # one is active at a time
        return super().copy_data(default=default)

    def _renew(self):
        """Give these standards a new version if inspections have used the last one."""
        inspections = self.env["order.desk.inspection"].sudo()  # of anybody
        used = dict(
            inspections._read_group(
                [("standard_id", "in", self.ids)],
                ["standard_id"],
                ["standard_version:max"],
            )
        )
        for standard in self.sudo():  # the version is counted, not written by people
            if used.get(standard, 0) >= standard.version:
                standard.version += 1
                standard._message_log(
                    body=self.env._(
                        "Changed: version %s counts for inspections that begin from"
                        " now on.",
                        standard.version,
                    )
                )

    # ------------------------------------------------------------- which one counts

    @api.model
    @ormcache("company_id")
    def _get_index(self, company_id):
        """Return a company's standards: ``{category id: (id, counts for stock)}``."""
        # kept for everybody, whoever asks first
        standards = self.sudo().with_context(active_test=True)
        return {
            standard.category_id.id: (standard.id, standard.is_for_stock)
            for standard in standards.search([("company_id", "=", company_id)])
        }

    @api.model
    def _find(self, product, company):
        """Return what a product is inspected against, empty if it is not.

        :return: the standard, and whether it counts for goods made for stock
        """
        index = self._get_index(company.id)
        path = (product.categ_id.parent_path or "").split("/") if index else []
        for category_id in reversed([int(part) for part in path if part]):
            if category_id in index:
                standard_id, is_for_stock = index[category_id]
                return self.browse(standard_id), is_for_stock
        return self.browse(), False

    def _get_sample_size(self, quantity):
        """Return how many of ``quantity`` pieces are looked at: all by default."""
        self.ensure_one()
        for size in self.size_ids:
            if size.quantity_from <= quantity and (
                not size.quantity_to or quantity <= size.quantity_to
            ):
                return min(quantity, size.sample_size)
        return quantity


class OrderDeskReleaseStandardPart(models.AbstractModel):
    """Part of a release standard: a change of it is a change of the standard."""

    _name = "order.desk.release.standard.part"
    _description = "Part of a Release Standard"

    standard_id = fields.Many2one(
        "order.desk.release.standard", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="standard_id.company_id", store=True, precompute=True, index=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.standard_id._renew()
        return parts

    def write(self, vals):
        result = super().write(vals)
        self.standard_id._renew()
        return result

    def unlink(self):
        standards = self.standard_id
        result = super().unlink()
        standards._renew()
        return result


class OrderDeskReleaseStandardLine(models.Model):
    """One point of a release standard."""

    _name = "order.desk.release.standard.line"
    _inherit = ["order.desk.release.standard.part"]
    _description = "Point of a Release Standard"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char("Point", required=True, translate=True)
    kind = fields.Selection(KINDS, required=True, default="appearance")
    check_type = fields.Selection(
        [("pass_fail", "Pass or fail"), ("measure", "Measured value")],
        "Checked by",
        required=True,
        default="pass_fail",
    )
    instruction = fields.Text("How to Check", translate=True)
    has_min = fields.Boolean("At Least")
    limit_min = fields.Float("Minimum", digits=(16, 3))
    has_max = fields.Boolean("At Most")
    limit_max = fields.Float("Maximum", digits=(16, 3))
    unit_text = fields.Char("Measured in", help="For example mm, bar or dB.")
    needs_photo = fields.Boolean("Photo")

    @api.constrains("check_type", "has_min", "limit_min", "has_max", "limit_max")
    def _check_limits(self):
        for line in self.filtered(lambda line: line.check_type == "measure"):
            if not (line.has_min or line.has_max):
                raise ValidationError(
                    self.env._(
                        "“%s” is measured: give the lowest or the highest value that"
                        " passes.",
                        line.name,
                    )
                )
            if (
                line.has_min
                and line.has_max
                and float_compare(line.limit_min, line.limit_max, LIMIT_DIGITS) > 0
            ):
                raise ValidationError(
                    self.env._(
                        "“%(point)s”: the minimum %(min)s is above the maximum"
                        " %(max)s.",
                        point=line.name,
                        min=format_quantity(line.limit_min),
                        max=format_quantity(line.limit_max),
                    )
                )

    def _prepare_point_vals(self):
        """Return what an inspection keeps of this point."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "name": self.name,
            "kind": self.kind,
            "check_type": self.check_type,
            "instruction": self.instruction,
            "has_min": self.has_min,
            "limit_min": self.limit_min,
            "has_max": self.has_max,
            "limit_max": self.limit_max,
            "unit_text": self.unit_text,
            "needs_photo": self.needs_photo,
        }


class OrderDeskReleaseStandardSize(models.Model):
    """How many pieces of a lot of a certain size are inspected."""

    _name = "order.desk.release.standard.size"
    _inherit = ["order.desk.release.standard.part"]
    _description = "Sample Size of a Release Standard"
    _order = "quantity_from, id"

    quantity_from = fields.Integer("Lot from", required=True, default=1)
    quantity_to = fields.Integer("Lot to", help="Zero: no end.")
    sample_size = fields.Integer("Pieces to Inspect", required=True, default=1)

    _quantities_positive = models.Constraint(
        "CHECK(quantity_from > 0 AND sample_size > 0)",
        "Lots and samples have at least one piece.",
    )
    _quantities_ordered = models.Constraint(
        "CHECK(quantity_to = 0 OR quantity_to IS NULL OR quantity_to >= quantity_from)",
        "A lot size ends above where it starts.",
    )
