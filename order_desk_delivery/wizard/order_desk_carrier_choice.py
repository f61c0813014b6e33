from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# Odoo's own kinds of carriers say their price at once; others are asked over the net
PRICED_TYPES = ("fixed", "base_on_rule")


class OrderDeskCarrierChoice(models.TransientModel):
    """The carriers that serve a shipment, the cheapest one in time first (SPEC G8)."""

    _name = "order.desk.carrier.choice"
    _description = "Choose a Carrier"

    request_id = fields.Many2one("order.desk.shipping.request", readonly=True)
    sheet_id = fields.Many2one("order.desk.sheet", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_shipping_id = fields.Many2one("res.partner", "Ship to", readonly=True)
    service_level_id = fields.Many2one("order.desk.service.level", readonly=True)
    weight = fields.Float(digits="Stock Weight", readonly=True)
    weight_uom_name = fields.Char(compute="_compute_weight_uom_name")
    pick_date = fields.Date("Picked up", readonly=True)
    due_date = fields.Date("Due to Arrive", readonly=True)
    line_ids = fields.One2many(
        "order.desk.carrier.choice.line", "choice_id", "Carriers", readonly=True
    )

    def _compute_weight_uom_name(self):
        templates = self.env["product.template"]
        self.weight_uom_name = templates._get_weight_uom_name_from_ir_config_parameter()

    @api.model
    def _open(self, document, orders, quantities, ship_to, dates):
        """Open the dialog for a request or a sheet.

        :param quantities: ``{order line: quantity in its unit}`` of what leaves
        :param dates: when it is picked up, and when it is due
        """
        name = "request_id" if document._name.endswith("request") else "sheet_id"
        weight, volume = self._get_measures(quantities)
        choice = self.create(
            {
                name: document.id,
                "company_id": document.company_id.id,
                "partner_shipping_id": ship_to.id,
                "service_level_id": document.service_level_id.id,
                "weight": weight,
                "pick_date": dates[0],
                "due_date": dates[1],
            }
        )
        choice._add_lines(orders, volume)
        return choice._get_records_action(
            name=self.env._("Choose a Carrier"), target="new"
        )

    @api.model
    def _get_measures(self, quantities):
        """Return weight and volume of these quantities."""
        weight = volume = 0.0
        for line, quantity in quantities.items():
            product = line.product_id
            pieces = line.product_uom_id._compute_quantity(
                quantity, product.uom_id, round=False
            )
            weight += pieces * product.weight
            volume += pieces * product.volume
        return weight, volume

    def _add_lines(self, orders, volume):
        """Add a line for each carrier that takes the goods there."""
        self.ensure_one()
        # who chooses need not set carriers up, and sees their names alone
        carriers = self.env["delivery.carrier"].sudo()
        found = carriers.search(carriers._check_company_domain(self.company_id))
        serving = found.filtered(
            lambda carrier: carrier._order_desk_serves(
                self.partner_shipping_id, orders, self.weight, volume
            )
        )
        lines = self.line_ids.create(
            [
                {
                    "choice_id": self.id,
                    "carrier_id": carrier.id,
                    # the largest order stands for the shipment in price rules
                    "order_id": max(orders, key=lambda order: order.amount_total).id,
                    **self._prepare_days(carrier),
                }
                for carrier in serving
            ]
        )
        lines.filtered(
            lambda line: line.carrier_id.delivery_type in PRICED_TYPES
        )._rate()

    def _prepare_days(self, carrier):
        """Return how long a carrier takes, and whether the goods are there in time."""
        level = self.service_level_id
        days = carrier.order_desk_days or level.days
        is_known = self.pick_date and (carrier.order_desk_days or level)
        arrival = bool(is_known) and self.company_id._order_desk_add_working_days(
            self.pick_date, days
        )
        is_late = bool(arrival and self.due_date and arrival > self.due_date)
        return {"days": days, "arrival_date": arrival, "is_late": is_late}


class OrderDeskCarrierChoiceLine(models.TransientModel):
    _name = "order.desk.carrier.choice.line"
    _description = "Carrier to Choose"
    _order = "is_refused, is_late, is_unpriced, price, id"

    choice_id = fields.Many2one(
        "order.desk.carrier.choice", required=True, index=True, ondelete="cascade"
    )
    carrier_id = fields.Many2one("delivery.carrier", required=True, readonly=True)
    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    price = fields.Monetary(readonly=True)
    days = fields.Integer(readonly=True)
    arrival_date = fields.Date("Arrives", readonly=True)
    is_late = fields.Boolean("Too Late", readonly=True)
    is_unpriced = fields.Boolean("No Price Yet", default=True, readonly=True)
    is_refused = fields.Boolean(readonly=True)
    note = fields.Char(readonly=True)

    def _rate(self):
        """Ask these carriers for their price."""
        for line in self:
            # price rules read the whole order, which need not be readable to the user
            carrier = line.carrier_id.sudo()
            weighed = carrier.with_context(order_weight=line.choice_id.weight)
            try:
                answer = weighed.rate_shipment(line.order_id.sudo())
            except UserError as error:  # a carrier that cannot be asked is one less
                answer = {"success": False, "error_message": str(error)}
            done = bool(answer.get("success"))
            line.write(
                {
                    "is_unpriced": not done,
                    "is_refused": not done,
                    "price": answer["price"] if done else 0.0,
                    "note": answer.get("warning_message" if done else "error_message"),
                }
            )

    def action_rate(self):
        """Ask the carrier for its price over the net."""
        self._check_own()
        self._rate()
        return self.choice_id._get_records_action(
            name=self.env._("Choose a Carrier"), target="new"
        )

    def action_choose(self):
        """Take this carrier.

        :raise UserError: it does not take these goods
        """
        self.ensure_one()
        self._check_own()
        if self.is_refused:
            raise UserError(
                self.env._(
                    "%(carrier)s does not take these goods: %(reason)s",
                    carrier=self.carrier_id.name,
                    reason=self.note or "",
                )
            )
        choice = self.choice_id
        document = choice.request_id or choice.sheet_id
        document._take_carrier(self.carrier_id)
        choice.request_id._take_freight_price(self._get_company_price())
        return {"type": "ir.actions.act_window_close"}

    def _get_company_price(self):
        """Return the price in the currency of the company, 0 without one."""
        self.ensure_one()
        company = self.choice_id.company_id
        return self.currency_id._convert(
            self.price, company.currency_id, company, company._order_desk_date()
        )

    def _check_own(self):
        """Refuse the dialogs of others, and orders that are not of the shipment."""
        choice = self.choice_id
        document = choice.request_id or choice.sheet_id
        document.check_access("write")
        orders = document.sudo().mapped(
            "order_ids" if choice.request_id else "order_id"
        )
        if self.create_uid - self.env.user or self.order_id - orders:
            raise AccessError(self.env._("Open the dialog once more."))
