from odoo import api, fields, models
from odoo.exceptions import AccessError

# what people write on a line; all else was read
OPEN_FIELDS = {"remark", "reason"}


class OrderDeskDailyReportLine(models.Model):
    """What was made of one manufacturing order on one day (SPEC E2)."""

    _name = "order.desk.daily.report.line"
    _description = "Line of a Daily Production Report"
    _order = "report_id desc, is_booked_later, sequence, id"
    _check_company_auto = True

    report_id = fields.Many2one(
        "order.desk.daily.report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="report_id.company_id", store=True, precompute=True, index=True
    )
    date = fields.Date(
        "Day", related="report_id.date", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="report_id.state")
    sequence = fields.Integer()
    is_booked_later = fields.Boolean(
        "Booked Later", help="Of an earlier day whose report was closed before."
    )
    booked_for = fields.Date("Belongs to", help="The day it was booked for.")
    production_id = fields.Many2one(
        "mrp.production", "Record", index="btree_not_null", ondelete="set null"
    )
    name = fields.Char("Manufacturing Order")
    order_code = fields.Char()
    customer_code = fields.Char()
    product_id = fields.Many2one("product.product", index=True, ondelete="restrict")
    product_uom_id = fields.Many2one("uom.uom", "Unit", ondelete="restrict")
    qty_planned = fields.Float(
        "Planned", digits="Product Unit", aggregator=False, help="In the whole order."
    )
    qty_made = fields.Float("Made", digits="Product Unit")
    qty_scrapped = fields.Float("Scrapped", digits="Product Unit")
    qty_unbuilt = fields.Float(
        "Unbuilt", digits="Product Unit", help="Taken apart again."
    )
    qty_total = fields.Float(
        "Made in Total",
        digits="Product Unit",
        aggregator=False,
        help="Of the whole order, up to when the report was read.",
    )
    also = fields.Text(help="By-products made and components scrapped.")
    hours = fields.Float(help="Working hours logged.")
    stopped_hours = fields.Float("Stopped", help="Hours a work center stood still.")
    deadline = fields.Date(
        "Due", help="The finish date of the sheet, else that of the order."
    )
    forecast = fields.Date(
        help="When it was finished, or will be, by Odoo's plan and what is left to do."
    )
    delay_days = fields.Integer("Late by (Days)", aggregator="max")
    is_late = fields.Boolean(
        "Late", help="It was finished, or will be, after it was due."
    )
    reason = fields.Char("Reason for Delay")
    remark = fields.Char()

    @api.depends("name", "product_id", "date")
    def _compute_display_name(self):
        for line in self:
            parts = (line.name or line.product_id.display_name, line.report_id.name)
            line.display_name = " · ".join(part for part in parts if part)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_read_only(set().union(*vals_list))
        return super().create(vals_list)

    def write(self, vals):
        self._check_read_only(set(vals) - OPEN_FIELDS)
        self.report_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_by_reading_alone(self):
        self._check_read_only({"line"})

    @api.model
    def _check_read_only(self, names):
        """Refuse to write what is read from Odoo's own records."""
        if names and not self.env.su:
            raise AccessError(
                self.env._(
                    "What a daily report says is what Odoo has recorded: only remark"
                    " and reason are written here. Correct the manufacturing order and"
                    " read again."
                )
            )

    def _has_bookings(self):
        """Tell whether something was recorded, and not only planned."""
        self.ensure_one()
        return bool(
            self.qty_made
            or self.qty_scrapped
            or self.qty_unbuilt
            or self.hours
            or self.stopped_hours
            or self.also
        )


class OrderDeskDailyReportHours(models.Model):
    """The hours logged at one work center for one manufacturing order on one day."""

    _name = "order.desk.daily.report.hours"
    _description = "Hours of a Daily Production Report"
    _order = "report_id desc, workcenter_id, id"
    _rec_name = "workcenter_id"

    report_id = fields.Many2one(
        "order.desk.daily.report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="report_id.company_id", store=True, precompute=True, index=True
    )
    date = fields.Date(
        "Day", related="report_id.date", store=True, precompute=True, index=True
    )
    line_id = fields.Many2one(
        "order.desk.daily.report.line", index="btree_not_null", ondelete="cascade"
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter", "Work Center", index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        related="line_id.product_id", store=True, precompute=True, index=True
    )
    hours = fields.Float()
    stopped_hours = fields.Float("Stopped")
