from datetime import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

MAX_NAME = 120
MAX_TEXT = 2000


class OrderDeskReceipt(models.Model):
    """A receipt comes in: signed on the phone, or on paper and filed (SPEC G7)."""

    _inherit = "order.desk.receipt"

    # ------------------------------------------------------------- coming in

    def _sign_in_portal(self, partner, name, entries, remark=False, signature=False):
        """Take what the receiver entered and signed on the page of this receipt.

        The caller has checked that the page is theirs.

        :param entries: ``{id of a line: {"received", "damaged", "note", …}}``
        :param signature: the drawn signature, base64 of a picture
        :raise UserError: signed already, or something is missing or makes no sense
        """
        self.ensure_one()
        self._start()
        if not signature:
            raise UserError(self.env._("Draw your signature with the finger."))
        lang = self.env.lang or partner.lang
        self._take(
            "signed",
            name,
            entries,
            remark,
            signature=signature,
            signed_lang=lang,
            received_on=self.company_id._order_desk_date(),
        )
        self._in_desk_language()._tell_in(author_id=partner.id)

    def action_file(self, name, received_on, files=(), entries=None, remark=False):
        """File the receipt that was signed on paper (SPEC G7).

        :param name: who signed it
        :param received_on: the day on which the goods arrived, a date or its ISO text
        :param files: attachments or their ids: photos or a scan of the signed copy
        :param entries: see ``_sign_in_portal``; left out, all came in good order
        :raise UserError: signed already, or something is missing or makes no sense
        """
        self.ensure_one()
        self.check_access("write")
        self._start()
        if not isinstance(files, models.BaseModel):
            files = self.env["ir.attachment"].browse(files)
        files.check_access("read")
        contents = [(file.name, file.raw) for file in files]
        if not contents:
            raise UserError(self.env._("Add the photo or scan of the signed receipt."))
        for file_name, raw in contents:
            self.env["ir.attachment"]._order_desk_check_file(file_name, raw)
        if entries is None:
            entries = self.line_ids._get_good_entries()
        # protected fields, what is wrong with them is looked at there
        self.sudo()._take(
            "filed",
            name,
            entries,
            remark,
            received_on=self._read_day(received_on),
            filed_by_id=self.env.uid,
        )
        self.sudo().paper_ids = self._keep_files(contents)
        self._tell_in()

    def _start(self):
        """Let one person at a time sign; the second one is told who was first.

        :raise UserError: somebody has signed, or is at it right now
        """
        self._lock()
        self.invalidate_recordset()
        if reason := self._get_closed_reason():
            raise UserError(reason)

    def _take(self, state, name, entries, remark, **vals):
        """Take the customer's word; the caller has locked and is superuser.

        :raise UserError: names everything that is missing or makes no sense
        """
        name = self._cut_text(name, MAX_NAME)
        errors = [] if name else [self.env._("Give the name of who signs.")]
        values, wrong = self.line_ids._read_entries(entries)
        errors += wrong
        if not errors and not any(row["received_qty"] for row in values.values()):
            errors.append(
                self.env._(
                    "According to this nothing has arrived, so there is nothing to sign"
                    " for. Call us: %s",
                    self._get_contact_text(),
                )
            )
        if errors:
            raise UserError("\n".join(errors))
        for line, row in values.items():
            line.write(row)
        self.write(
            {
                "state": state,
                "signed_on": fields.Datetime.now(),
                "signed_name": name,
                "remark": self._cut_text(remark, MAX_TEXT) or False,
                **vals,
            }
        )
        self._close()

    def _cut_text(self, text, size):
        """Return what somebody typed, without what is longer than any honest text."""
        return str(text or "").strip()[:size]

    def _read_day(self, day):
        """Return the day on which the goods arrived.

        :raise UserError: no date, in the future, or before the goods had left
        """
        company = self.company_id
        try:
            day = fields.Date.to_date(day)
        except (ValueError, TypeError):
            day = None
        if not day:
            raise UserError(
                self.env._("%s: give the day on which the goods arrived.", self.number)
            )
        if day > company._order_desk_date():
            raise UserError(
                self.env._(
                    "%(number)s: %(date)s is in the future.",
                    number=self.number,
                    date=format_date(self.env, day),
                )
            )
        if self.shipped_on and day < company._order_desk_date(self.shipped_on):
            raise UserError(
                self.env._(
                    "%(number)s: the goods cannot have arrived on %(date)s, they left"
                    " on %(left)s.",
                    number=self.number,
                    date=format_date(self.env, day),
                    left=format_date(
                        self.env, company._order_desk_date(self.shipped_on)
                    ),
                )
            )
        return day

    def _keep_files(self, contents):
        """Return attachments of this receipt with these ``[(name, content)]``."""
        return (
            self.env["ir.attachment"]
            .sudo()  # what proves the delivery belongs to the desk
            .create(
                [
                    {
                        "name": name,
                        "raw": raw,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for name, raw in contents
                ]
            )
        )

    # ------------------------------------------------------------- what follows

    def _close(self):
        """Let the deliveries follow whose receipts have just come in."""
        for receipt in self:
            receipt.advice_id._note_arrival(receipt._get_received_moment())
        self.request_id._note_received()
        self.sheet_ids._note_received()
        self._update_todos()

    def _get_received_moment(self):
        """Return when the goods arrived (UTC); of paper only the day is known."""
        self.ensure_one()
        if self.state == "signed":
            return self.signed_on
        company = self.company_id
        noon = company._order_desk_to_utc(self.received_on, time(12))
        return min(max(noon, self.shipped_on or noon), self.signed_on)

    def _tell_in(self, **message):
        """Tell the story here and on the sheets, with what was not as it should be."""
        self.ensure_one()
        values = {"number": self.number, "name": self.signed_name}
        body = (
            self.env._("%(name)s has signed %(number)s.", **values)
            if self.state == "signed"
            else self.env._(
                "%(number)s, signed by %(name)s on paper, was filed.", **values
            )
        )
        lines = [body, *self._get_difference_texts()]
        if self.remark:
            lines.append(self.env._("Remarks: %s", self.remark))
        text = self._join_lines(lines)
        self._message_log(body=text, **message)
        self.sudo().sheet_ids._message_log_batch(  # whoever files need not read sheets
            bodies=dict.fromkeys(self.sudo().sheet_ids.ids, text)
        )

    def _get_difference_texts(self):
        """Return what was not as it should be, a line of text for each article."""
        return [line._get_difference_text() for line in self._get_difference_lines()]

    # ------------------------------------------------------------- the way back

    def action_reopen(self):
        """Take the filing of a paper back: it was the wrong one, or entered wrongly.

        What the customer has signed on the phone stays.

        :raise UserError: not filed on paper, or a claim has come of it
        """
        self.check_access("write")
        self._lock()
        self.invalidate_recordset()
        errors = [error for receipt in self if (error := receipt._get_reopen_error())]
        if errors:
            raise UserError("\n".join(errors))
        for receipt in self.sudo():  # protected fields, the checks are above
            receipt._keep_old_paper()
            receipt.line_ids.write(receipt.line_ids._prepare_reset_vals())
            receipt.write(
                {
                    "state": "open",
                    "received_on": False,
                    "signed_on": False,
                    "signed_name": False,
                    "remark": False,
                    "paper_ids": [fields.Command.clear()],
                    "filed_by_id": False,
                }
            )
        receipts = self.sudo()
        receipts.sheet_ids._reopen_undelivered()
        receipts._update_todos()

    def _get_reopen_error(self):
        """Return why this receipt cannot be opened again, or ""."""
        self.ensure_one()
        if self.state == "signed":
            return self.env._(
                "%(number)s was signed by %(name)s and stays as it is. Open a claim for"
                " what has to be put right.",
                number=self.number,
                name=self.signed_name,
            )
        if self.state != "filed":
            return self.env._("%s has not been filed.", self.number)
        return ""

    def _keep_old_paper(self):
        """Keep in the chatter what had been filed."""
        self.ensure_one()
        self.message_post(
            body=self._join_lines(
                [
                    self.env._(
                        "The filing of %(number)s was taken back. It had said: signed"
                        " by %(name)s, received on %(date)s.",
                        number=self.number,
                        name=self.signed_name,
                        date=format_date(self.env, self.received_on),
                    ),
                    *self._get_difference_texts(),
                ]
            ),
            attachment_ids=self.paper_ids.ids,
        )

    # ------------------------------------------------------------- words

    def _get_busy_message(self):
        return self.env._(
            "Somebody is signing %s at this moment. Look at it again in a few seconds.",
            ", ".join(self.sudo().mapped("number")),
        )

    def _in_desk_language(self):
        """Return this receipt in the language of who reads its story."""
        self.ensure_one()
        sheet = self.sheet_ids[:1]
        clerk = sheet.clerk_id or sheet.user_id
        lang = clerk.lang or self.company_id.partner_id.lang
        return self.with_context(lang=lang) if lang else self

    def _get_contact_text(self):
        """Return how to reach the company, as it stands on its papers."""
        company = self.company_id
        parts = (company.name, company.phone, company.email)
        return ", ".join(part for part in parts if part)

    @api.model
    def _join_lines(self, lines):
        """Return lines of plain text as one message."""
        return plaintext2html("\n".join(lines))

    # ------------------------------------------------------------- on the screen

    def action_open_file(self):
        """Open the dialog in which the signed paper is filed.

        :raise UserError: signed already
        """
        self.ensure_one()
        if reason := self._get_closed_reason():
            raise UserError(reason)
        wizard = self.env["order.desk.receipt.file"].create(
            {
                "receipt_id": self.id,
                "received_on": self.company_id._order_desk_date(),
            }
        )
        name = self.env._("File the Signed Paper")
        return wizard._get_records_action(name=name, target="new")

    def action_print(self):
        """Print the paper copies, with the codes on them."""
        report = self.env.ref("order_desk_delivery.action_report_receipt")
        return report.report_action(self, config=False)

    def action_open_code(self):
        """Open the driver's page: a code that fills the screen."""
        self.ensure_one()
        link = self._get_link()
        if not link:
            raise UserError(self._get_closed_reason() or self._get_revoked_error())
        path, _question, query = link.partition("?")
        return {
            "type": "ir.actions.act_url",
            "url": f"{path}/code?{query}",
            "target": "new",
        }

    def action_open_sheets(self):
        """Open the configuration sheets of this receipt."""
        self.ensure_one()
        return self.sheet_ids._get_records_action(
            name=self.env._("Configuration Sheets")
        )
