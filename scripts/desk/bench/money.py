"""What it costs to know what orders have been paid, and that money tells them."""

from . import factory, inside, rows
from .client import View
from .table import add_pair, compared

TITLE = "money of 10,000 orders with 3 invoices each; a payment among them"
ORDERS = 10_000
ROUNDS = 7
MOST_OF_SQL = 3
MOST = 1.1
PARTNERS = 1000
INVOICES = 3
LIMIT = 80
FINANCE = "order_desk.sale_order_action_finance"
LIST = "finance's list: who waits, first page"
FIGURES = ("amount_received", "deposit_required", "balance_due")
#: the tables of one order, its invoices and its payments
TABLES = (
    "order_desk_sheet",
    "sale_order",
    "sale_order_line",
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "sale_order_line_invoice_rel",
)
NOTES = (
    "by hand: one SQL statement that sums up deposit, receipts and balance per order.",
    "The list looks at the money of all orders to find those that wait.",
    "The other rows read every order through the ORM, without a target.",
)
#: the same figures as one statement; percent and class are known to whoever wrote it
BY_HAND = """
    WITH part AS (
        SELECT aml.move_id, SUM(part.debit_amount_currency) AS amount
          FROM account_move_line aml
          JOIN account_partial_reconcile part ON part.debit_move_id = aml.id
          JOIN account_move_line other ON other.id = part.credit_move_id
          JOIN account_move paid ON paid.id = other.move_id
         WHERE aml.display_type = 'payment_term' AND paid.state = 'posted'
      GROUP BY aml.move_id
    ), invoiced AS (
        SELECT sol.order_id, aml.move_id, SUM(aml.price_total) AS amount
          FROM sale_order_line sol
          JOIN sale_order_line_invoice_rel rel ON rel.order_line_id = sol.id
          JOIN account_move_line aml ON aml.id = rel.invoice_line_id
      GROUP BY sol.order_id, aml.move_id
    ), received AS (
        SELECT invoiced.order_id,
               SUM(part.amount * invoiced.amount / NULLIF(move.amount_total, 0))
                   AS amount
          FROM invoiced
          JOIN account_move move ON move.id = invoiced.move_id
          JOIN part ON part.move_id = move.id
         WHERE move.state = 'posted' AND move.move_type IN ('out_invoice', 'out_refund')
      GROUP BY invoiced.order_id
    )
    SELECT so.id, ROUND(COALESCE(received.amount, 0), 2) AS amount_received,
           ROUND(so.amount_total * 0.3, 2) AS deposit_required,
           ROUND(GREATEST(so.amount_total - COALESCE(received.amount, 0), 0), 2)
               AS balance_due
      FROM sale_order so
 LEFT JOIN received ON received.order_id = so.id
     WHERE so.id IN %s
"""


def run(bench):
    plain, own = bench.plain(), bench.own()
    count = bench.orders or ORDERS
    rounds = bench.rounds or ROUNDS
    for name in (plain, own):
        bench.measure(f"{count} orders with invoices", name, fill, count=count)
        rows.settle(bench, name, TABLES if name == own else TABLES[1:])
    figures = bench.measure("Reading what is paid", own, measure, rounds=rounds)
    table = compared(
        f"money: {count} orders with {INVOICES} invoices each, all read at once",
        *("by hand", "hand"),
    )
    for label, pair in figures["pairs"].items():
        most = MOST_OF_SQL if label == LIST else None
        add_pair(table, label, pair, 1, most=most)
    table.notes += NOTES
    for size, queries in figures["queries"].items():
        table.notes.append(f"gates of {size} orders: {queries} SQL queries")
    payments = bench.measure(
        "Registering payments", own, pay, plain=plain, rounds=max(rounds, 15)
    )
    other = compared(f"money: register one payment among {count} open orders")
    add_pair(other, "register a payment", payments, 1, most=MOST)
    return [table, other]


# ----------------------------------------------------------------------
# Filling
# ----------------------------------------------------------------------


def fill(env, count):
    """Make orders with invoices and payments: one by Odoo, the others with SQL."""
    order = _make_order(env)
    invoices = _make_invoices(env, order)
    env.flush_all()
    partners = [
        factory.make_customer(env, f"Bench customer {n}").id for n in range(PARTNERS)
    ]
    if "sheet_id" in order:
        partner_class = order.partner_id.order_desk_class_id
        env["res.partner"].browse(partners).order_desk_class_id = partner_class
    env.flush_all()
    _copy_order(env, order, invoices, {"count": count - 1, "partners": partners})
    env.cr.commit()
    return invoices[-1].id


def _make_order(env):
    """Return a confirmed order; at the order desk it is released."""
    controlled = "order.desk.sheet" in env
    team = env["crm.team"].create({"name": "Bench"})
    if controlled:
        team.use_order_desk = True
    customer = factory.make_customer(env)
    order = factory.make_orders(
        env, factory.make_products(env), customer, 1, team_id=team.id
    )
    if controlled:
        customer.order_desk_class_id = env["order.desk.customer.class"].create(
            {
                "name": "Bench",
                "code": "BENCH",
                "deposit_percent": 30,
                "ship_on": "balance",
            }
        )
        env["order.desk.role"].search([("active", "=", True)]).active = False
        order.sheet_id.write({"state": "released", "order_code": "BENCH"})
    order.action_confirm()
    return order


def _make_invoices(env, order):
    """Return three down-payment invoices: paid, paid in part, and open."""
    invoices = env["account.move"]
    for percent in (30, 20, 10):
        wizard = env["sale.advance.payment.inv"].create(
            {
                "sale_order_ids": [(6, 0, order.ids)],
                "advance_payment_method": "percentage",
                "amount": percent,
            }
        )
        invoices += wizard._create_invoices(order)
    invoices.action_post()
    for invoice, part in zip(invoices, (1, 0.5), strict=False):
        _register(env, invoice, part)
    return invoices


def _register(env, invoice, part=1):
    wizard = (
        env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=invoice.ids)
        .create({})
    )
    wizard.amount = wizard.amount * part
    return wizard._create_payments()


def _copy_order(env, order, invoices, values):
    """Copy the order with all that belongs to it, each table's rows in one step."""
    receivable = invoices.line_ids.filtered(
        lambda line: line.account_type == "asset_receivable"
    )
    partials = receivable.matched_debit_ids | receivable.matched_credit_ids
    moves = invoices | (partials.debit_move_id | partials.credit_move_id).move_id
    partner = f"(%(partners)s)[mod(n, {len(values['partners'])}) + 1]"
    records = {
        "sale_order": order,
        "sale_order_line": order.order_line,
        "account_move": moves,
        "account_move_line": moves.line_ids,
        "account_payment": moves.origin_payment_id,
        "account_partial_reconcile": partials,
    }
    if "sheet_id" in order:
        records["order_desk_sheet"] = order.sheet_id
    new = {table: _numbering(env, found) for table, found in records.items()}

    def renumber(table, column):
        return new[table].format(column=f"t.{column}")

    columns = {
        "sale_order": {
            "name": "t.name || '-' || n",
            "access_token": "NULL",
            "partner_id": partner,
            "partner_invoice_id": partner,
            "partner_shipping_id": partner,
        },
        "sale_order_line": {"order_id": renumber("sale_order", "order_id")},
        "account_move": {
            "name": "t.name || '-' || n",
            "access_token": "NULL",
            "partner_id": partner,
            "commercial_partner_id": partner,
            "partner_shipping_id": partner,
            "origin_payment_id": renumber("account_payment", "origin_payment_id"),
        },
        "account_move_line": {
            "move_id": renumber("account_move", "move_id"),
            "payment_id": renumber("account_payment", "payment_id"),
            "partner_id": partner,
        },
        "account_payment": {
            "move_id": renumber("account_move", "move_id"),
            "partner_id": partner,
        },
        "account_partial_reconcile": {
            "debit_move_id": renumber("account_move_line", "debit_move_id"),
            "credit_move_id": renumber("account_move_line", "credit_move_id"),
        },
    }
    env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
    env.cr.execute("SET session_replication_role = replica")  # rows refer to each other
    if "sheet_id" in order:
        columns["sale_order"]["sheet_id"] = renumber("order_desk_sheet", "sheet_id")
        columns["order_desk_sheet"] = {
            "order_id": renumber("sale_order", "order_id"),
            "order_code": "'C' || n",
        }
    for table, found in records.items():
        condition = f"t.id IN ({', '.join(map(str, found.ids))})"
        rows.copy_rows(
            env.cr, table, condition, values, id=renumber(table, "id"), **columns[table]
        )
        env.cr.execute(
            f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"
        )
    rows.copy_rows(
        env.cr,
        "sale_order_line_invoice_rel",
        f"t.order_line_id IN ({', '.join(map(str, order.order_line.ids))})",
        values,
        order_line_id=renumber("sale_order_line", "order_line_id"),
        invoice_line_id=renumber("account_move_line", "invoice_line_id"),
    )
    env.cr.execute("SET session_replication_role = DEFAULT")


def _numbering(env, records):
    """Return the SQL of the id that the copy ``n`` of a row gets."""
    env.cr.execute(f"SELECT max(id) FROM {records._table}")
    last = env.cr.fetchone()[0]
    span = max(records.ids) - min(records.ids) + 1
    return f"{{column}} + {last - min(records.ids) + 1} + (n - 1) * {span}"


# ----------------------------------------------------------------------
# Measuring
# ----------------------------------------------------------------------


def measure(env, rounds):
    """Read the figures of all orders beside the statement by hand; inside Odoo."""
    registry = env.registry
    user = factory.make_user(env, "accountant", ["account.group_account_invoice"])
    ids = env["sale.order"].search([("sheet_id", "!=", False)]).ids
    env.cr.commit()
    _check(env, ids)

    def by_hand(request):
        request.cr.execute(BY_HAND, [tuple(ids)])
        request.cr.dictfetchall()

    def figures(request):
        request["sale.order"].browse(ids).read(FIGURES)

    def gates(request):
        orders = request["sale.order"].browse(ids).sudo()
        orders._get_production_money_conditions()
        orders._get_shipping_money_conditions(None)

    finance = View(env, user.id, FINANCE, "list", None, LIMIT)
    pairs = {
        label: inside.compare_reads(registry, user.id, (by_hand, read), rounds)
        for label, read in (
            (LIST, finance.read),
            ("received, deposit and balance", figures),
            ("money conditions of both gates", gates),
        )
    }
    queries = {
        size: inside.timed(registry, user.id, _read_gates(ids[:size]))[1]
        for size in (10, 100, 1000, len(ids))
    }
    return {"pairs": pairs, "queries": queries}


def _read_gates(ids):
    def read(request):
        orders = request["sale.order"].browse(ids).sudo()
        orders._get_shipping_money_conditions(None)

    return read


def _check(env, ids):
    """Make sure that both ways give the same figures, else nothing is compared."""
    some = ids[:50]
    env.cr.execute(BY_HAND, [tuple(some)])
    expected = {row.pop("id"): row for row in env.cr.dictfetchall()}
    for order in env["sale.order"].browse(some):
        for name in FIGURES:
            if abs(order[name] - float(expected[order.id][name])) > 0.005:
                raise AssertionError(
                    (order.name, name, order[name], expected[order.id])
                )


def pay(env, plain, rounds):
    """Register payments on open invoices in both databases in turns; inside Odoo."""
    from odoo.modules.registry import Registry  # noqa: PLC0415  only there inside Odoo

    sides = [_Payer(Registry(plain)), _Payer(env.registry)]
    actions = [side.pay for side in sides]
    inside.in_turns(actions, 3)  # caches of the process
    return inside.summary([inside.in_turns(actions, 1) for _round in range(rounds)])


class _Payer:
    """One database with an accountant and open invoices."""

    def __init__(self, registry):
        self.registry = registry
        with registry.cursor() as cursor:
            env = inside.environment(registry, 1, cursor)
            groups = ["account.group_account_invoice"]
            self.uid = factory.make_user(env, "payer", groups).id
            self.invoice_ids = (
                env["account.move"]
                .search(
                    [
                        ("move_type", "=", "out_invoice"),
                        ("payment_state", "=", "not_paid"),
                        ("state", "=", "posted"),
                    ]
                )
                .ids
            )

    def pay(self, _number):
        invoice_id = self.invoice_ids.pop()

        def action(env):
            _register(env, env["account.move"].browse(invoice_id))

        return inside.timed(self.registry, self.uid, action)
