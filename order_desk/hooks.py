def post_init_hook(env):
    """Give every company that exists already its own signer roles and rights."""
    companies = env["res.company"].search([])
    env["order.desk.role"]._create_default_roles(companies)
    env["order.desk.waiver.right"]._create_default_rights(companies)


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
    # the triggers go with their tables, the functions would stay
    env.cr.execute("DROP FUNCTION IF EXISTS order_desk_signature_keep() CASCADE")
    env.cr.execute("DROP FUNCTION IF EXISTS order_desk_waiver_keep() CASCADE")
