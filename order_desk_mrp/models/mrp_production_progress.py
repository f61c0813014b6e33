from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

OPEN_STATES = ("confirmed", "progress", "to_close")


class MrpProduction(models.Model):
    """How far manufacturing orders are, and when they will be done (SPEC E2)."""

    _inherit = "mrp.production"

    def _get_made_quantity(self):
        """Return what was made and not taken apart again, in the product's unit."""
        self.ensure_one()
        product = self.product_id
        made = sum(
            move.product_uom._compute_quantity(
                move.quantity, product.uom_id, round=False
            )
            for move in self.move_finished_ids
            if move.state == "done" and move.product_id == product
        )
        apart = sum(
            unbuild.product_uom_id._compute_quantity(
                unbuild.product_qty, product.uom_id, round=False
            )
            for unbuild in self.unbuild_ids
            if unbuild.state == "done" and unbuild.product_id == product
        )
        return max(0.0, made - apart)

    def _get_planned_quantity(self):
        """Return what this order is for, in the product's unit.

        One that is done is for what it has made: what it has not is another order's.
        """
        self.ensure_one()
        product = self.product_id
        if self.state != "done":
            return self.product_uom_id._compute_quantity(
                self.product_qty, product.uom_id, round=False
            )
        return sum(
            move.product_uom._compute_quantity(
                move.quantity, product.uom_id, round=False
            )
            for move in self.move_finished_ids
            if move.state == "done" and move.product_id == product
        )

    def _share_among_lines(self):
        """Return what of these merged orders is for which line.

        The lines that are due first get theirs first, of what is made already above
        all.

        :return: ``{line: [(production, (planned, made))]}``, in the product's unit
        """
        asked = {}
        dests = {order: order._get_line_demand() for order in self}
        for demand in dests.values():
            asked.update(demand)
        shares = defaultdict(list)
        for order in self.sorted(lambda order: (order.state != "done", order.id)):
            planned, made = order._get_planned_quantity(), order._get_made_quantity()
            for line in sorted(dests[order], key=self._get_due_key):
                share = min(asked[line], planned)
                part = min(share, made)
                shares[line].append((order, (share, part)))
                asked[line] -= share
                planned -= share
                made -= part
        return shares

    def _get_line_demand(self):
        """Return what the lines expect of this order: ``{line: quantity}``."""
        self.ensure_one()
        dests = self.move_finished_ids.filtered(
            lambda move: move.product_id == self.product_id
        ).move_dest_ids
        demand = defaultdict(float)
        for move in dests | dests.move_dest_ids:
            if move.sale_line_id and move.state != "cancel":
                demand[move.sale_line_id] += move.product_qty
        return demand

    @api.model
    def _get_due_key(self, line):
        return (line.order_id.sheet_id.finish_date or date.max, line.id)

    def _get_work_done(self):
        """Return which part of the work of this open order is done, from 0 to 1.

        Finished work orders count in full, the others by their time or their pieces.
        """
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return 0.0
        workorders = self.workorder_ids.filtered(lambda order: order.state != "cancel")
        whole = sum(order.duration_expected or 1.0 for order in workorders)
        done = sum(
            (order.duration_expected or 1.0) * order._get_part_done()
            for order in workorders
        )
        return done / whole if whole else 0.0

    @api.model
    def _get_expected_ends(self, column, ids=None):
        """Return when what is being made will be done: ``{id: {id: moment}}``.

        It is the planned end, the later one of the order's and its work orders', but
        not before the rest of the work has been done from now on. So much work as the
        company does in a day takes a day. One query, however many there are.

        :param column: by what to group, "sheet_id" or "sale_line_id"
        :param ids: of what to look for, left out: of all
        :return: ``{id in column: {production id: moment}}``
        """
        self.flush_model(
            ["state", "date_finished", "company_id", "sheet_id", "sale_line_id"]
        )
        self.env["mrp.workorder"].flush_model(
            ["state", "date_finished", "duration", "duration_expected", "production_id"]
        )
        grouped = SQL.identifier("production", column)
        wanted = SQL("%s IS NOT NULL", grouped)
        if ids is not None:
            wanted = SQL("%s = ANY(%s)", grouped, list(ids))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(grouped)s, production.id,
                       GREATEST(
                           production.date_finished,
                           max(work.date_finished),
                           %(now)s + interval '1 minute' * COALESCE(
                               sum(GREATEST(
                                   work.duration_expected - COALESCE(work.duration, 0),
                                   0
                               )), 0
                           ) * 24 / COALESCE(NULLIF(max(calendar.hours_per_day), 0), 8)
                       )
                  FROM mrp_production production
                  JOIN res_company company ON company.id = production.company_id
                  LEFT JOIN resource_calendar calendar
                    ON calendar.id = company.resource_calendar_id
                  LEFT JOIN mrp_workorder work
                    ON work.production_id = production.id
                   AND work.state NOT IN ('done', 'cancel')
                 WHERE production.state IN %(states)s AND %(wanted)s
                 GROUP BY production.id
                """,
                grouped=grouped,
                now=fields.Datetime.now(),
                states=OPEN_STATES,
                wanted=wanted,
            )
        )
        ends = {}
        for key, production_id, end in rows:
            ends.setdefault(key, {})[production_id] = end.replace(microsecond=0)
        return ends


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    def _get_part_done(self):
        """Return which part of this work order is done, from 0 to 1."""
        self.ensure_one()
        if self.state == "done":
            return 1.0
        by_time = self.duration_expected and self.duration / self.duration_expected
        by_pieces = self.qty_production and self.qty_produced / self.qty_production
        return min(max(by_time, by_pieces), 0.99)
