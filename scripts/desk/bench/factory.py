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
