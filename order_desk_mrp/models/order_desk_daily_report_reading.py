from collections import defaultdict
from datetime import date, timedelta

from odoo import fields, models

from odoo.addons.order_desk.quantity import format_quantity

# so many days back it is looked for what was entered afterwards
BACK_DAYS = 31
OPEN_STATES = ("confirmed", "progress", "to_close")
# what is counted of a manufacturing order
COUNTED = ("qty_made", "qty_scrapped", "qty_unbuilt", "hours", "stopped_hours")


def get_overlap(start, end, windows):
    """Return the parts of a period that lie in ``windows``: ``[(start, end)]``."""
    parts = [(max(start, first), min(end, last)) for first, last in windows]
    return [(first, last) for first, last in parts if first < last]


class OrderDeskDailyReport(models.Model):
    """Reading a day from stock moves and working times (SPEC E2).

    A day is the company's: from midnight to midnight in its time zone, thus 23 or 25
    hours when the clocks change.
    """

    _inherit = "order.desk.daily.report"

    def _read_day(self):
        """Write anew what Odoo has recorded; remarks and reasons stay."""
        for report in self:
            company = report.company_id
            start, end = company._order_desk_day_bounds(report.date)
            now = fields.Datetime.now()
            until = min(now, end)
            day = report._count([(start, until)])
            later = report._count(report._get_gaps(), report._get_entered_later())
            productions = report._get_open_productions(end).union(
                *(key[0] for key in day if key[0])
            )
            report._replace_lines(
                report._prepare_lines(day, productions, until),
                report._prepare_later_lines(later),
            )
            report.write({"read_on": now, "read_until": until})

    # ------------------------------------------------------------- which periods

    def _get_earlier(self):
        """Return the closed reports before this one, back to the last open one.

        What was booked later for a day stands on the next report that is closed.
        """
        self.ensure_one()
        reports = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "<", self.date),
                ("date", ">=", self.date - timedelta(days=BACK_DAYS)),
            ]
        )
        drafts = reports.filtered(lambda report: report.state == "draft")
        return reports.filtered(
            lambda report: not drafts or report.date > drafts[0].date
        )

    def _get_predecessors(self):
        """Return the closed reports whose day went on after they were read.

        What was booked since stands on this report, unless on another one already.
        """
        return self._get_earlier().filtered(
            lambda report: (
                report.followed_by_id <= self
                and report.read_until
                < report.company_id._order_desk_day_bounds(report.date)[1]
            )
        )

    def _get_gaps(self):
        """Return the periods that closed reports did not cover: ``[(start, end)]``."""
        return [
            (
                report.read_until,
                report.company_id._order_desk_day_bounds(report.date)[1],
            )
            for report in self._get_predecessors()
        ]

    def _get_entered_later(self):
        """Return working times of closed days that were entered after their closing.

        :return: ``[(productivity, windows)]``, windows are what the reports covered
        """
        self.ensure_one()
        earlier = self._get_earlier()
        if not earlier:
            return []
        company = self.company_id
        windows = [
            (company._order_desk_day_bounds(report.date)[0], report.read_until)
            for report in earlier
        ]
        # sudo: who reads the report need not read the times of colleagues
        times = self.env["mrp.workcenter.productivity"].sudo()
        found = times.search(
            [
                ("company_id", "=", company.id),
                # each closed report has looked for what was entered until then
                ("create_date", ">", max(earlier.mapped("read_on"))),
                ("date_start", "<", max(last for _first, last in windows)),
                ("workorder_id", "!=", False),
            ]
        )
        return [(time, windows) for time in found]

    # ------------------------------------------------------------- counting

    def _count(self, windows, entered_later=()):
        """Return what was recorded in these periods.

        :return: ``{(production, product): values}``, values are those of ``COUNTED``,
            ``also``: ``{(label, product, unit): quantity}`` and ``centers``:
            ``{work center: [hours, stopped hours]}``
        """
        self.ensure_one()
        counted = defaultdict(
            lambda: {
                **dict.fromkeys(COUNTED, 0.0),
                "also": defaultdict(float),
                "centers": defaultdict(lambda: [0.0, 0.0]),
            }
        )
        for start, end in windows:
            self._count_moves(counted, start, end)
            # sudo: who reads the report need not read the times of colleagues
            times = self.env["mrp.workcenter.productivity"].sudo()
            for time in times._find_overlapping(self.company_id, start, end):
                self._count_time(counted, time, [(start, end)])
        for time, covered in entered_later:
            self._count_time(counted, time, covered)
        if self.company_id.order_desk_daily_scope == "orders":
            return {key: values for key, values in counted.items() if key[0].sheet_id}
        return dict(counted)

    def _count_moves(self, counted, start, end):
        """Add what stock moves of a period have made, scrapped and taken apart."""
        moves = self.env["stock.move"].sudo()  # the workshop reads its own anyway
        rows = moves._read_group(
            [
                ("date", ">=", start),
                ("date", "<", end),
                ("state", "=", "done"),
                ("company_id", "=", self.company_id.id),
                "|",
                "|",
                ("production_id", "!=", False),
                ("scrap_id", "!=", False),
                ("unbuild_id", "!=", False),
            ],
            ["production_id", "scrap_id", "unbuild_id", "product_id", "product_uom"],
            ["quantity:sum"],
        )
        for production, scrap, unbuild, product, unit, quantity in rows:
            if scrap:
                self._count_scrap(counted, scrap, product, unit, quantity)
            elif unbuild:
                if product == unbuild.product_id and not production:
                    values = counted[unbuild.mo_id, product]
                    values["qty_unbuilt"] += self._convert(
                        quantity, unit, unbuild.mo_id, product
                    )
            elif product == production.product_id:
                values = counted[production, product]
                values["qty_made"] += self._convert(quantity, unit, production, product)
            else:
                values = counted[production, production.product_id]
                values["also"]["made", product, unit] += quantity

    def _count_scrap(self, counted, scrap, product, unit, quantity):
        production = scrap.production_id or scrap.workorder_id.production_id
        if not production:
            return  # of the warehouse, which has nothing to do with production
        values = counted[production, production.product_id]
        if product == production.product_id:
            values["qty_scrapped"] += self._convert(quantity, unit, production, product)
        else:
            values["also"]["scrapped", product, unit] += quantity

    def _convert(self, quantity, unit, production, product):
        """Return a quantity in the unit of the order, else of the product."""
        target = production.product_uom_id or product.uom_id
        return unit._compute_quantity(quantity, target, round=False)

    def _count_time(self, counted, time, windows):
        """Add the part of a working time that lies in ``windows``."""
        production = time.workorder_id.production_id
        end = time.date_end or fields.Datetime.now()
        minutes = sum(
            # as Odoo counts it: a center that stands still does so in its hours
            time.loss_id._convert_to_duration(first, last, time.workcenter_id)
            for first, last in get_overlap(time.date_start, end, windows)
        )
        if not minutes:
            return
        stopped = time.loss_type == "availability"
        values = counted[production, production.product_id]
        values["stopped_hours" if stopped else "hours"] += minutes / 60
        values["centers"][time.workcenter_id][stopped] += minutes / 60

    def _get_open_productions(self, end):
        """Return the orders that should have begun by then and are not finished."""
        self.ensure_one()
        productions = self.env["mrp.production"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", OPEN_STATES),
                ("date_start", "<", end),
            ]
        )
        if self.company_id.order_desk_daily_scope == "orders":
            return productions.filtered("sheet_id")
        return productions

    # ------------------------------------------------------------- the lines

    def _prepare_lines(self, counted, productions, until):
        """Return the values of the day's lines, the late ones of each product first."""
        empty = self._get_empty()
        keys = {(production, production.product_id) for production in productions}
        vals_list = []
        everything = productions.union(*(key[0] for key in counted))
        soonest = everything._get_daily_soonest(until)
        for production, product in keys | set(counted):
            values = counted.get((production, product), empty)
            vals_list.append(
                {
                    **self._prepare_counted_vals(production, product, values),
                    **production._get_daily_plan_values(until, soonest),
                }
            )
        vals_list.sort(
            key=lambda vals: (
                not vals.get("is_late"),
                vals.get("deadline") or date.max,
                vals["name"] or "",
            )
        )
        return vals_list

    def _prepare_later_lines(self, counted):
        """Return the values of what was booked later, for the days before."""
        earlier = self._get_earlier()[:1]
        return [
            {
                **self._prepare_counted_vals(production, product, values),
                "is_booked_later": True,
                "booked_for": earlier.date,
            }
            for (production, product), values in counted.items()
        ]

    def _get_empty(self):
        return {**dict.fromkeys(COUNTED, 0.0), "also": {}, "centers": {}}

    def _prepare_counted_vals(self, production, product, values):
        sheet = production.sheet_id
        return {
            "production_id": production.id,
            "name": production.name,
            "order_code": sheet.order_code or sheet.order_id.name,
            "customer_code": sheet.customer_code,
            "product_id": product.id,
            "product_uom_id": (production.product_uom_id or product.uom_id).id,
            "qty_planned": production.product_qty,
            "qty_total": production.qty_produced,
            "also": "\n".join(
                self._get_also_text(kind, part, unit, quantity)
                for (kind, part, unit), quantity in values["also"].items()
            ),
            "centers": values["centers"],
            **{name: values[name] for name in COUNTED},
        }

    def _get_also_text(self, kind, product, unit, quantity):
        """Return what was made or scrapped beside the product of an order."""
        values = {
            "quantity": format_quantity(quantity),
            "unit": unit.name,
            "product": product.display_name,
        }
        if kind == "made":
            return self.env._("%(quantity)s %(unit)s %(product)s made", **values)
        return self.env._("%(quantity)s %(unit)s %(product)s scrapped", **values)

    def _replace_lines(self, vals_list, later_vals_list):
        """Put these lines in the place of the old ones; what people wrote stays."""
        self.ensure_one()
        written = {
            (line.production_id.id, line.product_id.id, line.is_booked_later): {
                "remark": line.remark,
                "reason": line.reason,
            }
            for line in self.line_ids
            if line.remark or line.reason
        }
        self.hours_ids.unlink()
        self.line_ids.unlink()
        centers = []
        for number, vals in enumerate([*vals_list, *later_vals_list]):
            key = (
                vals["production_id"],
                vals["product_id"],
                vals.get("is_booked_later", False),
            )
            centers.append(vals.pop("centers"))
            vals.update(written.get(key, {}), report_id=self.id, sequence=number)
        lines = self.line_ids.create([*vals_list, *later_vals_list])
        self.hours_ids.create(
            [
                {
                    "report_id": self.id,
                    "line_id": line.id,
                    "workcenter_id": center.id,
                    "hours": hours,
                    "stopped_hours": stopped,
                }
                for line, by_center in zip(lines, centers, strict=True)
                for center, (hours, stopped) in by_center.items()
            ]
        )
