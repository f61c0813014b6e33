from odoo import SUPERUSER_ID, api

from odoo.addons.order_desk_mrp.hooks import set_up


def migrate(cr, version):
    """Give companies the roles of production; nothing that runs is asked anew."""
    set_up(api.Environment(cr, SUPERUSER_ID, {}))
