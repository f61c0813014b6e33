import base64
import binascii

from werkzeug.exceptions import HTTPException, abort

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.order_desk.controllers.confirmation import OrderDeskConfirmationPortal

MODEL = "order.desk.receipt"
PATH = "/my/delivery-receipts/<int(max=2147483647):receipt_id>"
# what a phone sends as text for a picture of the size that is accepted
MAX_DATA = 30 * 1024 * 1024


class OrderDeskReceiptPortal(OrderDeskConfirmationPortal):
    """The receiver says on the phone what has come, and signs (SPEC G7).

    The page posts JSON: what was typed stays on it when the line breaks, and nothing is
    sent twice.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        # customers have no right on the model, the domain is their own
        receipts_sudo = request.env[MODEL].sudo()
        domain = self._order_desk_receipts_domain()
        if "delivery_receipt_open_count" in counters:
            values["delivery_receipt_open_count"] = receipts_sudo.search_count(
                domain & Domain("state", "=", "open")
            )
        if "delivery_receipt_count" in counters:
            values["delivery_receipt_count"] = receipts_sudo.search_count(domain)
        return values

    def _order_desk_receipts_domain(self):
        """Return which receipts are for the user who is logged in."""
        customer = request.env.user.partner_id.commercial_partner_id
        return (
            Domain("customer_id", "=", customer.id)
            | Domain("partner_id.commercial_partner_id", "=", customer.id)
        ) & Domain("state", "!=", "withdrawn")

    @http.route(
        ["/my/delivery-receipts", "/my/delivery-receipts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def order_desk_receipts(self, page=1, **_kwargs):
        values = self._order_desk_get_list_values(
            "receipts",
            # customers have no right on the model, the domain is their own
            request.env[MODEL].sudo(),
            self._order_desk_receipts_domain(),
            "/my/delivery-receipts",
            page,
        )
        values["page_name"] = "delivery_receipt"
        return request.render("order_desk_delivery.portal_my_receipts", values)

    # ------------------------------------------------------------- pages

    @http.route(PATH, type="http", auth="public", methods=["GET"], website=True)
    def order_desk_receipt(
        self, receipt_id, access_token=None, report_type=None, late=None, **_kwargs
    ):
        receipt_sudo, partner_sudo = self._order_desk_open_receipt(
            receipt_id, access_token
        )
        # once it is signed, a link shows the summary alone: it may be in any hands
        by_login = not receipt_sudo._check_portal_token(access_token)
        if report_type == "pdf" and (by_login or not receipt_sudo._is_in()):
            return self._order_desk_send_pdf(
                "order_desk_delivery.report_receipt", receipt_sudo
            )
        values = self._order_desk_prepare_receipt(
            receipt_sudo, partner_sudo, access_token
        )
        values.update(late=late, can_download=by_login or not receipt_sudo._is_in())
        return request.render("order_desk_delivery.portal_receipt", values)

    @http.route(
        f"{PATH}/code", type="http", auth="public", methods=["GET"], website=True
    )
    def order_desk_receipt_code(self, receipt_id, access_token=None, **_kwargs):
        """Show the driver's page: a code that fills the screen."""
        receipt_sudo, partner_sudo = self._order_desk_open_receipt(
            receipt_id, access_token
        )
        values = self._order_desk_prepare_receipt(
            receipt_sudo, partner_sudo, access_token
        )
        link = receipt_sudo._get_link()
        values["qr_code"] = link and receipt_sudo._make_qr(link)
        return request.render("order_desk_delivery.portal_receipt_code", values)

    @http.route(
        f"{PATH}/photo/<int(max=2147483647):photo_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def order_desk_receipt_photo(
        self, receipt_id, photo_id, access_token=None, **_kwargs
    ):
        """Return a photo that is on the receipt, as long as that is being filled in."""
        receipt_sudo, _partner_sudo = self._order_desk_open_receipt(
            receipt_id, access_token
        )
        photo_sudo = receipt_sudo.line_ids.photo_ids.filtered(
            lambda photo: photo.id == photo_id
        )
        if receipt_sudo.state != "open" or not photo_sudo:
            raise request.not_found()
        return request.env["ir.binary"]._get_stream_from(photo_sudo).get_response()

    def _order_desk_open_receipt(self, receipt_id, access_token):
        """Return the receipt as superuser, and the partner who looks at it.

        :raise HTTPException: a page that says what to do with a link that does not work
        """
        try:
            return self._order_desk_get_document(MODEL, receipt_id, access_token)
        except HTTPException:
            values = {
                # how to reach the company is what it prints on each of its documents
                "company_sudo": request.env.company.sudo(),
                "no_breadcrumbs": True,
            }
            response = request.render(
                "order_desk_delivery.portal_receipt_link_invalid", values, status=404
            )
            response.flatten()  # while there is a cursor
            abort(response)

    def _order_desk_prepare_receipt(self, receipt_sudo, partner_sudo, access_token):
        return {
            "page_name": "delivery_receipt",
            "receipt": receipt_sudo,
            "partner": partner_sudo,
            "access_token": access_token,
            "url": receipt_sudo._get_portal_path(),
            "page_url": self._order_desk_get_page_url(receipt_sudo, access_token),
            "closed_reason": receipt_sudo._get_closed_reason(),
            "is_internal": request.env.user._is_internal(),
            "no_breadcrumbs": request.env.user._is_public(),
            "res_company": receipt_sudo.company_id,
            # an address is called after a place, not after who signs there
            "name": partner_sudo.name
            if partner_sudo.type == "contact" and not partner_sudo.is_company
            else "",
        }

    # ------------------------------------------------------------- what is entered

    @http.route(
        f"{PATH}/sign", type="jsonrpc", auth="public", methods=["POST"], website=True
    )
    def order_desk_receipt_sign(
        self,
        receipt_id,
        access_token=None,
        name="",
        lines=None,
        remark="",
        signature="",
        **_kwargs,
    ):
        """Take what was entered and signed.

        :return: ``{"url"}`` of the page to go on with, or ``{"error"}``
        """
        return self._order_desk_on_receipt(
            receipt_id,
            access_token,
            lambda receipt_sudo, partner_sudo: receipt_sudo._sign_in_portal(
                partner_sudo,
                name,
                lines,
                remark,
                signature=self._order_desk_read_signature(str(signature or "")),
            ),
            name,
        )

    @http.route(
        f"{PATH}/photo", type="jsonrpc", auth="public", methods=["POST"], website=True
    )
    def order_desk_receipt_add_photo(
        self, receipt_id, access_token=None, line_id=None, name="", data="", **_kwargs
    ):
        """Keep a photo of a line right away, so that it survives whatever happens.

        :return: ``{"photo"}`` its id, or ``{"error"}``
        """
        return self._order_desk_on_receipt(
            receipt_id,
            access_token,
            lambda receipt_sudo, _partner_sudo: {
                "photo": receipt_sudo._get_line(line_id)
                ._add_photo(name, self._order_desk_read_photo(data))
                .id
            },
        )

    @http.route(
        f"{PATH}/photo/remove",
        type="jsonrpc",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def order_desk_receipt_remove_photo(
        self, receipt_id, access_token=None, line_id=None, photo_id=None, **_kwargs
    ):
        """Take a photo away again before anybody has signed."""
        return self._order_desk_on_receipt(
            receipt_id,
            access_token,
            lambda receipt_sudo, _partner_sudo: receipt_sudo._get_line(
                line_id
            )._remove_photo(photo_id),
        )

    def _order_desk_on_receipt(self, receipt_id, access_token, do, name=""):
        """Do something on a receipt for whoever looks at its page.

        :param name: who signs; the same person who sends twice is not told off
        :return: what ``do`` returned, else where to go on; or ``{"error"}``
        """
        try:
            receipt_sudo, partner_sudo = self._order_desk_get_document(
                MODEL, receipt_id, access_token
            )
        except HTTPException:
            return {
                "error": request.env._(
                    "This link is not valid any more. Ask the driver to show the code"
                    " again, or sign the paper copy."
                )
            }
        url = self._order_desk_get_page_url(receipt_sudo, access_token)
        try:
            self._order_desk_check_visitor()
            with request.env.cr.savepoint():
                return do(receipt_sudo, partner_sudo) or {"url": url}
        except UserError as error:
            receipt_sudo.invalidate_recordset()
            if not receipt_sudo._is_in():
                return {"error": str(error)}
            same = str(name or "").strip() == receipt_sudo.signed_name
            late = f"{'&' if '?' in url else '?'}late=1"
            return {"url": url if same else f"{url}{late}"}

    def _order_desk_read_photo(self, data):
        """Return the content of a picture that was sent as data URL, or nothing."""
        data = str(data or "")[: MAX_DATA + 1]
        if len(data) > MAX_DATA:
            raise UserError(request.env._("This picture is too big. Take another one."))
        try:
            return base64.b64decode(data.partition(",")[2], validate=True)
        except (binascii.Error, ValueError):
            return b""
