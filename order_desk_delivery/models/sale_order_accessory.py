from odoo import api, models

from .order_desk_accessory import OPEN_STATES


class SaleOrder(models.Model):
    """Nothing leaves without the accessories that travel with it (SPEC C6)."""

    _inherit = "sale.order"

    @api.depends(
        "sheet_id.accessory_ids.state",
        "sheet_id.accessory_ids.travels",
        "sheet_id.accessory_ids.sale_line_id",
    )
    def _compute_order_desk_gates(self):
        return super()._compute_order_desk_gates()

    def _order_desk_conditions(self, gate, leaving=None):
        """List what is not packed, on orders with accessories."""
        conditions = super()._order_desk_conditions(gate, leaving)
        if gate != "shipping" or not conditions:
            return conditions
        # who ships need not read accessories
        accessories = self.env["order.desk.accessory"].sudo()
        sheets = self.browse().union(*conditions).sudo().sheet_id
        accessories = accessories.search(
            [
                ("sheet_id", "in", sheets.ids),
                ("state", "!=", "cancelled"),
                ("travels", "!=", "apart"),
            ]
        )
        if not accessories:
            return conditions
        unpacked = accessories.filtered(lambda a: a.state in OPEN_STATES)
        due = unpacked._filter_due(leaving)
        packers = accessories._get_packers()
        for order, found in conditions.items():
            if mine := accessories & order.sudo().sheet_id.accessory_ids:
                found.append(
                    order._get_accessory_condition(
                        mine & due, packers[order.company_id]
                    )
                )
        return conditions

    def _get_accessory_condition(self, due, packers):
        """Return the condition: these accessories are to be packed first."""
        self.ensure_one()
        clerk = self.sudo().sheet_id.clerk_id
        return self._make_condition(
            "accessories",
            self.env._("Accessories packed"),
            "\n".join(
                self.env._("Not packed yet: %s", accessory._get_text())
                for accessory in due
            ),
            ", ".join((packers or clerk).mapped("name")),
            self.env._("Open"),
            accessory_ids=due.ids,
        )

    def action_open_condition(self, code):
        """Open the accessories that are still to be packed."""
        if code != "accessories":
            return super().action_open_condition(code)
        self.ensure_one()
        return self.sheet_id.action_view_accessories()
