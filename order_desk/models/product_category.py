from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    configuration_definition = fields.PropertiesDefinition(
        help="The questions that the order configuration sheet asks about each"
        " product of this category and of the categories below it.",
    )
    configuration_owner_id = fields.Many2one(
        "product.category", compute="_compute_configuration_owner_id"
    )
    # Odoo edits a definition where its questions are answered: here, as a preview
    configuration_preview = fields.Properties(
        "Questions",
        definition="configuration_owner_id.configuration_definition",
        precompute=False,
    )

    order_code_family = fields.Char(
        help="Stands for the product family in order codes. Categories below have the"
        " same unless they have one of their own.",
    )

    def _compute_configuration_owner_id(self):
        for category in self:
            category.configuration_owner_id = category._origin

    def write(self, vals):
        result = super().write(vals)
        if {"configuration_definition", "configuration_preview", "parent_id"} & set(
            vals
        ):
            self._ask_open_lines()
        return result

    def _get_configuration_category(self):
        """Return the nearest category, this one or above, that asks questions."""
        category = self
        while category and not category.configuration_definition:
            category = category.parent_id
        return category

    def _get_order_code_family(self):
        """Return the family code of the nearest category, this one or above."""
        category = self
        while category and not (category.order_code_family or "").strip():
            category = category.parent_id
        return (category.order_code_family or "").strip()

    def _ask_open_lines(self):
        """Ask new questions on sheets that have not been submitted yet."""
        # whoever defines questions need not see the orders of others
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("order_id.sheet_id.state", "=", "draft"),
                    ("product_id.categ_id", "child_of", self.ids),
                ]
            )
        )
        self.env.add_to_compute(lines._fields["configuration_categ_id"], lines)
