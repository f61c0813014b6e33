from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.order_desk.controllers.portal import OrderDeskPortal

MODEL = "order.desk.shipping.advice"


class OrderDeskShippingAdvicePortal(OrderDeskPortal):
    """The customer sees what is on its way and says that they know (SPEC G4)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "shipping_advice_count" in counters:
            # customers have no right on the model, the domain is their own
            values["shipping_advice_count"] = (
                request.env[MODEL]
                .sudo()
                .search_count(self._order_desk_advices_domain())
            )
        return values

    def _order_desk_advices_domain(self):
        """Return which advices are for the user who is logged in."""
        customer = request.env.user.partner_id.commercial_partner_id
        return Domain("partner_id.commercial_partner_id", "=", customer.id) & Domain(
            "sent_on", "!=", False
        )

    @http.route(
        ["/my/shipping-advices", "/my/shipping-advices/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def order_desk_shipping_advices(self, page=1, **_kwargs):
        values = self._order_desk_get_list_values(
            "advices",
            # customers have no right on the model, the domain is their own
            request.env[MODEL].sudo(),
            self._order_desk_advices_domain(),
            "/my/shipping-advices",
            page,
        )
        values["page_name"] = "shipping_advice"
        return request.render("order_desk_delivery.portal_my_shipping_advices", values)

    @http.route(
        "/my/shipping-advices/<int(max=2147483647):advice_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def order_desk_shipping_advice(
        self, advice_id, access_token=None, report_type=None, **_kwargs
    ):
        advice_sudo, _partner_sudo = self._order_desk_get_document(
            MODEL, advice_id, access_token
        )
        if report_type == "pdf" and advice_sudo.state != "withdrawn":
            return self._order_desk_send_pdf(
                "order_desk_delivery.report_shipping_advice", advice_sudo
            )
        return self._order_desk_render_advice(advice_sudo, access_token)

    @http.route(
        "/my/shipping-advices/<int(max=2147483647):advice_id>/received",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def order_desk_shipping_advice_received(
        self, advice_id, access_token=None, **_kwargs
    ):
        advice_sudo, partner_sudo = self._order_desk_get_document(
            MODEL, advice_id, access_token
        )
        try:
            self._order_desk_check_visitor()
            with request.env.cr.savepoint():
                advice_sudo._receive_in_portal(
                    partner_sudo, request.httprequest.remote_addr
                )
        except UserError as error:
            return self._order_desk_render_advice(
                advice_sudo, access_token, error=str(error)
            )
        return request.redirect(
            self._order_desk_get_page_url(advice_sudo, access_token)
        )

    def _order_desk_render_advice(self, advice_sudo, access_token, error=""):
        newer_sudo = advice_sudo._get_newer()
        is_withdrawn = advice_sudo.state == "withdrawn"
        values = {
            "page_name": "shipping_advice",
            "advice": advice_sudo,
            "access_token": access_token,
            "url": advice_sudo._get_portal_path(),
            "closed_reason": advice_sudo._get_closed_reason(),
            "newer_url": newer_sudo._get_portal_url(newer_sudo.partner_id)
            if newer_sudo and is_withdrawn
            else "",
            "links": [] if is_withdrawn else advice_sudo._get_tracking_links(),
            "error": error,
            "res_company": advice_sudo.company_id,
        }
        return request.render("order_desk_delivery.portal_shipping_advice", values)
