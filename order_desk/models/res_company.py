from odoo import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # roles belong to the order desk's administrator, who need not create companies
        self.env["order.desk.role"].sudo()._create_default_roles(companies)
        return companies
