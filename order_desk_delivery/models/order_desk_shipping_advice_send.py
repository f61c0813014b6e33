from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .order_desk_shipping_advice import RECEIVED_VIA, SENT_STATES, SENT_VIA
from .order_desk_shipping_advice_turn import OPEN_FIELDS

MAIL_TEMPLATE = "order_desk_delivery.mail_template_shipping_advice"
REPORT = "order_desk_delivery.action_report_shipping_advice"
# what is put right afterwards; the photos show what was
CORRECTED_FIELDS = OPEN_FIELDS - {"photo_ids", "partner_id"}


class OrderDeskShippingAdvice(models.Model):
    """The advice goes to the customer, and its clear receipt is noted (SPEC G4)."""

    _inherit = "order.desk.shipping.advice"

    # ------------------------------------------------------------- sending

    def action_send(self, via="email", again=False):
        """Send these advices to the customers, or send them once more.

        :param via: "email", "print", "fax" or "phone"
        :param again: whether they were sent before; without it a second tap, or a
            second person, sends nothing
        :return: what is to be printed, if anything
        :raise UserError: not checked, later than promised without a reason, no e-mail
            address; none is sent then
        """
        self._start("shipping_request", SENT_STATES if again else ("submitted",))
        self._check_via(via)
        advices = self.sudo()  # protected fields, the checks are here
        errors = [e for advice in advices if (e := advice._get_send_error(via))]
        if errors:
            raise UserError("\n".join(errors))
        if not again:
            advices._mark_sent(via)
            advices.sheet_ids._add_milestones("advice_sent")
            advices._note_sent()
        for advice in advices:
            advice._tell_sent(via, again=again)
        advices._update_todos()
        return self._deliver(via)

    def _check_via(self, via):
        if via not in dict(SENT_VIA):
            raise UserError(
                self.env._("A shipping advice cannot be sent this way: %s.", via)
            )

    def _get_send_error(self, via):
        """Return why this advice cannot be sent ``via`` now, or ""."""
        self.ensure_one()
        if via == "email" and not self.partner_id.email:
            return self.env._(
                "%(customer)s has no e-mail address, so %(advice)s cannot be sent by"
                " e-mail. Enter the address on the contact, or print, fax or phone.",
                customer=self.partner_id.display_name,
                advice=self.display_name,
            )
        if self.state != "submitted":
            return ""
        if missing := self._get_missing() + self._get_missing_reason():
            return self._get_incomplete_error(missing)
        if unchecked := self._get_unchecked():
            return self.env._(
                "%(advice)s: nobody has checked: %(fields)s.",
                advice=self.display_name,
                fields=", ".join(unchecked),
            )
        return ""

    def _get_missing_reason(self):
        """Return that it is later than promised without a reason, if it is."""
        self.ensure_one()
        if self.is_late and not (self.late_reason or "").strip():
            return [
                self.env._("why it arrives later than promised; the customer reads it")
            ]
        return []

    def _mark_sent(self, via):
        self.write(
            {
                "state": "sent",
                "sent_on": fields.Datetime.now(),
                "sent_by_id": self.env.uid,
                "sent_via": via,
            }
        )

    def _deliver(self, via):
        """Mail these advices, or return what is to be printed."""
        if via == "email":
            self._mail_to_customer(MAIL_TEMPLATE)
        if via in ("print", "fax"):
            return self.env.ref(REPORT).report_action(self, config=False)
        return True

    def _tell_sent(self, via, again=False):
        self.ensure_one()
        values = {
            "number": self.display_name,
            "customer": self.partner_id.name,
            "way": dict(self._fields["sent_via"]._description_selection(self.env))[via],
        }
        if again:
            body = self.env._(
                "%(number)s was sent to %(customer)s once more (%(way)s).", **values
            )
        else:
            body = self.env._(
                "%(number)s was sent to %(customer)s (%(way)s).", **values
            )
        self._tell(body)

    def _tell(self, body, author=None):
        """Tell the story here and on the sheets of the orders."""
        author = author or self.env.user.partner_id
        for documents in (self, self.sheet_ids):
            documents._message_log_batch(
                dict.fromkeys(documents.ids, body), author_id=author.id
            )

    # ------------------------------------------------------------- putting it right

    def action_correct(self, vals, reason=False, via="email"):
        """Put these advices right, and tell the customers as a new version.

        :param vals: the fields that were wrong
        :param reason: what was wrong, for the story
        :raise UserError: not sent, arrived, nothing differs, or it is incomplete then
        """
        self._start("shipping_request", ("sent",))
        self._check_via(via)
        reason = str(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say what was wrong."))
        if other := set(vals) - CORRECTED_FIELDS:
            raise UserError(
                self.env._("This cannot be corrected: %s.", ", ".join(sorted(other)))
            )
        advices = self.sudo()  # protected fields, the checks are here
        same = advices.filtered(
            lambda advice: all(
                advice._fields[name].convert_to_write(advice[name], advice) == value
                for name, value in vals.items()
            )
        )
        if same:
            raise UserError(self.env._("Nothing is different from what was sent."))
        for advice in advices:
            advice.write(
                {
                    **vals,
                    "version": advice.version + 1,
                    "received_clear_on": False,
                    "received_clear_name": False,
                    "received_clear_via": False,
                    "received_clear_by_id": False,
                }
            )
        errors = [
            advice._get_incomplete_error(missing)
            for advice in advices
            if (missing := advice._get_missing() + advice._get_missing_reason())
        ] or [e for advice in advices if (e := advice._get_send_error(via))]
        if errors:
            raise UserError("\n".join(errors))
        advices._mark_sent(via)
        advices._note_corrected()
        for advice in advices:
            advice._tell(
                self.env._(
                    "%(number)s was corrected: %(reason)s",
                    number=advice.display_name,
                    reason=reason,
                )
            )
        advices._update_todos()
        return self._deliver(via)

    def _tell_withdrawn(self, reason):
        """Write to the customers, in their language, that these do not hold."""
        for advice in self.filtered(lambda advice: advice.partner_id.email):
            mail = advice.with_context(
                lang=advice.partner_id.lang or self.env.lang,
                mail_notify_force_send=False,
            )
            mail.message_post(
                subject=mail.env._("%s does not hold any more", advice.number),
                body=plaintext2html(reason),
                partner_ids=advice.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    # ------------------------------------------------------------- clear receipt

    def action_note_receipt(self, name=False, via="phone"):
        """Note that the customers have received these advices clearly (SPEC G4).

        :param name: who at the customer's says so
        :param via: how it was heard: "phone", "email", "fax" or "in_person"
        :raise UserError: not sent, noted already, or nobody named
        """
        self._start("shipping_request", SENT_STATES)
        name = str(name or "").strip()
        if via not in dict(RECEIVED_VIA) or via == "portal":
            raise UserError(self.env._("Say how you heard it."))
        if not name:
            raise UserError(self.env._("Say who at the customer's has received it."))
        noted = self.filtered("received_clear_on")
        if noted:
            raise UserError("\n".join(advice._get_received_text() for advice in noted))
        self._note_receipt(name, via, self.env.user)

    def _note_receipt(self, name, via, user=None, author=None):
        """Note the clear receipt; the caller has checked that it may be.

        :param user: who heard it, nobody if the customer has noted it themselves
        :param author: the customer's person, if they have
        """
        advices = self.sudo()  # protected fields
        advices.write(
            {
                "received_clear_on": fields.Datetime.now(),
                "received_clear_name": name,
                "received_clear_via": via,
                "received_clear_by_id": user.id if user else False,
            }
        )
        for advice in advices:
            advice._tell(advice._get_received_text(), author)
        advices._update_todos()

    def _get_received_text(self):
        """Return who has received this advice clearly, and when."""
        self.ensure_one()
        return self.env._(
            "%(number)s was received clearly by %(name)s on %(moment)s.",
            number=self.display_name,
            name=self.received_clear_name,
            moment=self.company_id._order_desk_moment_text(self.received_clear_on),
        )

    # ------------------------------------------------------------- arrival

    def _note_arrival(self, moment=None):
        """Note that the goods of these advices are there; those that were sent only.

        :param moment: when they arrived (UTC), by default now
        :return: the advices that were not known to have arrived
        """
        travelling = self.filtered(lambda advice: advice.state == "sent")
        # protected fields; tracking or the customer's receipt says so
        travelling.sudo().write(
            {"state": "arrived", "arrived_on": moment or fields.Datetime.now()}
        )
        travelling._update_todos()
        return travelling
