from odoo import api, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

SUBMIT_TYPE = "order_desk_delivery.mail_activity_type_submit_advice"
CHECK_TYPE = "order_desk_delivery.mail_activity_type_check_advice"
RECEIPT_TYPE = "order_desk_delivery.mail_activity_type_advice_receipt"


class OrderDeskShippingAdvice(models.Model):
    """Who has to do what about an advice, and who is told when it is late (SPEC J2)."""

    _inherit = "order.desk.shipping.advice"

    def _get_todos(self):
        roles = self.env["order.desk.role"]
        companies = self.company_id
        people = {
            step: roles._get_step_roles(companies, step)
            for step in ("shipping", "shipping_request")
        }
        todos = {}
        for advice in self:
            step, kind, since = advice._get_task()
            if step:
                todos.update(
                    people[step][advice.company_id]._get_shipping_todos(
                        advice,
                        kind,
                        since,
                        note=plaintext2html(advice.sent_back_note or ""),
                    )
                )
        return todos

    def _get_task(self):
        """Return whose turn it is, what they do, and since when."""
        self.ensure_one()
        if self.state == "draft":
            return "shipping", SUBMIT_TYPE, self.shipped_on or self.create_date
        if self.state == "submitted":
            return "shipping_request", CHECK_TYPE, self.submitted_on
        if self.state == "sent" and not self.received_clear_on:
            return "shipping_request", RECEIPT_TYPE, self.sent_on
        return False, False, False

    @api.model
    def _cron_follow(self):
        """Brief shippers, ask for advices, tell superiors who is late and what left."""
        cron = self.env["ir.cron"]
        requests = self.env["order.desk.shipping.request"]
        cron._order_desk_follow(
            requests.search([("is_to_ship", "=", True)]),
            lambda some: some._refresh_briefing(),
        )
        self.env["stock.move"]._follow_unnamed()
        waiting = Domain("state", "in", ("draft", "submitted")) | (
            Domain("state", "=", "sent") & Domain("received_clear_on", "=", False)
        )
        cron._order_desk_follow(
            self.search(waiting, order="id"), lambda some: some._update_todos()
        )
