"""Validating transfers of controlled orders beside those of plain Odoo."""

from . import factory, inside
from .sign import STEPS, Stock, Way
from .table import Table, add_pair, compared, number

TITLE = "validate transfers of orders with issued shipping requests, many at once"
TRANSFERS = 200
ROUNDS = 3
MOST = 1.25
SHIPPER = ["stock.group_stock_user"]


def run(bench):
    most = bench.orders or TRANSFERS
    rounds = bench.rounds or ROUNDS
    sizes = sorted({max(1, most // 4), max(1, most // 2), most})
    figures = bench.measure(
        f"Validating up to {most} transfers, {rounds} times on both sides",
        bench.own(),
        measure,
        plain=bench.plain(),
        sizes=sizes,
        rounds=rounds,
    )
    table = compared(
        f"ship: {most} transfers of {factory.LINES} lines, validated at once; for one"
    )
    add_pair(table, "validate", figures[str(most)], most, most=MOST)
    headings = ("", *(f"{size} transfers" for size in sizes), "target", "met")
    queries = Table(
        "ship: SQL queries for one transfer, by transfers at once", headings
    )
    for side, label in enumerate(("plain Odoo", "order desk")):
        counts = [figures[str(size)]["queries"][side] / size for size in sizes]
        if side:
            grows = any(count > counts[0] for count in counts)
            target = "does not grow"
            queries.add(label, *map(number, counts), target=target, met=not grows)
        else:
            queries.add(label, *map(number, counts))
    return [table, queries]


def measure(env, plain, sizes, rounds):
    """Validate on both sides in turns; runs inside Odoo.

    :return: for each size the summary of its rounds
    """
    from odoo.modules.registry import Registry  # noqa: PLC0415  only there inside Odoo

    sides = [_Stock(Registry(plain)), _Desk(env.registry)]
    for side in sides:
        side.get_ready(2)
        side.ship()
    results = {}
    for size in sizes:
        found = []
        # what is asked for is the largest; the others tell whether queries grow
        for _round in range(rounds if size == max(sizes) else 1):
            for side in sides:
                side.get_ready(size)
            actions = [lambda _number, side=side: side.ship() for side in sides]
            found.append(inside.in_turns(actions, 1))
        results[str(size)] = inside.summary(found)
    return results


def _make_shipper(registry):
    with registry.cursor() as cursor:
        env = inside.environment(registry, 1, cursor)
        return factory.make_user(env, "shipper", SHIPPER).id


def _ship(registry, uid, order_ids):
    """Validate the transfers of these orders; return seconds and queries."""

    def validate(env):
        orders = env["sale.order"].sudo().browse(order_ids)
        # no text messages to customers from here
        pickings = env["stock.picking"].with_context(skip_sms=True)
        pickings = pickings.browse(orders.picking_ids.ids)
        if pickings.button_validate() is not True or set(pickings.mapped("state")) != {
            "done"
        }:
            raise RuntimeError("the transfers were not validated")

    return inside.timed(registry, uid, validate)


class _Stock(Stock):
    """Plain Odoo: the same orders, confirmed and reserved."""

    def __init__(self, registry):
        super().__init__(registry)
        self.shipper_id = _make_shipper(registry)

    def get_ready(self, count):
        self.prepare(count)
        self.confirm()

    def ship(self):
        return _ship(self.registry, self.shipper_id, self.order_ids)


class _Desk(Way):
    """A company where nothing leaves without a shipping request."""

    def __init__(self, registry):
        super().__init__(registry)
        self.shipper_id = _make_shipper(registry)

    def _name_signers(self, env):
        super()._name_signers(env)
        roles = env["order.desk.role"].with_context(active_test=False)
        for role in roles.search(
            [("company_id", "=", env.company.id), ("step", "=", "shipping_request")]
        ):
            role.active = True
            role.user_ids = [(6, 0, [self.users["clerk"]])]

    def get_ready(self, count):
        """Have released orders with an issued shipping request each."""
        self._make(count)
        self._take(STEPS)
        self.act("clerk", self._issue)

    def _issue(self, env):
        requests = env["order.desk.shipping.request"]
        for sheet in self.sheets(env):
            requests |= requests._prepare(sheet.order_id)
        requests.check_ids.is_looked = True
        requests.action_issue()
        self.order_ids = self.sheets(env).order_id.ids

    def ship(self):
        return _ship(self.registry, self.shipper_id, self.order_ids)
