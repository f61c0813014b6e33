from datetime import time, timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MINUTES_OF_A_DAY = 24 * 60


class ResCompany(models.Model):
    """The cut-off time: what comes after it counts as the next day's (SPEC A6)."""

    _inherit = "res.company"

    order_desk_cut_off = fields.Float(
        "Cut-off Time",
        default=17.25,
        required=True,
        help="Orders that come before it are placed the same working day, and delivery"
        " is arranged on the next; orders that come at it or later, a working day"
        " later. It is the clock time of the company.",
    )

    @api.constrains("order_desk_cut_off")
    def _check_order_desk_cut_off(self):
        for company in self:
            if not 0 <= company._order_desk_get_cut_off_minutes() < MINUTES_OF_A_DAY:
                raise ValidationError(
                    self.env._(
                        "%s: the cut-off time is a time of the day, from 00:00 to"
                        " 23:59.",
                        company.name,
                    )
                )

    def _order_desk_get_cut_off_minutes(self):
        """Return the minutes from midnight to the cut-off on the clock."""
        self.ensure_one()
        return round(self.order_desk_cut_off * 60)

    def _order_desk_get_counted_day(self, moment):
        """Return the day as whose an order counts that is known at ``moment`` (UTC).

        The clock on the wall decides, whether it shows summer time or not.
        """
        self.ensure_one()
        day = self._order_desk_date(moment)
        clock = time(*divmod(self._order_desk_get_cut_off_minutes(), 60))
        is_late = moment >= self._order_desk_to_utc(day, clock)
        return day + timedelta(days=1) if is_late else day

    def _order_desk_get_working_day(self, day):
        """Return the first working day from ``day`` on."""
        self.ensure_one()
        if self._order_desk_works_on(day):
            return day
        return self._order_desk_add_working_days(day, 1)

    def _order_desk_go_back_working_days(self, day, count):
        """Return the working day ``count`` working days before ``day``, both dates.

        With 0 it is ``day`` itself, or the last working day before it.
        """
        self.ensure_one()
        for _number in range(366):
            if self._order_desk_works_on(day):
                if not count:
                    break
                count -= 1
            day -= timedelta(days=1)
        return day

    def _order_desk_get_placed_and_arranged(self, moment):
        """Return T and the working day after it, of what is known at ``moment`` (UTC).

        An order is placed on T; its delivery is arranged until the day after (A6).
        """
        self.ensure_one()
        placed = self._order_desk_get_working_day(
            self._order_desk_get_counted_day(moment)
        )
        return placed, self._order_desk_add_working_days(placed, 1)

    def _order_desk_get_end_of_day(self, day):
        """Return when work ends (UTC) on ``day``, or on the next working day."""
        return self._order_desk_next_end_of_work(self._order_desk_to_utc(day, time.min))
