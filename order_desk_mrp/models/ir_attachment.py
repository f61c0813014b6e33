from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _order_desk_evidence_models(self):
        return [*super()._order_desk_evidence_models(), "order.desk.drawing"]

    def _is_order_desk_evidence(self):
        if self.res_model == "order.desk.drawing":
            # evidence is evidence for whoever asks
            drawing = self.env[self.res_model].sudo().browse(self.res_id)
            return bool(drawing.exists()) and drawing.state != "draft"
        return super()._is_order_desk_evidence()
