from odoo import fields, models


class OrderDeskSheet(models.Model):
    _inherit = "order.desk.sheet"

    delivery_count = fields.Integer(related="order_id.delivery_count")

    def action_view_delivery(self):
        """Open the deliveries of this sheet's sales order."""
        self.ensure_one()
        return self.order_id.action_view_delivery()
