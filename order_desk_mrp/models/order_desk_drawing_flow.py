from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import format_datetime, plaintext2html

from .order_desk_engineering import CURRENT_STATES

FOLLOW_TODO = "order_desk_mrp.mail_activity_type_drawing_follow"
MARKUP_TODO = "order_desk_mrp.mail_activity_type_drawing_markup"


class OrderDeskDrawing(models.Model):
    """A drawing goes to the customer, is approved or marked up, and replaced."""

    _inherit = "order.desk.drawing"

    def _lock(self):
        """Let one person at a time settle these drawings.

        :raise UserError: somebody else is at it right now
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %s at this moment. Look at it again"
                    " in a few seconds.",
                    ", ".join(self.mapped("display_name")),
                )
            ) from error
        self.invalidate_recordset(["state"])  # the other one may have been quicker

    def _tell(self, sentence, text=False, **message):
        """Tell the story on the sheet in plain sentences."""
        author = self.env.user.partner_id
        for drawing in self.sudo():  # whoever draws need not write on sheets
            lines = [sentence, *(text or "").splitlines()]
            drawing.sheet_id._message_log(
                body=Markup("<br/>").join(line for line in lines if line),
                **{"author_id": author.id, **message},
            )

    # ------------------------------------------------------------- giving out

    def _check_may_send(self):
        engineering = self.engineering_id
        others = engineering - engineering._filter_engineer()
        (others - others._filter_sales())._check_engineer()

    def action_send(self, via="email"):
        """Send these drawings to the customer, or remind them.

        :param via: "email"; "by_hand" where somebody hands the drawing over, on paper
            or by a messenger, and notes the customer's word afterwards
        :raise UserError: no file, no address, or not to be sent; none is sent then
        """
        self.check_access("read")
        self._check_may_send()
        self._lock()
        errors = [error for d in self if (error := d._get_send_error(via))]
        if errors:
            raise UserError("\n".join(errors))
        drafts = self.filtered(lambda drawing: drawing.state == "draft")
        drafts._give_out("sent")
        for drawing in self:
            drawing._tell(drawing._get_sent_sentence(via, again=drawing not in drafts))
        if via == "email":
            # whoever draws need not read customers or send mails
            self.sudo()._mail_to_customer("order_desk_mrp.mail_template_drawing")
        self._follow()

    def _get_sent_sentence(self, via, again):
        self.ensure_one()
        values = {
            "drawing": self.display_name,
            # whoever draws need not read customers
            "customer": self.sudo().partner_id.name,
        }
        if again:
            return self.env._(
                "%(customer)s was reminded to approve %(drawing)s.", **values
            )
        if via == "email":
            return self.env._(
                "%(drawing)s went to %(customer)s for approval.", **values
            )
        return self.env._(
            "%(drawing)s is handed over to %(customer)s for approval.", **values
        )

    def _get_send_error(self, via):
        """Return why this drawing cannot be sent now, or ""."""
        self.ensure_one()
        name = self.display_name
        if via not in ("email", "by_hand"):
            return self.env._("A drawing cannot be sent this way.")
        if self.state not in ("draft", "sent"):
            return self._get_closed_reason()
        if not self.needs_approval:
            return self.env._(
                "%s needs no approval by the customer. Give it out instead.", name
            )
        if via == "email" and not self.sudo().partner_id.email:
            return self.env._(
                "%(drawing)s: %(customer)s has no e-mail address. Enter one, or hand"
                " the drawing over and note the answer.",
                drawing=name,
                customer=self.sudo().partner_id.name or self.env._("the customer"),
            )
        return self._get_incomplete_error() if self.state == "draft" else ""

    def _get_incomplete_error(self):
        """Return what this drawing lacks before it is given out, or ""."""
        self.ensure_one()
        name = self.display_name
        if self.engineering_id.state not in CURRENT_STATES:
            return self.env._("%s: the line has changed since; draw anew.", name)
        if not self.attachment_id:
            return self.env._("%s: add the file.", name)
        if self.previous_id and not (self.change_note or "").strip():
            return self.env._(
                "%s: say what has changed since the version before.", name
            )
        newer = self.next_ids.filtered(lambda drawing: drawing.state != "draft")
        if newer:
            return self.env._(
                "%(drawing)s is followed by %(newer)s already.",
                drawing=name,
                newer=newer[0].display_name,
            )
        return ""

    def action_give_out(self):
        """Let drawings count that need no approval by the customer."""
        self.check_access("read")
        self.engineering_id._check_engineer()
        self._lock()
        errors = []
        for drawing in self:
            if drawing.state != "draft":
                errors.append(drawing._get_closed_reason())
            elif drawing.needs_approval:
                errors.append(
                    self.env._(
                        "%s is approved by the customer first. Send it.",
                        drawing.display_name,
                    )
                )
            elif error := drawing._get_incomplete_error():
                errors.append(error)
        if errors:
            raise UserError("\n".join(errors))
        self._give_out("issued")
        for drawing in self:
            drawing._tell(
                self.env._(
                    "%s is given out; it needs no approval.", drawing.display_name
                )
            )
        self._follow()

    def _give_out(self, state):
        """Let these drafts go out and replace the versions before them."""
        drawings = self.sudo()  # protected, the caller has checked
        drawings.previous_id._end()
        drawings.write(
            {
                "state": state,
                "sent_on": fields.Datetime.now() if state == "sent" else False,
                "sent_by_id": self.env.uid,
            }
        )

    def _end(self):
        """Take these drawings out of force; what the customer has said stays."""
        drawings = self.sudo().filtered(lambda drawing: drawing.state != "replaced")
        drawings.state = "replaced"
        drawings._update_todos()

    def action_open(self):
        """Open this drawing."""
        self.ensure_one()
        return self._get_records_action()

    def action_open_engineering(self):
        """Open the engineering confirmation of this drawing."""
        self.ensure_one()
        return self.engineering_id._get_records_action()

    def action_new_version(self):
        """Open the form of the next version of this drawing."""
        self.ensure_one()
        self.engineering_id._check_engineer()
        last = self._get_newest()
        if last.state == "draft":
            return last._get_records_action()
        return last.engineering_id._open_new_drawing(
            default_previous_id=last.id,
            default_name=last.name,
            default_version=last.version + 1,
            default_needs_approval=last.needs_approval,
        )

    def _get_newest(self):
        """Return the last version of this drawing."""
        self.ensure_one()
        drawing = self
        while drawing.next_ids:
            drawing = drawing.next_ids.sorted("id")[-1]
        return drawing

    def _get_newer(self):
        """Return the version that replaced this one for the customer, maybe none."""
        self.ensure_one()
        newer = self.browse()
        drawing = self
        while drawing.next_ids:
            drawing = drawing.next_ids.sorted("id")[-1]
            if drawing._is_portal_visible():
                newer = drawing
        return newer

    # ------------------------------------------------------------- the customer's word

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
            "date": format_datetime(
                self.env,
                self.decided_on,
                tz=self.company_id._order_desk_tz().zone,
                dt_format="short",
            )
            if self.decided_on
            else "",
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

    def _follow(self):
        """Give new to-dos, and let the sheets go on."""
        self._update_todos()
        # whoever decides need not have rights on the order
        self.sudo().sheet_id.filtered("signature_ids")._advance()

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        todos = {}
        engineers = self.env["order.desk.role"]._get_engineers(self.company_id)
        for drawing in self.filtered("is_current"):
            company = drawing.company_id
            if drawing.state == "sent":
                user = drawing.user_id or drawing.sheet_id.clerk_id
                if user:
                    todos[drawing, FOLLOW_TODO, user] = drawing._prepare_follow_todo(
                        user
                    )
            elif drawing.state == "marked_up" and not drawing.next_ids:
                for user in engineers[company].signer_ids:
                    todos[drawing, MARKUP_TODO, user] = drawing._prepare_markup_todo(
                        user
                    )
        return todos

    def _prepare_follow_todo(self, user):
        self.ensure_one()
        drawing = self.with_context(lang=user.lang)
        company = self.company_id
        sent = company._order_desk_date(self.sent_on)
        return {
            "summary": drawing.env._(
                "Get the customer's approval: %s", drawing.display_name
            ),
            "date_deadline": company._order_desk_add_working_days(
                sent, company.order_desk_follow_up_days
            ),
        }

    def _prepare_markup_todo(self, user):
        self.ensure_one()
        drawing = self.with_context(lang=user.lang)
        company = self.company_id
        roles = self.env["order.desk.role"]._get_engineers(company)[company]
        hours = min(roles.mapped("deadline_hours"), default=8.0)
        return {
            "summary": drawing.env._(
                "Marked up by the customer, draw anew: %s", drawing.display_name
            ),
            "date_deadline": company._order_desk_date(
                company._order_desk_plan_hours(hours, self.decided_on)
            ),
            "note": plaintext2html(self.markup or ""),
        }
