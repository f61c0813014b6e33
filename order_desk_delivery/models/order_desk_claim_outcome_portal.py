from odoo import models


class OrderDeskClaimOutcome(models.Model):
    _inherit = "order.desk.claim.outcome"

    def _get_portal_state(self):
        """Return how far it is, in the customer's words."""
        self.ensure_one()
        return self.env._("Done") if self.state == "done" else self.env._("In work")

    def _get_portal_documents(self):
        """Return the documents that are for the customer: ``[(name, address)]``."""
        self.ensure_one()
        notes = self.credit_note_ids.filtered(lambda note: note.state == "posted")
        orders = self.resend_order_ids.filtered(
            lambda order: order.state in ("sent", "sale")
        )
        return [
            *((note.name, note.get_portal_url()) for note in notes),
            *((order.name, order.get_portal_url()) for order in orders),
        ]
