from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _get_order_desk_sequences(self):
        return {
            **super()._get_order_desk_sequences(),
            "order.desk.shipping.request": (
                self.env._("Shipping request"),
                "SR%(y)s%(month)s-",
            ),
            "order.desk.shipping.advice": (
                self.env._("Shipping advice"),
                "SA%(y)s%(month)s-",
            ),
            "order.desk.receipt": (self.env._("Delivery receipt"), "RC%(y)s%(month)s-"),
            "order.desk.archive": (self.env._("Archive"), "AR%(y)s%(month)s-"),
            "order.desk.claim": (self.env._("Claim"), "CL%(y)s%(month)s-"),
        }
