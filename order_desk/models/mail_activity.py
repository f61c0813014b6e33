from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

LISTED_SHEETS = 10
# whose to-do it is and by when; whoever is late would put it off
KEPT_FIELDS = {
    "active",
    "activity_type_id",
    "automated",
    "date_deadline",
    "res_id",
    "res_model_id",
    "user_id",
}


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _order_desk_notify(self):
        """Tell the assigned people of their new to-dos, in one message for each.

        The message leads to the sheet or the copy, or to each of them when there are
        many.
        Mails leave with Odoo's mail queue: whoever signs does not wait for them.
        """
        for (user, _model), activities in self.grouped(
            lambda activity: (activity.user_id, activity.res_model)
        ).items():
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
        """Send one message with links to the first sheets and their number.

        All are sheets, or all are copies of sheets.
        """
        sheets = self.env[self[0].res_model].browse(self.mapped("res_id"))
        links = [
            Markup('<li><a href="%s">%s</a></li>')
            % (sheet._notify_get_action_link("view"), sheet.display_name)
            for sheet in sheets[:LISTED_SHEETS]
        ]
        if len(sheets) > LISTED_SHEETS:
            more = self.env._("… and %s more", len(sheets) - LISTED_SHEETS)
            links.append(Markup("<li>%s</li>") % more)
        # carried by the first, so that a push notification has something to open
        sheets[:1].message_notify(
            partner_ids=user.partner_id.ids,
            subject=sheets._get_many_subject(),
            body=Markup("<ul>%s</ul>") % Markup().join(links),
            email_layout_xmlid="mail.mail_notification_light",
        )

    def _check_order_desk_done(self):
        """Keep the desk's to-dos: they go when the document no longer waits.

        Otherwise a tap in the list of activities would hide a sheet from its signer.
        """
        types = self.env["order.desk.sheet"]._get_todo_types()
        kept = self.filtered(
            lambda activity: (
                activity.automated
                and (
                    activity.activity_type_id.id in types
                    if activity.res_model == "order.desk.sheet"
                    else getattr(
                        self.env.get(activity.res_model), "_keeps_todos", False
                    )
                )
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "%(document)s: “%(todo)s” is done on the document itself; the to-do"
                    " then goes away.",
                    document=kept[0].res_name,
                    todo=kept[0].summary or kept[0].activity_type_id.name,
                )
            )

    def write(self, vals):
        if KEPT_FIELDS & set(vals) and not self.env.su:
            self._check_order_desk_done()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_order_desk(self):
        if not self.env.su:  # the desk takes its to-dos back as superuser
            self._check_order_desk_done()

    def _action_done(self, feedback=False, attachment_ids=None):
        """Report a copy done when its recipient marks the to-do as done (SPEC C5).

        :raise UserError: a to-do that is done on the sheet itself
        """
        self._check_order_desk_done()
        reported = self.filtered(
            lambda activity: (
                activity.automated
                and activity.res_model == "order.desk.distribution"
                and activity.user_id == self.env.user
            )
        )
        followed = self.filtered(
            lambda activity: (
                activity.automated and activity.res_model == "order.desk.balance.notice"
            )
        )
        copies = self.env["order.desk.distribution"].browse(reported.mapped("res_id"))
        if copies:  # who never gets one has no right to ask even for none
            # takes the to-dos of all its recipients away
            copies.action_report_done(feedback)
        # the next time is worked out by the desk, see there
        notices = self.env["order.desk.balance.notice"].sudo()
        notices = notices.browse(followed.mapped("res_id"))
        result = super(MailActivity, self - reported)._action_done(
            feedback=feedback, attachment_ids=attachment_ids
        )
        notices._note_followed()
        return result
