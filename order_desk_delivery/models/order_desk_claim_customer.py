from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .order_desk_claim import SERVICE_KINDS

RATING_TEMPLATE = "order_desk_delivery.mail_template_claim_rating"
RECEIVED_TEMPLATE = "order_desk_delivery.mail_template_claim_received"


class OrderDeskClaim(models.Model):
    """What the customer hears, reads and says about a claim (SPEC I1)."""

    _inherit = "order.desk.claim"

    # ------------------------------------------------------------- telling

    def _tell_customer(self, text, via, person=False):
        """Write to the customers of these claims, or note a call with them.

        :raise UserError: no way to reach them was chosen, or there is no address
        """
        if via == "phone":
            self._note_call(text, person)
            return
        without = self.partner_id.filtered(lambda partner: not partner.email)
        if via != "email" or without:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one, or tell them on the phone and"
                    " note the call.",
                    ", ".join(without.mapped("display_name")),
                )
                if without
                else self.env._("Choose how the customer is told.")
            )
        for claim in self:
            customer = claim.with_context(
                lang=claim.partner_id.lang, mail_notify_force_send=False
            )
            customer.message_post(
                body=plaintext2html(text),
                subject=customer.env._(
                    "Your claim %(number)s, order %(order)s",
                    number=claim.number,
                    order=claim.order_id.name,
                ),
                partner_ids=claim.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid="mail.mail_notification_layout",
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _note_call(self, text, person):
        """Note that the customers of these claims were told on the phone."""
        person = self._read_text(
            person, self.env._("Say whom you have spoken with at the customer's.")
        )
        for claim in self:
            claim._message_log(
                body=self.env._(
                    "%(person)s was told on the phone: %(text)s",
                    person=person,
                    text=text,
                ),
                author_id=self.env.user.partner_id.id,
            )
        self._note_answered()

    def _note_answered(self):
        """Remember that the customer has got a first answer."""
        waiting = self.sudo().filtered(lambda claim: not claim.answered_on)
        waiting.write({"answered_on": fields.Datetime.now()})
        waiting._plan_escalation()
        waiting._update_todos()

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        if (
            not message.is_internal
            and self._is_customer(message.partner_ids)
            and not self._is_customer(message.author_id)
            and self.state != "new"
        ):
            self._note_answered()
        return result

    def _is_customer(self, partners):
        """Tell whether one of ``partners`` is of the customer's company."""
        self.ensure_one()
        customer = self.sudo().commercial_partner_id
        return customer in partners.sudo().commercial_partner_id

    # ------------------------------------------------------------- rating

    def _rating_get_operator(self):
        return self.owner_id.partner_id

    def _ask_rating(self):
        """Ask the customers of these claims how content they are (SPEC I1).

        They are asked by e-mail and on the page of the claim.
        """
        template = self.env.ref(RATING_TEMPLATE, raise_if_not_found=False)
        for claim in self:
            claim._rating_get_access_token()  # makes the rating that they fill in
        for claim in self.filtered("partner_id.email"):
            if template:
                claim.rating_send_request(
                    template, lang=claim.partner_id.lang, force_send=False
                )

    def action_view_ratings(self):
        """Open what the customers have said about these claims."""
        ratings = self.rating_ids.filtered("consumed")
        return ratings._get_records_action(name=self.env._("Ratings"))

    # ------------------------------------------------------------- portal

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/claims/{self.id}"

    def _get_portal_customer(self):
        return self.partner_id

    def _get_mail_button_title(self):
        return self.env._("See the Claim")

    def _get_portal_messages(self):
        """Return what was written to and by the customer, the oldest first.

        Messages among colleagues and notes are none of them.
        """
        self.ensure_one()
        messages = self.sudo().message_ids  # the visitor has been let in
        return messages.filtered(
            lambda message: (
                message.message_type in ("comment", "email")
                and not message.is_internal
                and message.subtype_id == self.env.ref("mail.mt_comment")
                and not message.rating_ids
                and self._is_customer(message.partner_ids | message.author_id)
            )
        ).sorted("id")

    def _filter_for_portal(self, user):
        """Return those of these claims that ``user`` finds in the portal."""
        return self.filtered(lambda claim: claim._belongs_to_customer(user.partner_id))

    @api.model
    def _get_portal_kinds(self, has_goods):
        """Return the kinds a customer chooses from: ``[(code, label)]``.

        :param has_goods: something has left that can be claimed
        """
        kinds = self._fields["kind"]._description_selection(self.env)
        return [kind for kind in kinds if has_goods or kind[0] in SERVICE_KINDS]

    def _get_pdf_name(self):
        """Return the file name of the document."""
        self.ensure_one()
        return f"{self.number}.pdf"

    def _mail_received(self):
        """Tell the customers that we have their claims, with links to follow them."""
        self.filtered("partner_id.email")._mail_to_customer(RECEIVED_TEMPLATE)
