from odoo import fields, models
from odoo.exceptions import UserError

from .order_desk_confirmation import SENT_VIA


class OrderDeskConfirmation(models.Model):
    """The way of a confirmation to the customer: proof-read and sent (SPEC D1)."""

    _inherit = "order.desk.confirmation"

    def _start(self):
        """Let one person at a time move these confirmations on, if they may at all."""
        sheets = self.sheet_id
        sheets.check_access("write")
        sheets._lock()
        self.invalidate_recordset(["state"])  # the other one may have been quicker

    def _tell(self, body, **values):
        """Tell the story on the sheet, in the language of its clerk."""
        for confirmation in self:
            confirmation.sheet_id.message_post(body=body, **values)

    def _in_desk_language(self):
        """Return this confirmation in the language of who reads its sheet's story.

        A customer or the scheduler may be acting.
        """
        self.ensure_one()
        clerk = self.clerk_id or self.sheet_id.user_id
        lang = clerk.lang or self.company_id.partner_id.lang
        return self.with_context(lang=lang) if lang else self

    # ------------------------------------------------------------- proof-reading

    def _follow_content(self, revision):
        """Bring this draft in line with ``revision``; what changed is read again."""
        self.ensure_one()
        sheet = self.sheet_id
        before = sheet._get_customer_content(self.revision_id.content)
        after = sheet._get_customer_content(revision.content)
        same = {key for key in after if before.get(key) == after[key]}
        if self.finish_date != sheet.finish_date:
            same.discard(0)
        changed = self.line_ids.filtered(lambda line: line.sale_line_id.id not in same)
        (self.line_ids - changed).filtered(
            lambda line: not line.sale_line_id and 0 not in same
        ).write({"read_by_id": False, "read_on": False})
        changed.filtered("sale_line_id").unlink()
        vals = sheet._prepare_confirmation_vals(revision)
        kept = set(self.line_ids.sale_line_id.ids) | {False}
        self.write(
            {
                **{key: vals[key] for key in ("name", "revision_id", "finish_date")},
                "line_ids": [
                    command
                    for command in vals["line_ids"]
                    if command[2]["sale_line_id"] not in kept
                ],
            }
        )

    def action_read_all(self):
        """Take the lines that nobody has looked at yet for read by the user."""
        self._get_unread_lines().is_read = True

    # ------------------------------------------------------------- sending

    def action_send(self, via="email"):
        """Send these confirmations to the customers, or send them once more.

        :param via: "email", "print", "fax" or "in_person"
        :return: what is to be printed, if anything
        :raise UserError: not current, lines nobody has looked at, no e-mail address
        """
        if via not in dict(SENT_VIA):
            raise UserError(self.env._("A confirmation cannot be sent this way."))
        self._start()
        current = self.sheet_id.action_make_confirmation()
        errors = [
            error
            for confirmation in self
            if (error := confirmation._get_send_error(via, current))
        ]
        if errors:
            raise UserError("\n".join(errors))
        drafts = self.filtered(lambda c: c.state == "draft")
        drafts._mark_sent(via)
        for confirmation in self:
            confirmation._tell(
                confirmation._get_sent_text(via, again=confirmation not in drafts)
            )
        if via == "email":
            self._mail_to_customer("order_desk.mail_template_confirmation")
            return True
        return self.env.ref("order_desk.action_report_confirmation").report_action(
            self, config=False
        )

    def _get_send_error(self, via, current):
        """Return why this confirmation cannot be sent ``via`` now, or ""."""
        self.ensure_one()
        if self not in current:
            return self.env._(
                "%(number)s is not what the order says today. Send the new confirmation"
                " of %(order)s.",
                number=self.name,
                order=self.order_id.name,
            )
        if self.state in ("returned", "verified"):
            return self.env._("%s has come back from the customer already.", self.name)
        unread = (
            self._get_unread_lines() if self.state == "draft" else self.line_ids[:0]
        )
        if unread:
            return self.env._(
                "%(number)s: nobody has looked at these lines yet: %(lines)s.",
                number=self.name,
                lines=", ".join(unread.mapped("title")),
            )
        if via == "email" and not self.partner_id.email:
            return self.env._(
                "%(customer)s has no e-mail address, so %(number)s cannot be sent by"
                " e-mail. Enter the address on the contact, or print the confirmation"
                " and send it by fax.",
                customer=self.partner_id.display_name,
                number=self.name,
            )
        return ""

    def _mark_sent(self, via):
        """Note that these confirmations are out, and what is promised with them."""
        now = fields.Datetime.now()
        for confirmation in self.sudo():  # protected fields; the caller has checked
            sheet = confirmation.sheet_id
            (sheet.confirmation_ids - confirmation)._replace()
            days = (sheet.promise_date, sheet.finish_date)
            sheet.promise_date = (
                max(filter(None, days), default=False)
                or confirmation._get_delivery_day()
            )
            confirmation.write(
                {
                    "state": "sent",
                    "sent_on": now,
                    "sent_by_id": self.env.uid,
                    "sent_via": via,
                    "promise_date": sheet.promise_date,
                }
            )
        self._await_return_copy()
        self.sheet_id._add_milestones("confirmation_sent")
        self.sheet_id._update_todos()

    def _replace(self):
        """Take these confirmations out of the way: others follow, or none at all."""
        # one that never went out goes on with the next content
        self.filtered(lambda c: c.state not in ("draft", "replaced")).write(
            {"state": "replaced", "shift_due_on": False}
        )

    def _get_sent_text(self, via, again):
        self.ensure_one()
        values = {
            "number": self.name,
            "customer": self.partner_id.name,
            "way": dict(self._fields["sent_via"]._description_selection(self.env))[via],
        }
        if again:
            return self.env._(
                "%(number)s was sent to %(customer)s once more (%(way)s).", **values
            )
        return self.env._("%(number)s was sent to %(customer)s (%(way)s).", **values)

    def _get_mail_button_title(self):
        return self.env._("Check and confirm the order")

    def action_note_receipt(self):
        """Note that the customer has received these confirmations clearly (SPEC D1)."""
        self._start()
        for confirmation in self:
            if confirmation.state == "draft":
                raise UserError(confirmation._get_closed_reason())
        for confirmation in self.filtered(lambda c: not c.received_clear_on).sudo():
            confirmation.write(
                {
                    "received_clear_on": fields.Datetime.now(),
                    "received_clear_by_id": self.env.uid,
                }
            )
            confirmation._tell(
                self.env._(
                    "%(customer)s has received %(number)s clearly.",
                    customer=confirmation.partner_id.name,
                    number=confirmation.name,
                )
            )

    # ------------------------------------------------------------- the sheet's story

    def action_open_sheet(self):
        """Open the configuration sheet of this confirmation."""
        self.ensure_one()
        return self.sheet_id._get_records_action()
