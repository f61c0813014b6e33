"""What waits for one signer among very many, beside Odoo's own list of activities."""

import json
from datetime import date

from . import factory, inside, rows
from .client import View
from .sign import SIGNERS, Way
from .table import add_pair, compared

TITLE = "open To Sign with 10,000 sheets, beside Odoo's My Activities"
SHEETS = 10_000
ROUNDS = 21
MOST = 1.2
SIGNER = SIGNERS["production_manager"]
TO_SIGN = "order_desk.order_desk_sheet_action_to_sign"
MY_ACTIVITIES = "mail.mail_activity_action_my"
BATCH = 500
PARTNERS = 1000
DAYS = 30  # how long ago the oldest to-do was due
#: one order in ten asks for something special, one has changed since it was signed
NON_STANDARD = """UPDATE sale_order_line SET special_requirement = 'Longer cable'
    WHERE mod(order_id, 10) = 3 AND mod(id, 2) = 0"""
CHANGED = """UPDATE sale_order_line SET price_unit = price_unit + 1
    WHERE mod(order_id, 10) = 7 AND mod(id, 2) = 0"""


def run(bench):
    database = bench.own()
    count = bench.orders or SHEETS
    title = f"{count} sheets that wait for a signer"
    filled = bench.measure(title, database, fill, count=count)
    rows.settle(bench, database, filled["tables"])
    pairs = bench.measure(
        "Opening To Sign",
        database,
        measure,
        user_id=filled["user_id"],
        count=count,
        rounds=bench.rounds or ROUNDS,
    )
    table = compared(
        f"inbox: the first page of {count} sheets that wait for one signer, as the web "
        "client reads it; My Activities of the same person against To Sign",
        *("My Activities", "Odoo"),
    )
    for label, pair in pairs.items():
        add_pair(table, label, pair, 1, most=MOST)
    return [table]


# ----------------------------------------------------------------------
# Filling
# ----------------------------------------------------------------------


def fill(env, count):
    """Make many sheets: one by Odoo, the others copied with SQL."""
    way = Way(env.registry)
    way.prepare(1)
    sheet = way.sheets(env)
    sheet.activity_ids.date_deadline = date.today()
    partners = [
        factory.make_customer(env, f"Bench customer {n}").id for n in range(PARTNERS)
    ]
    env.flush_all()
    values = {"count": count - 1, "partners": partners}
    first = _copy_order(sheet, values)
    env.cr.execute(NON_STANDARD)
    env.invalidate_all()
    _keep_contents(env["order.desk.sheet"].search([]))
    records = _copy_parts(sheet, values, first)
    env.cr.execute(CHANGED)
    env.cr.commit()
    return {
        "user_id": way.users[SIGNER],
        "tables": sorted({record._table for record in (*records, sheet.order_id)}),
    }


def _copy_order(sheet, values):
    """Copy an order, its lines and its sheet; return the offset of the sheets' ids."""
    order, cursor = sheet.order_id, sheet.env.cr
    partner = f"(%(partners)s)[mod(n, {PARTNERS}) + 1]"
    # the two tables refer to each other: the orders get their sheets at the end
    first = rows.copy_record(
        order,
        values,
        name="'B' || lpad(n::text, 6, '0')",
        sheet_id="NULL::int",
        access_token="NULL",
        partner_id=partner,
        partner_invoice_id=partner,
        partner_shipping_id=partner,
        amount_total="mod(n, 5000) * 10",
        commitment_date="t.commitment_date + mod(n, 60) * interval '1 day'",
    )
    first_sheet = rows.copy_record(
        sheet, values, order_id=f"{first} + n", access_token="NULL"
    )
    cursor.execute(
        "UPDATE sale_order SET sheet_id = id - %s + %s WHERE id > %s",
        [first, first_sheet, first],
    )
    for line in order.order_line:
        first_line = rows.copy_record(line, values, order_id=f"{first} + n")
        rows.copy_rows(
            *(cursor, "account_tax_sale_order_line_rel"),
            *(f"t.sale_order_line_id = {line.id}", values),
            sale_order_line_id=f"{first_line} + n",
        )
    return first_sheet


def _keep_contents(sheets):
    """Keep what each sheet is about, for the copies of signatures and revisions."""
    cursor = sheets.env.cr
    cursor.execute(
        "CREATE TEMP TABLE bench_content"
        " (sheet_id int PRIMARY KEY, digests jsonb, content jsonb)"
    )
    for begin in range(0, len(sheets), BATCH):
        batch = sheets[begin : begin + BATCH]
        batch._compute_digests()
        contents = batch._get_contents()
        cursor.execute_values(
            "INSERT INTO bench_content VALUES %s",
            [
                (sheet.id, json.dumps(sheet.digests), json.dumps(contents[sheet]))
                for sheet in batch
            ],
        )


def _copy_parts(sheet, values, first):
    """Copy what belongs to a sheet, such as signatures and to-dos; return all of it."""
    kept = f"FROM bench_content c WHERE c.sheet_id = {first} + n"
    records = [
        record
        for name, field in sheet._fields.items()
        if field.type == "one2many"
        and not field.related
        and field.inverse_name == "sheet_id"
        for record in sheet[name]
    ]
    for record in records:
        rows.copy_record(
            record,
            values,
            sheet_id=f"{first} + n",
            # a role has signed some of the aspects, a revision holds all
            digests="(SELECT jsonb_object_agg(key, value)"
            " FROM bench_content c, jsonb_each(c.digests)"
            f" WHERE c.sheet_id = {first} + n AND jsonb_exists(t.digests, key))",
            content=f"(SELECT c.content {kept})",
        )
    for activity in sheet.activity_ids:
        rows.copy_record(
            activity,
            values,
            res_id=f"{first} + n",
            date_deadline=f"current_date - mod(n, {DAYS})",
        )
    return [sheet, *sheet.order_line, *records, *sheet.activity_ids]


# ----------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------


def measure(env, user_id, count, rounds):
    """Open both actions in turns as the signer; runs inside Odoo."""
    activities = View(env, user_id, MY_ACTIVITIES)
    sheets = View(env, user_id, TO_SIGN)
    reads = (activities.read, sheets.read)
    pair = inside.compare_reads(env.registry, user_id, reads, rounds)
    for view in (activities, sheets):
        if view.found != min(count, view.count_limit + 1):
            raise ValueError(f"{view.found} of {count} found in {view.model}")
    label = f"{activities.limit} to-dos, {sheets.limit} {sheets.kind} cards"
    return {label: pair}
