from odoo import api, models


class OrderDeskSheetSign(models.TransientModel):
    _inherit = "order.desk.sheet.sign"

    @api.depends("statement_date")
    def _compute_statement_hint(self):
        """Warn when the chosen finish date is after the customer's (SPEC B7)."""
        result = super()._compute_statement_hint()
        for wizard in self:
            if not wizard.role_id.gives_finish_date:
                continue
            warnings = [
                sheet._get_late_text(wizard.statement_date)
                for sheet in wizard.signable_sheet_ids._origin
            ]
            texts = [wizard.statement_hint, *dict.fromkeys(warnings)]
            wizard.statement_hint = "\n".join(text for text in texts if text)
        return result
