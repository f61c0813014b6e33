from odoo import Command, api, models
from odoo.exceptions import UserError


class OrderDeskShippingRequest(models.Model):
    """Requests are prepared from what is ready to leave (SPEC G1)."""

    _inherit = "order.desk.shipping.request"

    @api.model
    def _prepare(self, orders):
        """Return requests being prepared for what of ``orders`` is ready to leave.

        One for each customer and ship-to; those that are being prepared go on.

        :raise UserError: an order of which nothing is ready and nothing is prepared
        """
        # whoever prepares need not be able to read orders; the caller has checked
        orders = orders.sudo()
        ready = orders._get_to_request()
        drafts = orders.order_line.shipping_request_line_ids.request_id.filtered(
            lambda request: request.state == "draft"
        )
        errors = [
            order._get_nothing_ready_error()
            for order in orders
            if not any(line in ready for line in order.order_line)
            and order not in drafts.order_ids
        ]
        if errors:
            raise UserError("\n".join(errors))
        vals_list = [
            self._prepare_vals(same, ready)
            for same in orders.grouped(
                lambda order: (
                    order.company_id,
                    order.partner_id.commercial_partner_id,
                    order.partner_shipping_id,
                )
            ).values()
        ]
        created = self.create([vals for vals in vals_list if vals["line_ids"]])
        return created | drafts.sudo(self.env.su)

    @api.model
    def _prepare_vals(self, orders, quantities):
        """Return the values of a request for these orders of one customer.

        :param quantities: ``{order line: quantity}`` to put on it
        """
        lines = orders.order_line.filtered(lambda line: line in quantities)
        return {
            "company_id": orders.company_id.id,
            "partner_id": orders.partner_id.commercial_partner_id.id,
            "freight_payer": orders._get_freight_payer(),
            "line_ids": [
                Command.create(
                    {
                        "sequence": number,
                        "sale_line_id": line.id,
                        "quantity": quantities[line],
                    }
                )
                for number, line in enumerate(lines)
            ],
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_to_request(self):
        """Return what is ready and not requested yet: ``{order line: quantity}``."""
        lines = self.order_line
        ready = self._get_heading_quantities()
        requested = dict.fromkeys(lines, 0.0)
        for line in lines.shipping_request_line_ids:
            if line.request_id.state in ("draft", "issued"):
                requested[line.sale_line_id] += line.remaining_quantity
        return {
            line: line.product_uom_id.round(quantity - requested[line])
            for line, quantity in ready.items()
            if line.product_uom_id.compare(quantity, requested[line]) > 0
        }

    def _get_nothing_ready_error(self):
        """Return why there is nothing to request for this order."""
        self.ensure_one()
        if not self.sheet_id:
            return self.env._(
                "%s has no configuration sheet. Its goods leave without a shipping"
                " request.",
                self.name,
            )
        open_lines = self.sudo().order_line.shipping_request_line_ids._filter_open()
        if open_lines:
            return self.env._(
                "%(order)s: what is ready is requested already (%(requests)s).",
                order=self.name,
                requests=", ".join(open_lines.request_id.mapped("display_name")),
            )
        return self.env._(
            "%s: nothing is ready. Goods are ready when they are reserved for the"
            " delivery.",
            self.name,
        )

    def _get_freight_payer(self):
        """Return who pays the freight, as these orders say."""
        freight = self.order_line.filtered("is_delivery")
        return "invoiced" if any(freight.mapped("price_total")) else "sender"

    def action_prepare_shipping(self):
        """Prepare the shipping requests of these orders, and open them."""
        return self.sheet_id.action_prepare_shipping()
