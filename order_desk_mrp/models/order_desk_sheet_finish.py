from datetime import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

OPEN_PRODUCTION = ("draft", "confirmed", "progress", "to_close")


class OrderDeskSheet(models.Model):
    """The finish date: what it is proposed from, and what follows it (SPEC B7)."""

    _inherit = "order.desk.sheet"

    # ------------------------------------------------------------- proposed

    def _get_finish_proposals(self):
        """Return when each order can be finished: ``{sheet: (day, hint)}``.

        It comes from the material, the manufacturing lead times along the deepest
        chain, and when the work centres are free. The day is False when nobody knows.
        """
        sheets = self.sudo()  # who signs need not read stock and planning
        plans = self.env["order.desk.material.plan"].sudo()._get_plans(sheets)
        schedules = self.env["order.desk.finish.schedule"].sudo()
        return {
            sheet: schedules._get_proposal(sheet_sudo, plans[sheet_sudo])
            for sheet, sheet_sudo in zip(self, sheets, strict=True)
        }

    def _get_late_text(self, day):
        """Return a warning when ``day`` is after the customer's wished date, or ""."""
        self.ensure_one()
        wished = self.commitment_date
        if not (day and wished):
            return ""
        wished = self.company_id._order_desk_date(wished)
        if day <= wished:
            return ""
        return self.env._(
            "⚠ %(day)s is after the customer's delivery date, %(wished)s.",
            day=format_date(self.env, day),
            wished=format_date(self.env, wished),
        )

    @api.model
    def _get_making_days(self, plan):
        """Return the manufacturing lead times along the deepest chain, in days."""
        days, need_nothing = {}, self.env["mrp.bom"]
        for product in reversed(plan.needs):
            need = plan.needs[product]
            inner = [days.get(part, 0) for part in plan.parts.get(product, ())]
            days[product] = (
                need.bom.produce_delay + max(inner, default=0) if need.to_make else 0
            )
        deepest = 0
        for line, parts in plan.parts.items():
            if line._name == "sale.order.line":
                bom, _quantity = plan.made_lines.get(line, (need_nothing, 0))
                inner = max((days.get(part, 0) for part in parts), default=0)
                deepest = max(deepest, bom.produce_delay + inner)
        return deepest

    # ------------------------------------------------------------- decided

    def write(self, vals):
        before = {sheet: sheet.finish_date for sheet in self if "finish_date" in vals}
        result = super().write(vals)
        moved = self.browse().union(
            *(sheet for sheet, day in before.items() if sheet.finish_date != day)
        )
        moved._move_production_deadlines(before)
        return result

    def _get_end_of_finish(self):
        """Return the moment (UTC) by which the goods are made: when work ends."""
        self.ensure_one()
        company = self.company_id
        return company._order_desk_next_end_of_work(
            company._order_desk_to_utc(self.finish_date, time.min)
        )

    def _get_open_productions(self):
        """Return the open manufacturing orders of what these sheets' orders sell."""
        # whoever moves the date need not have rights in manufacturing
        return (
            self.env["mrp.production"]
            .sudo()
            .search(
                [
                    ("sale_line_id.order_id.sheet_id", "in", self.ids),
                    ("state", "in", OPEN_PRODUCTION),
                ]
            )
        )

    def _move_production_deadlines(self, before):
        """Let open manufacturing orders end on the new date; their work stays planned.

        :param before: ``{sheet: the finish date it had}``
        """
        if not any(sheet.finish_date for sheet in self):
            return
        for production in self._get_open_productions():
            sheet = production.sale_line_id.order_id.sheet_id
            if not sheet.finish_date:
                continue
            production.date_deadline = sheet._get_end_of_finish()
            old = before[sheet.with_env(self.env)]
            production._message_log(
                body=self.env._(
                    "The finish date of the order is %(new)s now (it was %(old)s). Work"
                    " orders that are planned stay as they are: plan them again where"
                    " needed.",
                    new=format_date(self.env, sheet.finish_date),
                    old=format_date(self.env, old) if old else "–",
                )
            )

    def _filter_made(self):
        """Return the released ones of these sheets of which everything is made."""
        released = self.filtered(lambda s: s.state in ("released", "done"))
        lines = self.env["order.desk.material.plan"]._get_goods_lines(released)
        open_orders = released._get_open_productions().sale_line_id.order_id
        made = (
            self.env["mrp.production"]
            .sudo()
            .search([("sale_line_id", "in", lines.ids), ("state", "=", "done")])
            .sale_line_id
        )
        unfinished = lines.filtered(
            lambda line: (
                line not in made
                and line.product_uom_id.compare(
                    line.qty_delivered, line.product_uom_qty
                )
                < 0
            )
        )
        return released.filtered(
            lambda sheet: sheet.order_id not in open_orders | unfinished.order_id
        )

    # ------------------------------------------------------------- moved by an incident

    def _move_finish_date_for_incident(self, date, reason):
        """Finish later because of an incident; the promise moves by as much (SPEC E3).

        The caller has checked who decides it.

        :param date: a date or its ISO text, a working day
        :raise UserError: no finish date yet, not later, no working day, or no reason
        """
        self.check_access("read")
        self._lock()
        try:
            date = fields.Date.to_date(date)
        except (ValueError, TypeError):
            date = None
        reason = (reason or "").strip()
        errors = [e for s in self if (e := s._get_incident_date_error(date, reason))]
        if errors:
            raise UserError("\n".join(errors))
        for sheet in self.sudo():  # the dates are protected; checked above
            sheet._move_dates("incident", date, sheet._get_promise_after(date), reason)

    def _get_incident_date_error(self, date, reason):
        """Return why the finish date cannot be moved to ``date``, or ""."""
        self.ensure_one()
        sheet = self.sudo()
        order = sheet.order_id.name
        company = sheet.company_id
        if not reason:
            return self.env._("%s: say why the goods are finished later.", order)
        if not date:
            return self.env._("%s: give the new finish date.", order)
        if not sheet.finish_date:
            return self.env._(
                "%s has no finish date yet; the production manager gives it.", order
            )
        if date <= sheet.finish_date:
            return self.env._(
                "%(order)s is finished on %(date)s. An incident moves that to a later"
                " day only.",
                order=order,
                date=format_date(self.env, sheet.finish_date),
            )
        if date != company._order_desk_working_day(date):
            return self.env._(
                "%(order)s: nobody works on %(date)s. The next working day is"
                " %(next)s.",
                order=order,
                date=format_date(self.env, date),
                next=format_date(self.env, company._order_desk_working_day(date)),
            )
        return ""

    def _get_promise_after(self, date):
        """Return the promise moved by as many working days as the finish date."""
        self.ensure_one()
        company = self.company_id
        promise, day = self.promise_date, self.finish_date
        while promise and day < date:
            day = company._order_desk_add_working_days(day, 1)
            promise = company._order_desk_add_working_days(promise, 1)
        return promise


class OrderDeskDateShift(models.Model):
    _inherit = "order.desk.date.shift"

    kind = fields.Selection(
        selection_add=[("incident", "Incident")], ondelete={"incident": "cascade"}
    )
