from odoo import models
from odoo.tools import SQL


class MrpWorkcenterProductivity(models.Model):
    """Working times are looked up by day for the daily report (SPEC E2)."""

    _inherit = "mrp.workcenter.productivity"

    # a day's times overlap it; those that still run have no end. Two bounds in an index
    # of plain columns would read all that ended since. LEAST keeps times out of trouble
    # that somebody made end before they began.
    _order_desk_day_idx = models.Index(
        "USING gist (tsrange(LEAST(date_start, date_end), date_end))"
    )
    # times that were entered afterwards; rows come in the order of their creation
    _order_desk_entered_idx = models.Index("USING brin (create_date)")

    def _find_overlapping(self, company, start, end):
        """Return the times on work orders of which a part lies in a period (UTC)."""
        self.flush_model(["company_id", "date_start", "date_end", "workorder_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id
                  FROM mrp_workcenter_productivity
                 WHERE tsrange(LEAST(date_start, date_end), date_end)
                       && tsrange(%s, %s)
                   AND company_id = %s
                   AND workorder_id IS NOT NULL
              ORDER BY id
                """,
                start,
                end,
                company.id,
            )
        )
        return self.browse(time_id for (time_id,) in rows)
