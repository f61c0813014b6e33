from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _get_order_desk_sequences(self):
        return {
            **super()._get_order_desk_sequences(),
            "order.desk.incident": (self.env._("Incident"), "IN%(y)s%(month)s-"),
            "order.desk.instruction": (
                self.env._("Production instruction"),
                "PI%(y)s%(month)s-",
            ),
        }
