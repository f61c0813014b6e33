from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from odoo import api, models
from odoo.fields import Domain

OPEN_STATES = ("waiting", "confirmed", "assigned", "partially_available")


@dataclass
class MaterialForecast:
    """What there is of one product for one order, today and later, in its unit."""

    product: object
    today: date
    is_stored: bool
    on_hand: float = 0.0
    reserved: float = 0.0  # by others
    changes: dict = field(default_factory=dict)  # {day: what comes and goes}
    incoming: dict = field(default_factory=dict)  # {day: what comes}
    outgoing: float = 0.0  # what others take, reserved or planned
    lead_days: object = None  # to get more, None when nobody knows

    def _get_lasting(self):
        """Return from when on how much is there for good: ``[(day, quantity)]``.

        What others are planned to take later is theirs already.
        """
        days = sorted({self.today, *self.changes})
        # what is reserved for others is not there, whenever they take it
        balance, balances = self.on_hand - self.reserved, []
        for day in days:
            balance += self.changes.get(day, 0.0)
            balances.append(balance)
        lasting, least = [], None
        for day, balance in zip(reversed(days), reversed(balances), strict=True):
            least = balance if least is None else min(least, balance)
            lasting.append((day, least))
        return lasting[::-1]

    def get_supply(self, quantity):
        """Return how a need is covered: quantities, and when all of it is there."""
        compare, rounded = self.product.uom_id.compare, self.product.uom_id.round
        if not self.is_stored:
            return self._get_unlimited()
        lasting = self._get_lasting()
        covered = max(0.0, min(quantity, lasting[-1][1]))
        missing = rounded(quantity - covered)
        ready = self._get_day(lasting, covered, compare)
        arrival = ready if ready > self.today else None
        if compare(missing, 0) > 0:
            known = self.lead_days is not None
            more = self.today + timedelta(days=self.lead_days) if known else None
            ready = max(ready, more) if known else None
        return {
            "on_hand": rounded(self.on_hand),
            "reserved": rounded(self.reserved),
            "planned": rounded(max(0.0, self.outgoing - self.reserved)),
            "free": rounded(max(0.0, self.on_hand - self.reserved)),
            "available": rounded(max(0.0, lasting[0][1])),
            "incoming": rounded(sum(self.incoming.values())),
            "incoming_date": arrival or min(self.incoming, default=None),
            "missing": missing,
            "date": ready,
        }

    def _get_day(self, lasting, quantity, compare):
        if compare(quantity, 0) <= 0:
            return self.today
        return next(day for day, there in lasting if compare(there, quantity) >= 0)

    def _get_unlimited(self):
        quantities = ("on_hand", "reserved", "planned", "free", "incoming", "missing")
        return {
            **dict.fromkeys(quantities, 0.0),
            "available": 0.0,
            "incoming_date": None,
            "date": self.today,
        }


class OrderDeskMaterialForecast(models.AbstractModel):
    """Read Odoo's forecast of many products at once (SPEC B6).

    What an order's own transfers and manufacturing orders take and make is left out:
    that is what the statement is about. What was bought for it comes in for it.
    """

    _name = "order.desk.material.forecast"
    _description = "Forecast of the Material of an Order"

    @api.model
    def _get_forecasts(self, products, orders, warehouse):
        """Return ``{order: {product: MaterialForecast}}`` in one warehouse."""
        domains = products.with_context(warehouse_id=warehouse.id)
        in_stock, comes, goes = domains._get_domain_locations()
        today = warehouse.company_id._order_desk_date()
        stock = self._read_stock(products, in_stock)
        incoming = self._read_moves(products, comes, warehouse.company_id)
        outgoing = self._read_moves(products, goes, warehouse.company_id)
        own = self._read_own(products, orders, comes, goes)
        leads = self._get_lead_days(products, warehouse.company_id, today)
        return {
            order: {
                product: self._make(
                    product,
                    today,
                    stock.get(product, (0.0, 0.0)),
                    incoming.get(product, {}),
                    outgoing.get(product, {}),
                    own[order, product],
                    leads[product],
                )
                for product in products
            }
            for order in orders
        }

    @api.model
    def _read_stock(self, products, in_stock):
        quants = self.env["stock.quant"]._read_group(
            Domain("product_id", "in", products.ids) & Domain(in_stock),
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        return {product: (there, reserved) for product, there, reserved in quants}

    @api.model
    def _read_moves(self, products, place, company):
        """Return what moves on which of the company's days: ``{product: {day: qty}}``.

        What should have come already is expected every day.
        """
        moves = self.env["stock.move"].with_context(tz=company._order_desk_tz().zone)
        groups = moves._read_group(
            Domain("product_id", "in", products.ids)
            & Domain("state", "in", OPEN_STATES)
            & Domain(place),
            ["product_id", "date:day"],
            ["product_qty:sum"],
        )
        today = company._order_desk_date()
        found = defaultdict(lambda: defaultdict(float))
        for product, moment, quantity in groups:
            found[product][max(today, moment.date())] += quantity
        return found

    @api.model
    def _read_own(self, products, orders, comes, goes):
        """Return what each order's own moves are: ``{(order, product): quantities}``.

        Quantities are ``{"in": {day: qty}, "out": {day: qty}, "reserved": qty}``.
        """
        own = defaultdict(
            lambda: {
                "in": defaultdict(float),
                "out": defaultdict(float),
                "reserved": 0.0,
            }
        )
        if not orders.stock_reference_ids:
            return own
        mine = (
            Domain("product_id", "in", products.ids)
            & Domain("state", "in", OPEN_STATES)
            & Domain("reference_ids", "in", orders.stock_reference_ids.ids)
        )
        moves = self.env["stock.move"]
        made = moves.search(mine & Domain(comes) & Domain("production_id", "!=", False))
        taken = moves.search(mine & Domain(goes))
        for key, found in (("in", made), ("out", taken)):
            for move in found:
                company = move.company_id
                today = company._order_desk_date()
                day = max(today, company._order_desk_date(move.date))
                for order in move.reference_ids.sale_ids & orders:
                    quantities = own[order, move.product_id]
                    quantities[key][day] += move.product_qty
                    if key == "out":
                        quantities["reserved"] += move.product_uom._compute_quantity(
                            move.quantity, move.product_id.uom_id, round=False
                        )
        return own

    @api.model
    def _get_lead_days(self, products, company, today):
        """Return in how many days more of each product comes, None if nobody knows."""
        leads = {}
        for product in products:
            seller = product.seller_ids.filtered(
                lambda seller, p=product: (
                    (not seller.product_id or seller.product_id == p)
                    and (not seller.company_id or seller.company_id == company)
                    and (not seller.date_start or seller.date_start <= today)
                    and (not seller.date_end or seller.date_end >= today)
                )
            )[:1]
            leads[product] = seller.delay if seller else product.sale_delay or None
        return leads

    @api.model
    def _make(self, product, today, stock, incoming, outgoing, own, lead_days):
        """Return the forecast of one product, without what the order itself moves."""
        forecast = MaterialForecast(product, today, product.is_storable)
        forecast.on_hand = stock[0]
        forecast.reserved = max(0.0, stock[1] - own["reserved"])
        forecast.lead_days = lead_days
        forecast.incoming = {
            day: quantity - own["in"].get(day, 0.0)
            for day, quantity in incoming.items()
            if product.uom_id.compare(quantity, own["in"].get(day, 0.0)) > 0
        }
        others = {
            day: quantity - own["out"].get(day, 0.0)
            for day, quantity in outgoing.items()
        }
        forecast.outgoing = sum(others.values())
        reserved = forecast.reserved
        for day in sorted(others):
            taken = min(others[day], reserved)
            others[day] -= taken
            reserved -= taken
        for day in {*forecast.incoming, *others}:
            forecast.changes[day] = forecast.incoming.get(day, 0.0) - others.get(
                day, 0.0
            )
        return forecast
