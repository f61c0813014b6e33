from odoo import api, models
from odoo.fields import Domain


class OrderDeskStandIn(models.Model):
    _inherit = "order.desk.stand.in"

    @api.constrains("user_id", "stand_in_id", "role_ids")
    def _check_rights(self):
        """Refuse a stand-in who cannot do the work that is all there is to do.

        :raise ValidationError: names them, and the rights they need
        """
        roles = self.env["order.desk.role"].sudo().search(Domain.TRUE)
        without = roles._get_steps_without_sheet()
        for stand_in in self:
            signed_for = stand_in.sudo()._get_roles(roles)
            if set(signed_for.mapped("step")) <= without:
                for role in signed_for:
                    role._check_rights_of(stand_in.stand_in_id)
