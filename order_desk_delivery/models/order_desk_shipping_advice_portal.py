import json

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.order_desk.quantity import format_quantity

from .order_desk_shipping_advice import SENT_STATES


class OrderDeskShippingAdvice(models.Model):
    """What the customer sees of an advice: on paper, in the mail, on its page."""

    _inherit = "order.desk.shipping.advice"

    # ------------------------------------------------------------- in the portal

    def _get_portal_customer(self):
        return self.partner_id

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/shipping-advices/{self.id}"

    def _is_portal_visible(self):
        return super()._is_portal_visible() and bool(self.sent_on)

    def _get_mail_button_title(self):
        return self.env._("See the shipment")

    def _filter_for_portal(self, user):
        """Return those of these advices that ``user`` finds in the portal."""
        return self.filtered(
            lambda advice: (
                advice._is_portal_visible()
                and advice._belongs_to_customer(user.partner_id)
            )
        )

    def _get_closed_reason(self):
        """Return why the customer has nothing to say to this advice, or ""."""
        self.ensure_one()
        if self.state == "withdrawn":
            newer = self._get_newer()
            if newer:
                return self.env._(
                    "%(number)s does not hold any more; %(newer)s does.",
                    number=self.number,
                    newer=newer.number,
                )
            return self.env._("%s does not hold any more.", self.number)
        if self.received_clear_on:
            return self._get_received_text()
        return ""

    def _get_newer(self):
        """Return the advice the customer has got instead of this one."""
        self.ensure_one()
        return self.request_id.advice_ids.filtered(
            lambda other: other.id > self.id and other.state in SENT_STATES
        )[:1]

    def _receive_in_portal(self, partner, ip=""):
        """Take ``partner``'s word that this advice is there and legible.

        The caller has checked that the page is theirs. Twice is once.

        :raise UserError: withdrawn
        """
        self.ensure_one()
        self._lock()
        self.invalidate_recordset(["state", "received_clear_on"])
        if self.state not in SENT_STATES:
            raise UserError(self._get_closed_reason())
        if not self.received_clear_on:
            desk = self._in_desk_language()
            desk._note_receipt(partner.display_name, "portal", author=partner)
            desk._message_log(
                body=desk.env._("Noted on the page of the advice (from %s).", ip),
                author_id=partner.id,
            )

    def _in_desk_language(self):
        """Return this advice in the language of who sent it: a customer is acting."""
        self.ensure_one()
        lang = self.sent_by_id.lang or self.company_id.partner_id.lang
        return self.with_context(lang=lang) if lang else self

    # ------------------------------------------------------------- on paper

    def _get_pdf_name(self):
        """Return the file name of the document: what was sent stays as it was."""
        self.ensure_one()
        if self.version > 1:
            return f"{self.number}-{self.version}.pdf"
        return f"{self.number}.pdf"

    def _get_arrival_text(self):
        """Return when it is to arrive, for the customer.

        Our clock says nothing to a customer abroad; they get the day.
        """
        self.ensure_one()
        arrival = self.expected_arrival
        if not arrival:
            return ""
        address = self.request_id.partner_shipping_id or self.partner_id
        country = self.company_id.country_id
        if address.country_id and country and address.country_id != country:
            return format_date(self.env, self.company_id._order_desk_date(arrival))
        return self.company_id._order_desk_moment_text(arrival)

    def _get_left_text(self):
        """Return on which of the company's days the goods left, for the customer."""
        self.ensure_one()
        if not self.shipped_on:
            return ""
        return format_date(self.env, self.company_id._order_desk_date(self.shipped_on))

    def _get_references(self):
        """Return by which numbers the customer knows the orders."""
        self.ensure_one()
        return ", ".join(
            f"{order.name} ({order.client_order_ref})"
            if order.client_order_ref
            else order.name
            for order in self.order_ids.sorted("id")
        )

    def _get_load_text(self):
        """Return how many packages there are, and what they weigh."""
        self.ensure_one()
        if not self.weight:
            return f"{self.package_count}"
        weight = format_quantity(self.weight)
        return f"{self.package_count} ({weight} {self.weight_uom_name})"

    def _get_accessories(self):
        """Return the accessories that have left along with these goods."""
        self.ensure_one()
        moves = self.sudo().move_ids  # who reads an advice need not read transfers
        return self.env["order.desk.accessory"]._get_gone_with(moves)

    def _get_late_text(self):
        """Return that the goods come later than promised and why, or ""."""
        self.ensure_one()
        if not self.is_late:
            return ""
        return self.env._(
            "This is later than the promised %(day)s: %(reason)s",
            day=format_date(self.env, self.promised_day),
            reason=self.late_reason or "",
        )

    # ------------------------------------------------------------- tracking

    def _get_tracking_links(self):
        """Return where the carrier tells where the goods are: ``[(name, address)]``.

        Odoo's carriers make the link of a transfer, so one is made up that has the
        tracking number of this advice. A carrier without tracking gives none.
        """
        self.ensure_one()
        if not self.carrier_id or not self.tracking_ref:
            return []
        picking = self.env["stock.picking"].new(
            {
                "carrier_id": self.carrier_id.id,
                "carrier_tracking_ref": self.tracking_ref,
            },
            origin=self.move_ids.picking_id[:1],
        )
        link = self.carrier_id.get_tracking_link(picking) or ""
        try:  # several parcels: a list of names and addresses
            links = [(str(name), str(url)) for name, url in json.loads(link)]
        except (ValueError, TypeError):
            links = [(self.tracking_ref, link)]
        return [
            (name, url) for name, url in links if url.startswith(("https:", "http:"))
        ]
