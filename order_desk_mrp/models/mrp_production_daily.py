import math

from odoo import models


class MrpProduction(models.Model):
    """What the daily report says about when an order is finished (SPEC E2)."""

    _inherit = "mrp.production"

    def _get_daily_plan_values(self, now, soonest):
        """Return when this order is due and will be finished, seen at ``now`` (UTC).

        :param soonest: see ``_get_daily_soonest``
        """
        if not self:
            return {}
        self.ensure_one()
        company = self.company_id
        finish_date = self.sheet_id.finish_date
        deadline = finish_date or (
            self.date_deadline and company._order_desk_date(self.date_deadline)
        )
        forecast = company._order_desk_date(self._get_daily_forecast(now, soonest))
        delay = max(0, (forecast - deadline).days) if deadline else 0
        return {
            "deadline": deadline,
            "forecast": forecast,
            "delay_days": delay,
            "is_late": bool(delay),
        }

    def _get_daily_forecast(self, now, soonest):
        """Return when it was finished, or will be: not before what is left is done."""
        if self.state == "done":
            return self.date_finished or now
        end = soonest[self._get_daily_left()]
        return max(self.date_finished or end, end)

    def _get_daily_left(self):
        """Return the hours of work that are left to do, in full minutes."""
        self.ensure_one()
        left = sum(
            max(0.0, order.duration_expected - order.duration)
            for order in self.workorder_ids
            if order.state not in ("done", "cancel")
        )
        return math.ceil(left - 1e-6) / 60

    def _get_daily_soonest(self, now):
        """Return when what is left to do can be done: ``{hours: moment (UTC)}``.

        The working calendar is asked once for as many orders as have the same left.
        """
        hours = {p._get_daily_left() for p in self if p.state != "done"}
        return {
            left: self.company_id._order_desk_plan_hours(left, now) for left in hours
        }
