"""The list of sheets among very many, beside Odoo's own list of orders."""

import ast
from types import SimpleNamespace

from . import factory, inside
from .table import add_pair, compared, milliseconds

TITLE = "read the list of 50 sheets among 100,000"
ORDERS = 100_000
ROUNDS = 41
LIMIT = 50
COUNT_LIMIT = 10_001  # what the web client asks for
MOST = 1.2
PARTNERS = 1000
PEOPLE = 20
SALES = "sale.action_orders"
SHEETS = "order_desk.order_desk_sheet_action"
TO_SIGN = "order_desk.order_desk_sheet_action_to_sign"
TABLES = ("sale_order", "order_desk_sheet", "mail_activity")
#: fields that a widget of the web client reads besides its own, and a list of tags'
WIDGET_FIELDS = {
    "list_activity": (
        "activity_exception_decoration",
        "activity_exception_icon",
        "activity_state",
        "activity_summary",
        "activity_type_icon",
        "activity_type_id",
    )
}
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
    for name in TABLES:  # no trace of how the rows were made, and as autovacuum has it
        for command in ("VACUUM FULL", "VACUUM ANALYZE"):
            bench.databases.query(database, f"{command} {name}")
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
    return {"manager": manager.id, "seller": people[0], "signer": signer.id}


def _copy_rows(env, order, count, known):
    """Copy an order, its sheet and their activities ``count`` times."""
    values = {"count": count, "partners": known.partners, "people": known.people}
    partner = f"(%(partners)s)[mod(n, {len(known.partners)}) + 1]"
    person = f"(%(people)s)[mod(n, {len(known.people)}) + 1]"
    order_id, sheet_id = order.id, order.sheet_id.id
    # the two tables refer to each other: the orders get their sheets at the end
    _insert(
        *(env.cr, "sale_order", order_id, values),
        id=f"{order_id} + n",
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
    _insert(
        *(env.cr, "order_desk_sheet", sheet_id, values),
        id=f"{sheet_id} + n",
        order_id=f"{order_id} + n",
        state=STATES,
        clerk_id=person,
        order_code="'C' || n",
        customer_code="'K-' || mod(n, 1000)",
        create_date=DATES,
    )
    env.cr.execute(
        "UPDATE sale_order SET sheet_id = id - %s + %s WHERE id > %s",
        [order_id, sheet_id, order_id],
    )
    waiting = f"mod(n, 10) = 0 AND {STATES} IN ('review', 'countersign', 'coding')"
    # the same to-dos on both sides, or one list would have more to show
    for record in (order, order.sheet_id):
        activity_id = record.activity_ids.id
        env.cr.execute("SELECT max(id) FROM mail_activity")
        last = env.cr.fetchone()[0]
        _insert(
            *(env.cr, "mail_activity", activity_id, values),
            id=f"{last} + n",
            res_id=f"{record.id} + n",
            user_id=f"CASE WHEN {waiting} THEN t.user_id ELSE {person} END",
            date_deadline=f"({DATES})::date",
        )
    for name in TABLES:
        env.cr.execute(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))")


def _insert(cursor, table, row_id, values, **columns):
    """Insert copies of one row, numbered ``n`` from 1 on.

    :param columns: SQL of the columns that differ from the copied row's
    """
    cursor.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = current_schema",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    sources = [columns.get(name, f't."{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {table} ({quoted}) SELECT {', '.join(sources)}"
        f" FROM {table} t, generate_series(1, %(count)s) n"
        f" WHERE t.id = {row_id}",
        values,
    )


# ----------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------


def measure(env, users, rounds):
    """Read both lists in turns; runs inside Odoo.

    :return: ``pairs``, see :func:`~desk.bench.inside.summary`, and ``single``: of lists
        that Odoo has no match for, seconds, queries and how many it found
    """
    registry, manager = env.registry, users["manager"]
    seller, signer = users["seller"], users["signer"]
    orders, sheets = _List(env, manager, SALES), _List(env, manager, SHEETS)
    pairs = {
        "default filter": (orders.read, sheets.read),
        "no filter": (orders.read_all, sheets.read_all),
    }
    result = {"pairs": {}, "single": {}}
    for label, reads in pairs.items():
        actions = [
            lambda _number, read=read: inside.timed(registry, manager, read)
            for read in reads
        ]
        inside.in_turns(actions, 2)  # caches of the process
        values = [inside.in_turns(actions, 1) for _round in range(rounds)]
        result["pairs"][label] = inside.summary(values)
    singles = {
        "My Sheets, of a clerk": (seller, _List(env, seller, SHEETS, "my_sheets")),
        "To Sign, of a signer": (signer, _List(env, signer, TO_SIGN)),
    }
    for label, (uid, records) in singles.items():
        result["single"][label] = _read_alone(registry, uid, records, rounds)
    return result


def _read_alone(registry, uid, records, rounds):
    results = [inside.timed(registry, uid, records.read) for _n in range(rounds + 2)]
    seconds, queries = (min(column) for column in zip(*results, strict=True))
    return seconds, queries, records.found


class _List:
    """What the web client asks for when it shows an action's list.

    :param filter_name: of the search view, the action's default by default
    """

    def __init__(self, env, uid, action, filter_name=None):
        env = inside.environment(env.registry, uid, env.cr)
        action = env.ref(action).sudo()
        self.model = action.res_model
        self.found = None
        view_id = next(
            (view.view_id.id for view in action.view_ids if view.view_mode == "list"),
            action.view_id.id if action.view_id.type == "list" else False,
        )
        views = env[self.model].get_views(
            [[view_id, "list"], [action.search_view_id.id, "search"]]
        )
        fields = views["models"][self.model]["fields"]
        from lxml import etree  # noqa: PLC0415  only there inside Odoo

        arch = etree.fromstring(views["views"]["list"]["arch"])
        search = etree.fromstring(views["views"]["search"]["arch"])
        self.order = arch.get("default_order", "")
        self.specification = specification(arch, fields)
        self.domain = ast.literal_eval(action.domain or "[]")
        self.base = list(self.domain)
        names = [filter_name] if filter_name else _default_filters(action)
        for name in names:
            node = search.find(f".//filter[@name='{name}']")
            if node.get("domain"):  # not one that groups: a flat list is measured
                self.domain += _domain(node.get("domain"), uid)

    def read(self, env):
        self._read(env, self.domain)

    def read_all(self, env):
        self._read(env, self.base)

    def _read(self, env, domain):
        answer = (
            env[self.model]
            .with_context(bin_size=True)
            .web_search_read(
                domain,
                self.specification,
                order=self.order,
                limit=LIMIT,
                count_limit=COUNT_LIMIT,
            )
        )
        self.found = answer["length"]


def _default_filters(action):
    prefix = "search_default_"
    context = ast.literal_eval(action.context or "{}")
    return [name.removeprefix(prefix) for name in context if name.startswith(prefix)]


def _domain(text, uid):
    """Return a filter's domain; of variables only ``uid`` is known."""
    names = ast.parse(text, mode="eval")
    for node in ast.walk(names):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                setattr(node, name, [_known(item, uid) for item in value])
    return ast.literal_eval(names)


def _known(node, uid):
    is_uid = isinstance(node, ast.Name) and node.id == "uid"
    return ast.Constant(uid) if is_uid else node


def specification(arch, fields):
    """Return the specification that the web client builds from a list's arch.

    Compare getFieldsSpec in the add-on web: every field of the list is read, optional
    columns included; a many2one with its name, unless nobody sees the column.
    """
    names = {}
    for node in arch.findall("field"):
        never = node.get("column_invisible") in ("1", "True")
        names[node.get("name")] = names.get(node.get("name"), True) and never
        for name in WIDGET_FIELDS.get(node.get("widget"), ()):
            names.setdefault(name, False)
    result = {name: {} for name in names}
    for node in arch.findall("field"):
        if node.get("widget") == "many2many_tags":
            options = ast.literal_eval(node.get("options", "{}"))
            color = options.get("color_field")
            read = {"display_name": {}, **({color: {}} if color else {})}
            result[node.get("name")] = {"fields": read}
    for name, never in names.items():
        if fields.get(name, {}).get("type") == "many2one":
            result[name] = {"fields": {} if never else {"display_name": {}}}
    return result
