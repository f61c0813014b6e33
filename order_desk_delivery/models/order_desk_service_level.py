from odoo import api, fields, models

MOST_DAYS = 365
MOST_CHECKS = 20


class OrderDeskServiceLevel(models.Model):
    """How fast goods get to the customer: urgent, standard, a fixed date (SPEC G8)."""

    _name = "order.desk.service.level"
    _description = "Service Level"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short, e.g. for imports: urgent.")
    sequence = fields.Integer(default=10, help="The most urgent one stands first.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Left empty, every company has it."
    )
    due_by = fields.Selection(
        [
            ("days", "A number of days after the goods were picked up"),
            ("customer", "The customer's date"),
        ],
        "Arrives by",
        required=True,
        default="days",
    )
    days = fields.Integer(
        "Days on the Way",
        default=3,
        help="Working days from when the goods are picked up to their arrival. With the"
        " customer's date, how many days before it they are picked up. A change holds"
        " for orders that get the level, or another date, from then on.",
    )
    near_checks = fields.Integer(
        "Checks in the Same State",
        help="How often to look where a shipment is, between its departure and the day"
        " of its arrival. On that day, and after it until it is there, one looks"
        " anyway.",
    )
    country_checks = fields.Integer("Checks within the Country", default=1)
    abroad_checks = fields.Integer("Checks Abroad", default=2)

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is a service level of this code."
    )
    _days_sensible = models.Constraint(
        f"CHECK(days BETWEEN 0 AND {MOST_DAYS})",
        f"Goods are on the way for 0 to {MOST_DAYS} days.",
    )
    _checks_sensible = models.Constraint(
        f"CHECK(near_checks BETWEEN 0 AND {MOST_CHECKS}"
        f" AND country_checks BETWEEN 0 AND {MOST_CHECKS}"
        f" AND abroad_checks BETWEEN 0 AND {MOST_CHECKS})",
        f"A shipment is looked for 0 to {MOST_CHECKS} times on its way.",
    )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for level, vals in zip(self, vals_list, strict=True):
            vals["code"] = self.env._("%s (copy)", level.code)
        return vals_list

    @api.model
    def _get_fixed_levels(self, companies):
        """Return the level of orders on the customer's date: ``{company: level}``."""
        none = self.env["res.company"]
        levels = self.search(
            [("company_id", "in", [*companies.ids, False]), ("due_by", "=", "customer")]
        )
        return {
            company: levels.filtered(
                lambda level, company=company: level.company_id in (none, company)
            )[:1]
            for company in companies
        }

    def _get_due_dates(self, company, earliest, customer_date=False):
        """Return when goods are to be picked up, and to be there, both days (SPEC G8).

        :param earliest: the first day on which they can be picked up
        :param customer_date: the day on which the customer wants them, if any
        """
        by_customer = not self or self.due_by == "customer"
        if not by_customer:
            arrival = company._order_desk_add_working_days(earliest, self.days)
            return earliest, arrival
        if not customer_date:
            return False, False
        start = company._order_desk_go_back_working_days(customer_date, self.days)
        return max(start, earliest), max(customer_date, earliest)

    def _get_way_checks(self, sender, receiver):
        """Return how often to look for a shipment on its way from here to there."""
        if not self:
            return 0
        if sender.country_id != receiver.country_id and receiver.country_id:
            return self.abroad_checks
        is_near = sender.state_id and sender.state_id == receiver.state_id
        return self.near_checks if is_near else self.country_checks
