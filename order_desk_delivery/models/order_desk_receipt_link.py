import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

QR_SIZE = 600


class OrderDeskReceipt(models.Model):
    """The link behind the QR code: who may open this receipt (SPEC G7).

    It speaks for one receiver and one receipt, expires, can be revoked, and signs
    nothing any more once somebody has signed.
    """

    _inherit = "order.desk.receipt"

    qr_code = fields.Binary(
        "QR Code",
        compute="_compute_qr_code",
        groups="stock.group_stock_user,order_desk.group_order_desk_signer",
        help="The receiver's phone opens the receipt with it, without a login.",
    )
    link = fields.Char(
        compute="_compute_qr_code",
        groups="stock.group_stock_user,order_desk.group_order_desk_signer",
        help="The same link, to send to the driver or the receiver.",
    )

    @api.depends("state", "partner_id", "link_version", "is_link_revoked")
    def _compute_qr_code(self):
        for receipt in self:
            url = receipt._get_link()
            receipt.link = url
            receipt.qr_code = url and receipt._make_qr(url)

    def _get_link(self):
        """Return the receiver's link, or False when nothing is to be signed."""
        self.ensure_one()
        if self.state != "open" or self.is_link_revoked or not self.id:
            return False
        return self._get_portal_url(self.partner_id)

    @api.model
    def _make_qr(self, text):
        """Return a picture of ``text`` as QR code, base64."""
        reports = self.env["ir.actions.report"]
        picture = reports.barcode("QR", text, width=QR_SIZE, height=QR_SIZE, quiet=1)
        return base64.b64encode(picture)

    def action_revoke_link(self):
        """Let no link open these receipts: somebody has the code who should not.

        :raise UserError: nothing to sign any more
        """
        self._change_link(is_link_revoked=True)

    def action_renew_link(self):
        """Let a new link open these receipts; all that were given out lapse.

        :raise UserError: nothing to sign any more
        """
        self._change_link(is_link_revoked=False)

    def _change_link(self, is_link_revoked):
        self.check_access("write")
        self._lock()
        self.invalidate_recordset()
        closed = [reason for r in self if (reason := r._get_closed_reason())]
        if closed:
            raise UserError("\n".join(closed))
        for receipt in self.sudo():  # protected fields, the checks are above
            receipt.write(
                {
                    "link_version": receipt.link_version + 1,
                    "is_link_revoked": is_link_revoked,
                }
            )
            receipt._message_log(
                body=self.env._("The link was revoked: it opens nothing any more.")
                if is_link_revoked
                else self.env._(
                    "There is a new link; those that were given out open nothing any"
                    " more."
                )
            )

    def action_mail_link(self):
        """Send the link to the receivers by e-mail.

        :raise UserError: nothing to sign any more, or no e-mail address
        """
        self.check_access("write")
        errors = [
            reason
            for receipt in self
            if (reason := receipt._get_closed_reason() or receipt._get_mail_error())
        ]
        if errors:
            raise UserError("\n".join(errors))
        self._mail_to_customer("order_desk_delivery.mail_template_receipt")

    def _get_revoked_error(self):
        return self.env._(
            "%s: the link is revoked. Renew it before you give it out.", self.number
        )

    def _get_mail_error(self):
        """Return why the link cannot be sent by e-mail, or ""."""
        self.ensure_one()
        if self.is_link_revoked:
            return self._get_revoked_error()
        if not self.partner_id.email:
            return self.env._(
                "%(receiver)s has no e-mail address. Enter one, or let the driver show"
                " the code.",
                receiver=self.partner_id.display_name,
            )
        return ""

    # ------------------------------------------------------------- in the portal

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/delivery-receipts/{self.id}"

    def _get_portal_customer(self):
        return self.customer_id

    def _belongs_to_customer(self, partner):
        """Let in the customer, and the receiver where the goods go to somebody else."""
        receiver = self.sudo().partner_id.commercial_partner_id
        return (
            super()._belongs_to_customer(partner)
            or partner.commercial_partner_id == receiver
        )

    def _is_portal_visible(self):
        return super()._is_portal_visible() and self.state != "withdrawn"

    def _extra_token_values(self):
        return [*super()._extra_token_values(), self.partner_id.id, self.link_version]

    def _check_portal_token(self, token):
        if self.is_link_revoked and not self._is_in():
            return self.env["res.partner"]
        return super()._check_portal_token(token)

    def _get_mail_button_title(self):
        return self.env._("Sign the delivery receipt")
