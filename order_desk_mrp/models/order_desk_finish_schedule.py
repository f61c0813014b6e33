import math
from collections import defaultdict
from datetime import time, timedelta

from odoo import api, fields, models
from odoo.tools import format_date


class OrderDeskFinishSchedule(models.AbstractModel):
    """Work out when an order can be finished, from the bottom up (SPEC B7).

    Work centres are asked for their first free slots as Odoo's own planning does;
    nothing is planned.
    """

    _name = "order.desk.finish.schedule"
    _description = "Proposal of a Finish Date"

    @api.model
    def _get_proposal(self, sheet, plan):
        """Return the proposed finish day and how it came about, see the sheet."""
        if plan.errors:
            return False, "\n".join(plan.errors)
        company = sheet.company_id
        arrivals = self._get_arrivals(sheet, plan)
        unknown = [product for product, day in arrivals.items() if not day]
        if unknown:
            names = ", ".join(product.display_name for product in unknown[:5])
            return False, self.env._("Nobody knows yet when this comes: %s.", names)
        ready = {
            product: company._order_desk_to_utc(day, time.min)
            for product, day in arrivals.items()
        }
        state = {
            "company": company,
            "ready": ready,
            "taken": defaultdict(list),  # slots of this order, by work centre
            "planned": self._get_own_leaves(sheet),
            "slots": {},
        }
        ends = [self._now()]
        for product in reversed(plan.needs):
            need = plan.needs[product]
            if need.bom:
                parts = plan.parts.get(product, ())
                ready[product] = (
                    self._make(need.bom, product, need.to_make, parts, state)
                    if need.to_make
                    else self._now()
                )
        for line, parts in plan.parts.items():
            if line._name != "sale.order.line":
                continue
            if line in plan.made_lines:
                bom, quantity = plan.made_lines[line]
                end = self._make(bom, line.product_id, quantity, parts, state)
            else:
                end = max(ready.get(part, self._now()) for part in parts)
            ends.append(end)
        if not all(ends):
            return False, self.env._(
                "No work centre has room for this order: look at the planning."
            )
        day = company._order_desk_working_day(company._order_desk_date(max(ends)))
        return day, self._get_hint(sheet, plan, arrivals, state, day)

    @api.model
    def _now(self):
        return fields.Datetime.now()

    @api.model
    def _get_arrivals(self, sheet, plan):
        """Return when what is bought is there, as stated, else by the forecast.

        A statement that something has got worse since counts only where it is later.
        """
        statement = sheet._get_current_statement()
        stated = {line.product_id: line.expected_date for line in statement.line_ids}
        arrivals = {}
        for product, need in plan.needs.items():
            if need.bom:
                continue
            day, known = need.supply["date"], stated.get(product)
            if product in stated and not statement.alert:
                day = known
            elif product in stated:
                day = max(day, known) if day and known else False
            arrivals[product] = day
        return arrivals

    @api.model
    def _get_own_leaves(self, sheet):
        """Return what is planned for this order already; it is in nobody's way."""
        productions = self.env["mrp.production"].search(
            [("sheet_id", "=", sheet.id), ("state", "not in", ("done", "cancel"))]
        )
        return productions.workorder_ids.leave_id

    @api.model
    def _make(self, bom, product, quantity, parts, state):
        """Return when a quantity is made, or None when no work centre has room."""
        ready = state["ready"]
        starts = [ready.get(part, self._now()) for part in parts]
        if not all(starts):
            return None
        prepared = self._now() + timedelta(days=bom.days_to_prepare_mo)
        start = max([prepared, *starts])
        end = start
        for operation in bom.operation_ids:
            if operation._skip_operation_line(product):
                continue
            end = self._find_slot(operation, bom, product, quantity, end, state)
            if not end:
                return None
        return max(end, start + timedelta(days=bom.produce_delay))

    @api.model
    def _find_slot(self, operation, bom, product, quantity, start, state):
        """Return when an operation ends in the first free slot after ``start``."""
        found = []
        centers = operation.workcenter_id
        for center in centers | centers.alternative_workcenter_ids:
            minutes = self._get_minutes(operation, center, bom, product, quantity)
            begin, end = center._get_first_available_slot(
                start,
                minutes,
                leaves_to_ignore=state["planned"],
                extra_leaves_slots=state["taken"][center],
            )
            if begin:
                found.append((end, begin, center))
        if not found:
            return None
        end, begin, center = min(found, key=lambda slot: slot[:2])
        state["taken"][center].append((begin, end))
        state["slots"][center] = max(state["slots"].get(center, begin), begin)
        return end

    @api.model
    def _get_minutes(self, operation, center, bom, product, quantity):
        """Return how long an operation takes, by Odoo's rule for work orders."""
        unit = bom.product_uom_id
        capacity, setup, cleanup = center._get_capacity(
            product, unit, bom.product_qty or 1
        )
        quantity = product.uom_id._compute_quantity(quantity, unit, round=False)
        cycles = math.ceil(unit.round(quantity) / capacity)
        efficiency = (center.time_efficiency or 100.0) / 100.0
        return setup + cleanup + cycles * operation.time_cycle / efficiency

    # ------------------------------------------------------------- in words

    @api.model
    def _get_hint(self, sheet, plan, arrivals, state, day):
        """Return in a few lines how the proposal came about."""
        company = state["company"]
        today = company._order_desk_date()
        last = max(arrivals, key=arrivals.get, default=None)
        if last and arrivals[last] > today:
            material = self.env._(
                "Material from %(date)s (%(product)s).",
                date=format_date(self.env, arrivals[last]),
                product=last.display_name,
            )
        else:
            material = self.env._("All material is on hand.")
        sentences = [material]
        if sheet.material_alert:
            sentences.append(self.env._("The material has got worse than was signed."))
        if days := math.ceil(sheet._get_making_days(plan)):
            sentences.append(self.env._("Manufacturing lead time: %s days.", days))
        for center, begin in state["slots"].items():
            sentences.append(
                self.env._(
                    "%(workcenter)s: free from %(date)s.",
                    workcenter=center.name,
                    date=format_date(self.env, company._order_desk_date(begin)),
                )
            )
        sentences.append(
            self.env._("Proposed finish date: %s.", format_date(self.env, day))
        )
        sentences += plan.problems
        return "\n".join(sentences)
