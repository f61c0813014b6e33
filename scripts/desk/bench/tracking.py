"""The list of shipments to look for among very many, beside Odoo's transfers."""

from types import SimpleNamespace

from . import factory, inside, rows
from .client import View
from .table import add_pair, compared

TITLE = "read the tracking list among 100,000 open shipments"
SHIPMENTS = 100_000
ROUNDS = 41
LIMIT = 80
MOST = 1.2
PARTNERS = 1000
CHECKS = "order_desk_delivery.order_desk_tracking_check_action"
TRANSFERS = "stock.action_picking_tree_ready"
TABLES = (
    "order_desk_shipping_request",
    "order_desk_shipping_advice",
    "order_desk_tracking_check",
    "stock_picking",
    "stock_move",
)
#: one shipment in ten is to be looked for today, and one transfer in ten is ready
DUE = "CASE WHEN mod(n, 10) = 0 THEN -mod(n, 7) ELSE 1 + mod(n, 30) END"
READY = "CASE WHEN mod(n, 10) = 0 THEN 'assigned' ELSE 'confirmed' END"


def run(bench):
    database = bench.own()
    count = bench.orders or SHIPMENTS
    title = f"{count} shipments and transfers"
    user_id = bench.measure(title, database, fill, count=count)
    rows.settle(bench, database, TABLES)
    pairs = bench.measure(
        "Reading lists",
        database,
        measure,
        user_id=user_id,
        rounds=bench.rounds or ROUNDS,
    )
    table = compared(
        f"tracking: {LIMIT} of {count} records as the web client reads them; "
        "Odoo's transfers against our tracking checks, in one database",
        *("transfers", "Odoo"),
    )
    for label, pair in pairs.items():
        add_pair(table, label, pair, 1, most=MOST)
    return [table]


# ----------------------------------------------------------------------
# Filling
# ----------------------------------------------------------------------


def fill(env, count):
    """Make many shipments and transfers: one each by Odoo, the others with SQL."""
    user = factory.make_user(
        env,
        "tracker",
        [
            "sales_team.group_sale_manager",
            "order_desk.group_order_desk_supervisor",
            "stock.group_stock_user",
        ],
    )
    partners = [
        factory.make_customer(env, f"Bench customer {n}").id for n in range(PARTNERS)
    ]
    customer = env["res.partner"].browse(partners[0])
    products = factory.make_products(env)
    values = {"count": count, "partners": partners}
    partner = f"(%(partners)s)[mod(n, {PARTNERS}) + 1]"
    known = SimpleNamespace(values=values, partner=partner)
    _copy_transfers(env, products, customer, known)
    _copy_shipments(env, products, customer, known)
    env.cr.commit()
    return user.id


def _copy_transfers(env, products, customer, known):
    order = factory.make_orders(env, products[:1], customer, 1)
    order.action_confirm()
    picking = order.picking_ids
    env.flush_all()
    offset = rows.copy_record(
        picking,
        known.values,
        name="'B/OUT/' || lpad(n::text, 6, '0')",
        partner_id=known.partner,
        state=READY,
        scheduled_date="now() + mod(n, 40) * interval '1 day'",
    )
    rows.copy_record(
        picking.move_ids, known.values, picking_id=f"{offset} + n", state=READY
    )


def _copy_shipments(env, products, customer, known):
    """Copy a request, its advice on the way, and the plan of its checks."""
    team = env["crm.team"].create({"name": "Bench", "use_order_desk": True})
    order = factory.make_orders(env, products[:1], customer, 1, team_id=team.id)
    request = env["order.desk.shipping.request"].create(
        {
            "partner_id": customer.id,
            "partner_shipping_id": customer.id,
            "line_ids": [
                (0, 0, {"sale_line_id": order.order_line.id, "quantity": 1.0})
            ],
        }
    )
    now = env.cr.now()
    request.write({"state": "issued", "number": "SR0", "issued_on": now})
    advice = env["order.desk.shipping.advice"].create(
        {"request_id": request.id, "partner_id": customer.id, "tracking_ref": "T-0"}
    )
    advice.write({"state": "sent", "number": "SA0", "shipped_on": now, "sent_on": now})
    advice._plan_checks()
    env.flush_all()
    first = rows.copy_record(
        request,
        known.values,
        number="'SR' || lpad(n::text, 6, '0')",
        partner_id=known.partner,
        partner_shipping_id=known.partner,
    )
    sent = rows.copy_record(
        advice,
        known.values,
        request_id=f"{first} + n",
        number="'SA' || lpad(n::text, 6, '0')",
        tracking_ref="'T-' || n",
        partner_id=known.partner,
    )
    for check in advice.tracking_check_ids:
        later = 0 if check.is_next else 40
        rows.copy_record(
            check,
            known.values,
            advice_id=f"{sent} + n",
            partner_id=known.partner,
            due_date=f"current_date + {later} + {DUE}",
            expected_arrival=f"now() + ({DUE}) * interval '1 day'",
        )


# ----------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------


def measure(env, user_id, rounds):
    """Read both lists in turns; runs inside Odoo."""
    transfers = View(env, user_id, TRANSFERS, "list", None, LIMIT)
    checks = View(env, user_id, CHECKS, "list", None, LIMIT)
    late = View(env, user_id, CHECKS, "list", "late", LIMIT)
    reads = {
        "to do today": (transfers.read, checks.read),
        "late ones, against transfers to do": (transfers.read, late.read),
        "everything open": (transfers.read_all, checks.read_all),
    }
    registry = env.registry
    return {
        label: inside.compare_reads(registry, user_id, pair, rounds)
        for label, pair in reads.items()
    }
