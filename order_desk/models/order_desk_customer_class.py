from odoo import api, fields, models
from odoo.tools import ormcache


class OrderDeskCustomerClass(models.Model):
    """Customer class A, B, C, …: the payment policy of a customer (SPEC F1)."""

    _name = "order.desk.customer.class"
    _description = "Customer Class"
    _order = "sequence, code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(
        "Strictness",
        default=10,
        help="The class with the highest number is the strictest. Customers without"
        " a class are treated as the strictest one.",
    )
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE active IS TRUE", "A customer class with this code exists already."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for customer_class in self:
            customer_class.display_name = (
                f"{customer_class.code} – {customer_class.name}"
            )

    @api.model
    def _get_strictest(self):
        """Return the class for customers that have none (SPEC F1), maybe empty."""
        return self.browse(self._get_strictest_ids())

    @api.model
    @ormcache()
    def _get_strictest_ids(self):
        # kept for everybody, so the context of one of them has no say
        classes = self.sudo().with_context(active_test=True)
        return tuple(classes.search([], order="sequence desc, code desc", limit=1).ids)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
