from markupsafe import Markup

from odoo import models
from odoo.tools import format_date


class OrderDeskShippingRequest(models.Model):
    """The salespeople are told what leaves, before the customer asks (SPEC G1)."""

    _inherit = "order.desk.shipping.request"

    def _issue(self):
        result = super()._issue()
        for request in self.filtered(lambda request: request.state == "issued"):
            request._tell_salespeople()
        return result

    def _tell_salespeople(self):
        """Send one message to each salesperson, unless they have issued it."""
        self.ensure_one()
        users = self.order_ids.user_id.filtered("active") - self.env.user
        for user in users:
            request = self.with_context(lang=user.lang, mail_notify_force_send=False)
            request.message_notify(
                partner_ids=user.partner_id.ids,
                subject=request.env._(
                    "%(number)s: goods for %(customer)s are leaving",
                    number=self.number,
                    customer=self.partner_id.name,
                ),
                body=request._get_salesperson_body(user),
                email_layout_xmlid="mail.mail_notification_light",
            )
        if users:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _get_salesperson_body(self, user):
        """Return what leaves of the orders of ``user``, and when it is to be there."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.order_id.user_id == user)
        goods = Markup().join(
            Markup("<li>%s – %s</li>") % (line.order_id.name, line._get_look_value())
            for line in lines
        )
        body = Markup("<ul>%s</ul>") % goods
        if self.due_arrival_date:
            day = format_date(self.env, self.due_arrival_date)
            body += Markup("<p>%s</p>") % self.env._("Due to arrive: %s", day)
        return body
