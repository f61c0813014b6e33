"""The way of a sheet from submission to release, in batches of growing size."""

from datetime import date, timedelta

from . import factory, inside
from .client import Dialog
from .table import Table, milliseconds, number

TITLE = "submit, sign by all roles, code, confirm and release sheets, many at once"
SHEETS = 100
ROUNDS = 2
STEPS = (
    "submit",
    "check",
    "approve",
    "open",
    "countersign",
    "code",
    "confirm",
    "release",
)
LABELS = {
    "open": "open the dialog, 4 roles",
    "countersign": "sign in it, 4 roles",
}
PLAIN = "confirm (plain Odoo)"
RETURN_COPY = b"%PDF-1.4\n%%EOF\n"
DIALOG = "order.desk.sheet.sign"
CLERKS = ("clerk", "checker")
SIGNERS = {
    "order_check": "checker",
    "sales_manager": "sales",
    "general_manager_review": "manager",
    "general_manager": "manager",
    "production_manager": "production",
    "material_control_manager": "material",
    "chief_engineer": "engineer",
    "warehouse_supervisor": "warehouse",
}
#: the roles that countersign, and what each fills in: a text, or a date in some days
COUNTERSIGNERS = {
    "general_manager": {},
    "production_manager": {"statement_date": 20},
    "material_control_manager": {"statement_text": "All on hand"},
    "chief_engineer": {"statement_text": "As drawn"},
}


def run(bench):
    own = bench.own()
    most = bench.orders or SHEETS
    sizes = sorted({max(1, most // 10), max(1, most // 5), max(1, most // 2), most})
    rounds = bench.rounds or ROUNDS
    figures = bench.measure(
        f"Signing up to {most} sheets, {rounds} times",
        own,
        measure,
        plain=bench.plain(),
        sizes=sizes,
        rounds=rounds,
    )
    return _tables(figures, sizes)


def _tables(figures, sizes):
    headings = ("", *(f"{size} sheets" for size in sizes), "target", "met")
    queries = Table("sign: SQL queries for one sheet, by sheets at once", headings)
    times = Table("sign: time for one sheet, by sheets at once", headings)
    for step in (PLAIN, *STEPS, "all steps"):
        steps = STEPS if step == "all steps" else [step]
        counts, seconds = [], []
        for size in sizes:
            results = [figures[str(size)][name] for name in steps]
            counts.append(sum(result[1] for result in results) / size)
            seconds.append(sum(result[0] for result in results) / size)
        label = LABELS.get(step, step)
        times.add(label, *map(milliseconds, seconds))
        if step == PLAIN:
            queries.add(label, *map(number, counts))
        else:
            grows = any(count > counts[0] for count in counts)
            target = "does not grow"
            queries.add(label, *map(number, counts), target=target, met=not grows)
    return [queries, times]


def measure(env, plain, sizes, rounds):
    """Bring batches of sheets through all steps; runs inside Odoo.

    :return: for each size and step the least seconds and queries
    """
    from odoo.modules.registry import Registry  # noqa: PLC0415  only there inside Odoo

    way = Way(env.registry)
    stock = Stock(Registry(plain))
    for batch in (way, stock):
        batch.run(2)  # caches of the process
    best = {}
    for _round in range(rounds):
        for size in sizes:
            with inside.quiet():
                results = {**way.run(size), **stock.run(size)}
            steps = best.setdefault(str(size), {})
            for step, result in results.items():
                least = steps.get(step, result)
                steps[step] = [min(pair) for pair in zip(least, result, strict=True)]
    return best


def statement_of(role):
    """Return what a role fills in when it signs, for the dialog."""
    return {
        name: (date.today() + timedelta(value)).isoformat()
        if isinstance(value, int)
        else value
        for name, value in COUNTERSIGNERS[role].items()
    }


class Stock:
    """Plain Odoo: the same orders, confirmed at once."""

    def __init__(self, registry):
        self.registry = registry
        with registry.cursor() as cursor:
            env = inside.environment(registry, 1, cursor)
            groups = ["sales_team.group_sale_salesman"]
            self.uid = factory.make_user(env, "seller", groups).id
            self.customer_id = factory.make_customer(env).id
            self.product_ids = self._make_goods(env).ids

    def _make_goods(self, env):
        return factory.make_products(env)

    def prepare(self, count):
        """Have ``count`` new quotations."""
        ids = []

        def make(env):
            products = env["product.product"].browse(self.product_ids)
            customer = env["res.partner"].browse(self.customer_id)
            ids.extend(factory.make_orders(env, products, customer, count).ids)

        inside.timed(self.registry, self.uid, make)
        self.order_ids = ids

    def confirm(self):
        """Confirm the last batch; return seconds and queries."""
        return inside.timed(
            self.registry,
            self.uid,
            lambda env: env["sale.order"].browse(self.order_ids).action_confirm(),
        )

    def run(self, count):
        self.prepare(count)
        return {PLAIN: self.confirm()}


class Way:
    """A company with a person for each role, and quotations for the order desk."""

    def __init__(self, registry):
        self.registry = registry
        with registry.cursor() as cursor:
            env = inside.environment(registry, 1, cursor)
            clerk = ["order_desk.group_order_desk_clerk"]
            self.users = {
                name: factory.make_user(
                    env, name, clerk if name in CLERKS else ["base.group_user"]
                ).id
                for name in sorted({*CLERKS, *SIGNERS.values()})
            }
            self._name_signers(env)
            self._make_products(env)
            customer = factory.make_customer(env)
            # ships on terms: money is measured elsewhere
            customer.order_desk_class_id = env.ref("order_desk.customer_class_a")
            self.customer_id = customer.id
            team = env["crm.team"].create({"name": "Bench", "use_order_desk": True})
            self.team_id = team.id
            self.dialog = Dialog(env, DIALOG)
            self.dialogs = {}

    def _name_signers(self, env):
        roles = env["order.desk.role"]
        roles._create_default_roles(env.company)
        self.roles = {}
        for role in roles.search([("company_id", "=", env.company.id)]):
            if role.code in SIGNERS:
                role.user_ids = [(6, 0, [self.users[SIGNERS[role.code]]])]
                self.roles[role.code] = role.id
            else:
                role.active = False

    def _make_products(self, env):
        category = env["product.category"].create(
            {
                "name": "Bench pumps",
                "configuration_definition": [
                    {"name": "a1b2c3d4e5f60001", "type": "char", "string": "Plug"},
                    {"name": "a1b2c3d4e5f60002", "type": "boolean", "string": "Float"},
                    {"name": "a1b2c3d4e5f60003", "type": "integer", "string": "Cable"},
                ],
            }
        )
        self.product_ids = self._make_goods(env, category).ids

    def _make_goods(self, env, category):
        return factory.make_products(env, categ_id=category.id)

    def run(self, count):
        """Take ``count`` new sheets to release; return seconds and queries by step."""
        self._make(count)
        return self._take(STEPS)

    def prepare(self, count):
        """Have ``count`` new sheets that wait for the countersignatures."""
        self._make(count)
        self._take(STEPS[: STEPS.index("open")])

    def _take(self, steps):
        return {step: getattr(self, f"_{step}")() for step in steps}

    def _make(self, count):
        with self.registry.cursor() as cursor:
            env = inside.environment(self.registry, 1, cursor)
            orders = factory.make_orders(
                env,
                env["product.product"].browse(self.product_ids),
                env["res.partner"].browse(self.customer_id),
                count,
                team_id=self.team_id,
                user_id=self.users["clerk"],
                commitment_date=date.today() + timedelta(days=30),
            )
            orders.order_line.configuration = {
                "a1b2c3d4e5f60001": "EU",
                "a1b2c3d4e5f60002": False,
                "a1b2c3d4e5f60003": 10,
            }
            orders.sheet_id.clerk_id = self.users["clerk"]
            self.sheet_ids = orders.sheet_id.ids

    def sheets(self, env):
        """Return the sheets of the last batch."""
        return env["order.desk.sheet"].browse(self.sheet_ids)

    def act(self, user, function):
        """Run ``function(env)`` as one of the people; return seconds and queries."""
        return inside.timed(self.registry, self.users[user], function)

    def _call(self, user, method, **named):
        return self.act(user, lambda env: getattr(self.sheets(env), method)(**named))

    def _submit(self):
        return self._call("clerk", "action_submit")

    def _check(self):
        return self._call("checker", "action_check")

    def _approve(self):
        return self._call("manager", "action_approve")

    def _open(self):
        return self._for_each_role(self._open_as)

    def _open_as(self, env, role):
        action = self.sheets(env).action_open_sign(self.roles[role])
        self.dialogs[role] = action["res_id"]
        self.dialog.read(env[action["res_model"]].browse(action["res_id"]))

    def _countersign(self):
        return self._for_each_role(self._sign_as)

    def _sign_as(self, env, role):
        record = env[DIALOG].browse(self.dialogs[role])
        self.dialog.press(record, "action_confirm", statement_of(role))

    def _for_each_role(self, act):
        return inside.total(
            self.act(SIGNERS[role], lambda env, role=role: act(env, role))
            for role in COUNTERSIGNERS
        )

    def _code(self):
        return self._call("warehouse", "action_code", customer_code="K-1")

    def _confirm(self):
        return self.act("clerk", self._confirm_as_clerk)

    def _confirm_as_clerk(self, env):
        copy = env["ir.attachment"].create({"name": "copy.pdf", "raw": RETURN_COPY})
        confirmations = self.sheets(env).action_make_confirmation()
        confirmations.action_read_all()
        confirmations.action_send("fax")
        confirmations.action_file_return("Customer", copy.ids)
        confirmations.action_verify()

    def _release(self):
        return self._call("clerk", "action_release")
