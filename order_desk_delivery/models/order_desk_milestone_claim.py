from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[
            ("claim", "Claim opened"),
            ("claim_settled", "Claim settled"),
        ],
        ondelete={"claim": "cascade", "claim_settled": "cascade"},
    )
