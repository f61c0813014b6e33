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

    def _get_order_desk_class(self, company):
        """Return the class that applies to this customer in ``company`` (SPEC F1).

        The strictest one applies to customers without a class, or with one that is not
        in use any more.
        """
        self.ensure_one()
        # whoever works on an order may know what applies to it
        customer = self.commercial_partner_id.sudo().with_company(company)
        customer_class = customer.order_desk_class_id
        return customer_class.filtered("active") or customer_class._get_strictest()
