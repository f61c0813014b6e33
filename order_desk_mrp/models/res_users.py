from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model
    def _get_order_reader_groups(self):
        return [*super()._get_order_reader_groups(), "mrp.group_mrp_user"]
