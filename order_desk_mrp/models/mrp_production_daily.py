from odoo import models


class MrpProduction(models.Model):
    """What the daily report says about when an order is finished (SPEC E2)."""

    _inherit = "mrp.production"

    def _get_daily_plan_values(self, now):
        """Return when this order is due and will be finished, seen at ``now`` (UTC)."""
        if not self:
            return {}
        self.ensure_one()
        company = self.company_id
        finish_date = self.sheet_id.finish_date
        deadline = finish_date or (
            self.date_deadline and company._order_desk_date(self.date_deadline)
        )
        forecast = company._order_desk_date(self._get_daily_forecast(now))
        delay = max(0, (forecast - deadline).days) if deadline else 0
        return {
            "deadline": deadline,
            "forecast": forecast,
            "delay_days": delay,
            "is_late": bool(delay),
        }

    def _get_daily_forecast(self, now):
        """Return when it was finished, or will be: not before what is left is done."""
        if self.state == "done":
            return self.date_finished or now
        left = sum(
            max(0.0, order.duration_expected - order.duration)
            for order in self.workorder_ids
            if order.state not in ("done", "cancel")
        )
        soonest = self.company_id._order_desk_plan_hours(left / 60, now)
        return max(self.date_finished or soonest, soonest)
