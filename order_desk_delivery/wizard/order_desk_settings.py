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

    @api.model
    def _get_company_fields(self):
        return [*super()._get_company_fields(), "order_desk_cut_off"]
