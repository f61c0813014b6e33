from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import float_round


class SaleOrderLine(models.Model):
    """How far the manufacturing of each line is, from Odoo's own records (SPEC E2).

    Goods that come from stock count once they are reserved for the delivery, as they
    count as finished for the balance notice.
    """

    _inherit = "sale.order.line"

    qty_to_make = fields.Float(
        "To Make",
        digits="Product Unit",
        compute="_compute_making",
        compute_sudo=True,
        help="What the manufacturing orders for this line are for, in its unit.",
    )
    qty_made = fields.Float(
        "Made",
        digits="Product Unit",
        compute="_compute_making",
        compute_sudo=True,
        help="What was made and not taken apart again. Of a kit there are as many as"
        " of the part that is least complete.",
    )
    making_progress = fields.Float(
        "Progress",
        compute="_compute_making",
        compute_sudo=True,
        help="Made, or from stock and reserved for the delivery, and the work that is"
        " done on the rest, in percent of what is ordered.",
    )
    making_orders = fields.Char(
        "Manufacturing Orders", compute="_compute_making", compute_sudo=True
    )
    expected_finish = fields.Datetime(compute="_compute_making", compute_sudo=True)
    is_running_late = fields.Boolean(compute="_compute_making", compute_sudo=True)

    @api.depends("product_uom_qty", "move_ids.state", "move_ids.quantity")
    def _compute_making(self):
        made = self._get_progress_values()
        none = {
            "to_make": 0.0,
            "made": 0.0,
            "progress": 0.0,
            "orders": "",
            "end": False,
        }
        for line in self:
            values = made.get(line._origin, none)
            line.qty_to_make = values["to_make"]
            line.qty_made = values["made"]
            line.making_progress = values["progress"]
            line.making_orders = values["orders"]
            line.expected_finish = values["end"]
            sheet = line.order_id.sheet_id
            line.is_running_late = bool(sheet._get_days_late(values["end"]))

    def _get_progress_values(self):
        """Return how far the manufacturing of these lines is, all of them at once.

        :return: ``{line: {"to_make", "made", "progress", "orders", "end"}}``
        """
        lines = self._origin.filtered(
            lambda line: line.order_id.sheet_id and line._is_goods()
        )
        if not lines:
            return {}
        parts = lines._get_making_parts()
        orders = lines._get_making_orders()
        ends = self.env["mrp.production"]._get_expected_ends("sale_line_id", lines.ids)
        result = {}
        for line in lines:
            found = orders[line]
            result[line] = {
                **line._sum_up_parts(parts[line], found),
                "orders": ", ".join(order.name for order, _share in found),
                "end": max(ends.get(line.id, {}).values(), default=False),
            }
        return result

    def _get_making_parts(self):
        """Return what each line consists of: ``{line: {product: [needed, there]}}``.

        Both are in the product's unit: what is ordered, of a kit what its transfers
        ask for, and what is reserved for the delivery or has left.
        """
        moves = self.move_ids.filtered(lambda move: move.state != "cancel")
        needed = moves._get_line_parts(lambda move: move.product_uom_qty)
        there = moves._get_line_parts()
        parts = {}
        for line in self:
            products = needed.get(line, {})
            if not products or line.product_id in products:
                quantity = line.product_uom_id._compute_quantity(
                    line.product_uom_qty, line.product_id.uom_id, round=False
                )
                products = {line.product_id: quantity}
            parts[line] = {
                product: [quantity, there.get(line, {}).get(product, 0.0)]
                for product, quantity in products.items()
                if quantity > 0
            }
        return parts

    def _get_making_orders(self):
        """Return the manufacturing orders of each line and its share of each.

        A merged order is for several lines: the ones that finish first get theirs
        first. A share is (planned, made), in the product's unit.

        :return: ``{line: [(production, (planned, made))]}``
        """
        orders = defaultdict(list)
        own = self.env["mrp.production"].search(
            [("sale_line_id", "in", self.ids), ("state", "not in", ("draft", "cancel"))]
        )
        for order in own:
            share = (order._get_planned_quantity(), order._get_made_quantity())
            orders[order.sale_line_id].append((order, share))
        origins = self.move_ids.move_orig_ids
        merged = (origins | origins.move_orig_ids).production_id.filtered(
            lambda order: (
                not order.sale_line_id and order.state not in ("draft", "cancel")
            )
        )
        for line, shares in merged._share_among_lines().items():
            orders[line] += shares
        return orders

    def _sum_up_parts(self, parts, orders):
        """Return what is to be made, is made, and the progress of this line.

        :param parts: see ``_get_making_parts``
        :param orders: see ``_get_making_orders``
        """
        self.ensure_one()
        planned, made, working = (defaultdict(float) for _kind in range(3))
        for order, (order_planned, order_made) in orders:
            product = order.product_id
            planned[product] += order_planned
            made[product] += order_made
            rest = max(0.0, order_planned - order_made)
            working[product] += rest * order._get_work_done()
        ordered = self.product_uom_qty
        to_make = max(
            (
                planned[p] / n if p == self.product_id else min(planned[p] / n, 1.0)
                for p, (n, _t) in parts.items()
            ),
            default=0.0,
        )
        is_made = [made[p] / n for p, (n, _t) in parts.items() if planned[p]]
        ready = min((max(made[p], t) / n for p, (n, t) in parts.items()), default=0.0)
        work = min(
            ((max(made[p], t) + working[p]) / n for p, (n, t) in parts.items()),
            default=0.0,
        )
        progress = 100.0 if ready >= 1 - 1e-6 else min(100.0 * work, 99.0)
        rounding = self.product_uom_id.rounding
        return {
            "to_make": float_round(ordered * to_make, precision_rounding=rounding),
            "made": float_round(
                ordered * min(is_made, default=0.0) + 1e-9,
                precision_rounding=rounding,
                rounding_method="DOWN",
            ),
            "progress": max(0.0, progress),
        }
