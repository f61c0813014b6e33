from odoo import api, fields, models

# a work order in these states is being worked on, or is done
STARTED_STATES = ("progress", "done")


class MrpWorkorder(models.Model):
    """Work starts once the instruction is acknowledged (SPEC E1)."""

    _inherit = "mrp.workorder"

    order_code = fields.Char(related="production_id.order_code")
    customer_code = fields.Char(related="production_id.customer_code")
    is_unacknowledged = fields.Boolean(related="production_id.is_unacknowledged")

    def button_start(self, raise_on_invalid_state=False):
        self.production_id._check_instruction()
        return super().button_start(raise_on_invalid_state=raise_on_invalid_state)

    @api.model_create_multi
    def create(self, vals_list):
        workorders = super().create(vals_list)
        workorders.browse(
            workorder.id
            for workorder, vals in zip(workorders, vals_list, strict=True)
            if self._starts_work(vals)
        ).production_id._check_instruction()
        return workorders

    def write(self, vals):
        if self._starts_work(vals):
            self.production_id._check_instruction()
        return super().write(vals)

    @api.model
    def _starts_work(self, vals):
        """Tell whether these values say that somebody is working."""
        return vals.get("state") in STARTED_STATES or bool(
            vals.get("qty_produced") or vals.get("qty_producing")
        )
