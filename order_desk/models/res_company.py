from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # roles belong to the order desk's administrator, who need not create companies
        self.env["order.desk.role"].sudo()._create_default_roles(companies)
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
            day = self._order_desk_next_end_of_work(
                self._order_desk_to_utc(day, time.max)
            )
            day = self._order_desk_date(day)
        return day

    def _order_desk_next_end_of_work(self, start):
        """Return when the first working day that ends after ``start`` ends (UTC).

        Without a working calendar every day is one, until midnight.
        """
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        day = self._order_desk_date(start)
        for _number in range(366 if calendar else 1):
            end = self._order_desk_end_of_work(calendar, day)
            if end and end > start:
                return end
            day += timedelta(days=1)
        return self._order_desk_to_utc(day, time.max)

    def _order_desk_end_of_work(self, calendar, day):
        """Return when work ends on ``day`` (UTC), or None when nobody works."""
        first = utc.localize(self._order_desk_to_utc(day, time.min))
        last = utc.localize(self._order_desk_to_utc(day, time.max))
        intervals = list(calendar._work_intervals_batch(first, last)[False])
        return (
            intervals[-1][1].astimezone(utc).replace(tzinfo=None) if intervals else None
        )

    def _order_desk_to_utc(self, day, clock):
        """Return the moment (UTC) when it is ``clock`` on ``day`` in this company."""
        local = self._order_desk_tz().localize(datetime.combine(day, clock))
        return local.astimezone(utc).replace(tzinfo=None, microsecond=0)
