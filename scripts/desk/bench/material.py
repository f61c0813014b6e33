"""What it costs to state the material of an order: its bills of materials exploded."""

import statistics

from . import factory, inside
from .table import Table, milliseconds

TITLE = "material statement of an order with 300 materials on three levels"
MATERIALS = 300
ASSEMBLIES = 20
LINES = (1, 5, 20)
ROUNDS = 7
MOST = 1.0  # seconds of SQL and Python


def run(bench):
    rounds = bench.rounds or ROUNDS
    results = bench.measure(
        f"Statements of {MATERIALS} materials, {rounds} times for each size",
        bench.own(),
        measure,
        rounds=rounds,
    )
    table = Table(
        f"material: {MATERIALS} materials, {2 * ASSEMBLIES} assemblies, 3 levels",
        ("order lines", "seconds", "SQL queries", "target", "met"),
    )
    fewest = results[0]["queries"]
    for result in results:
        seconds, queries = result["seconds"], result["queries"]
        table.add(
            f"{result['lines']}: {result['listed']} materials listed",
            milliseconds(seconds),
            queries,
            target=f"≤ {MOST:g} s, ≤ {fewest + 1} queries",
            met=seconds <= MOST and queries <= fewest + 1,
        )
    table.notes.append(
        "Odoo looks up the bill of materials of a single product without reading its"
        " variants: one query less than for several."
    )
    table.notes.append("Seconds are the median; each round states a new order.")
    return [table]


def measure(env, rounds):
    """Make statements of orders with the same materials on few and many lines."""
    customer = factory.make_customer(env)
    assemblies = _make_assemblies(env, _make_materials(env))
    sheets = {}
    for count in LINES:
        goods = _make_goods(env, assemblies, count)
        orders = factory.make_orders(env, goods, customer, rounds + 1)
        orders.action_make_sheet()
        sheets[count] = orders.sheet_id.ids
    env.cr.commit()
    results = []
    for count in LINES:
        with inside.quiet():
            times = [_state(env.registry, sheet_id) for sheet_id in sheets[count]][1:]
        env.cr.commit()  # to see what the measured transactions have made
        env.invalidate_all()
        statements = env["order.desk.material.statement"]
        statement = statements.search([("sheet_id", "=", sheets[count][-1])])
        results.append(
            {
                "lines": count,
                "listed": statement.line_count,
                "seconds": statistics.median(seconds for seconds, _queries in times),
                "queries": max(queries for _seconds, queries in times),
            }
        )
    return results


def _state(registry, sheet_id):
    def action(env):
        sheet = env["order.desk.sheet"].browse(sheet_id)
        env["order.desk.material.statement"]._make(sheet)

    return inside.timed(registry, 1, action)


def _make_materials(env):
    """Return what is bought: in stock, on its way, or missing, a third each."""
    materials = env["product.product"].create(
        [
            {"name": f"Bench material {n}", "type": "consu", "is_storable": True}
            for n in range(MATERIALS)
        ]
    )
    supplier = factory.make_customer(env, "Bench supplier")
    env["product.supplierinfo"].create(
        [
            {
                "partner_id": supplier.id,
                "product_tmpl_id": material.product_tmpl_id.id,
                "delay": 5,
            }
            for material in materials
        ]
    )
    warehouse = env["stock.warehouse"].search([], limit=1)
    for material in materials[::3]:
        env["stock.quant"]._update_available_quantity(
            material, warehouse.lot_stock_id, factory.STOCK
        )
    env["stock.move"].create(
        [
            {
                "product_id": material.id,
                "product_uom_qty": factory.STOCK,
                "location_id": env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "picking_type_id": warehouse.in_type_id.id,
            }
            for material in materials[1::3]
        ]
    )._action_confirm()
    return materials


def _make_assemblies(env, materials):
    """Return motors: each of a rotor and materials, the rotor of materials."""
    each = MATERIALS // ASSEMBLIES
    motors = env["product.product"]
    for number in range(ASSEMBLIES):
        parts = materials[number * each : (number + 1) * each]
        rotor = _make_made(env, f"Bench rotor {number}", parts[: each // 3])
        motors += _make_made(env, f"Bench motor {number}", rotor + parts[each // 3 :])
    return motors


def _make_goods(env, assemblies, count):
    """Return ``count`` products that share out all the assemblies among them."""
    goods = env["product.product"]
    for number in range(count):
        parts = assemblies[number::count]
        goods += _make_made(env, f"Bench pump {number} of {count}", parts)
    return goods


def _make_made(env, name, parts):
    warehouse = env["stock.warehouse"].search([], limit=1)
    routes = warehouse.mto_pull_id.route_id | warehouse.manufacture_pull_id.route_id
    routes.active = True
    product = env["product.product"].create(
        {
            "name": name,
            "type": "consu",
            "is_storable": True,
            "list_price": 10.0,
            "route_ids": [(6, 0, routes.ids)],
        }
    )
    env["mrp.bom"].create(
        {
            "product_tmpl_id": product.product_tmpl_id.id,
            "bom_line_ids": [
                (0, 0, {"product_id": part.id, "product_qty": 2}) for part in parts
            ],
        }
    )
    return product
