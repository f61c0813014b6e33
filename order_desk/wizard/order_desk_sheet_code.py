from odoo import api, fields, models


class OrderDeskSheetCode(models.TransientModel):
    _name = "order.desk.sheet.code"
    _description = "Give Codes to a Sheet"

    sheet_id = fields.Many2one("order.desk.sheet", required=True, readonly=True)
    partner_id = fields.Many2one(related="sheet_id.partner_id", related_sudo=False)
    order_code = fields.Char(
        help="Leave empty to take the next number of the sequence."
    )
    customer_code = fields.Char(
        compute="_compute_customer_code", store=True, readonly=False
    )

    @api.depends("sheet_id")
    def _compute_customer_code(self):
        for wizard in self:
            customer = wizard.sheet_id.partner_id.commercial_partner_id
            wizard.customer_code = customer.customer_code

    def action_give_codes(self):
        """Give the codes entered here."""
        self.ensure_one()
        self.sheet_id.action_code(self.order_code, self.customer_code)
        return {"type": "ir.actions.act_window_close"}
