from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskShippingRequest(models.Model):
    """Has everything of a request been signed for? (SPEC G7)"""

    _inherit = "order.desk.shipping.request"

    receipt_ids = fields.One2many(
        "order.desk.receipt", "request_id", "Delivery Receipts", readonly=True
    )

    lacks_receipt = fields.Boolean(
        compute="_compute_lacks_receipt",
        compute_sudo=True,
        help="Something has left of which the customer is not asked to sign.",
    )

    @api.depends("line_ids.move_ids.state", "receipt_ids.state")
    def _compute_lacks_receipt(self):
        for request in self:
            moves = request.line_ids.move_ids
            request.lacks_receipt = bool(moves._filter_without_receipt())

    def action_view_receipts(self):
        """Open the delivery receipts of these requests."""
        return self.receipt_ids._get_records_action(
            name=self.env._("Delivery Receipts")
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
