from odoo import fields, models


class OrderDeskCheckItem(models.Model):
    """One thing to look at, on a checklist of the desk."""

    _name = "order.desk.check.item"
    _description = "Checklist Item"
    _order = "usage, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    usage = fields.Selection(
        [
            ("review", "Second look at what was entered"),
            ("return_copy", "Verification of the return copy"),
        ],
        required=True,
        default="review",
        help="Which checklist asks for it.",
    )
