"""Release to production beside plain Odoo's confirmation: the same goods are made."""

from . import factory, inside
from .sign import SIGNERS, STEPS, Stock, Way
from .table import add_pair, compared

TITLE = "release orders of 5 lines with bills of materials of 3 levels"
ORDERS = 100
ROUNDS = 3
MOST = 1.15
BEFORE = STEPS[: STEPS.index("release")]


def run(bench):
    count = bench.orders or ORDERS
    rounds = bench.rounds or ROUNDS
    pair = bench.measure(
        f"Releasing {count} orders, {rounds} times on both sides",
        bench.own(),
        measure,
        plain=bench.plain(),
        count=count,
        rounds=rounds,
    )
    table = compared(
        f"release: {count} orders of {factory.LINES} lines, each made to order through"
        " 3 levels; for one order"
    )
    add_pair(table, "confirm; release all at once", pair, count, most=MOST)
    return [table]


def measure(env, plain, count, rounds):
    """Release and confirm orders in turns; runs inside Odoo."""
    from odoo.modules.registry import Registry  # noqa: PLC0415  only there inside Odoo

    sides = [_Stock(Registry(plain)), _Desk(env.registry)]
    for side in sides:
        side.prepare(2)
        side.make()
    results = []
    for _round in range(rounds):
        for side in sides:
            side.prepare(count)
        actions = [lambda _number, side=side: side.make() for side in sides]
        results.append(inside.in_turns(actions, 1))
    return inside.summary(results)


class _Stock(Stock):
    """Plain Odoo: confirming makes manufacturing orders at once."""

    def _make_goods(self, env):
        return factory.make_made_products(env)

    def make(self):
        return self.confirm()


class _Desk(Way):
    """A company where production instructions are acknowledged."""

    def _name_signers(self, env):
        super()._name_signers(env)
        roles = env["order.desk.role"].with_context(active_test=False)
        for role in roles.search(
            [("company_id", "=", env.company.id), ("step", "=", "instruction")]
        ):
            role.active = True
            role.user_ids = [(6, 0, [self.users[SIGNERS["production_manager"]]])]

    def _make_goods(self, env, category):
        return factory.make_made_products(env, categ_id=category.id)

    def prepare(self, count):
        self._make(count)
        self._take(BEFORE)

    def make(self):
        return self._release()
