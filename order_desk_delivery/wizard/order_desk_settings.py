from odoo import api, fields, models


class OrderDeskSettings(models.TransientModel):
    _inherit = "order.desk.settings"

    order_desk_cut_off = fields.Float(
        "Cut-off Time",
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        help="Orders that come before it are placed the same working day, and delivery"
        " is arranged on the next; orders that come at it or later, a working day"
        " later. It is the clock time of the company.",
    )
    order_desk_claim_hours = fields.Float(
        "Settle Claims within (Hours)",
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        help="Working hours after which the customer knows what is done about a claim;"
        " the first answer is due after the hours of the role that deals with claims.",
    )

    @api.model
    def _get_company_fields(self):
        return [
            *super()._get_company_fields(),
            "order_desk_cut_off",
            "order_desk_claim_hours",
        ]
