from odoo import fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    configuration_definition = fields.PropertiesDefinition(
        help="The questions that the order configuration sheet asks about each"
        " product of this category and of the categories below it.",
    )

    def _get_configuration_category(self):
        """Return the nearest category, this one or above, that asks questions."""
        category = self
        while category and not category.configuration_definition:
            category = category.parent_id
        return category
