from odoo import api, fields, models


class OrderDeskIncidentPlan(models.TransientModel):
    _name = "order.desk.incident.plan"
    _description = "Write an Emergency Plan"

    incident_id = fields.Many2one("order.desk.incident", required=True, readonly=True)
    plan = fields.Text(
        compute="_compute_plan", store=True, precompute=True, readonly=False
    )
    plan_owner_id = fields.Many2one(
        "res.users",
        "Carried out by",
        compute="_compute_plan",
        store=True,
        precompute=True,
        readonly=False,
        domain=[("share", "=", False)],
    )
    plan_until = fields.Date(
        "Done by", compute="_compute_plan", store=True, precompute=True, readonly=False
    )

    @api.depends("incident_id")
    def _compute_plan(self):
        """Start from the plan there is, so that it can be improved."""
        # anybody can name an incident here; who may not read it gets nothing of it
        self.incident_id.sudo(False).check_access("read")
        for dialog in self:
            incident = dialog.incident_id
            company = incident.company_id
            tomorrow = company._order_desk_add_working_days(
                company._order_desk_date(), 1
            )
            dialog.plan = incident.plan
            dialog.plan_owner_id = incident.plan_owner_id or self.env.user
            dialog.plan_until = max(
                incident.plan_until or tomorrow, company._order_desk_date()
            )

    def action_plan(self):
        """Write the plan entered here down; the chain is asked to agree."""
        self.ensure_one()
        self.incident_id.action_plan(self.plan, self.plan_owner_id.id, self.plan_until)
        return {"type": "ir.actions.act_window_close"}
