from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    order_desk_claim_hours = fields.Float(
        "Settle Claims within (Hours)",
        default=40.0,
        help="Working hours after which the customer knows what is done about a claim;"
        " the first answer is due after the hours of the role that deals with claims.",
    )

    @api.constrains("order_desk_claim_hours")
    def _check_order_desk_claim_hours(self):
        for company in self:
            if not 1 <= company.order_desk_claim_hours <= 2000:
                raise ValidationError(
                    self.env._(
                        "%s: claims are settled within 1 to 2000 working hours.",
                        company.name,
                    )
                )
