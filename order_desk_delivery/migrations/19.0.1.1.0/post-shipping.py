from odoo import SUPERUSER_ID, api

from odoo.addons.order_desk_delivery.hooks import set_up


def migrate(cr, version):
    """Give companies the roles of shipping; orders on their way go on as before.

    Companies that ship orders under control already switch shipping requests on when
    they are ready: by taking the role out of the archive.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    set_up(env)
    running = env["order.desk.sheet"].search([("state", "=", "released")])
    env["order.desk.role"].search(
        [
            ("step", "=", "shipping_request"),
            ("company_id", "in", running.company_id.ids),
        ]
    ).active = False
