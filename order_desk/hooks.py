def post_init_hook(env):
    """Give every company that exists already its own signer roles."""
    env["order.desk.role"]._create_default_roles(env["res.company"].search([]))
