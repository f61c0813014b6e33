from odoo import models


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
                    "%(unbuild)s: %(quantity)g %(unit)s were taken apart. What is built"
                    " of them anew is inspected anew.",
                    unbuild=unbuild.name,
                    quantity=unbuild.product_qty,
                    unit=unbuild.product_uom_id.name,
                )
            )
        return result
