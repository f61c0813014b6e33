from odoo import api, models


class SaleOrder(models.Model):
    """Goods that failed leave only with a waiver: a condition of the gate (SPEC E4)."""

    _inherit = "sale.order"

    @api.depends(
        "sheet_id.inspection_ids.state",
        "sheet_id.inspection_ids.disposition",
        "sheet_id.inspection_ids.waiver_ids",
    )
    def _compute_order_desk_gates(self):
        return super()._compute_order_desk_gates()

    def _order_desk_conditions(self, gate, leaving=None):
        """List failed goods that somebody asked to let through, where there are any."""
        conditions = super()._order_desk_conditions(gate, leaving)
        if gate != "shipping" or not conditions:
            return conditions
        # who ships need not read inspections
        asked = self.env["order.desk.inspection"].sudo()
        sheets = self.browse().union(*conditions).sudo().sheet_id
        asked = asked.search(
            [
                ("sheet_ids", "in", sheets.ids),
                ("disposition", "=", "waiver"),
                ("state", "!=", "cancelled"),
            ]
        )
        for order, found in conditions.items() if asked else ():
            sheet = order.sudo().sheet_id
            if failed := asked & sheet.inspection_ids:
                found.append(order._get_inspection_condition(failed))
        return conditions

    def _get_inspection_condition(self, failed):
        self.ensure_one()
        reasons = [
            self.env._(
                "%(inspection)s: %(quantity)s of %(product)s failed (%(points)s).",
                inspection=one.name,
                quantity=one._format(one.quantity_failed),
                product=one.product_id.display_name,
                points=one.failed_points or one.remark or "",
            )
            for one in failed.sorted("id")
        ]
        roles = failed._get_inspectors().get(self.company_id)
        people = roles.signer_ids.mapped("name") if roles else ()
        return self._make_condition(
            "inspection",
            self.env._("Goods that failed the inspection"),
            "\n".join(reasons),
            ", ".join(people),
            self.env._("Open"),
        )

    def action_open_condition(self, code):
        """Open the inspections whose failed goods wait for a waiver."""
        if code != "inspection":
            return super().action_open_condition(code)
        self.ensure_one()
        inspections = self.sudo().sheet_id._get_inspections_to_waive()
        return inspections.sudo(self.env.su)._get_records_action(
            name=self.env._("Inspections")
        )
