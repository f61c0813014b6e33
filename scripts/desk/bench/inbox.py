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
    values = {
        "count": count - 1,
        "partners": [
            factory.make_customer(env, f"Bench customer {n}").id
            for n in range(PARTNERS)
        ],
    }
    sheet.activity_ids.date_deadline = date.today()
    env.flush_all()
    tables = _copy_sheet(sheet, values)
    env.cr.execute(NON_STANDARD)
    env.invalidate_all()
    sheets = env["order.desk.sheet"].search([])
    for begin in range(0, len(sheets), BATCH):
        _sign_as_they_are(sheets[begin : begin + BATCH])
    env.cr.execute(CHANGED)
    env.cr.commit()
    return {"user_id": way.users[SIGNER], "tables": tables}


def _copy_sheet(sheet, values):
    """Copy an order, its sheet and all that belongs to both; return their tables."""
    order = sheet.order_id
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
    first_sheet = rows.copy_record(sheet, values, order_id=f"{first} + n")
    sheet.env.cr.execute(
        "UPDATE sale_order SET sheet_id = id - %s + %s WHERE id > %s",
        [first, first_sheet, first],
    )
    parts = list(order.order_line)
    for line in order.order_line:
        offset = rows.copy_record(line, values, order_id=f"{first} + n")
        rows.copy_rows(
            *(sheet.env.cr, "account_tax_sale_order_line_rel"),
            *(f"t.sale_order_line_id = {line.id}", values),
            sale_order_line_id=f"{offset} + n",
        )
    for name in _get_parts(sheet):
        for part in sheet[name]:
            rows.copy_record(part, values, sheet_id=f"{first_sheet} + n")
            parts.append(part)
    for activity in sheet.activity_ids:
        rows.copy_record(
            activity,
            values,
            res_id=f"{first_sheet} + n",
            date_deadline=f"current_date - mod(n, {DAYS})",
        )
        parts.append(activity)
    return sorted({record._table for record in (order, sheet, *parts)})


def _get_parts(sheet):
    """Return the fields with the sheet's own rows, such as signatures."""
    return [
        name
        for name, field in sheet._fields.items()
        if field.type == "one2many"
        and not field.related
        and field.inverse_name == "sheet_id"
    ]


def _sign_as_they_are(sheets):
    """Give the copied signatures and revisions what each sheet has, so they hold."""
    sheets._compute_digests()
    contents = sheets._get_contents()
    signatures = [
        (signature.id, {code: sheet.digests[code] for code in signature.digests})
        for sheet in sheets
        for signature in sheet.signature_ids
    ]
    revisions = [
        (revision.id, sheet.digests, contents[sheet])
        for sheet in sheets
        for revision in sheet.revision_ids
    ]
    _write_json(sheets.env["order.desk.signature"], ["digests"], signatures)
    _write_json(sheets.env["order.desk.revision"], ["digests", "content"], revisions)


def _write_json(model, names, values):
    columns = ", ".join(f"{name} = v.{name}::jsonb" for name in names)
    model.env.cr.execute_values(
        f"UPDATE {model._table} t SET {columns}"
        f" FROM (VALUES %s) v (id, {', '.join(names)}) WHERE t.id = v.id",
        [(row_id, *map(json.dumps, contents)) for row_id, *contents in values],
    )


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
