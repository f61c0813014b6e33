from odoo import api, models

RECEIPT_MODELS = ("order.desk.receipt", "order.desk.receipt.line")


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _order_desk_evidence_models(self):
        return [*super()._order_desk_evidence_models(), *RECEIPT_MODELS]

    def _is_order_desk_evidence(self):
        if self.res_model in RECEIPT_MODELS:
            # evidence is evidence for whoever asks
            document = self.env[self.res_model].sudo().browse(self.res_id)
            return bool(document.exists()) and document._is_evidence(self)
        return super()._is_order_desk_evidence()
