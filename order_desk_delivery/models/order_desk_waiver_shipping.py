from odoo import api, models

from .order_desk_shipping_request import SHIPPING_STATES


class OrderDeskWaiver(models.Model):
    """Whoever ships is told what was waived, and when it is made good (SPEC G3)."""

    _inherit = "order.desk.waiver"

    @api.model_create_multi
    def create(self, vals_list):
        waivers = super().create(vals_list)
        waivers._refresh_briefings()
        return waivers

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._refresh_briefings()
        return result

    def _get_told(self):
        """Tell the shippers that goods may go first, or not after all (SPEC G2)."""
        told = super()._get_told()
        if self.condition != "shipping_request" or self.state == "made_good":
            return told
        # whoever waives need not be able to read roles
        roles = self.env["order.desk.role"].sudo()
        roles = roles._get_step_roles(self.company_id, "shipping")[self.company_id]
        return told | roles.signer_ids

    def _refresh_briefings(self):
        # whoever waives need not be able to read shipping requests
        lines = self.sudo().sheet_id.order_id.order_line.shipping_request_line_ids
        lines.request_id.filtered(
            lambda request: request.state in SHIPPING_STATES
        )._refresh_briefing()
