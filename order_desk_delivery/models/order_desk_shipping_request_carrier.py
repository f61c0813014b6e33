from odoo import api, fields, models


class OrderDeskShippingRequest(models.Model):
    """Which carrier takes what a request lets go (SPEC G8)."""

    _inherit = "order.desk.shipping.request"

    currency_id = fields.Many2one(related="company_id.currency_id")
    freight_price = fields.Monetary(
        "Freight",
        readonly=True,
        copy=False,
        help="The price as it was when the carrier was chosen, in the company's"
        " currency. Another carrier entered by hand clears it.",
    )

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "freight_price": 0.0}

    def write(self, vals):
        carrier = vals.get("carrier_id")
        others = self.browse()
        if "carrier_id" in vals:
            others = self.filtered(
                lambda r: r.freight_price and r.carrier_id.id != carrier
            )
        result = super().write(vals)
        if others:
            others._take_freight_price(0.0)
        return result

    def _take_freight_price(self, price):
        """Keep what the carrier that was just chosen asks for."""
        self.sudo().write({"freight_price": price})  # protected

    def action_choose_carrier(self):
        """Show the carriers that serve this shipment, with price and days."""
        self.ensure_one()
        self.check_access("write")
        request = self.sudo()  # weights and addresses of orders, checked above
        lines = request.line_ids.filtered(lambda line: line.remaining_quantity > 0)
        orders = request.order_ids
        ship_to = request.partner_shipping_id or orders.partner_shipping_id[:1]
        moment = request.issued_on or fields.Datetime.now()
        return self.env["order.desk.carrier.choice"]._open(
            self,
            orders,
            {line.sale_line_id: line.remaining_quantity for line in lines},
            ship_to or request.partner_id,
            request._get_due_dates(moment),
        )

    def _take_carrier(self, carrier):
        """Send the goods with this carrier; open transfers of theirs follow."""
        self.ensure_one()
        self.carrier_id = carrier
        # whoever prepares need not be able to write transfers
        lines = self.sudo().line_ids.sale_line_id
        lines.move_ids._get_open_leaving_pickings().carrier_id = carrier


class OrderDeskSheet(models.Model):
    _inherit = "order.desk.sheet"

    carrier_id = fields.Many2one(related="order_id.carrier_id", string="Carrier")

    def action_choose_carrier(self):
        """Show the carriers that serve this order, with price and days."""
        self.ensure_one()
        self.check_access("write")
        order = self.sudo().order_id  # weights and addresses, checked above
        goods = order.order_line.filtered(lambda line: line._is_goods())
        return self.env["order.desk.carrier.choice"]._open(
            self,
            order,
            {line: line.product_uom_qty for line in goods},
            order.partner_shipping_id,
            (self.due_pick_date, self.due_arrival_date),
        )

    def _take_carrier(self, carrier):
        """Plan this carrier for the order; its open transfers follow.

        Nothing is added to the order: who pays freight is agreed elsewhere.
        """
        self.ensure_one()
        self.check_access("write")
        order = self.sudo().order_id  # whoever plans need not be able to write orders
        order.carrier_id = carrier
        moves = order.order_line.move_ids
        moves._get_open_leaving_pickings().carrier_id = carrier


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_open_leaving_pickings(self):
        """Return the transfers by which these goods still leave."""
        return self.filtered(
            lambda move: move.state not in ("done", "cancel") and move._is_leaving()
        ).picking_id
