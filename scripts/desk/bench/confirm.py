"""The cost of our modules for orders that have no sheet."""

from . import factory, inside
from .table import add_pair, compared

TITLE = "confirm orders of 5 lines that have no sheet"
ORDERS = 100
ROUNDS = 5
MOST = 1.03


def run(bench):
    plain, own = bench.plain(), bench.own()
    count = bench.orders or ORDERS
    rounds = bench.rounds or ROUNDS
    figures = bench.measure(
        f"Confirming {count} orders, {rounds} times on both sides",
        own,
        measure,
        plain=plain,
        count=count,
        rounds=rounds,
    )
    table = compared(
        f"confirm: {count} orders of {factory.LINES} storable lines without a sheet; "
        "for one order"
    )
    add = (table, "confirm, one by one", figures["single"], count)
    add_pair(*add, most=MOST, same_queries=True)
    add = (table, "confirm, all at once", figures["batch"], count)
    add_pair(*add, most=MOST, same_queries=True)
    add_pair(table, "create, one by one", figures["create"], count)
    add_pair(table, "cancel, one by one", figures["cancel"], count)
    return [table]


def measure(env, plain, count, rounds):
    """Confirm orders in both databases in turns; runs inside Odoo."""
    from odoo.modules.registry import Registry  # noqa: PLC0415  only there inside Odoo

    sides = [_Side(Registry(plain)), _Side(env.registry)]
    for side in sides:  # caches of the process: views, rules, sequences, metadata
        for _turn in range(2):
            side.make(0)
            side.create(0)
            side.confirm_one(0)
            side.cancel(0)
            side.make(8)
            side.confirm_all()
    rounds_of = {"create": [], "single": [], "cancel": [], "batch": []}
    for _round in range(rounds):
        for side in sides:
            side.make(0)
        result = inside.in_turns([side.create for side in sides], count)
        rounds_of["create"].append(result)
        result = inside.in_turns([side.confirm_one for side in sides], count)
        rounds_of["single"].append(result)
        result = inside.in_turns([side.cancel for side in sides], count)
        rounds_of["cancel"].append(result)
    for _round in range(rounds):
        for side in sides:
            side.make(count)
        actions = [lambda _number, side=side: side.confirm_all() for side in sides]
        rounds_of["batch"].append(inside.in_turns(actions, 1))
    return {name: inside.summary(values) for name, values in rounds_of.items()}


class _Side:
    """One database with a salesperson, a customer, products and quotations."""

    def __init__(self, registry):
        self.registry = registry
        self.order_ids = []
        with registry.cursor() as cursor:
            env = inside.environment(registry, 1, cursor)
            user = factory.make_user(env, "seller", ["sales_team.group_sale_salesman"])
            self.uid = user.id
            self.customer_id = factory.make_customer(env).id
            self.product_ids = factory.make_products(env).ids

    def _make(self, env, count):
        products = env["product.product"].browse(self.product_ids)
        customer = env["res.partner"].browse(self.customer_id)
        orders = factory.make_orders(env, products, customer, count)
        if "sheet_id" in orders and orders.sheet_id:
            raise ValueError("an order to measure has a sheet")
        self.order_ids += orders.ids

    def make(self, count):
        """Have ``count`` new quotations, and no others."""
        self.order_ids = []
        if count:
            inside.timed(self.registry, self.uid, lambda env: self._make(env, count))

    def create(self, _number):
        return inside.timed(self.registry, self.uid, lambda env: self._make(env, 1))

    def confirm_one(self, number):
        return self._call("action_confirm", [self.order_ids[number]])

    def confirm_all(self):
        return self._call("action_confirm", self.order_ids)

    def cancel(self, number):
        return self._call("action_cancel", [self.order_ids[number]])

    def _call(self, method, ids):
        return inside.timed(
            self.registry,
            self.uid,
            lambda env: getattr(env["sale.order"].browse(ids), method)(),
        )
