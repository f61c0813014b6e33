from odoo import fields, models


class OrderDeskShippingAdvice(models.Model):
    """The receipt that the customer signs for what an advice tells of (SPEC G7).

    It stands after the hooks of sending, which it extends.
    """

    _inherit = "order.desk.shipping.advice"

    receipt_ids = fields.One2many(
        "order.desk.receipt", "advice_id", "Delivery Receipts", readonly=True
    )

    def _note_sent(self):
        result = super()._note_sent()
        self.env["order.desk.receipt"]._make_for_advices(self)
        return result

    def _note_corrected(self):
        result = super()._note_corrected()
        self.receipt_ids._update_todos()  # it may arrive later than was said
        return result
