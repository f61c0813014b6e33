from odoo import models
from odoo.tools import plaintext2html

UNCOLLECTED_TYPE = "order_desk_delivery.mail_activity_type_receipt_uncollected"


class OrderDeskReceipt(models.Model):
    """What was not collected on delivery is asked for (SPEC G9, J2)."""

    _inherit = "order.desk.receipt"

    def _get_cash_people(self):
        """Return who asks for the money: the salesperson, and finance."""
        self.ensure_one()
        company = self.company_id
        roles = self.env["order.desk.role"].sudo()  # whoever acts need not read roles
        finance = roles._get_step_roles(company, "finance")[company]
        able = finance.signer_ids.filtered(
            lambda user: self.with_user(user).sudo(False).has_access("read")
        )
        return able | self._get_cash_orders().sheet_id.user_id.filtered("active")

    def _get_todos(self):
        """Ask for what was not collected, or of which nobody has said so."""
        todos = super()._get_todos()
        for receipt in self._filter_uncollected():
            moment = receipt.collection_on or receipt.signed_on
            day = receipt.company_id._order_desk_date(moment)
            for user in receipt._get_cash_people():
                todos[receipt, UNCOLLECTED_TYPE, user] = {
                    "summary": receipt._get_cash_summary(user),
                    "date_deadline": day,
                    "note": plaintext2html(receipt.collection_reason or ""),
                }
        return todos

    def _update_todos(self):
        """Ask for no money that is there."""
        self._note_paid()
        return super()._update_todos()

    def _get_cash_summary(self, user):
        """Return the to-do's one line in the language of who has to do it."""
        self.ensure_one()
        receipt = self.with_context(lang=user.lang)
        values = {
            "number": self.number,
            "amount": receipt.collect_on_delivery,
            "customer": self.customer_id.name,
        }
        if self.collection:
            return receipt.env._(
                "Not collected on delivery: %(amount)s of %(customer)s (%(number)s)",
                **values,
            )
        return receipt.env._(
            "Was %(amount)s of %(customer)s collected? Nobody has noted it on"
            " %(number)s",
            **values,
        )

    def _get_many_subject(self):
        if any(receipt.state != "open" or receipt.collection for receipt in self):
            return self.env._("%s delivery receipts wait for you", len(self))
        return super()._get_many_subject()
