# conditions of the shipping gate that this module adds, and that can be waived
WAIVABLE = ("accessories", "shipping_request")


def set_up(env):
    """Give every company what shipping needs: roles and rights (SPEC G)."""
    companies = env["res.company"].with_context(active_test=False).search([])
    roles = env["order.desk.role"].with_context(active_test=False)
    roles._create_default_roles(companies)
    env["order.desk.waiver.right"]._create_default_rights(companies, WAIVABLE)


def post_init_hook(env):
    """See ``set_up``."""
    set_up(env)


def uninstall_hook(env):
    """Leave the demo records in place: other documents build on them."""
    env["ir.model.data"].search(
        [("module", "=", "order_desk_delivery"), ("name", "=like", "%\\_demo%")]
    ).unlink()
