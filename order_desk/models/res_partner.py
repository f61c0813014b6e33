from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    order_desk_class_id = fields.Many2one(
        "order.desk.customer.class",
        "Customer Class",
        company_dependent=True,
        help="The payment policy that applies to this customer. Without a class the"
        " strictest one applies.",
    )
    customer_code = fields.Char(
        help="Stands for the customer's name on everything on the shop floor.",
        copy=False,
    )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["order_desk_class_id", "customer_code"]
