from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[
            ("shipping_requested", "Shipping requested"),
            ("advice_sent", "Shipping advice sent"),
            ("arrived", "Goods arrived"),
            ("received", "Received by the customer"),
            ("cancelled",),
            ("claim", "Claim opened"),
            ("claim_settled", "Claim settled"),
        ],
        ondelete={
            "shipping_requested": "cascade",
            "advice_sent": "cascade",
            "arrived": "cascade",
            "received": "cascade",
            "claim": "cascade",
            "claim_settled": "cascade",
        },
    )


class OrderDeskSheet(models.Model):
    _inherit = "order.desk.sheet"

    def _get_milestone_sentence(self, code):
        if code == "arrived":
            return self.env._("The goods have arrived.")
        if code == "received":
            return self.env._("Everything has left, and the customer has received it.")
        return super()._get_milestone_sentence(code)
