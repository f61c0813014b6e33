from odoo import api, fields, models
from odoo.tools import float_compare, ormcache


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

    is_proposed = fields.Boolean(
        "Propose This Class",
        help="The monthly proposals look at the payments of all customers and suggest"
        " the least strict of these classes whose limits hold.",
    )
    propose_max_days_late = fields.Float(
        "At Most Days Late",
        digits=(16, 1),
        help="How late the customer may have paid on average, weighted by amount.",
    )
    propose_max_overdue_share = fields.Float(
        "At Most Overdue (%)",
        digits=(5, 1),
        help="What may be overdue, in percent of what was invoiced in twelve months.",
    )
    propose_min_turnover = fields.Float(
        "At Least Turnover",
        digits=(16, 2),
        help="What the customer must have bought in twelve months, without taxes and in"
        " the company's currency; 0 asks for no turnover.",
    )

    _code_uniq = models.UniqueIndex(
        "(code) WHERE active IS TRUE", "A customer class with this code exists already."
    )
    _deposit_percent_range = models.Constraint(
        "CHECK(deposit_percent BETWEEN 0 AND 100)",
        "The deposit of a customer class is between 0 and 100 percent.",
    )
    _tolerance_positive = models.Constraint(
        "CHECK(max_overdue_days >= 0 AND max_overdue_amount >= 0)",
        "The tolerated overdue days and amount of a customer class cannot be negative.",
    )
    _proposal_range = models.Constraint(
        "CHECK(propose_max_days_late >= 0 AND propose_min_turnover >= 0"
        " AND propose_max_overdue_share BETWEEN 0 AND 100)",
        "The limits for proposals cannot be negative, and at most 100 percent can be"
        " overdue.",
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

    def _is_laxer_than(self, other):
        """Tell whether this class asks less of a customer than ``other``.

        No class at all asks nothing.
        """
        if not self or not other:
            return bool(other) and not self
        return (self.sequence, self.code) < (other.sequence, other.code)

    def _get_suggested(self, figures):
        """Return the least strict of these classes that ``figures`` bear out.

        The strictest class of all takes those who meet no limits.

        :param figures: see ``order.desk.class.change._get_payment_figures``
        """
        strictest = self._get_strictest()
        for customer_class in self.sorted(lambda c: (c.sequence, c.code)):
            if customer_class == strictest or customer_class._suits(figures):
                return customer_class
        return self.browse()

    def _suits(self, figures):
        """Tell whether ``figures`` keep the limits of this class."""
        self.ensure_one()
        # as they are shown: one decimal
        days = float_compare(
            figures["average_days_late"], self.propose_max_days_late, precision_digits=1
        )
        share = float_compare(
            figures["overdue_share"], self.propose_max_overdue_share, precision_digits=1
        )
        turnover = float_compare(
            figures["turnover"], self.propose_min_turnover, precision_digits=2
        )
        return days <= 0 and share <= 0 and turnover >= 0

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
