from odoo import fields, models


class OrderDeskMilestone(models.Model):
    _inherit = "order.desk.milestone"

    code = fields.Selection(
        selection_add=[("arrived", "Goods arrived"), ("cancelled",)],
        ondelete={"arrived": "cascade"},
    )


class OrderDeskSheet(models.Model):
    _inherit = "order.desk.sheet"

    def _get_milestone_sentence(self, code):
        if code == "arrived":
            return self.env._("The goods have arrived.")
        return super()._get_milestone_sentence(code)
