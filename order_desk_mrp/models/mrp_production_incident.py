from odoo import api, fields, models


class MrpProduction(models.Model):
    """Incidents are reported where they are noticed (SPEC E3)."""

    _inherit = "mrp.production"

    incident_ids = fields.One2many(
        "order.desk.incident", "production_id", "Incidents", readonly=True
    )
    incident_count = fields.Integer(compute="_compute_incident_count")

    @api.depends("incident_ids")
    def _compute_incident_count(self):
        counts = dict(
            self.env["order.desk.incident"]._read_group(
                [("production_id", "in", self.ids)], ["production_id"], ["__count"]
            )
        )
        for production in self:
            production.incident_count = counts.get(production, 0)

    def action_raise_incident(self):
        """Open the dialog in which an incident of this order is reported."""
        self.ensure_one()
        return self.env["order.desk.incident"]._get_raise_action(
            production_id=self.id, order_code=self.order_code
        )

    def action_view_incidents(self):
        """Open the incidents of these manufacturing orders."""
        return self.incident_ids._get_records_action(name=self.env._("Incidents"))
