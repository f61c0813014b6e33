from datetime import time, timedelta

from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    order_desk_daily_scope = fields.Selection(
        [
            ("all", "All manufacturing orders"),
            ("orders", "Those of orders with a configuration sheet"),
        ],
        "Daily Report Shows",
        required=True,
        default="all",
    )
    order_desk_daily_user_ids = fields.Many2many(
        "res.users",
        "order_desk_daily_user_rel",
        string="Daily Report by Mail to",
        domain=[("share", "=", False)],
        help="They get each closed daily production report as PDF.",
    )

    @api.model
    def _get_order_desk_sequences(self):
        return {
            **super()._get_order_desk_sequences(),
            "order.desk.incident": (self.env._("Incident"), "IN%(y)s%(month)s-"),
            "order.desk.instruction": (
                self.env._("Production instruction"),
                "PI%(y)s%(month)s-",
            ),
            "order.desk.daily.report": (
                self.env._("Daily production report"),
                "DR%(y)s%(month)s-",
            ),
        }

    def _order_desk_day_bounds(self, day):
        """Return when ``day`` begins and ends in this company (UTC).

        The days on which the clocks change have 23 or 25 hours.
        """
        self.ensure_one()
        return (
            self._order_desk_to_utc(day, time.min),
            self._order_desk_to_utc(day + timedelta(days=1), time.min),
        )

    def _order_desk_is_day_over(self, day):
        """Tell whether work has ended on ``day``; without work, whether it is past."""
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        end = calendar.attendance_ids and self._order_desk_end_of_work(calendar, day)
        end = end or self._order_desk_day_bounds(day)[1]
        return end <= fields.Datetime.now()
