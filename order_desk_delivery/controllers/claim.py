from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.order_desk.controllers.portal import OrderDeskPortal
from odoo.addons.order_desk.quantity import format_quantity

MODEL = "order.desk.claim"
NEW = "/my/claims/new"
PAGE = "/my/claims/<int(max=2147483647):claim_id>"
TYPED = ("kind", "name", "description")


class OrderDeskClaimPortal(OrderDeskPortal):
    """The customer opens claims, follows them and adds to them (SPEC I1)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "claim_count" in counters:
            # customers have no right on the model, the domain is their own
            values["claim_count"] = (
                request.env[MODEL].sudo().search_count(self._order_desk_claims_domain())
            )
        return values

    def _order_desk_claims_domain(self):
        """Return which claims are for the user who is logged in."""
        customer = request.env.user.partner_id.commercial_partner_id
        return Domain("commercial_partner_id", "=", customer.id)

    @http.route(
        ["/my/claims", "/my/claims/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def order_desk_claims(self, page=1, **_kwargs):
        values = self._order_desk_get_list_values(
            "claims",
            # customers have no right on the model, the domain is their own
            request.env[MODEL].sudo(),
            self._order_desk_claims_domain(),
            "/my/claims",
            page,
        )
        values["page_name"] = "claim"
        return request.render("order_desk_delivery.portal_my_claims", values)

    # ------------------------------------------------------------- one claim

    @http.route(PAGE, type="http", auth="public", methods=["GET"], website=True)
    def order_desk_claim(
        self, claim_id, access_token=None, report_type=None, **_kwargs
    ):
        claim_sudo, partner_sudo = self._order_desk_get_document(
            MODEL, claim_id, access_token
        )
        if report_type == "pdf":
            return self._order_desk_send_pdf(
                "order_desk_delivery.report_claim", claim_sudo
            )
        return self._order_desk_render_claim(claim_sudo, partner_sudo, access_token)

    @http.route(PAGE, type="http", auth="public", methods=["POST"], website=True)
    def order_desk_claim_write(
        self, claim_id, access_token=None, message="", **_kwargs
    ):
        """Take what the customer adds; what was typed stays when something is wrong."""
        claim_sudo, partner_sudo = self._order_desk_get_document(
            MODEL, claim_id, access_token
        )
        try:
            self._order_desk_check_visitor()
            files = self._order_desk_read_files(
                request.httprequest.files.getlist("files")
            )
            with request.env.cr.savepoint():
                claim_sudo._write_in_portal(partner_sudo, message, files)
        except UserError as error:
            return self._order_desk_render_claim(
                claim_sudo,
                partner_sudo,
                access_token,
                error=str(error),
                message=message,
            )
        return request.redirect(self._order_desk_get_page_url(claim_sudo, access_token))

    @http.route(
        f"{PAGE}/file/<int(max=2147483647):file_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def order_desk_claim_file(self, claim_id, file_id, access_token=None, **_kwargs):
        """Return a photo or document that is on the claim's page."""
        claim_sudo, _partner_sudo = self._order_desk_get_document(
            MODEL, claim_id, access_token
        )
        file_sudo = claim_sudo._get_portal_files().filtered(
            lambda file: file.id == file_id
        )
        if not file_sudo:
            raise request.not_found()
        return request.env["ir.binary"]._get_stream_from(file_sudo).get_response()

    def _order_desk_render_claim(
        self, claim_sudo, partner_sudo, access_token, **values
    ):
        return request.render(
            "order_desk_delivery.portal_claim",
            {
                "page_name": "claim",
                "claim": claim_sudo,
                "partner": partner_sudo,
                "access_token": access_token,
                "url": claim_sudo._get_portal_path(),
                "rating_url": claim_sudo._get_rating_url(),
                "is_internal": request.env.user._is_internal(),
                "no_breadcrumbs": request.env.user._is_public(),
                "res_company": claim_sudo.company_id,
                "error": "",
                "message": "",
                **values,
            },
        )

    # ------------------------------------------------------------- a new one

    @http.route(
        [
            f"{NEW}/order/<int(max=2147483647):order_id>",
            f"{NEW}/receipt/<int(max=2147483647):receipt_id>",
        ],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def order_desk_claim_new(self, access_token=None, **kwargs):
        values = self._order_desk_get_origin(access_token, **kwargs)
        return self._order_desk_render_new(values)

    @http.route(
        [
            f"{NEW}/order/<int(max=2147483647):order_id>",
            f"{NEW}/receipt/<int(max=2147483647):receipt_id>",
        ],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def order_desk_claim_open(self, access_token=None, **kwargs):
        """Open a claim; what was typed stays when something is wrong."""
        values = self._order_desk_get_origin(access_token, **kwargs)
        typed = {name: kwargs.get(name) for name in TYPED}
        quantities = {
            line.id: kwargs.get(f"quantity_{line.id}")
            for line in values["sheet"].order_line
        }
        try:
            self._order_desk_check_visitor()
            files = self._order_desk_read_files(
                request.httprequest.files.getlist("files")
            )
            with request.env.cr.savepoint():
                claim_sudo = (
                    request.env[MODEL]
                    .sudo()  # the origin has let the visitor in
                    ._open_in_portal(
                        values["sheet"],
                        values["partner"],
                        typed,
                        quantities,
                        files,
                        values["receipt"],
                    )
                )
        except UserError as error:
            return self._order_desk_render_new(
                values, error=str(error), typed=typed, quantities=quantities
            )
        token = access_token and claim_sudo._get_portal_token(values["partner"])
        return request.redirect(self._order_desk_get_page_url(claim_sudo, token))

    def _order_desk_get_origin(
        self, access_token, order_id=None, receipt_id=None, sheet_id=None, **_kwargs
    ):
        """Return what the new claim is about, and who opens it.

        :raise HTTPException: a page that says that the link is not valid
        """
        receipt_sudo = request.env["order.desk.receipt"].sudo()
        if receipt_id:
            receipt_sudo, partner_sudo = self._order_desk_get_document(
                receipt_sudo._name, receipt_id, access_token
            )
            sheets_sudo = receipt_sudo.sheet_ids
        else:
            order_sudo = self._order_desk_get_own_order(order_id)
            sheets_sudo = order_sudo.sheet_id
            partner_sudo = request.env.user.partner_id.sudo()
        sheets_sudo = sheets_sudo.filtered(
            lambda sheet: (
                sheet.order_id.state == "sale"
                # the receiver may be of another company than the one that ordered
                and sheet.partner_id.commercial_partner_id
                == partner_sudo.commercial_partner_id
            )
        )
        if not sheets_sudo:
            self._order_desk_refuse_link()
        chosen = str(sheet_id or "")
        sheet_sudo = sheets_sudo.filtered(lambda sheet: str(sheet.id) == chosen)
        return {
            "sheets": sheets_sudo,
            "sheet": sheet_sudo or sheets_sudo[0],
            "partner": partner_sudo,
            "receipt": receipt_sudo,
            "access_token": access_token,
            "url": f"{NEW}/receipt/{receipt_id}"
            if receipt_id
            else f"{NEW}/order/{order_id}",
        }

    def _order_desk_get_own_order(self, order_id):
        """Return the order of the user who is logged in, as superuser."""
        user = request.env.user
        if user._is_public():
            self._order_desk_refuse_link()
        try:
            order_sudo = self._document_check_access("sale.order", order_id)
        except (AccessError, MissingError):
            self._order_desk_refuse_link()
        return order_sudo

    def _order_desk_render_new(self, values, **typed):
        sheet = values["sheet"]
        claimable = sheet.order_line._get_claimable_quantities()
        lines = [
            (line, format_quantity(found.open))
            for line, found in claimable.items()
            if found.open > 0
        ]
        kinds = request.env[MODEL].sudo()._get_portal_kinds(bool(lines))
        return request.render(
            "order_desk_delivery.portal_claim_new",
            {
                "page_name": "claim",
                "claim": False,
                "kinds": kinds,
                "lines": lines,
                "is_internal": request.env.user._is_internal(),
                "no_breadcrumbs": request.env.user._is_public(),
                "res_company": sheet.company_id,
                "error": "",
                "typed": {},
                "quantities": {},
                **values,
                **typed,
            },
        )
