from odoo import api, models


class MrpWorkcenterProductivity(models.Model):
    """Time is booked on what may be made (SPEC E1)."""

    _inherit = "mrp.workcenter.productivity"

    @api.model_create_multi
    def create(self, vals_list):
        times = super().create(vals_list)
        times.workorder_id.production_id._check_instruction()
        return times

    def write(self, vals):
        result = super().write(vals)
        if vals.get("workorder_id"):
            self.workorder_id.production_id._check_instruction()
        return result
