"""Confirming orders with a check of the customer's credit, beside OCA's module."""

from . import factory, inside
from .table import add_pair, compared

TITLE = "confirm 1,000 orders with a credit check, beside OCA's financial risk"
ORDERS = 1000
ROUNDS = 3
MOST = 0.8
MODULES = ("account_financial_risk", "sale_financial_risk")
LIMIT = 1e9
PARTNERS = 20
CONFIRM, PROCURE = "confirm with credit check", "the same, released to production"
NOTES = (
    "OCA's confirmation checks the risk of each order and procures at once.",
    f"{CONFIRM}: the whole gate asked; the desk procures at the release.",
    f"{PROCURE}: the gate open, so that both sides procure; no target.",
)


def run(bench):
    peer, own = bench.peer(MODULES), bench.own()
    count = bench.orders or ORDERS
    figures = bench.measure(
        f"Confirming {count} orders with a credit check",
        own,
        measure,
        peer=peer,
        count=count,
        rounds=bench.rounds or ROUNDS,
    )
    table = compared(
        f"risk: {count} orders of {factory.LINES} lines confirmed at once with a check "
        "of the credit; for one order",
        *("OCA risk", "OCA"),
    )
    for label, pair in figures.items():
        most = MOST if label == CONFIRM else None
        add_pair(table, label, pair, count, most=most)
    table.notes += NOTES
    return [table]


def measure(env, peer, count, rounds):
    """Confirm orders in both databases in turns; runs inside Odoo."""
    from odoo.modules.registry import Registry  # noqa: PLC0415  only there inside Odoo

    risk, desk = _Risk(Registry(peer)), _Desk(env.registry)
    results = {}
    for label, state in ((CONFIRM, "countersign"), (PROCURE, "released")):
        desk.state = state
        _confirm((risk, desk), 8)  # caches of the process
        values = [_confirm((risk, desk), count) for _round in range(rounds)]
        results[label] = inside.summary(values)
    return results


def _confirm(sides, count):
    """Confirm ``count`` new orders on each side, all in one request."""
    for side in sides:
        side.prepare(count)
    actions = [lambda _number, side=side: side.confirm() for side in sides]
    result = inside.in_turns(actions, 1)
    for side in sides:
        side.check()
    return result


class _Side:
    """One database with customers whose credit is limited."""

    def __init__(self, registry):
        self.registry = registry
        self.order_ids = []
        with registry.cursor() as cursor:
            env = inside.environment(registry, 1, cursor)
            env.company.account_use_credit_limit = True
            self.product_ids = factory.make_products(env).ids
            customers = env["res.partner"].union(
                *(factory.make_customer(env, f"Customer {n}") for n in range(PARTNERS))
            )
            customers.credit_limit = LIMIT
            self.customer_ids = customers.ids
            self.set_up(env, customers)

    def set_up(self, env, customers):
        """Let this side check the credit."""

    def prepare(self, count):
        """Have ``count`` new orders that wait to be confirmed."""
        with self.registry.cursor() as cursor:
            env = inside.environment(self.registry, 1, cursor)
            products = env["product.product"].browse(self.product_ids)
            orders = env["sale.order"]
            for number, customer in enumerate(
                env["res.partner"].browse(self.customer_ids)
            ):
                part = len(range(number, count, PARTNERS))
                orders += factory.make_orders(
                    env, products, customer, part, **self.values(env)
                )
            self.hand_over(orders)
            self.order_ids = orders.ids

    def values(self, env):
        """Return what the orders of this side have besides."""
        return {}

    def hand_over(self, orders):
        """Bring new orders to where they wait."""

    def confirm(self):
        """Confirm the orders that wait; return seconds and queries."""
        return inside.timed(
            self.registry,
            1,
            lambda env: env["sale.order"].browse(self.order_ids).action_confirm(),
        )

    def is_procured(self):
        """Tell whether confirming brings transfers along."""
        return True

    def check(self):
        """Make sure that the work was done."""
        with self.registry.cursor() as cursor:
            env = inside.environment(self.registry, 1, cursor)
            orders = env["sale.order"].browse(self.order_ids)
            procured = orders.filtered(lambda order: order.picking_ids)
            expected = orders if self.is_procured() else orders.browse()
            if procured != expected or set(orders.mapped("state")) != {"sale"}:
                raise AssertionError(f"{len(procured)} of {len(orders)} orders")


class _Risk(_Side):
    """OCA's side: the risk of open orders is part of the credit."""

    def set_up(self, env, customers):
        customers.write(
            {"risk_sale_order_include": True, "risk_invoice_open_include": True}
        )


class _Desk(_Side):
    """Ours: the customers' class checks the credit, the sheets are signed."""

    state = "countersign"

    def set_up(self, env, customers):
        env["order.desk.role"].search([("active", "=", True)]).active = False
        self.team_id = (
            env["crm.team"].create({"name": "Risk", "use_order_desk": True}).id
        )
        customers.order_desk_class_id = env["order.desk.customer.class"].create(
            {"name": "Risk", "code": "RISK", "check_credit": True}
        )

    def values(self, env):
        from odoo.fields import Datetime  # noqa: PLC0415  only there inside Odoo

        return {
            "team_id": self.team_id,
            "commitment_date": Datetime.add(Datetime.now(), days=30),
        }

    def hand_over(self, orders):
        for sheet in orders.sheet_id:
            sheet.write(
                {
                    "state": self.state,
                    "order_code": f"R{sheet.id}",
                    "customer_code": "R",
                }
            )

    def is_procured(self):
        return self.state == "released"

    def confirm(self):
        def action(env):
            orders = env["sale.order"].browse(self.order_ids)
            if not self.is_procured():  # else confirming asks the gate itself
                orders._get_gate_conditions("production")
            orders.action_confirm()

        return inside.timed(self.registry, 1, action)
