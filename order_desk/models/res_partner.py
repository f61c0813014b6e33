from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    order_desk_class_id = fields.Many2one(
        "order.desk.customer.class",
        "Customer Class",
        company_dependent=True,
        copy=False,
        groups="base.group_user",
        help="The payment policy that applies to this customer. Without a class the"
        " strictest one applies.",
    )
    order_desk_applied_class_id = fields.Many2one(
        "order.desk.customer.class",
        "Class that Applies",
        compute="_compute_order_desk_applied_class_id",
        groups="base.group_user",
        help="The class of the customer, else the strictest one.",
    )
    customer_code = fields.Char(
        help="Stands for the customer's name on everything on the shop floor.",
        copy=False,
        groups="base.group_user",
    )

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + ["order_desk_class_id", "customer_code"]

    @api.depends("commercial_partner_id.order_desk_class_id.active")
    @api.depends_context("company")
    def _compute_order_desk_applied_class_id(self):
        for partner in self:
            partner.order_desk_applied_class_id = partner._get_order_desk_class(
                self.env.company
            )

    def _get_order_desk_class(self, company):
        """Return the class that applies to this customer in ``company`` (SPEC F1).

        It is that of the commercial partner. Without one, or when it is archived, the
        strictest class applies; the result is empty when there is no class at all.
        """
        strictest = self.env["order.desk.customer.class"]._get_strictest()
        if not self:  # an order that has no customer yet
            return strictest
        self.ensure_one()
        # whoever works on an order may know what applies to it
        customer = self.commercial_partner_id.sudo().with_company(company)
        customer_class = customer.order_desk_class_id.filtered("active")
        return customer_class.with_env(self.env) or strictest
