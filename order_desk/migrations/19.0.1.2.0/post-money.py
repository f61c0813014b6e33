from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give companies finance's role and the rights to waive.

    The customer classes ask for nothing until somebody sets their policy, so no
    running order stops. Whoever has something new to do gets a to-do.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].with_context(active_test=False).search([])
    env["order.desk.role"]._create_default_roles(companies)
    env["order.desk.waiver.right"]._create_default_rights(companies)
    sheets = env["order.desk.sheet"].search([("state", "not in", ("done", "cancel"))])
    sheets._update_todos()
