from odoo import models

from odoo.addons.order_desk.quantity import format_quantity


class MrpUnbuild(models.Model):
    _inherit = "mrp.unbuild"

    def action_unbuild(self):
        """Say on the inspection that what had passed was taken apart (SPEC E4)."""
        result = super().action_unbuild()
        unbuild = self.sudo()  # whoever unbuilds need not read inspections
        group = unbuild.mo_id._get_inspection_group()
        for one in group._get_inspections(unbuild.product_id):
            one._message_log(
                body=self.env._(
                    "%(unbuild)s: %(quantity)s were taken apart. What is built"
                    " of them anew is inspected anew.",
                    unbuild=unbuild.name,
                    quantity=format_quantity(
                        unbuild.product_qty, unbuild.product_uom_id
                    ),
                )
            )
        return result
