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
    deposit_percent = fields.Float(
        "Deposit (%)",
        digits=(5, 2),
        help="What must have been received before the release to production, in percent"
        " of the order's total.",
    )
    ship_on = fields.Selection(
        [
            ("terms", "Contract's terms"),
            ("balance", "Balance received"),
        ],
        "Ships on",
        required=True,
        default="terms",
        help="Contract's terms: goods leave before they are paid. Balance received:"
        " what has left and what leaves now has been paid, less the deposit.",
    )
    deposit_offset = fields.Selection(
        [
            ("proportional", "In proportion to each shipment"),
            ("first", "Against the first shipments"),
            ("last", "Against the last shipments"),
        ],
        "Deposit is Set off",
        required=True,
        default="proportional",
        help="How the deposit counts when an order ships in parts.",
    )
    check_credit = fields.Boolean(
        help="The credit limit and overdue invoices are checked before the release to"
        " production and before shipment.",
    )
    max_overdue_days = fields.Integer(
        "Tolerated Overdue (Days)",
        help="Invoices overdue no longer than this do not stop an order.",
    )
    max_overdue_amount = fields.Float(
        "Tolerated Overdue (Amount)",
        help="Overdue up to this amount, in the company's currency, does not stop an"
        " order.",
    )

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
