from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, plaintext2html

from .order_desk_waiver import SELF_SETTLING

LISTED_WAIVERS = 20
SHEETS_AT_ONCE = 100


class OrderDeskWaiver(models.Model):
    """Making waivers good, withdrawing them, telling people, reminding them."""

    _inherit = "order.desk.waiver"

    # ------------------------------------------------------------- actions

    def action_open_close(self, kind="made_good"):
        """Open the dialog that makes these waivers good or withdraws them.

        :param kind: "made_good" or "withdrawn"
        """
        wizard = self.env["order.desk.waiver.close"].create(
            {"waiver_ids": self.ids, "kind": kind}
        )
        return wizard._get_records_action(name=wizard._get_title(), target="new")

    def action_open_withdraw(self):
        """Open the dialog that withdraws these waivers."""
        return self.action_open_close("withdrawn")

    def action_made_good(self, note=False):
        """Note that what was owed for these waivers is there.

        They go on to count for the state they were given for.

        :raise AccessError: not the author, their superior or a supervisor
        :raise UserError: closed already, no remark, or accounting tells it
        """
        self._check_closing("can_make_good")
        note = self._read_note(note, self.env._("Say how it was made good."))
        self.sudo()._close(  # nobody may write waivers, the checks are above
            "made_good",
            made_good_on=fields.Datetime.now(),
            made_good_by_id=self.env.uid,
            closing_note=note,
        )

    def action_withdraw(self, reason=False):
        """Take waivers back: the gates close again.

        :raise AccessError: neither the author nor their superior
        :raise UserError: no longer in force, or no reason
        """
        self._check_closing("can_withdraw")
        note = self._read_note(reason, self.env._("Say why you withdraw the waiver."))
        self.sudo()._close(  # nobody may write waivers, the checks are above
            "withdrawn",
            withdrawn_on=fields.Datetime.now(),
            withdrawn_by_id=self.env.uid,
            closing_note=note,
        )

    def _check_closing(self, allowed):
        """Let one person at a time close waivers, if they may.

        :param allowed: the field that tells whether the user may
        """
        self.check_access("read")
        self.sheet_id._lock()
        self.sheet_id._start_over_if_second()  # whoever ships sees the gate closed
        self.invalidate_recordset()
        errors = [
            error
            for waiver in self.sudo()  # the labels of records the user need not read
            if not waiver[allowed]
            and (error := waiver._get_closing_error(allowed == "can_withdraw"))
        ]
        if errors:
            raise UserError("\n".join(errors))
        others = self.filtered(lambda waiver: not waiver[allowed])
        if others:
            raise AccessError(
                "\n".join(
                    self.env._(
                        "%(waiver)s: that is up to %(user)s, who has waived it, or to"
                        " %(superior)s.",
                        waiver=waiver.display_name,
                        user=waiver.user_id.name,
                        superior=waiver._get_superior().name
                        or self.env._("no one assigned"),
                    )
                    for waiver in others.sudo()
                )
            )

    def _get_closing_error(self, withdraws):
        """Return why nobody can close this waiver so, or ""."""
        self.ensure_one()
        if not self.is_in_force or (self.state != "open" and not withdraws):
            states = dict(self._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(waiver)s is in the state “%(state)s” already.",
                waiver=self.display_name,
                state=states[self.state],
            )
        return "" if withdraws else self._get_settled_reason()

    def _get_settled_reason(self):
        """Return what makes this waiver good, if it is not a person's word, or "".

        Modules that know of more such conditions extend this.
        """
        self.ensure_one()
        if self.condition not in SELF_SETTLING:
            return ""
        return self.env._(
            "%s: accounting tells when the money is there. Register the payment.",
            self.display_name,
        )

    @api.model
    def _read_note(self, note, message):
        note = str(note or "").strip()
        if not note:
            raise UserError(message)
        return note

    def _close(self, state, **vals):
        """Close these waivers, as superuser; tell whoever works on their orders."""
        if not self:
            return
        self.write({"state": state, **vals})
        if state != "lapsed":
            self._tell("_get_closed_sentence")
        self.sheet_id._update_todos()

    # ------------------------------------------------------------- telling

    def _get_given_sentence(self):
        self.ensure_one()
        values = {
            "user": self.user_id.name,
            "condition": self._get_label(),
            "reason": self.reason,
            "date": format_date(self.env, self.make_good_by),
            "make_good": self.make_good,
        }
        if self.on_behalf_of_id:
            return self.env._(
                "%(user)s waived “%(condition)s” on behalf of %(away)s: %(reason)s\n"
                "To make good by %(date)s: %(make_good)s",
                **values,
                away=self.on_behalf_of_id.name,
            )
        return self.env._(
            "%(user)s waived “%(condition)s”: %(reason)s\n"
            "To make good by %(date)s: %(make_good)s",
            **values,
        )

    def _get_closed_sentence(self):
        self.ensure_one()
        values = {
            "condition": self._get_label(),
            "user": self.user_id.name,
            "note": self.closing_note,
        }
        if self.state == "withdrawn":
            return self.env._(
                "%(by)s withdrew the waiver of “%(condition)s” by %(user)s: %(note)s",
                **values,
                by=self.withdrawn_by_id.name,
            )
        if self.made_good_by_id:
            return self.env._(
                "The waiver of “%(condition)s” by %(user)s is made good, according to"
                " %(by)s: %(note)s",
                **values,
                by=self.made_good_by_id.name,
            )
        return self.env._(
            "The waiver of “%(condition)s” by %(user)s is made good: the condition is"
            " met.",
            **values,
        )

    def _tell(self, sentence_method):
        """Say it on the sheets, and to their salespeople and clerks.

        :param sentence_method: the name of the method of one waiver that says it
        """
        bodies = defaultdict(list)
        people = defaultdict(self.browse)
        for waiver in self:
            sheet = waiver.sheet_id
            sentence = plaintext2html(getattr(waiver, sentence_method)())
            bodies[sheet.id].append(sentence)
            told = waiver._get_told()
            for user in told.filtered("active") - self.env.user:
                people[user] |= waiver
        self.sheet_id._message_log_batch(
            {sheet_id: Markup().join(texts) for sheet_id, texts in bodies.items()},
            author_id=self.env.user.partner_id.id,
        )
        for user, waivers in people.items():
            env = self.with_context(lang=user.lang).env
            waivers._notify_person(
                user, env._("Waivers on your orders"), sentence_method
            )

    def _get_told(self):
        """Return who hears of this waiver: who has the order, and who gave it."""
        self.ensure_one()
        return self.sheet_id.user_id | self.sheet_id.clerk_id | self.user_id

    def _notify_person(self, user, subject, text_method="_get_text"):
        """Send one message about these waivers, however many they are."""
        waivers = self.with_context(lang=user.lang, mail_notify_force_send=False)
        items = [
            Markup('<li><a href="%s">%s</a><br/>%s</li>')
            % (
                waiver.sheet_id._notify_get_action_link("view"),
                waiver.sheet_id.display_name,
                plaintext2html(getattr(waiver, text_method)()),
            )
            for waiver in waivers[:LISTED_WAIVERS]
        ]
        if len(waivers) > LISTED_WAIVERS:
            more = waivers.env._("… and %s more", len(waivers) - LISTED_WAIVERS)
            items.append(Markup("<li>%s</li>") % more)
        # carried by the first sheet, so that a push notification has something to open
        waivers[:1].sheet_id.message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup("<ul>%s</ul>") % Markup().join(items),
            email_layout_xmlid="mail.mail_notification_light",
        )

    # ------------------------------------------------------------- reminding

    def _get_reminded(self):
        """Return who sees to it that this waiver is made good."""
        self.ensure_one()
        return self.user_id.filtered("active") | self._get_superior()

    @api.model
    def _cron_follow_waivers(self):
        """Close what is made good; remind of the rest, once per working day."""
        sheets = self.search([("state", "=", "open")], order="make_good_by").sheet_id
        self.env["ir.cron"]._order_desk_follow(
            sheets, lambda sheets: sheets._make_good_waivers(), size=SHEETS_AT_ONCE
        )
        overdue = self.search([("is_overdue", "=", True)])
        # all at once: each person gets one message
        self.env["ir.cron"]._order_desk_follow(
            overdue, lambda waivers: waivers._remind(), size=len(overdue) or 1
        )

    def _remind(self):
        """Remind authors and superiors, one message each, on their working day."""
        days = {
            company: company._order_desk_date()
            for company in self.company_id
            if company._order_desk_is_working_day()
        }
        due = self.filtered(
            lambda waiver: (
                (day := days.get(waiver.company_id))
                and (not waiver.reminded_on or waiver.reminded_on < day)
            )
        ).try_lock_for_update()
        people = defaultdict(self.browse)
        for waiver in due.sorted("make_good_by"):
            for user in waiver._get_reminded():
                people[user] |= waiver
        for user, waivers in people.items():
            env = self.with_context(lang=user.lang).env
            waivers._notify_person(
                user, env._("Waivers not made good in time: %s", len(waivers))
            )
        for company, waivers in due.grouped("company_id").items():
            waivers.reminded_on = days[company]
        due.sheet_id._update_todos()
