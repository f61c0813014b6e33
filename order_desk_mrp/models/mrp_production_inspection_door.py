from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.order_desk.quantity import format_quantity


class MrpProduction(models.Model):
    """The door to stock; what becomes of inspections with their orders (SPEC E4)."""

    _inherit = "mrp.production"

    # ------------------------------------------------------------- the door

    def pre_button_mark_done(self):
        """Ask for the inspection instead of refusing: a refusal would undo it.

        What comes without a screen, as from a receipt, is refused at the door.
        """
        if not self.env.su:
            waiting = self.sudo()._ask_before_done()
            if waiting:
                return waiting._get_waiting_action()
        return super().pre_button_mark_done()

    def _ask_before_done(self):
        """Ask for what is missing; return the inspections that are waited for."""
        waiting = self.env["order.desk.inspection"]
        for key, standard in self._get_release_standards().items():
            production, product = key
            if not production.qty_producing and production._auto_production_checks():
                production._set_quantities()
            group = production._get_inspection_group()
            if not group._get_not_inspected(product, production):
                continue
            asked = production._present({key: standard})
            waiting |= asked or group._get_inspections(product).filtered(
                lambda one: one.state == "to_inspect" or one._needs_disposition()
            )
        return waiting

    def _get_not_inspected(self, product, coming=None):
        """Return what of ``product`` is in stock without having passed.

        :param coming: the order whose reported goods are about to enter stock, too
        :return: ``{lot, or no lot: (received, released)}``
        """
        done = self._get_done_quantities(product)
        if coming and product == coming.product_id:
            quantity = coming._get_producing_quantity() - sum(
                coming._get_done_quantities(product).values()
            )
            lots = coming._get_producing_lots() if product.tracking != "none" else ()
            for lot in lots or (self.env["stock.lot"],):
                done[lot] += quantity / len(lots or [1])
        released = defaultdict(float, self._get_inspections(product)._get_released())
        for lot, quantity in self._get_received_before(product).items():
            released[lot] += quantity
        return {
            lot: (quantity, released.get(lot, 0.0))
            for lot, quantity in done.items()
            if product.uom_id.compare(quantity, released.get(lot, 0.0)) > 0
        }

    def _check_inspected(self, products):
        """Refuse what has just entered stock without having passed (SPEC E4).

        :raise UserError: names the orders with the numbers, or the lots
        """
        errors = []
        for production, product in self._get_release_standards():
            if product not in products:
                continue
            group = production._get_inspection_group()
            inspections = group._get_inspections(product)
            # of two at the same moment the second starts over, and sees the first
            inspections._note_received()
            if wrong := group._get_not_inspected(product):
                errors.append(production._get_not_inspected_error(product, wrong))
        if errors:
            raise UserError("\n\n".join(errors))

    def _get_not_inspected_error(self, product, wrong):
        self.ensure_one()
        lots = [lot.name for lot in wrong if lot]
        group = self._get_inspection_group()
        released = sum(group._get_inspections(product)._get_released().values())
        made = sum(group._get_done_quantities(product).values())
        made -= sum(group._get_received_before(product).values())
        values = {
            "order": self.name,
            "product": product.display_name,
            "made": format_quantity(made),
            "released": format_quantity(released),
            "unit": product.uom_id.name,
            "lots": ", ".join(lots),
        }
        text = self.env._(
            "%(order)s: %(product)s enters stock only inspected. %(made)s %(unit)s"
            " would have entered, %(released)s have passed.",
            **values,
        )
        if lots:
            text += " " + self.env._("Not passed: %(lots)s.", **values)
        return (
            text
            + "\n"
            + self.env._(
                "Ask for the inspection on the manufacturing order, or report only what"
                " has passed."
            )
        )

    # ------------------------------------------------------------- cancelled, merged

    def _action_cancel(self):
        result = super()._action_cancel()
        cancelled = self.sudo().filtered(lambda p: p.state == "cancel")
        inspections = cancelled.inspection_ids.filtered(
            lambda one: one.state != "cancelled"
        )
        if inspections:
            inspections._cancel(self.env._("the manufacturing order was cancelled"))
        return result

    def action_merge(self):
        """Let the merged order take over inspections, and whose order it is."""
        # on whose strength back orders have received goods stays with these
        kept = {
            one: one.state
            for one in self.sudo().inspection_ids
            if one.state != "cancelled" and not one._is_received()
        }
        lines = {production: production._get_customer_lines() for production in self}
        stock = sum(self.sudo().mapped(lambda p: p._get_part_for_stock(lines[p])))
        result = super().action_merge()
        merged = self.browse(result["res_id"]).sudo()  # protected fields
        merged.order_desk_stock_qty = stock
        line = self.env["sale.order.line"].sudo().union(*lines.values())
        if len(line) == 1 and not stock:
            merged.sale_line_id = line
        for one, state in kept.items():
            one.write({"production_id": merged.id, "state": state})
            one._message_log(
                body=self.env._("Taken over by %s, which was merged.", merged.name)
            )
        self.env["order.desk.inspection"].union(*kept)._update_todos()
        return result
