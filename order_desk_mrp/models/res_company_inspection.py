from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _get_order_desk_sequences(self):
        return {
            **super()._get_order_desk_sequences(),
            "order.desk.inspection": (self.env._("Inspection"), "QI%(y)s%(month)s-"),
        }
