from odoo import fields, models


class OrderDeskShippingAdvice(models.Model):
    """The receipt that the customer signs for what an advice tells of (SPEC G7)."""

    _inherit = "order.desk.shipping.advice"

    receipt_ids = fields.One2many(
        "order.desk.receipt", "advice_id", "Delivery Receipts", readonly=True
    )

    def _note_sent(self):
        result = super()._note_sent()
        self.env["order.desk.receipt"]._make_for_advices(self)
        return result

    def _note_received(self, moment):
        """Note that the goods have arrived, if nobody has done so before."""
        self._note_arrival(moment)
