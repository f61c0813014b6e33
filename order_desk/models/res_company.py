from datetime import datetime, time, timedelta
from string import Formatter

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

ORDER_CODE_PLACEHOLDERS = ("family", "year", "yy", "month", "customer", "number")


class ResCompany(models.Model):
    _inherit = "res.company"

    order_code_pattern = fields.Char(
        required=True,
        default="{number}",
        help="How order codes are made: text with the placeholders {family}, {year},"
        " {yy}, {month}, {customer} and {number}.",
    )
    hide_customer_name = fields.Boolean(
        "Leave the Customer's Name out of Shop-Floor Documents",
        help="Shop-floor documents show the customer code alone.",
    )

    order_desk_short_days = fields.Integer(
        "Short Date (Days)",
        default=14,
        help="A delivery date fewer days after the order than this is marked as short"
        " before the managers sign.",
    )

    order_desk_payment_basis = fields.Selection(
        [
            ("registered", "Registered payments count"),
            ("matched", "Only payments matched with the bank count"),
        ],
        "Money Received",
        required=True,
        default="registered",
        help="When a customer's payment counts as received at the gates.",
    )
    order_desk_count_write_offs = fields.Boolean(
        "Write-Offs Count as Received",
        default=True,
        help="Small differences that were written off when a payment was registered"
        " are not asked for again.",
    )
    order_desk_finance_confirms = fields.Boolean(
        "Finance Confirms Each Receipt",
        help="Money counts at the gates once a person of finance has confirmed it.",
    )

    order_desk_follow_up_days = fields.Integer(
        "Follow up Payments (Days)",
        default=3,
        help="Working days until which a customer is asked to pay a deposit or balance,"
        " and after which the salesperson follows it up, again and again until paid.",
    )

    @api.constrains("order_desk_follow_up_days")
    def _check_order_desk_follow_up_days(self):
        for company in self:
            if not 1 <= company.order_desk_follow_up_days <= 90:
                raise ValidationError(
                    self.env._(
                        "%s: payments are followed up after 1 to 90 working days.",
                        company.name,
                    )
                )

    @api.constrains("order_code_pattern")
    def _check_order_code_pattern(self):
        for company in self:
            self._get_order_code_placeholders(company.order_code_pattern)

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # roles belong to the order desk's administrator, who need not create companies
        self.env["order.desk.role"].sudo()._create_default_roles(companies)
        self.env["order.desk.waiver.right"].sudo()._create_default_rights(companies)
        self._order_desk_create_sequences()
        return companies

    # ------------------------------------------------------------- working time

    def _order_desk_tz(self):
        """Return the time zone in which this company counts its days."""
        self.ensure_one()
        # whoever acts need not be allowed to read working calendars
        tz = self.sudo().resource_calendar_id.tz or self.partner_id.tz
        return timezone(tz or self.env.user.tz or "UTC")

    def _order_desk_date(self, moment=None):
        """Return the day it is for this company at ``moment`` (UTC, default now)."""
        moment = moment or fields.Datetime.now()
        return utc.localize(moment).astimezone(self._order_desk_tz()).date()

    def _order_desk_begin_of_today(self):
        """Return today's date for this company and when (UTC) the day began."""
        today = self._order_desk_date()
        return today, self._order_desk_to_utc(today, time.min)

    def _order_desk_moment_text(self, moment):
        """Return a moment (UTC) as this company's clocks show it, "" for none."""
        zone = self._order_desk_tz().zone
        return format_datetime(self.env, moment, zone, "short")

    @api.model
    def _order_desk_past_domain(self, records, waiting, field_name):
        """Return which of ``waiting`` are past their day, each by its company's clock.

        :param records: an empty recordset of the model
        :param waiting: the domain of what somebody still has to do
        :param field_name: the date by which it has to be done
        """
        # whoever looks for them need not be able to read all of them
        groups = records.sudo()._read_group(waiting, ["company_id"])
        return waiting & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(field_name, "<", company._order_desk_date())
            for (company,) in groups
        )

    def _order_desk_plan_hours(self, hours, start=None):
        """Return when ``hours`` of work have passed since ``start`` (both UTC)."""
        self.ensure_one()
        start = start or fields.Datetime.now()
        calendar = self.sudo().resource_calendar_id
        planned = calendar and calendar.plan_hours(hours, start, compute_leaves=True)
        return planned or start + timedelta(hours=hours)

    def _order_desk_add_working_days(self, day, count):
        """Return the working day ``count`` working days after ``day``, both dates."""
        self.ensure_one()
        for _number in range(count):
            # a shift may end with the day, so the next one begins with the next day
            end = self._order_desk_next_end_of_work(
                self._order_desk_to_utc(day + timedelta(days=1), time.min)
            )
            day = self._order_desk_date(end)
        return day

    def _order_desk_works_on(self, day):
        """Tell whether somebody works on ``day``; without working hours, always."""
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        return not calendar.attendance_ids or bool(
            self._order_desk_end_of_work(calendar, day)
        )

    def _order_desk_next_end_of_work(self, start):
        """Return when the first working day that ends after ``start`` ends (UTC).

        Without working hours every day is one, until midnight.
        """
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        today = self._order_desk_date(start)
        for number in range(366 if calendar.attendance_ids else 0):
            end = self._order_desk_end_of_work(calendar, today + timedelta(days=number))
            if end and end > start:
                return end
        midnight = self._order_desk_to_utc(today, time.max)
        if midnight > start:
            return midnight
        return self._order_desk_to_utc(today + timedelta(days=1), time.max)

    def _order_desk_end_of_work(self, calendar, day):
        """Return when work ends on ``day`` (UTC), or None when nobody works."""
        first = utc.localize(self._order_desk_to_utc(day, time.min))
        last = utc.localize(self._order_desk_to_utc(day, time.max))
        intervals = list(calendar._work_intervals_batch(first, last)[False])
        return (
            intervals[-1][1].astimezone(utc).replace(tzinfo=None) if intervals else None
        )

    def _order_desk_pay_until(self):
        """Return the day until which a customer who is asked today should pay."""
        self.ensure_one()
        return self._order_desk_add_working_days(
            self._order_desk_date(), self.order_desk_follow_up_days
        )

    def _order_desk_is_working_day(self):
        """Tell whether somebody works today in this company."""
        return self._order_desk_works_on(self._order_desk_date())

    @api.model
    def _get_order_desk_sequences(self):
        """Return what each company numbers by itself: ``{code: (name, prefix)}``.

        Modules add the documents of their own.
        """
        return {
            "order.desk.balance.notice": (
                self.env._("Balance payment notice"),
                "BN%(y)s%(month)s-",
            )
        }

    @api.model
    def _order_desk_create_sequences(self):
        """Give each company sequences of its own for the documents of the desk."""
        # whoever creates companies need not administer sequences
        sequences = self.env["ir.sequence"].sudo()
        wanted = self._get_order_desk_sequences()
        known = sequences.search([("code", "in", list(wanted))])
        # one that comes back out of the archive numbers its documents, too
        companies = self.sudo().with_context(active_test=False)
        there = {(sequence.code, sequence.company_id) for sequence in known}
        sequences.create(
            [
                {
                    "name": f"{name} ({company.name})",
                    "code": code,
                    "prefix": prefix,
                    "padding": 4,
                    "company_id": company.id,
                }
                for company in companies.search([])
                for code, (name, prefix) in wanted.items()
                if (code, company) not in there
            ]
        )

    def _order_desk_next_number(self, code):
        """Return the number of this company's next document.

        :param code: one of those of ``_get_order_desk_sequences``
        """
        self.ensure_one()
        # whoever makes documents need not be able to read sequences
        sequences = self.env["ir.sequence"].sudo().with_company(self)
        return sequences.with_context(tz=self._order_desk_tz().zone).next_by_code(code)

    def _order_desk_to_utc(self, day, clock):
        """Return the moment (UTC) when it is ``clock`` on ``day`` in this company."""
        local = self._order_desk_tz().localize(datetime.combine(day, clock))
        return local.astimezone(utc).replace(tzinfo=None, microsecond=0)

    # ------------------------------------------------------------- order code

    @api.model
    def _get_order_code_placeholders(self, pattern):
        """Return the names of the placeholders in an order code pattern (SPEC C4).

        :raise ValidationError: names what is wrong with the pattern
        """
        allowed = ", ".join(f"{{{name}}}" for name in ORDER_CODE_PLACEHOLDERS)
        try:
            parts = list(Formatter().parse(pattern or ""))
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "The order code pattern “%(pattern)s” has a brace without its"
                    " partner. Placeholders are: %(allowed)s.",
                    pattern=pattern,
                    allowed=allowed,
                )
            ) from error
        names = set()
        for _text, name, spec, conversion in parts:
            if name is None:
                continue
            if name not in ORDER_CODE_PLACEHOLDERS or spec or conversion:
                written = name + (conversion and f"!{conversion}" or "")
                raise ValidationError(
                    self.env._(
                        "The order code pattern has the unknown placeholder"
                        " %(placeholder)s. Allowed are: %(allowed)s.",
                        placeholder="{%s}" % (f"{written}:{spec}" if spec else written),
                        allowed=allowed,
                    )
                )
            names.add(name)
        if "number" not in names:
            raise ValidationError(
                self.env._(
                    "The order code pattern needs the placeholder {number}, else two"
                    " orders would get the same code. Allowed are: %s.",
                    allowed,
                )
            )
        return names

    def _order_desk_sequence(self):
        """Return the sequence that numbers this company's order codes.

        Its own one goes before the one that all companies share.
        """
        self.ensure_one()
        # whoever gives codes need not be able to read sequences
        return (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", "order.desk.order.code"),
                    ("company_id", "in", [self.id, False]),
                ],
                order="company_id",
                limit=1,
            )
            .with_context(tz=self._order_desk_tz().zone)
        )

    def _format_order_code(self, pattern, number, family, customer):
        """Return the order code that a pattern gives today."""
        self.ensure_one()
        day = self._order_desk_date()
        return pattern.format(
            family=family,
            year=f"{day:%Y}",
            yy=f"{day:%y}",
            month=f"{day:%m}",
            customer=customer,
            number=number,
        )
