# what a company asks its standard roles to state once production is on the desk
STATEMENTS = {
    "chief_engineer": "engineering",
    "material_control_manager": "material",
}
# conditions of the gates that this module adds, and that can be waived
WAIVABLE = ("engineering", "incident", "inspection", "material")


def set_up(env):
    """Give every company what production needs: roles and rights (SPEC B, E)."""
    companies = env["res.company"].with_context(active_test=False).search([])
    roles = env["order.desk.role"].with_context(active_test=False)
    roles._create_default_roles(companies)
    for code, statement in STATEMENTS.items():
        # what a company has changed stays as it is
        roles.search(
            [("code", "=", code), ("statement", "=", "text")]
        ).statement = statement
    env["order.desk.waiver.right"]._create_default_rights(companies, WAIVABLE)


def post_init_hook(env):
    """See ``set_up``."""
    set_up(env)


def uninstall_hook(env):
    """Leave the demo records in place: other documents build on them.

    The records of our own models go with their tables, not one by one. Ticks alone go
    first: they would keep the checklist of instructions, which nobody could read.
    """
    env.cr.execute("DELETE FROM order_desk_instruction_point")
    env["ir.model.data"].search(
        [("module", "=", "order_desk_mrp"), ("name", "=like", "%\\_demo%")]
    ).unlink()
