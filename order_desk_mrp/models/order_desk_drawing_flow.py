from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

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
        result = super()._lock()
        self.invalidate_recordset(["state"])  # the other one may have been quicker
        return result

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
