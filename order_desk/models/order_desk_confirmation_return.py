import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class OrderDeskConfirmation(models.Model):
    """The return copy: it comes back and is verified, or asked for again (SPEC D2)."""

    _inherit = "order.desk.confirmation"

    # ------------------------------------------------------------- coming back

    def action_open_return(self):
        """Open the dialog in which the return copy is filed."""
        self.ensure_one()
        wizard = self.env["order.desk.confirmation.return"].create(
            {"confirmation_id": self.id, "name": self.partner_id.name}
        )
        return self.sheet_id._open_wizard(wizard, self.env._("File the Return Copy"))

    def action_file_return(self, name, files=(), remarks=False):
        """File the copy that came back on paper, by fax or by e-mail (SPEC D2).

        :param name: who signed or stamped it
        :param files: attachments or their ids: photos, scans
        :raise UserError: not sent, confirmed already, outdated; name or file missing
        """
        self._start()
        if not isinstance(files, models.BaseModel):
            files = self.env["ir.attachment"].browse(files)
        files.check_access("read")
        contents = [(file.name, file.raw) for file in files]
        if not contents:
            raise UserError(
                self.env._("Add the photo or scan of the signed confirmation.")
            )
        for confirmation in self:
            confirmation._take_return("clerk", name, contents, remarks)
            confirmation._tell_returned()

    def _confirm_in_portal(
        self, partner, name, remarks=False, signature=False, files=(), ip=""
    ):
        """Take what ``partner`` signed or uploaded on the page of this confirmation.

        The caller has checked that the page is theirs.

        :raise UserError: it cannot be confirmed now, or something is missing
        """
        self.ensure_one()
        self.sheet_id._lock()
        self.invalidate_recordset(["state"])
        if not signature and not files and not self._get_closed_reason():
            raise UserError(
                self.env._(
                    "Draw your signature, or upload a photo or scan of the signed copy."
                )
            )
        via = "upload" if files else "portal"
        self._take_return(via, name, files, remarks, signature)
        self._in_desk_language()._tell_returned(ip, author_id=partner.id)

    def _take_return(self, via, name, files=(), remarks=False, signature=False):
        """Take the customer's confirmation, however it came; the caller has locked.

        :param files: ``[(name, content)]``
        :param signature: the drawn signature, base64 of a picture
        :raise UserError: it cannot be confirmed now, or something is missing
        """
        self.ensure_one()
        reason = self._get_closed_reason()
        if reason:
            raise UserError(reason)
        name = (name or "").strip()
        if not name:
            raise UserError(self.env._("Give the name of the person who confirms."))
        attachments = self.env["ir.attachment"]
        for file_name, raw in files:
            attachments._order_desk_check_file(file_name, raw)
        # customers have no rights of their own, and these fields are protected
        confirmation = self.sudo()
        copies = attachments.sudo().create(
            [
                {
                    "name": file_name,
                    "raw": raw,
                    "res_model": self._name,
                    "res_id": self.id,
                }
                for file_name, raw in files
            ]
        )
        confirmation.write(
            {
                "state": "returned",
                "returned_on": fields.Datetime.now(),
                "returned_via": via,
                "returned_by_name": name,
                "remarks": (remarks or "").strip() or False,
                "signature": signature,
                "return_copy_ids": [(6, 0, copies.ids)],
                "shift_due_on": False,
            }
        )
        confirmation.sheet_id._add_milestones("confirmed")
        confirmation.sheet_id._update_todos()

    def _tell_returned(self, ip="", **message):
        values = {"name": self.returned_by_name, "number": self.name, "ip": ip}
        if self.returned_via == "clerk":
            body = self.env._(
                "The return copy of %(number)s, confirmed by %(name)s, was filed.",
                **values,
            )
        elif self.returned_via == "upload":
            body = self.env._(
                "%(name)s uploaded the return copy of %(number)s in the portal"
                " (from %(ip)s).",
                **values,
            )
        else:
            body = self.env._(
                "%(name)s signed %(number)s in the portal (from %(ip)s).", **values
            )
        remarks = self.remarks and self.env._("Remarks: %s", self.remarks)
        lines = [body, *(remarks or "").splitlines()]
        self._tell(Markup("<br/>").join(line for line in lines if line), **message)

    # ------------------------------------------------------------- verifying

    def action_verify_checked(self):
        """Verify the return copies with the items ticked on each of them."""
        for confirmation in self:
            confirmation.action_verify(confirmation.check_item_ids)

    def action_verify(self, check_items=None):
        """Verify the return copies; then nothing of the customer is missing (SPEC D2).

        :param check_items: the items of the checklist that were looked at, records or
            ids; None says that it was all of them
        :raise UserError: not returned, outdated, items or the settling of remarks open
        """
        self._start()
        checklist = self.env["order.desk.check.item"].search(
            [("usage", "=", "return_copy")]
        )
        if check_items is None:
            looked_at = checklist
        elif isinstance(check_items, models.BaseModel):
            looked_at = check_items
        else:
            looked_at = checklist.browse(check_items)
        errors = [
            error
            for confirmation in self
            if (error := confirmation._get_verify_error(checklist - looked_at))
        ]
        if errors:
            raise UserError("\n".join(errors))
        self.sudo().write(  # protected fields, checked above
            {
                "state": "verified",
                "verified_on": fields.Datetime.now(),
                "verified_by_id": self.env.uid,
                "check_item_ids": [(6, 0, (looked_at & checklist).ids)],
            }
        )
        for confirmation in self:
            settled = confirmation.remarks_settled or ""
            confirmation._tell(
                Markup("<br/>").join(
                    [
                        self.env._(
                            "The return copy of %s was verified.", confirmation.name
                        ),
                        *settled.splitlines(),
                    ]
                )
            )
        self.sheet_id._add_milestones("confirmation_verified")
        self.sheet_id._advance()

    def _get_verify_error(self, missing):
        """Return why this return copy cannot be verified, or "".

        :param missing: items of the checklist that nobody has looked at
        """
        self.ensure_one()
        if self.state == "verified":
            return self.env._("%s has been verified already.", self.name)
        if self.state != "returned":
            return (
                self.env._("There is no return copy of %s yet.", self.name)
                if self.state == "sent"
                else self._get_closed_reason()
            )
        if not self.is_current:
            return self.env._(
                "The order has changed since %s was sent. Send the new confirmation"
                " instead.",
                self.name,
            )
        if missing:
            return self.env._(
                "%(number)s: look at these points of the return copy first: %(items)s.",
                number=self.name,
                items=", ".join(missing.mapped("name")),
            )
        if self.remarks and not (self.remarks_settled or "").strip():
            return self.env._(
                "%s: the customer has made remarks. Write down how they were settled,"
                " or send the return copy back.",
                self.name,
            )
        return ""

    def action_open_send_back(self):
        """Open the dialog that asks the customer for a better return copy."""
        self.ensure_one()
        wizard = self.env["order.desk.confirmation.send.back"].create(
            {"confirmation_id": self.id}
        )
        return self.sheet_id._open_wizard(wizard, self.env._("Send Back"))

    def action_send_back(self, message=False):
        """Ask for the return copy again: it is unclear, or its remarks are open.

        The customer gets the message with a link; the copy stays in the chatter.

        :raise UserError: there is no return copy, or no message
        """
        self._start()
        message = (message or "").strip()
        if not message:
            raise UserError(
                self.env._(
                    "Say what is wrong with the return copy; the customer reads it."
                )
            )
        for confirmation in self:
            if confirmation.state != "returned":
                raise UserError(confirmation._get_verify_error(self.check_item_ids[:0]))
        for confirmation in self:
            confirmation._keep_return_copy()
            confirmation._tell(
                self.env._(
                    "The return copy of %(number)s was sent back: %(message)s",
                    number=confirmation.name,
                    message=message,
                )
            )
        self.sudo().write(self._prepare_send_back_vals())  # protected, checked above
        self._await_return_copy()
        for confirmation in self:
            confirmation._send_back_email(message)
        self.sheet_id._update_todos()

    def _keep_return_copy(self):
        """Keep in the chatter what came back, before it is asked for again."""
        self.ensure_one()
        signature = self.signature and [
            (
                self.env._("Signature of %s.png", self.returned_by_name),
                base64.b64decode(self.signature),
            )
        ]
        self.message_post(
            body=Markup("<br/>").join(
                [
                    self.env._(
                        "Sent back, as %s had confirmed it.", self.returned_by_name
                    ),
                    *(self.remarks or "").splitlines(),
                ]
            ),
            attachment_ids=self.return_copy_ids.ids,
            attachments=signature or [],
        )

    @api.model
    def _prepare_send_back_vals(self):
        return {
            "state": "sent",
            "returned_on": False,
            "returned_via": False,
            "returned_by_name": False,
            "remarks": False,
            "signature": False,
            "return_copy_ids": [(5,)],
            "check_item_ids": [(5,)],
            "remarks_settled": False,
        }

    def _send_back_email(self, message):
        """Write to the customer, in their language, with the link to confirm again."""
        self.ensure_one()
        # the e-mail leads to the page of the confirmation, see the recipients' groups
        mail = self.with_context(lang=self.partner_id.lang or self.env.lang)
        mail.message_post(
            subject=mail.env._("%s: please confirm again", self.name),
            body=plaintext2html(message),
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
