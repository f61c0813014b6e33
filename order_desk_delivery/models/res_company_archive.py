from datetime import timedelta

from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _order_desk_last_month(self):
        """Return the first day of the month that has ended, as the company counts."""
        self.ensure_one()
        first = self._order_desk_date().replace(day=1)
        return (first - timedelta(days=1)).replace(day=1)

    def _order_desk_is_archive_day(self):
        """Tell whether the first working day of the month has come."""
        self.ensure_one()
        today = self._order_desk_date()
        last = today.replace(day=1) - timedelta(days=1)
        return today >= self._order_desk_add_working_days(last, 1)
