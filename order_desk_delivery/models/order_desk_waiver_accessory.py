from odoo import models


class OrderDeskWaiver(models.Model):
    _inherit = "order.desk.waiver"

    def _get_gap(self, condition):
        """Cover the accessories that were on the list when it was given, no later."""
        gap = super()._get_gap(condition)
        if gap or self.condition != "accessories":
            return gap
        # who meets a gate need not read accessories
        missing = self.env["order.desk.accessory"].sudo()
        missing = missing.browse(condition["accessory_ids"])
        later = missing.filtered(lambda a: a.create_date > self.given_on)
        return ", ".join(accessory._get_text() for accessory in later)
