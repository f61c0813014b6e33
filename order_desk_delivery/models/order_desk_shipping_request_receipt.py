from odoo import fields, models
from odoo.exceptions import UserError


class OrderDeskShippingRequest(models.Model):
    """Has everything of a request been signed for? (SPEC G7)"""

    _inherit = "order.desk.shipping.request"

    receipt_ids = fields.One2many(
        "order.desk.receipt", "request_id", "Delivery Receipts", readonly=True
    )

    def action_make_receipts(self):
        """Make the receipts for what has left under these requests without an advice.

        :raise UserError: nothing has left that is on no receipt
        """
        self.check_access("write")
        moves = self.sudo().line_ids.move_ids  # the sales admin need not read moves
        receipts = self.env["order.desk.receipt"]._make(moves)
        if not receipts:
            raise UserError(
                self.env._(
                    "%s: nothing has left for which there is no delivery receipt yet.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        return receipts._get_records_action(name=self.env._("Delivery Receipts"))

    def _note_received(self):
        """Note which requests are done: all has left, and all was signed for."""
        # protected fields; the receivers' word is the authority
        shipped = self.sudo().filtered(lambda request: request.state == "shipped")
        shipped.filtered(
            lambda request: request.line_ids.move_ids._is_all_received()
        ).write({"state": "received"})
