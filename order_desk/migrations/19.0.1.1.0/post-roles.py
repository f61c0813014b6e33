from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give companies the roles that are new: order check and sales manager."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].with_context(active_test=False).search([])
    env["order.desk.role"]._create_default_roles(companies)
