from odoo import fields, models


class OrderDeskSheet(models.Model):
    """Money asked for on the order of a sheet (SPEC F1, F3)."""

    _inherit = "order.desk.sheet"

    deposit_required = fields.Monetary(related="order_id.deposit_required")
    deposit_to_ask = fields.Monetary(related="order_id.deposit_to_ask")
    deposit_asked = fields.Monetary(related="order_id.deposit_asked")
    invoice_email = fields.Char(related="order_id.partner_invoice_id.email")

    def action_ask_deposit(self, via="email"):
        """Ask for the deposits of these sheets' orders, see ``sale.order``."""
        self.check_access("write")
        return self.order_id.action_ask_deposit(via)

    def action_remind_deposit(self, via="email"):
        """Send the invoices over the deposits again, see ``sale.order``."""
        self.check_access("write")
        return self.order_id.action_remind_deposit(via)

    def _get_asking_todos(self):
        """Return what the clerk has to ask the customer to pay: ``{sheet: kind}``."""
        orders = self.sudo().order_id.filtered(lambda order: order._is_deposit_step())
        due = orders.filtered("deposit_to_ask")
        return {sheet: "ask_deposit" for sheet in self if sheet.sudo().order_id in due}
