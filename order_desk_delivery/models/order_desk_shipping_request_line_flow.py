from odoo import models


class OrderDeskShippingRequestLine(models.Model):
    """What happens to the lines when their request moves on (SPEC G1)."""

    _inherit = "order.desk.shipping.request.line"

    def _get_requested(self):
        """Return what is to leave under these lines and all issued ones besides.

        :return: ``{order line: quantity}`` of the same order lines, in their units
        """
        lines = self.sale_line_id.shipping_request_line_ids._filter_open() | self
        return {
            sale_line: sum(same.mapped("remaining_quantity"))
            for sale_line, same in lines.grouped("sale_line_id").items()
        }

    def _get_further(self):
        """Return the same as the gates count it: kits that nothing has left of yet."""
        lines = self.sale_line_id.shipping_request_line_ids._filter_open() | self
        return {
            sale_line: sum(line._get_further_quantity() for line in same)
            for sale_line, same in lines.grouped("sale_line_id").items()
        }

    def _get_further_quantity(self):
        """Return what is to leave under this line of which no part has left."""
        self.ensure_one()
        begun = self._get_quantity(self._get_left_parts())
        return 0.0 if self.is_closed else max(0.0, self.quantity - begun)

    def _link_transfers(self):
        """Link the transfers by which the goods of these lines are to leave."""
        self.sale_line_id.move_ids._link_shipping_request()

    def _close_rest(self):
        """Let nothing more leave under these lines, as superuser."""
        rest = self._filter_open()
        texts = {
            request: ", ".join(
                f"{line.product_id.display_name}: "
                f"{line._format(line.remaining_quantity)}"
                for line in lines
            )
            for request, lines in rest.grouped("request_id").items()
        }
        rest.is_closed = True
        for request, text in texts.items():
            request._tell(
                self.env._(
                    "%(number)s: the rest will not leave under it: %(goods)s",
                    number=request.number,
                    goods=text,
                )
            )
        rest.request_id._note_left()
