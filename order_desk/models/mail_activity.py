from markupsafe import Markup

from odoo import models

LISTED_SHEETS = 10


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _order_desk_notify(self):
        """Tell the assigned people of their new to-dos, in one message for each.

        The message leads to the card of the sheet, or to the list when there are many.
        Mails leave with Odoo's mail queue: whoever signs does not wait for them.
        """
        for user, activities in self.grouped("user_id").items():
            if user == self.env.user:
                continue
            activities = activities.with_context(
                lang=user.lang, mail_notify_force_send=False
            )
            if len(activities) == 1:
                activities.action_notify()
            else:
                activities._order_desk_notify_many(user)
        if self:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _order_desk_notify_many(self, user):
        """Send one message with links to the first sheets and their number."""
        sheets = self.env["order.desk.sheet"].browse(self.mapped("res_id"))
        links = [
            Markup('<li><a href="%s">%s</a></li>')
            % (sheet._notify_get_action_link("view"), sheet.display_name)
            for sheet in sheets[:LISTED_SHEETS]
        ]
        if len(sheets) > LISTED_SHEETS:
            more = self.env._("… and %s more", len(sheets) - LISTED_SHEETS)
            links.append(Markup("<li>%s</li>") % more)
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._(
                "%s order configuration sheets wait for you", len(sheets)
            ),
            body=Markup("<ul>%s</ul>") % Markup().join(links),
            email_layout_xmlid="mail.mail_notification_light",
        )
