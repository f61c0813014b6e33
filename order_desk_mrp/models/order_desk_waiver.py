from odoo import models


class OrderDeskWaiver(models.Model):
    _inherit = "order.desk.waiver"

    def _get_gap(self, condition):
        gap = super()._get_gap(condition)
        if gap or self.condition != "incident":
            return gap
        incidents = self.sheet_id._get_open_incidents(self.gate).get(self.sheet_id)
        newer = incidents and incidents.filtered(
            lambda incident: incident.opened_on > self.given_on
        )
        if newer:
            return self.env._(
                "%s came after it", ", ".join(newer.mapped("display_name"))
            )
        return ""
