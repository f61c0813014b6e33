from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

COMPANY_FIELDS = (
    "order_code_pattern",
    "hide_customer_name",
    "order_desk_short_days",
    "order_desk_payment_basis",
    "order_desk_count_write_offs",
    "order_desk_finance_confirms",
    "order_desk_follow_up_days",
)


class OrderDeskSettings(models.TransientModel):
    """The desk's settings of one company.

    Odoo's own settings page is closed to whoever administers the order desk alone.
    """

    _name = "order.desk.settings"
    _description = "Order Desk Settings"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    order_code_pattern = fields.Char(
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Text with placeholders. {family} is the family code of the product"
        " category, {year} and {yy} the year, {month} the month, {customer} the"
        " customer code, {number} the next number of the sequence.",
    )
    hide_customer_name = fields.Boolean(
        compute="_compute_company_values", store=True, precompute=True, readonly=False
    )
    order_desk_short_days = fields.Integer(
        "Short Date (Days)",
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        help="A delivery date fewer days after the order than this is marked as short"
        " before the managers sign.",
    )
    order_desk_payment_basis = fields.Selection(
        [
            ("registered", "Registered payments count"),
            ("matched", "Only payments matched with the bank count"),
        ],
        "Money Received",
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="When a customer's payment counts as received at the gates.",
    )
    order_desk_count_write_offs = fields.Boolean(
        compute="_compute_company_values", store=True, precompute=True, readonly=False
    )
    order_desk_finance_confirms = fields.Boolean(
        compute="_compute_company_values", store=True, precompute=True, readonly=False
    )
    order_desk_follow_up_days = fields.Integer(
        "Follow up Payments (Days)",
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        help="Working days until which a customer is asked to pay a deposit or balance,"
        " and after which the salesperson follows it up, again and again until paid.",
    )
    number_prefix = fields.Char(
        compute="_compute_number",
        store=True,
        readonly=False,
        help="What stands before the running number in {number}, e.g. %(y)s for the"
        " year in two digits.",
    )
    number_padding = fields.Integer(
        "Digits of the Number",
        compute="_compute_number",
        store=True,
        readonly=False,
        help="Shorter numbers are filled up with zeros.",
    )
    number_next = fields.Integer(
        "Next Number", compute="_compute_number", store=True, readonly=False
    )
    order_code_example = fields.Char("Example", compute="_compute_order_code_example")

    @api.model
    def _get_company_fields(self):
        """Return the settings kept on the company; modules add those of their own."""
        return [*COMPANY_FIELDS]

    @api.depends("company_id")
    def _compute_company_values(self):
        for settings in self:
            for name in self._get_company_fields():
                settings[name] = settings.company_id[name]

    @api.depends("company_id")
    def _compute_number(self):
        for settings in self:
            sequence = settings.company_id._order_desk_sequence()
            settings.number_prefix = sequence.prefix
            settings.number_padding = sequence.padding
            settings.number_next = sequence.number_next_actual

    @api.depends("order_code_pattern", "number_prefix", "number_padding", "number_next")
    def _compute_order_code_example(self):
        for settings in self:
            company = settings.company_id
            try:
                company._get_order_code_placeholders(settings.order_code_pattern)
                number = settings._make_sequence().get_next_char(settings.number_next)
            except (UserError, ValidationError) as error:
                settings.order_code_example = str(error)
                continue
            settings.order_code_example = company._format_order_code(
                settings.order_code_pattern,
                number,
                family=self.env._("FAMILY"),
                customer=self.env._("CUSTOMER"),
            )

    def _prepare_sequence_vals(self):
        self.ensure_one()
        return {"prefix": self.number_prefix, "padding": self.number_padding}

    def _make_sequence(self):
        """Return a sequence in memory that numbers as entered here."""
        sequence = self.env["ir.sequence"].sudo()  # not for the desk to read
        return sequence.with_context(tz=self.company_id._order_desk_tz().zone).new(
            self._prepare_sequence_vals()
        )

    def action_open(self):
        """Open the settings of the current company."""
        settings = self.create({})
        return settings._get_records_action(
            name=self.env._("Order Desk Settings"), target="new"
        )

    def action_save(self):
        """Keep what was entered.

        :raise ValidationError: the pattern or the numbering is wrong
        """
        self.ensure_one()
        company = self.company_id
        if company not in self.env.user.company_ids:
            raise UserError(
                self.env._("These are the settings of another company than yours.")
            )
        self._check_number()
        # who administers the desk need not administer companies
        company.sudo().write({name: self[name] for name in self._get_company_fields()})
        self._save_sequence()
        return {"type": "ir.actions.act_window_close"}

    def _check_number(self):
        if not 1 <= self.number_padding <= 12:
            raise ValidationError(
                self.env._("The number has between 1 and 12 digits, as you choose.")
            )
        if self.number_next < 1:
            raise ValidationError(self.env._("The next number is at least 1."))
        self._make_sequence().get_next_char(self.number_next)

    def _save_sequence(self):
        """Give the company a sequence of its own, if it numbers in its own way."""
        sequence = self.company_id._order_desk_sequence()
        vals = self._prepare_sequence_vals()
        if sequence.number_next_actual != self.number_next:
            vals["number_next"] = self.number_next
        same = all((sequence[name] or "") == (vals[name] or "") for name in vals)
        if sequence and same:
            return
        if sequence.company_id:
            sequence.write(vals)
            return
        sequence.create(
            {
                "name": self.env._("Order code of %s", self.company_id.name),
                "code": "order.desk.order.code",
                "company_id": self.company_id.id,
                "number_next": self.number_next,
                **vals,
            }
        )
