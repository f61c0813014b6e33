"""The daily production report of one day among very many stock moves."""

import contextlib
import json
from datetime import timedelta

from . import inside, rows
from .table import Table, milliseconds

TITLE = "daily production report over 1,000,000 stock move lines of two years"
MOVES = 1_000_000
ROUNDS = 5
DAYS = 730
PARTS = 3  # components of a manufacturing order; its product is one move more
# how often a row of the day may be read: when it is found, and with its order
MOST_OF_DAY = 2
TABLES = ("stock_move", "stock_move_line", "mrp_workcenter_productivity")
SCANS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan")
NOTES = (
    "rows of the day: moves of its orders, components included, and working times.",
    "read: what the plans of all queries fetched, also rows that were filtered out;",
    "a move is read when it is found and once more with its order.",
)


def run(bench):
    own = bench.own()
    count = bench.orders or MOVES
    bench.measure(f"{count} stock move lines", own, fill, count=count)
    rows.settle(bench, own, (*TABLES, "mrp_production", "mrp_workorder"))
    figures = bench.measure(
        "Reading a day", own, measure, rounds=bench.rounds or ROUNDS
    )
    table = Table(
        f"daily: one day's report among {count} stock move lines of two years",
        ("", "in the database", "of the day", "read", "target", "met"),
    )
    for name in TABLES:
        total, day, read = figures["rows"][name]
        table.add(
            name,
            *(f"{value:,}" for value in (total, day, read)),
            target="only the day's",
            met=read <= day * MOST_OF_DAY,
        )
    for label, seconds, queries in figures["times"]:
        table.notes.append(f"{label}: {milliseconds(seconds)}, {queries} SQL queries")
    table.notes += NOTES
    return [table]


# ----------------------------------------------------------------------
# Filling
# ----------------------------------------------------------------------


def fill(env, count):
    """Make one manufacturing order by Odoo, and the others with SQL over two years."""
    production = _make_production(env)
    orders = count // (PARTS + 1)
    minutes = DAYS * 24 * 60 / orders
    moment = f"now()::timestamp(0) - interval '1 minute' * ({minutes} * n + 720)"
    values = {"count": orders}
    dates = {"create_date": moment, "write_date": moment}
    production_offset = rows.copy_record(
        production,
        values,
        name="t.name || '-' || n",
        date_start=f"{moment} - interval '1 hour'",
        date_finished=moment,
        **dates,
    )
    workorder_offset = rows.copy_record(
        production.workorder_ids,
        values,
        production_id=f"{production_offset} + n",
        leave_id="NULL",
        **dates,
    )
    rows.copy_record(
        production.workorder_ids.time_ids,
        values,
        workorder_id=f"{workorder_offset} + n",
        date_start=f"{moment} - interval '1 hour'",
        date_end=moment,
        **dates,
    )
    for move in production.move_finished_ids | production.move_raw_ids:
        name = "production_id" if move.production_id else "raw_material_production_id"
        order = {name: f"{production_offset} + n"}
        offset = rows.copy_record(move, values, date=moment, **order, **dates)
        rows.copy_record(
            move.move_line_ids,
            values,
            move_id=f"{offset} + n",
            date=moment,
            production_id="NULL",
            **dates,
        )
    env.cr.commit()


def _make_production(env):
    """Return a finished manufacturing order with one hour of work."""
    env.user.group_ids |= env.ref("mrp.group_mrp_routings")
    product, *parts = (
        env["product.product"].create(
            {"name": f"Bench {number}", "type": "consu", "is_storable": True}
        )
        for number in range(PARTS + 1)
    )
    center = env["mrp.workcenter"].create({"name": "Bench"})
    env["mrp.bom"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "bom_line_ids": [
                (0, 0, {"product_id": part.id, "product_qty": 1}) for part in parts
            ],
            "operation_ids": [
                (
                    0,
                    0,
                    {
                        "name": "Assemble",
                        "workcenter_id": center.id,
                        "time_cycle_manual": 60,
                    },
                )
            ],
        }
    )
    production = env["mrp.production"].create(
        {"product_id": product.id, "product_qty": 1}
    )
    production.action_confirm()
    production.qty_producing = 1
    production._onchange_qty_producing()
    production.move_raw_ids.picked = True
    production.button_mark_done()
    workorder = production.workorder_ids
    if not workorder.time_ids:
        workorder.duration = 60
    env.flush_all()
    return production


# ----------------------------------------------------------------------
# Measuring
# ----------------------------------------------------------------------


def measure(env, rounds):
    """Read one day in the middle several times; runs inside Odoo."""
    company = env.company
    day = company._order_desk_date() - timedelta(days=DAYS // 2)
    report = env["order.desk.daily.report"].create(
        {"company_id": company.id, "date": day}
    )
    env.cr.commit()
    times = []
    for label, again in (("first reading", 1), ("read again", rounds)):
        results = [
            inside.timed(env.registry, 1, lambda env: report.with_env(env)._read_day())
            for _round in range(again)
        ]
        times.append((label, *(min(column) for column in zip(*results, strict=True))))
    with env.registry.cursor() as cursor:
        env = inside.environment(env.registry, 1, cursor)
        with _plans(cursor) as read:
            report.with_env(env)._read_day()
        counted = _count(env, company, day)
        cursor.rollback()
    return {
        "rows": {name: [*counted[name], read.get(name, 0)] for name in TABLES},
        "times": times,
        "lines": len(report.line_ids),
    }


def _count(env, company, day):
    """Return how many rows each table has, and how many belong to the day."""
    start, end = company._order_desk_day_bounds(day)
    columns = {"mrp_workcenter_productivity": "date_end"}
    counted = {}
    for name in TABLES:
        column = columns.get(name, "date")
        env.cr.execute(
            f"SELECT count(*), count(*) FILTER (WHERE {column} >= %s AND {column} < %s)"
            f" FROM {name}",
            [start, end + timedelta(hours=1) * bool(columns.get(name))],
        )
        counted[name] = env.cr.fetchone()
    return counted


@contextlib.contextmanager
def _plans(cursor):
    """Sum up what every query reads of each table, by the plans PostgreSQL runs."""
    read = {}
    kind = type(cursor)
    execute = kind.execute

    def explain(self, query, params=None, log_exceptions=True):
        text = getattr(query, "code", query)
        if self is cursor and str(text).lstrip().upper().startswith("SELECT"):
            values = getattr(query, "params", params)
            execute(self, f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", values)
            found = self.fetchone()[0]
            plan = json.loads(found) if isinstance(found, str) else found
            _add_scans(plan[0]["Plan"], read)
        return execute(self, query, params, log_exceptions)

    kind.execute = explain
    try:
        yield read
    finally:
        kind.execute = execute


def _add_scans(plan, read):
    if plan["Node Type"].removeprefix("Parallel ") in SCANS and "Relation Name" in plan:
        name = plan["Relation Name"]
        fetched = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        fetched += plan.get("Rows Removed by Index Recheck", 0)
        read[name] = read.get(name, 0) + round(fetched * plan["Actual Loops"])
    for part in plan.get("Plans", ()):
        _add_scans(part, read)
