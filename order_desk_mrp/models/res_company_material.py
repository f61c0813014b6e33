from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    order_desk_material_days = fields.Integer(
        "Material Statements Hold (Days)",
        default=7,
        help="Working days for which a signed material statement holds.",
    )

    @api.constrains("order_desk_material_days")
    def _check_order_desk_material_days(self):
        for company in self:
            if not 1 <= company.order_desk_material_days <= 90:
                raise ValidationError(
                    self.env._(
                        "%s: a material statement holds for 1 to 90 working days.",
                        company.name,
                    )
                )

    def _order_desk_working_day(self, day):
        """Return ``day`` if somebody works then, else the next such day."""
        return self._order_desk_add_working_days(fields.Date.subtract(day, days=1), 1)

    @api.model
    def _get_order_desk_sequences(self):
        return {
            **super()._get_order_desk_sequences(),
            "order.desk.material.statement": (
                self.env._("Material statement"),
                "MS%(y)s%(month)s-",
            ),
        }
