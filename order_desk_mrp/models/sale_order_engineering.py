from odoo import api, models


class SaleOrder(models.Model):
    """Engineering's answers as a condition of the production gate (SPEC B5)."""

    _inherit = "sale.order"

    @api.depends(
        "sheet_id.engineering_ids.state",
        "sheet_id.engineering_ids.drawing_ids.state",
        "sheet_id.engineering_ids.bom_id.active",
    )
    def _compute_order_desk_gates(self):
        return super()._compute_order_desk_gates()

    def _order_desk_follow_change(self):
        # a line may have left the standard, or what was answered may have changed
        self.sheet_id._update_engineering()
        return super()._order_desk_follow_change()

    def _order_desk_conditions(self, gate, leaving=None):
        conditions = super()._order_desk_conditions(gate, leaving)
        if gate == "production":
            for order, found in conditions.items():
                if order.sheet_id.engineering_ids:
                    found.append(order._get_engineering_condition())
        return conditions

    def _get_engineering_condition(self):
        """Return whether every line outside the standard can be built as drawn."""
        gaps = [
            (engineering, *gap)
            for engineering in self.sheet_id.engineering_ids.sorted("id")
            if (gap := engineering._get_gap() or engineering._get_drawing_gap())
        ]
        return self._make_condition(
            "engineering",
            self.env._("Engineering confirmations"),
            "\n".join(
                self.env._(
                    "%(line)s: %(reason)s.",
                    line=engineering.sale_line_id._get_engineering_label(),
                    reason=reason,
                )
                for engineering, reason, _actor in gaps
            ),
            ", ".join(dict.fromkeys(actor for *_gap, actor in gaps)),
            self.env._("Open"),
        )

    def action_open_condition(self, code):
        if code == "engineering" and self.sheet_id:
            # only what is open; whoever reads the gate need not read all of it
            engineering = self.sheet_id.sudo().engineering_ids.filtered(
                lambda e: e._get_gap() or e._get_drawing_gap()
            )
            readable = engineering.sudo(False)._filtered_access("read")
            if readable:
                return readable._get_records_action(
                    name=self.env._("Engineering Confirmations")
                )
        return super().action_open_condition(code)
