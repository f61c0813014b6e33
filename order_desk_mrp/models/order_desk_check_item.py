from odoo import fields, models


class OrderDeskCheckItem(models.Model):
    _inherit = "order.desk.check.item"

    usage = fields.Selection(
        selection_add=[
            ("instruction", "Acknowledgement of the production instruction")
        ],
        ondelete={"instruction": "cascade"},
    )
