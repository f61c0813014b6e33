from urllib.parse import urlencode

from odoo import models
from odoo.tools.misc import hash_sign, verify_hash_signed

DEFAULT_LINK_DAYS = 30


class OrderDeskPortalMixin(models.AbstractModel):
    """A document a customer opens by a link in an e-mail, with or without a login.

    The link is bound to one person and one document, and expires. It opens a page;
    only what is posted from that page does something.
    """

    _name = "order.desk.portal.mixin"
    _description = "Document of an Order in the Portal"

    # ------------------------------------------------------------- for the document

    def _get_portal_path(self):
        """Return the path of this document's page, e.g. ``/my/things/7``."""
        raise NotImplementedError(self._name)

    def _get_portal_customer(self):
        """Return the customer who may see this document.

        It need not be the order's present one: an order may change hands.
        """
        raise NotImplementedError(self._name)

    def _is_portal_visible(self):
        """Tell whether this document is for the customer at all, by now."""
        self.ensure_one()
        return True

    def _extra_token_values(self):
        """Return what else a link is bound to, e.g. the number of a revision.

        A link lapses when one of these JSON values changes.
        """
        self.ensure_one()
        return []

    def _get_mail_button_title(self):
        """Return what the button in the customer's e-mail says."""
        raise NotImplementedError(self._name)

    # ------------------------------------------------------------- e-mail

    def _mail_to_customer(self, template):
        """Send each document, with the link to its page, in the customer's language.

        Mails leave with Odoo's mail queue: sent right here they would meet those of the
        to-dos, which wake the queue, and two would send the same ones.

        :param template: XML id of the mail template
        """
        source = self.env.ref(template)
        for document in self.with_context(mail_notify_force_send=False):
            document.message_post_with_source(
                source,
                email_layout_xmlid="mail.mail_notification_layout",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self and self._is_portal_visible():
            customer = self.partner_id
            # the link speaks for the customer, so it is in their e-mail alone and not
            # in the message, which colleagues read
            mailed = self.with_context(order_desk_portal_token=False)
            group = {
                "active": True,
                "has_button_access": True,
                "button_access": {
                    "url": mailed._get_portal_url(customer),
                    "title": self._get_mail_button_title(),
                },
            }
            groups.insert(
                0,
                ["order_desk_customer", lambda data: data["id"] == customer.id, group],
            )
        return groups

    # ------------------------------------------------------------- links

    def _get_portal_url(self, partner):
        """Return the link by which ``partner`` opens this document without a login."""
        self.ensure_one()
        query = urlencode({"access_token": self._get_portal_token(partner)})
        return f"{self.get_base_url()}{self._get_portal_path()}?{query}"

    def _get_portal_token(self, partner):
        """Return a new token; on a page opened by a link, the token of that link.

        Whoever holds a link must not make themselves a fresh one before it expires.
        """
        opened_by = self.env.context.get("order_desk_portal_token")
        if opened_by and self._check_portal_token(opened_by):
            return opened_by
        # signing needs the secret of the database, the life of a link is a setting
        env_sudo = self.sudo().env
        days = env_sudo["ir.config_parameter"].get_param(
            "order_desk.portal_link_days", DEFAULT_LINK_DAYS
        )
        return hash_sign(
            env_sudo,
            self._get_portal_scope(),
            self._get_token_values(partner.id),
            expiration_hours=float(days) * 24,
        )

    def _check_portal_token(self, token):
        """Return whom the token was made for; nobody if it is not valid here.

        Guessed, damaged, expired and foreign tokens are all the same: not valid. So is
        the link of somebody who does not belong to the customer any more.
        """
        self.ensure_one()
        nobody = self.env["res.partner"]
        try:
            values = verify_hash_signed(
                self.sudo().env, self._get_portal_scope(), str(token or "")
            )
        except ValueError:  # no base64, no UTF-8, no JSON: not a token at all
            return nobody
        if not values or len(values) < 2 or values != self._get_token_values(values[1]):
            return nobody
        # the visitor has no rights of their own; the token stands for the partner
        partner = nobody.sudo().browse(values[1]).exists()
        return partner if partner and self._belongs_to_customer(partner) else nobody

    def _belongs_to_customer(self, partner):
        """Tell whether ``partner`` is of the customer this document was made for."""
        customer = self.sudo()._get_portal_customer()
        return partner.commercial_partner_id == customer.commercial_partner_id

    def _get_portal_scope(self):
        return f"order_desk_{self._name}"

    def _get_token_values(self, partner_id):
        return [self.id, partner_id, *self._extra_token_values()]
