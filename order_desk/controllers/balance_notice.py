from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .portal import OrderDeskPortal

MODEL = "order.desk.balance.notice"


class OrderDeskBalancePortal(OrderDeskPortal):
    """The customer reads a balance payment notice and goes on to pay (SPEC F3)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "balance_notice_waiting_count" in counters:
            domain = self._order_desk_notices_domain() & Domain("state", "=", "sent")
            # customers have no right on the model, the domain is their own
            values["balance_notice_waiting_count"] = (
                request.env[MODEL].sudo().search_count(domain)
            )
        return values

    def _order_desk_notices_domain(self):
        """Return which notices are for the user who is logged in."""
        customer = request.env.user.partner_id.commercial_partner_id
        return Domain("partner_id.commercial_partner_id", "=", customer.id) & Domain(
            "state", "!=", "draft"
        )

    @http.route(
        ["/my/balance-notices", "/my/balance-notices/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def order_desk_balance_notices(self, page=1, **_kwargs):
        values = self._order_desk_get_list_values(
            "notices",
            # customers have no right on the model, the domain is their own
            request.env[MODEL].sudo(),
            self._order_desk_notices_domain(),
            "/my/balance-notices",
            page,
        )
        values["page_name"] = "balance_notice"
        return request.render("order_desk.portal_my_balance_notices", values)

    @http.route(
        "/my/balance-notices/<int(max=2147483647):notice_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def order_desk_balance_notice(
        self, notice_id, access_token=None, report_type=None, **_kwargs
    ):
        notice_sudo, partner_sudo = self._order_desk_get_document(
            MODEL, notice_id, access_token
        )
        if report_type == "pdf" and notice_sudo.state != "withdrawn":
            return self._order_desk_send_pdf(
                "order_desk.report_balance_notice", notice_sudo
            )
        newer_sudo = notice_sudo._get_newer()
        values = {
            "page_name": "balance_notice",
            "notice": notice_sudo,
            "partner": partner_sudo,
            "access_token": access_token,
            "url": notice_sudo._get_portal_path(),
            "closed_reason": notice_sudo._get_closed_reason(),
            "newer_url": newer_sudo._get_portal_url(partner_sudo)
            if newer_sudo and notice_sudo.state == "withdrawn"
            else "",
            "payables": [
                {"invoice": invoice, "amount": amount, "url": url}
                for invoice, amount, url in notice_sudo._get_payables()
            ]
            if not notice_sudo.is_cash_on_delivery
            else [],
            "res_company": notice_sudo.company_id,
        }
        return request.render("order_desk.portal_balance_notice", values)
