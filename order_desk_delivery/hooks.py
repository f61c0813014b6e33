def uninstall_hook(env):
    """Leave the demo records in place: other documents build on them."""
    env["ir.model.data"].search(
        [("module", "=", "order_desk_delivery"), ("name", "=like", "%\\_demo%")]
    ).unlink()
