"""Records to measure with, made inside Odoo: the same with our modules or without."""

LINES = 5
STOCK = 1_000_000
PASSWORD_LESS = {"no_reset_password": True}


def make_user(env, login, groups):
    """Return a new user in ``groups`` (XML ids)."""
    return (
        env["res.users"]
        .with_context(**PASSWORD_LESS)
        .create(
            {
                "name": f"Bench {login}",
                "login": f"bench_{login}",
                "email": f"{login}@example.com",
                "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
                "tz": "UTC",
            }
        )
    )


def make_products(env, **values):
    """Return storable products, one for each line of an order, with plenty on hand."""
    products = env["product.product"].create(
        [
            {
                "name": f"Bench product {number}",
                "default_code": f"BENCH-{number}",
                "type": "consu",
                "is_storable": True,
                "list_price": 10.0 + number,
                **values,
            }
            for number in range(LINES)
        ]
    )
    location = env["stock.warehouse"].search([], limit=1).lot_stock_id
    for product in products:
        env["stock.quant"]._update_available_quantity(product, location, STOCK)
    return products


def make_made_products(env, **values):
    """Return products made to order, each of a motor, that of a rotor, that of a core.

    There are plenty of cores.
    """
    warehouse = env["stock.warehouse"].search([], limit=1)
    routes = warehouse.mto_pull_id.route_id | warehouse.manufacture_pull_id.route_id
    routes.active = True
    parts = make_products(env)
    for level in ("rotor", "motor", "pump"):
        made = env["product.product"].create(
            [
                {
                    "name": f"Bench {level} {number}",
                    "type": "consu",
                    "is_storable": True,
                    "list_price": 10.0 + number,
                    "route_ids": [(6, 0, routes.ids)],
                    **(values if level == "pump" else {}),
                }
                for number in range(LINES)
            ]
        )
        env["mrp.bom"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "bom_line_ids": [(0, 0, {"product_id": part.id, "product_qty": 1})],
                }
                for product, part in zip(made, parts, strict=True)
            ]
        )
        parts = made
    return parts


def make_customer(env, name="Bench customer"):
    """Return a customer with all that a sheet asks for."""
    return env["res.partner"].create(
        {
            "name": name,
            "phone": "+86 571 0000 0000",
            "street": "1 Dock Road",
            "city": "Hangzhou",
            "country_id": env.ref("base.cn").id,
        }
    )


def make_orders(env, products, customer, count, **values):
    """Return ``count`` quotations with a line for each product."""
    lines = [
        (0, 0, {"product_id": product.id, "product_uom_qty": 3}) for product in products
    ]
    return env["sale.order"].create(
        [
            {"partner_id": customer.id, "order_line": lines, **values}
            for _n in range(count)
        ]
    )
