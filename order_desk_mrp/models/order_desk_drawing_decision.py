from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .order_desk_engineering import CURRENT_STATES


class OrderDeskDrawing(models.Model):
    """The customer approves a drawing or marks it up, in the portal or otherwise."""

    _inherit = "order.desk.drawing"

    def _get_closed_reason(self):
        """Return why there is nothing to decide on this drawing, or ""."""
        self.ensure_one()
        name = self.display_name
        if self.state == "draft":
            return self.env._("%s is not given out yet.", name)
        if self.state == "issued":
            return self.env._("%s is given out and needs no approval.", name)
        if self.state == "replaced" or self.engineering_id.state not in CURRENT_STATES:
            newer = self._get_newer()
            if newer:
                return self.env._(
                    "%(drawing)s has been replaced by version %(version)s.",
                    drawing=name,
                    version=newer.version,
                )
            return self.env._("%s does not count any more; a new one follows.", name)
        values = {
            "drawing": name,
            "name": self.decided_by_name,
            "date": self.company_id._order_desk_moment_text(self.decided_on),
        }
        if self.state == "approved":
            return self.env._(
                "%(drawing)s was approved by %(name)s on %(date)s.", **values
            )
        if self.state == "marked_up":
            return self.env._(
                "%(drawing)s was marked up by %(name)s on %(date)s; a new version"
                " follows.",
                **values,
            )
        return ""

    def _decide(self, decision, name, text=False, files=(), **vals):
        """Take the customer's word, however it came; the caller has checked who.

        :param decision: "approved" or "marked_up"
        :param files: ``[(name, content)]``
        :raise UserError: decided already, replaced, or something is missing
        """
        self.ensure_one()
        self._lock()
        if reason := self._get_closed_reason():
            raise UserError(reason)
        if decision not in ("approved", "marked_up"):
            raise UserError(self.env._("Say whether it is approved or marked up."))
        name = str(name or "").strip()
        text = str(text or "").strip()
        if not name:
            raise UserError(self.env._("Give the name of the person who decides."))
        if decision == "marked_up" and not text and not files:
            raise UserError(
                self.env._(
                    "Write what is to be changed, or upload the drawing with your"
                    " marks."
                )
            )
        attachments = self.env["ir.attachment"].sudo()
        for file_name, raw in files:
            attachments |= self._make_file(file_name, raw)
        # customers have no rights of their own, and these fields are protected
        self.sudo().write(
            {
                "state": decision,
                "decided_on": fields.Datetime.now(),
                "decided_by_name": name,
                "markup": text or False,
                "reply_file_ids": [(6, 0, attachments.ids)],
                **vals,
            }
        )

    def _decide_in_portal(self, decision, partner, name, text, files, ip, via):
        """Take what ``partner`` has decided on the page of this drawing.

        The caller has checked that the page is theirs.

        :param via: "link" or "login"
        """
        self.ensure_one()
        self._decide(
            decision,
            name,
            text,
            files,
            decided_by_id=partner.id,
            decided_via=via,
        )
        drawing = self._in_desk_language()
        values = {
            "name": self.decided_by_name,
            "ip": ip,
            "drawing": drawing.display_name,
        }
        sentence = (
            drawing.env._(
                "%(name)s approved %(drawing)s in the portal (from %(ip)s).", **values
            )
            if decision == "approved"
            else drawing.env._(
                "%(name)s marked %(drawing)s up in the portal (from %(ip)s).", **values
            )
        )
        drawing._tell(sentence, self.markup, author_id=partner.id)
        drawing._post_decision(sentence, author_id=partner.id)
        self._follow()

    def action_open_note(self):
        """Open the dialog in which the customer's word is noted."""
        self.ensure_one()
        wizard = self.env["order.desk.drawing.note"].create(
            {"drawing_id": self.id, "name": self.sudo().partner_id.name}
        )
        return wizard._get_records_action(
            name=self.env._("Note the Customer's Answer"), target="new"
        )

    def action_note(self, decision, name, files=(), text=False):
        """Note what the customer said by mail, on paper or by phone (SPEC B5).

        :param decision: "approved" or "marked_up"
        :param files: attachments or their ids: the mail, a photo, a scan
        :raise UserError: decided already, name missing, or no proof of an approval
        """
        self.ensure_one()
        self.check_access("read")
        self.engineering_id._check_sales()
        if not isinstance(files, models.BaseModel):
            files = self.env["ir.attachment"].browse(files)
        files.check_access("read")
        contents = [(file.name, file.raw) for file in files]
        if decision == "approved" and not contents:
            raise UserError(
                self.env._(
                    "Add the mail, the photo or the scan in which the customer"
                    " approves."
                )
            )
        self._decide(
            decision,
            name,
            text,
            contents,
            decided_via="noted",
            noted_by_id=self.env.uid,
        )
        values = {
            "user": self.env.user.name,
            "name": self.decided_by_name,
            "drawing": self.display_name,
        }
        sentence = (
            self.env._("%(user)s noted: %(name)s approved %(drawing)s.", **values)
            if decision == "approved"
            else self.env._("%(user)s noted: %(name)s marked %(drawing)s up.", **values)
        )
        self._tell(sentence, self.markup)
        self._post_decision(sentence)
        self._follow()

    def _post_decision(self, sentence, **message):
        """Keep the customer's word on the drawing itself, with its files."""
        self.ensure_one()
        body = plaintext2html("\n".join(t for t in (sentence, self.markup) if t))
        self.sudo()._message_log(body=body, **message)

    def _in_desk_language(self):
        """Return this drawing as colleagues read it, not the customer."""
        sheet = self.sudo().sheet_id
        lang = (sheet.user_id or sheet.clerk_id).lang
        return self.with_context(lang=lang) if lang else self
