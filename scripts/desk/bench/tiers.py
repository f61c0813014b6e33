"""Four countersignatures beside four approvals by OCA's tier validation."""

from . import factory, inside
from .sign import COUNTERSIGNERS, SIGNERS, Way, statement_of
from .table import add_pair, compared

TITLE = "four countersignatures, beside OCA's tier validation of sales orders"
ORDERS = 100
ROUNDS = 5
MOST = 0.8
MODULES = ("base_tier_validation", "sale_tier_validation")
AS_IT_COMES, TELLING = "tiers that tell nobody", "tiers that tell the others"
NOTES = (
    "OCA's validate_tier takes one order; all at once is all in one request.",
    f"{AS_IT_COMES}: as they come, without a note, a to-do or a message; no target.",
    f"{TELLING}: each approval leaves a note and reaches the others' inbox.",
)


def run(bench):
    peer, own = bench.peer(MODULES), bench.own()
    count = bench.orders or ORDERS
    rounds = bench.rounds or ROUNDS
    figures = bench.measure(
        f"Approving {count} orders, {rounds} times on both sides",
        own,
        measure,
        peer=peer,
        count=count,
        rounds=rounds,
    )
    table = compared(
        f"tiers: {count} orders of {factory.LINES} lines approved by four people, "
        "validate_tier against action_sign; for one order",
        *("OCA tiers", "OCA"),
    )
    for label, pair in figures.items():
        same_work = label.endswith(TELLING)
        add_pair(table, label, pair, count, most=MOST if same_work else None)
    table.notes += NOTES
    return [table]


def measure(env, peer, count, rounds):
    """Approve orders in both databases in turns; runs inside Odoo."""
    from odoo.modules.registry import Registry  # noqa: PLC0415  only there inside Odoo

    tiers, desk = _Tiers(Registry(peer)), _Desk(env.registry)
    results = {}
    for variant in (AS_IT_COMES, TELLING):
        tiers.set_telling(variant == TELLING)
        for label, size in (("one by one", 1), ("all at once", count)):
            _approve((tiers, desk), 2, size)  # caches of the process
            values = [_approve((tiers, desk), count, size) for _n in range(rounds)]
            results[f"{label}, {variant}"] = inside.summary(values)
    return results


def _approve(sides, count, size):
    """Approve ``count`` new orders on each side, ``size`` in one request."""
    for side in sides:
        side.prepare(count)
    actions = [
        lambda number, side=side: side.approve(number * size, (number + 1) * size)
        for side in sides
    ]
    result = inside.in_turns(actions, -(-count // size))
    for side in sides:
        side.check()
    return result


def _tell_in_odoo(users):
    """Send these people no mail: that would measure the mail server."""
    users.notification_type = "inbox"


class _Tiers:
    """OCA's side: a seller, a definition and a person for each approval."""

    def __init__(self, registry):
        self.registry = registry
        with registry.cursor() as cursor:
            env = inside.environment(registry, 1, cursor)
            seller = ["sales_team.group_sale_salesman"]
            self.seller_id = factory.make_user(env, "seller", seller).id
            self.customer_id = factory.make_customer(env).id
            self.product_ids = factory.make_products(env).ids
            readers = ["sales_team.group_sale_salesman_all_leads"]
            self.approver_ids = [
                factory.make_user(env, role, readers).id for role in COUNTERSIGNERS
            ]
            _tell_in_odoo(env["res.users"].browse(self.approver_ids))
            self._define(env)

    def _define(self, env):
        model = env["ir.model"]._get("sale.order")
        definitions = env["tier.definition"].create(
            [
                {
                    "name": f"Bench approval {user_id}",
                    "model_id": model.id,
                    "review_type": "individual",
                    "reviewer_id": user_id,
                }
                for user_id in self.approver_ids
            ]
        )
        self.definition_ids = definitions.ids

    def set_telling(self, is_telling):
        """Choose whether an approval is told to others."""
        with self.registry.cursor() as cursor:
            env = inside.environment(self.registry, 1, cursor)
            definitions = env["tier.definition"].browse(self.definition_ids)
            definitions.notify_on_accepted = is_telling

    def prepare(self, count):
        """Have ``count`` new orders that wait for the approvals."""

        def make(env):
            orders = factory.make_orders(
                env,
                env["product.product"].browse(self.product_ids),
                env["res.partner"].browse(self.customer_id),
                count,
            )
            orders.request_validation()
            self.order_ids = orders.ids

        inside.timed(self.registry, self.seller_id, make)

    def approve(self, begin, end):
        """Approve some orders as each of the four; return seconds and queries."""

        def act(env):
            for order in env["sale.order"].browse(self.order_ids[begin:end]):
                order.validate_tier()  # it takes one order

        return inside.total(
            inside.timed(self.registry, user_id, act) for user_id in self.approver_ids
        )

    def check(self):
        """See that all orders are approved."""
        with self.registry.cursor() as cursor:
            env = inside.environment(self.registry, 1, cursor)
            orders = env["sale.order"].browse(self.order_ids)
            reviews = orders.review_ids
            if (
                set(orders.mapped("validation_status")) != {"validated"}
                or set(reviews.mapped("status")) != {"approved"}
                or len(reviews) != len(orders) * len(self.approver_ids)
                or set(reviews.done_by.ids) != set(self.approver_ids)
            ):
                raise ValueError("an order is not approved by all")


class _Desk:
    """Our side: sheets that wait for the countersignatures."""

    def __init__(self, registry):
        self.way = Way(registry)
        with registry.cursor() as cursor:
            env = inside.environment(registry, 1, cursor)
            _tell_in_odoo(env["res.users"].browse(self.way.users.values()))

    def prepare(self, count):
        self.way.prepare(count)

    def approve(self, begin, end):
        """Sign some sheets as each of the four; return seconds and queries."""
        way = self.way
        return inside.total(
            way.act(
                SIGNERS[role],
                lambda env, role=role: way.sheets(env)[begin:end].action_sign(
                    way.roles[role], *statement_of(role).values()
                ),
            )
            for role in COUNTERSIGNERS
        )

    def check(self):
        """See that all sheets are signed."""
        with self.way.registry.cursor() as cursor:
            env = inside.environment(self.way.registry, 1, cursor)
            sheets = self.way.sheets(env)
            roles = {self.way.roles[role] for role in COUNTERSIGNERS}
            signed = sheets.signature_ids.filtered(
                lambda signature: signature.role_id.id in roles
            )
            if (
                set(sheets.mapped("state")) != {"coding"}
                or len(signed) != len(sheets) * len(roles)
                or not all(signed.mapped("is_current"))
            ):
                raise ValueError("a sheet is not signed by all")
