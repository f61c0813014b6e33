from odoo import api, fields, models


class OrderDeskIncidentSolve(models.TransientModel):
    _name = "order.desk.incident.solve"
    _description = "Write down What Came out of an Incident"

    incident_id = fields.Many2one("order.desk.incident", required=True, readonly=True)
    outcome_kind = fields.Selection(
        selection="_selection_outcome_kind", string="Result"
    )
    outcome = fields.Text(help="Everybody who follows the incident reads it.")
    finish_date = fields.Date(
        "New Finish Date", help="A later working day; the promise moves by as much."
    )
    old_finish_date = fields.Date(
        "Finish Date so Far", compute="_compute_old_finish_date", compute_sudo=True
    )

    @api.depends("incident_id")
    def _compute_old_finish_date(self):
        # anybody can name an incident here; who may not read it gets nothing of it
        self.incident_id.sudo(False).check_access("read")
        for dialog in self:
            dialog.old_finish_date = dialog.incident_id.sheet_id.finish_date

    @api.model
    def _selection_outcome_kind(self):
        incidents = self.env["order.desk.incident"]
        return incidents._fields["outcome_kind"]._description_selection(self.env)

    def action_solve(self):
        """Solve the incident with what was entered here."""
        self.ensure_one()
        self.incident_id.action_solve(self.outcome_kind, self.outcome, self.finish_date)
        return {"type": "ir.actions.act_window_close"}
