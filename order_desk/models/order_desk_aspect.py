from odoo import fields, models
from odoo.exceptions import UserError


class OrderDeskAspect(models.Model):
    """A part of the sheet's content that a signer answers for.

    The content of each aspect is gathered by
    ``order.desk.sheet._get_contents``; ``code`` is its key there.
    """

    _name = "order.desk.aspect"
    _description = "Aspect of the Order Configuration Sheet"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)

    _code_uniq = models.UniqueIndex(
        "(code)", "An aspect with this code exists already."
    )

    def write(self, vals):
        if any(vals.get("code", aspect.code) != aspect.code for aspect in self):
            raise UserError(
                self.env._(
                    "The code of an aspect stays as it is: what was signed is kept"
                    " under it. Change the name instead."
                )
            )
        return super().write(vals)
