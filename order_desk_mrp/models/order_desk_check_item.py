from odoo import fields, models


class OrderDeskCheckItem(models.Model):
    _inherit = "order.desk.check.item"

    usage = fields.Selection(
        selection_add=[
            ("instruction", "Acknowledgement of the production instruction")
        ],
        ondelete={"instruction": "cascade"},
    )
    concerns = fields.Selection(
        [
            ("all", "Every order"),
            ("tolerance", "Orders with a tolerance"),
            ("packaging", "Orders with packaging notes"),
            ("drawing", "Orders with drawings"),
            ("special", "Orders with special rules"),
        ],
        required=True,
        default="all",
        help="On which production instructions the item stands.",
    )
