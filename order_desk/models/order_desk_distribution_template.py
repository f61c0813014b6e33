from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OrderDeskDistributionTemplate(models.Model):
    """Who gets a copy of which orders, by category and customer class (SPEC C5)."""

    _name = "order.desk.distribution.template"
    _description = "Distribution Template"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        ondelete="restrict",
        help="Applies to orders with a product of this category or one below it."
        " Without a category, to all products.",
    )
    class_id = fields.Many2one(
        "order.desk.customer.class",
        "Customer Class",
        ondelete="restrict",
        help="Applies to customers of this class. Without a class, to all customers.",
    )
    line_ids = fields.One2many(
        "order.desk.distribution.template.line", "template_id", "Copies", copy=True
    )

    @api.model
    def _get_lines_by_sheet(self, sheets):
        """Return the lines of all templates that fit: ``{sheet: template lines}``."""
        templates = self.search([("company_id", "in", sheets.company_id.ids)])
        return {
            sheet: templates.filtered(lambda t, s=sheet: t._fits(s)).line_ids
            for sheet in sheets
        }

    def _fits(self, sheet):
        """Tell whether this template applies to the order of ``sheet``."""
        self.ensure_one()
        categories = sheet._get_content_lines().product_id.categ_id
        return (
            self.company_id == sheet.company_id
            and (not self.class_id or self.class_id == sheet.customer_class_id)
            and (
                not self.categ_id
                or any(
                    category.parent_path.startswith(self.categ_id.parent_path)
                    for category in categories
                )
            )
        )


class OrderDeskDistributionTemplateLine(models.Model):
    _name = "order.desk.distribution.template.line"
    _description = "Distribution Template Line"
    _order = "sequence, id"
    _check_company_auto = True

    template_id = fields.Many2one(
        "order.desk.distribution.template",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(default=10)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain=[("share", "=", False)],
        check_company=True,
        ondelete="restrict",
    )
    department_id = fields.Many2one(
        "order.desk.department", check_company=True, ondelete="restrict"
    )
    document = fields.Char(
        required=True,
        translate=True,
        default=lambda self: self.env._("Configuration sheet"),
        help="What the recipient gets.",
    )
    task = fields.Char(translate=True, help="What the recipient has to do with it.")
    hours = fields.Float(
        default=16.0,
        help="Working hours to do it, by the company's calendar.",
    )

    _hours_positive = models.Constraint(
        "CHECK(hours >= 0)", "The working hours to do a task cannot be negative."
    )

    @api.constrains("template_id", "user_id", "department_id")
    def _check_recipient(self):
        for line in self:
            if bool(line.user_id) == bool(line.department_id):
                raise ValidationError(
                    self.env._(
                        "“%(document)s” in %(template)s goes to either a person or a"
                        " department: choose exactly one of the two.",
                        document=line.document,
                        template=line.template_id.name,
                    )
                )

    def _prepare_distribution_vals(self, sheet):
        """Return the copy that this line gives the order of ``sheet``, without due."""
        self.ensure_one()
        reader = self.user_id or self.company_id
        line = self.with_context(lang=reader.partner_id.lang or self.env.lang)
        return {
            "sheet_id": sheet.id,
            "revision": sheet.revision,
            "user_id": self.user_id.id,
            "department_id": self.department_id.id,
            "document": line.document,
            "task": line.task,
        }
