from odoo import api, fields, models


class OrderDeskIncidentSolve(models.TransientModel):
    _name = "order.desk.incident.solve"
    _description = "Write down What Came out of an Incident"

    incident_id = fields.Many2one("order.desk.incident", required=True, readonly=True)
    outcome_kind = fields.Selection(
        selection="_selection_outcome_kind", string="Result"
    )
    outcome = fields.Text(help="Everybody who follows the incident reads it.")

    @api.model
    def _selection_outcome_kind(self):
        incidents = self.env["order.desk.incident"]
        return incidents._fields["outcome_kind"]._description_selection(self.env)

    def action_solve(self):
        """Solve the incident with what was entered here."""
        self.ensure_one()
        self.incident_id.action_solve(self.outcome_kind, self.outcome)
        return {"type": "ir.actions.act_window_close"}
