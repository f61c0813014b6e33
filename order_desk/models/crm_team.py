from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    use_order_desk = fields.Boolean(
        "Order Desk",
        help="Each new quotation of this team gets an order configuration sheet."
        " Orders that exist already stay as they are.",
    )
