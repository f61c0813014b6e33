import base64
import binascii

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from odoo.tools.mimetypes import guess_mimetype

from .portal import OrderDeskPortal

TYPED = ("name", "remarks", "signature", "way")


class OrderDeskConfirmationPortal(OrderDeskPortal):
    """The customer reads, signs and returns the order confirmation (SPEC D1, D2)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        # customers have no right on the model, the domain is their own
        confirmations_sudo = request.env["order.desk.confirmation"].sudo()
        domain = self._order_desk_confirmations_domain()
        if "order_confirmation_waiting_count" in counters:
            values["order_confirmation_waiting_count"] = (
                confirmations_sudo.search_count(domain & Domain("state", "=", "sent"))
            )
        if "order_confirmation_count" in counters:
            values["order_confirmation_count"] = confirmations_sudo.search_count(domain)
        return values

    def _order_desk_confirmations_domain(self):
        """Return which confirmations are for the user who is logged in."""
        customer = request.env.user.partner_id.commercial_partner_id
        return Domain("partner_id.commercial_partner_id", "=", customer.id) & Domain(
            "state", "!=", "draft"
        )

    @http.route(
        ["/my/order-confirmations", "/my/order-confirmations/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def order_desk_confirmations(self, page=1, **_kwargs):
        values = self._order_desk_get_list_values(
            "confirmations",
            # customers have no right on the model, the domain is their own
            request.env["order.desk.confirmation"].sudo(),
            self._order_desk_confirmations_domain(),
            "/my/order-confirmations",
            page,
        )
        values["page_name"] = "order_confirmation"
        return request.render("order_desk.portal_my_confirmations", values)

    @http.route(
        "/my/order-confirmations/<int:confirmation_id>",
        type="http",
        auth="public",
        website=True,
    )
    def order_desk_confirmation(
        self, confirmation_id, access_token=None, report_type=None, **kwargs
    ):
        confirmation_sudo, partner_sudo = self._order_desk_get_document(
            "order.desk.confirmation", confirmation_id, access_token
        )
        if report_type == "pdf" and confirmation_sudo._has_pdf():
            return self._order_desk_send_pdf(
                "order_desk.report_confirmation", confirmation_sudo
            )
        return self._order_desk_render_confirmation(
            confirmation_sudo, partner_sudo, access_token
        )

    @http.route(
        "/my/order-confirmations/<int:confirmation_id>/confirm",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def order_desk_confirm(self, confirmation_id, access_token=None, **typed):
        confirmation_sudo, partner_sudo = self._order_desk_get_document(
            "order.desk.confirmation", confirmation_id, access_token
        )
        try:
            self._order_desk_check_visitor()
            with request.env.cr.savepoint():
                self._order_desk_take_confirmation(
                    confirmation_sudo, partner_sudo, typed
                )
        except UserError as error:
            # what was typed is still there, the customer corrects it and goes on
            return self._order_desk_render_confirmation(
                confirmation_sudo,
                partner_sudo,
                access_token,
                error=str(error),
                **{name: typed.get(name) for name in TYPED},
            )
        return request.redirect(
            self._order_desk_confirmation_url(confirmation_sudo, access_token)
        )

    def _order_desk_take_confirmation(self, confirmation_sudo, partner_sudo, typed):
        files = self._order_desk_read_files(request.httprequest.files.getlist("files"))
        signature = self._order_desk_read_signature(typed.get("signature"))
        uploaded = typed.get("way") == "upload"
        confirmation_sudo._confirm_in_portal(
            partner_sudo,
            typed.get("name"),
            typed.get("remarks"),
            signature=not uploaded and signature,
            files=files if uploaded else (),
            ip=request.httprequest.remote_addr,
        )

    def _order_desk_read_signature(self, data_url):
        """Return the drawn signature as base64; nothing for what is no picture."""
        _head, _comma, data = (data_url or "").partition(",")
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return False
        return data if guess_mimetype(raw) == "image/png" else False

    def _order_desk_confirmation_url(self, confirmation_sudo, access_token):
        """Return the page of a confirmation for whoever looks at another one now."""
        url = confirmation_sudo._get_portal_path()
        return f"{url}?access_token={access_token}" if access_token else url

    def _order_desk_render_confirmation(
        self, confirmation_sudo, partner_sudo, access_token, **typed
    ):
        newer_sudo = confirmation_sudo._get_newer()
        values = {
            "page_name": "order_confirmation",
            "confirmation": confirmation_sudo,
            "partner": partner_sudo,
            "access_token": access_token,
            "url": confirmation_sudo._get_portal_path(),
            "closed_reason": confirmation_sudo._get_closed_reason(),
            "newer_url": newer_sudo._get_portal_url(partner_sudo)
            if newer_sudo and newer_sudo != confirmation_sudo
            else "",
            "res_company": confirmation_sudo.company_id,
            "error": "",
            **dict.fromkeys(TYPED, ""),
            **typed,
        }
        values["name"] = values["name"] or (
            partner_sudo.name if not partner_sudo.is_company else ""
        )
        return request.render("order_desk.portal_confirmation", values)
