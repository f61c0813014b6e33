"""The list of sheets among very many, beside Odoo's own list of orders."""

from types import SimpleNamespace

from . import factory, inside, rows
from .client import View
from .table import add_pair, compared, milliseconds

TITLE = "read the list of 50 sheets among 100,000"
ORDERS = 100_000
ROUNDS = 41
LIMIT = 50
MOST = 1.2
PARTNERS = 1000
PEOPLE = 20
SALES = "sale.action_orders"
SHEETS = "order_desk.order_desk_sheet_action"
TABLES = ("sale_order", "order_desk_sheet", "mail_activity")
#: out of how many sheets one is in a state, the first that divides the number counts
STATES = """CASE
    WHEN mod(n, 100) = 0 THEN 'review' WHEN mod(n, 50) = 0 THEN 'countersign'
    WHEN mod(n, 51) = 0 THEN 'coding' WHEN mod(n, 33) = 0 THEN 'cancel'
    WHEN mod(n, 9) = 0 THEN 'released' ELSE 'done' END"""
ORDER_STATES = f"""CASE {STATES}
    WHEN 'review' THEN 'draft' WHEN 'cancel' THEN 'cancel' ELSE 'sale' END"""
DATES = "now() - (%(count)s - n) * interval '5 minutes'"


def run(bench):
    database = bench.own()
    count = bench.orders or ORDERS
    title = f"{count} orders with sheets"
    users = bench.measure(title, database, fill, count=count)
    rows.settle(bench, database, TABLES)
    figures = bench.measure(
        "Reading lists", database, measure, users=users, rounds=bench.rounds or ROUNDS
    )
    table = compared(
        f"list: {LIMIT} of {count} records as the web client reads them; "
        "Odoo's orders against our sheets, in one database, a to-do on each"
    )
    for label, pair in figures["pairs"].items():
        add_pair(table, label, pair, 1, most=MOST)
    for label, (seconds, queries, found) in figures["single"].items():
        cells = ("", milliseconds(seconds), "", "", queries)
        table.add(f"{label} ({found} found)", *cells)
    return [table]


# ----------------------------------------------------------------------
# Filling
# ----------------------------------------------------------------------


def fill(env, count):
    """Make many orders with sheets: a few by Odoo, the others copied with SQL."""
    manager = factory.make_user(env, "manager", ["sales_team.group_sale_manager"])
    signer = factory.make_user(env, "signer", ["base.group_user"])
    role = env["order.desk.role"].search([("step", "=", "countersign")], limit=1)
    role.user_ids = [(6, 0, signer.ids)]
    people = [
        factory.make_user(env, f"seller{n}", ["sales_team.group_sale_salesman"]).id
        for n in range(PEOPLE)
    ]
    partners = [
        factory.make_customer(env, f"Bench customer {n}").id for n in range(PARTNERS)
    ]
    team = env["crm.team"].create({"name": "Bench", "use_order_desk": True})
    products = factory.make_products(env)
    customer = env["res.partner"].browse(partners[0])
    order = factory.make_orders(env, products, customer, 1, team_id=team.id)
    for record in (order, order.sheet_id):
        record.activity_schedule(
            "order_desk.mail_activity_type_sign", user_id=signer.id
        )
    env.flush_all()
    _copy_rows(env, order, count, SimpleNamespace(partners=partners, people=people))
    env.cr.commit()
    return {"manager": manager.id, "seller": people[0]}


def _copy_rows(env, order, count, known):
    """Copy an order, its sheet and their activities ``count`` times."""
    values = {"count": count, "partners": known.partners, "people": known.people}
    partner = f"(%(partners)s)[mod(n, {len(known.partners)}) + 1]"
    person = f"(%(people)s)[mod(n, {len(known.people)}) + 1]"
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
        user_id=person,
        state=ORDER_STATES,
        date_order=DATES,
        create_date=DATES,
        amount_total="mod(n, 5000) * 10",
    )
    first_sheet = rows.copy_record(
        order.sheet_id,
        values,
        order_id=f"{first} + n",
        state=STATES,
        clerk_id=person,
        order_code="'C' || n",
        customer_code="'K-' || mod(n, 1000)",
        create_date=DATES,
    )
    env.cr.execute(
        "UPDATE sale_order SET sheet_id = id - %s + %s WHERE id > %s",
        [first, first_sheet, first],
    )
    waiting = f"mod(n, 10) = 0 AND {STATES} IN ('review', 'countersign', 'coding')"
    # the same to-dos on both sides, or one list would have more to show
    for record, offset in ((order, first), (order.sheet_id, first_sheet)):
        rows.copy_record(
            record.activity_ids,
            values,
            res_id=f"{offset} + n",
            user_id=f"CASE WHEN {waiting} THEN t.user_id ELSE {person} END",
            date_deadline=f"({DATES})::date",
        )


# ----------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------


def measure(env, users, rounds):
    """Read both lists in turns; runs inside Odoo.

    :return: ``pairs``, see :func:`~desk.bench.inside.summary`, and ``single``: of lists
        that Odoo has no match for, seconds, queries and how many it found
    """
    registry, manager, seller = env.registry, users["manager"], users["seller"]
    orders, sheets = _open(env, manager, SALES), _open(env, manager, SHEETS)
    reads = {
        "default filter": (orders.read, sheets.read),
        "no filter": (orders.read_all, sheets.read_all),
    }
    pairs = {
        label: inside.compare_reads(registry, manager, pair, rounds)
        for label, pair in reads.items()
    }
    mine = _open(env, seller, SHEETS, "my_sheets")
    single = {"My Sheets, of a clerk": _read_alone(registry, seller, mine, rounds)}
    return {"pairs": pairs, "single": single}


def _open(env, uid, action, filter_name=None):
    return View(env, uid, action, "list", filter_name, LIMIT)


def _read_alone(registry, uid, records, rounds):
    results = [inside.timed(registry, uid, records.read) for _n in range(rounds + 2)]
    seconds, queries = (min(column) for column in zip(*results, strict=True))
    return seconds, queries, records.found
