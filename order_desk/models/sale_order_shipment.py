from odoo import models


class SaleOrder(models.Model):
    """What shipments are worth, and what must have been received for them (SPEC F3).

    Freight, services and discounts are spread over the goods by value: an order that
    has shipped half of its goods by value has shipped half of its total.
    """

    _inherit = "sale.order"

    def _get_shipment_money(self, leaving=None):
        """Return what must be received before goods leave, in the order's currency.

        :param leaving: ``{line: quantity in the line's unit}`` of what is about to
            leave; left out, what is ready, or everything open while nothing is
        :return: ``{order: dict}`` of the orders whose class asks for the balance:
            ``shipped_value`` and ``leaving_value`` with taxes, ``set_off`` (of the
            deposit), ``needed``, ``received`` (as the gates count it), ``receipt``
            and ``due``
        """
        classes = self._get_customer_classes()
        orders = self.filtered(lambda order: classes[order].ship_on == "balance")
        orders._fetch_shipment()
        shipped = orders._get_kept_quantities()
        if leaving is None:
            leaving = orders._get_next_quantities(shipped)
        return {
            order: order._make_shipment_money(receipt, classes[order], shipped, leaving)
            for order, receipt in orders._get_receipts().items()
        }

    def _fetch_shipment(self):
        """Read at once what the figures of very many shipments are made of."""
        self.fetch(["amount_total", "currency_id", "order_line"])
        self.order_line.fetch(
            [
                "display_type",
                "is_downpayment",
                "move_ids",
                "price_total",
                "product_id",
                "product_uom_id",
                "product_uom_qty",
            ]
        )

    def _make_shipment_money(self, receipt, customer_class, shipped, leaving):
        """Return the figures of one order, see ``_get_shipment_money``."""
        gone = {line: shipped[line] for line in self.order_line if line in shipped}
        both = {
            line: gone.get(line, 0.0) + leaving.get(line, 0.0)
            for line in self.order_line
            if line in gone or line in leaving
        }
        before = self._get_goods_value(gone)
        after = self._get_goods_value(both)
        set_off = self._get_set_off(after, customer_class.deposit_offset)
        needed = self.deposit_required + after - set_off if after else 0.0
        received = self._count_receipt(receipt)
        round_money = self.currency_id.round
        return {
            "shipped_value": before,
            "leaving_value": round_money(after - before),
            "set_off": set_off,
            "needed": round_money(needed),
            "received": received,
            "receipt": receipt,
            "due": round_money(max(0.0, needed - received)),
        }

    def _get_goods_value(self, quantities):
        """Return what these quantities are worth of this order, with taxes.

        :param quantities: ``{line: quantity in the line's unit}``
        """
        self.ensure_one()
        if not quantities:
            return 0.0
        goods = self.order_line.filtered(lambda line: line._is_goods())
        whole = sum(goods.mapped("price_total"))
        part = sum(
            line.price_total
            * max(0.0, quantities.get(line, 0.0))
            / line.product_uom_qty
            for line in goods
        )
        if whole > 0:
            value = self.amount_total * part / whole
        else:  # free goods; what else there is on the order leaves with the first
            moved = any(quantities.get(line, 0.0) > 0 for line in goods)
            value = self.amount_total if moved else 0.0
        extra = sum(
            line._get_unordered_value(quantities.get(line, 0.0))
            for line in self.order_line - goods
        )
        return self.currency_id.round(max(0.0, value) + extra)

    def _get_set_off(self, value, offset):
        """Return how much of the deposit counts for goods worth ``value`` (SPEC F3).

        :param offset: the customer class's ``deposit_offset``
        """
        self.ensure_one()
        total = self.amount_total
        deposit = min(self.deposit_required, max(0.0, total))
        if value >= total:
            return deposit
        if offset == "first":
            return min(deposit, value)
        if offset == "last":
            return self.currency_id.round(max(0.0, value - (total - deposit)))
        return self.currency_id.round(deposit * value / total)

    # ------------------------------------------------------------- quantities

    def _get_next_quantities(self, shipped):
        """Return what is ready to leave, or all that is open where nothing is ready."""
        quantities = self._get_ready_quantities()
        for order in self:
            if not any(line in quantities for line in order.order_line):
                quantities.update(
                    (line, max(0.0, line.product_uom_qty - shipped.get(line, 0.0)))
                    for line in order.order_line
                    if line._is_goods()
                )
        return quantities

    def _get_ready_quantities(self):
        """Return what is reserved for shipment: ``{line: quantity}`` (SPEC F3)."""
        ready = self.order_line.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.quantity > 0
                and move._is_leaving()
            )
        )
        return ready._get_further_quantities()

    def _get_kept_quantities(self):
        """Return what the customers have and are to keep: ``{line: quantity}``.

        Modules leave out what is to come back in exchange: it is paid for once.
        """
        return self._get_shipped_quantities()

    def _get_shipped_quantities(self):
        """Return what has left and has not come back: ``{line: quantity}``."""
        done = self.order_line.move_ids.filtered(lambda move: move.state == "done")
        return done._get_line_quantities()
