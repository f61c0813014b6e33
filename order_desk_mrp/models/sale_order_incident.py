from odoo import api, models

from .order_desk_incident import OPEN_STATES


class SaleOrder(models.Model):
    """An open incident holds up the gate it concerns (SPEC E3)."""

    _inherit = "sale.order"

    @api.depends("sheet_id.incident_ids.state", "sheet_id.incident_ids.gate")
    def _compute_order_desk_gates(self):
        return super()._compute_order_desk_gates()

    def _order_desk_conditions(self, gate, leaving=None):
        conditions = super()._order_desk_conditions(gate, leaving)
        # whoever meets the gate need not read the sheets
        sheets = self.sudo().sheet_id
        held = sheets._get_open_incidents(gate) if sheets else {}
        for order in conditions:
            incidents = held.get(order.sudo().sheet_id)
            if incidents:
                conditions[order].append(order._get_incident_condition(incidents))
        return conditions

    def _get_incident_condition(self, incidents):
        """Return the condition that these incidents are solved."""
        owners = (
            incidents.owner_id
            | incidents.filtered(
                lambda incident: not incident.owner_id
            ).sheet_id.clerk_id
        )
        return self._make_condition(
            "incident",
            self.env._("No open incident"),
            "\n".join(incidents.sorted("id").mapped("display_name")),
            ", ".join(owners.mapped("name")),
            self.env._("Look at it"),
            incident_ids=incidents.ids,
        )

    def action_open_condition(self, code):
        if code != "incident":
            return super().action_open_condition(code)
        incidents = self.sheet_id.incident_ids.filtered(
            lambda incident: incident.gate and incident.state in OPEN_STATES
        )
        return incidents._get_records_action(name=self.env._("Incidents"))
