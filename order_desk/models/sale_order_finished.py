from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """What customers owe for goods that are finished (SPEC F3, G9)."""

    _inherit = "sale.order"

    def _get_finished_money(self, leaving=None):
        """Return what is due for finished goods, in the order's currency.

        Orders of which nothing is finished, or whose goods leave unpaid by contract,
        are not in the result.

        :param leaving: ``{line: quantity}``; left out, what is ready for shipment
        :return: see ``_get_money_to_ask``
        """
        if leaving is None:
            leaving = self._get_ready_quantities()
        finished = self.filtered(
            lambda order: any(leaving.get(line, 0.0) > 0 for line in order.order_line)
        )
        classes = finished._get_customer_classes()
        asked = finished.filtered(
            lambda order: (
                classes[order].ship_on == "balance" or order._is_cash_on_delivery()
            )
        )
        return asked._get_money_to_ask(leaving)

    def _get_money_to_ask(self, leaving):
        """Return what customers owe for what has left and for what is about to.

        :param leaving: ``{line: quantity}`` of what is about to leave
        :return: as ``_get_shipment_money``, and ``to_ask``: what the customer has not
            paid, whether or not finance has confirmed what they have
        """
        shipments = self._get_shipment_money(leaving)
        others = self - self.browse().union(*shipments)
        shipments.update(others._get_terms_money(leaving))
        received = self._get_received()
        return {
            order: {
                **money,
                "to_ask": order.currency_id.round(
                    max(0.0, money["needed"] - received[order][0])
                ),
            }
            for order, money in shipments.items()
        }

    def _get_terms_money(self, leaving):
        """Return the same where the class ships on terms: a deposit counts at once."""
        shipped = self._get_kept_quantities()
        counted = self._get_counted()
        result = {}
        for order in self:
            lines = order.order_line
            gone = {line: shipped.get(line, 0.0) for line in lines}
            both = {line: gone[line] + leaving.get(line, 0.0) for line in lines}
            before, after = order._get_goods_value(gone), order._get_goods_value(both)
            result[order] = {
                "shipped_value": before,
                "leaving_value": order.currency_id.round(after - before),
                "set_off": 0.0,
                "needed": after,
                "received": counted[order],
                "due": order.currency_id.round(max(0.0, after - counted[order])),
            }
        return result

    def _get_finished_error(self):
        """Return why no balance is to be asked for on this order, or ""."""
        self.ensure_one()
        order = self.sudo()  # the sums are for people without accounting rights
        if error := order._get_step_error():
            return error
        if order.sheet_id.state != "released":
            return self.env._(
                "%s is not released to production yet, so nothing is finished.",
                self.name,
            )
        ready = order._get_ready_quantities()
        if not any(quantity > 0 for quantity in ready.values()):
            return self.env._(
                "%s: nothing is finished. Goods are finished when they are reserved for"
                " the delivery.",
                self.name,
            )
        if not order._get_finished_money(ready):
            return self.env._(
                "%(order)s: the goods of class %(class)s leave on the contract's terms;"
                " no balance is asked for before.",
                order=self.name,
                **{"class": order._get_customer_classes()[order].code or ""},
            )
        return ""

    def action_ask_balance(self):
        """Prepare the balance payment notices of these orders, and open them.

        :raise UserError: nothing is finished, or nothing is due for it
        """
        self._start_asking()
        errors = {
            order: error for order in self if (error := order._get_finished_error())
        }
        orders = self.sudo()  # the desk makes the notices, nobody has the right to
        money = orders._get_finished_money()
        for order in orders:
            if order not in errors and not money[order]["to_ask"]:
                errors[order] = self.env._(
                    "%s: nothing is due for what is finished; what has been received"
                    " covers it.",
                    order.name,
                )
        if errors:
            raise UserError("\n".join(errors.values()))
        notices = orders.env["order.desk.balance.notice"]._prepare(orders)
        self.sheet_id._update_todos()
        return notices.sudo(self.env.su)._get_records_action(
            name=self.env._("Balance Payment Notices")
        )
