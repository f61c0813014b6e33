from odoo import api, models
from odoo.exceptions import UserError


class OrderDeskShippingRequest(models.Model):
    """Requests made later for what has left in an emergency (SPEC G2)."""

    _inherit = "order.desk.shipping.request"

    @api.model
    def _prepare_later(self, orders):
        """Return requests for all that left of these orders without one.

        :raise UserError: nothing did
        """
        left = orders._get_left_without_request()
        if not left:
            raise UserError(
                self.env._("Nothing has left of these orders without a request.")
            )
        quantities = {
            line: moves._get_moved_quantity()
            for line, moves in left.grouped("sale_line_id").items()
        }
        # a superseded draft for the same goods makes place
        drafts = left.sale_line_id.shipping_request_line_ids.request_id.filtered(
            lambda request: request.state == "draft" and request.is_made_good
        )
        drafts.unlink()
        groups = left.sale_line_id.order_id.grouped(
            lambda order: (
                order.company_id,
                order.partner_id.commercial_partner_id,
                order.partner_shipping_id,
            )
        )
        requests = self.create(
            [self._prepare_vals(same, quantities) for same in groups.values()]
        )
        # only the desk says that a request is made later
        requests.sudo().is_made_good = True
        return requests

    def _get_make_good_errors(self):
        """Return where this request is not for exactly what has left without one."""
        self.ensure_one()
        left = self.order_ids._get_left_without_request().grouped("sale_line_id")
        errors = []
        for line in self.line_ids:
            moves = left.get(line.sale_line_id)
            quantity = moves._get_moved_quantity() if moves else 0.0
            if line.product_uom_id.compare(quantity, line.quantity):
                errors.append(
                    self.env._(
                        "%(product)s of %(order)s: %(left)s have left without a"
                        " request, not %(quantity)s.",
                        product=line.product_id.display_name,
                        order=line.order_id.name,
                        left=line._format(quantity),
                        quantity=line._format(line.quantity),
                    )
                )
        return errors

    def _make_good(self):
        """Take what has left without a request under these, as superuser."""
        left = self.order_ids._get_left_without_request()
        for line in self.line_ids:
            moves = left.filtered(
                lambda m, line=line: m.sale_line_id == line.sale_line_id
            )
            moves.shipping_request_line_id = line
            for picking in moves.picking_id:
                if not picking.shipping_request_id:
                    picking.shipping_request_id = line.request_id
        self._note_left()
