from odoo import models


class MrpWorkcenterProductivity(models.Model):
    """Working times are looked up by day for the daily report (SPEC E2)."""

    _inherit = "mrp.workcenter.productivity"

    # a day's times are found by their end; those that still run have none
    _order_desk_day_idx = models.Index("(company_id, date_end)")
    # times that were entered afterwards; rows come in the order of their creation
    _order_desk_entered_idx = models.Index("USING brin (create_date)")
