from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Bring open sheets to the review of this version.

    Companies get the roles that are new, lines the price of their pricelist, and who
    has entered an order does not take its second look.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].with_context(active_test=False).search([])
    env["order.desk.role"]._create_default_roles(companies)
    sheets = env["order.desk.sheet"].search(
        [("state", "not in", ("released", "done", "cancel"))]
    )
    lines = sheets.order_line
    for name in ("policy_price", "price_exception"):
        env.add_to_compute(lines._fields[name], lines)
    env.flush_all()
    for sheet in sheets:
        submitted = sheet.milestone_ids.filtered(lambda m: m.code == "submitted")
        sheet._note_entry(
            sheet.order_id.create_uid | sheet.order_line.create_uid | submitted.user_id
        )
    sheets._update_todos()
