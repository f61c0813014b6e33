def post_init_hook(env):
    """Give every company that exists already its own signer roles."""
    env["order.desk.role"]._create_default_roles(env["res.company"].search([]))


def uninstall_hook(env):
    """Leave the demo factory in place: deliveries, invoices and users build on it.

    The records of our own models go with their tables, not one by one.
    """
    env["ir.model.data"].search(
        [
            ("module", "=", "order_desk"),
            "|",
            ("name", "=like", "%\\_demo%"),
            ("model", "=like", "order.desk.%"),
        ]
    ).unlink()
    # the trigger goes with its table, the function would stay
    env.cr.execute("DROP FUNCTION IF EXISTS order_desk_signature_keep() CASCADE")
