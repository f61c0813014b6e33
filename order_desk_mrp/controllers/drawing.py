from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.order_desk.controllers.portal import OrderDeskPortal

MODEL = "order.desk.drawing"
DRAWING_PATH = "/my/drawings/<int(max=2147483647):drawing_id>"
TYPED = ("name", "markup")


class OrderDeskDrawingPortal(OrderDeskPortal):
    """The customer looks at a drawing, approves it or marks it up (SPEC B5)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        # customers have no right on the model, the domain is their own
        drawings_sudo = request.env[MODEL].sudo()
        domain = self._order_desk_drawings_domain()
        if "drawing_waiting_count" in counters:
            values["drawing_waiting_count"] = drawings_sudo.search_count(
                domain & drawings_sudo._get_waiting_domain()
            )
        if "drawing_count" in counters:
            values["drawing_count"] = drawings_sudo.search_count(domain)
        return values

    def _order_desk_drawings_domain(self):
        """Return which drawings are for the user who is logged in."""
        customer = request.env.user.partner_id.commercial_partner_id
        return Domain("customer_id", "=", customer.id) & Domain("sent_on", "!=", False)

    @http.route(
        ["/my/drawings", "/my/drawings/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def order_desk_drawings(self, page=1, **_kwargs):
        values = self._order_desk_get_list_values(
            "drawings",
            # customers have no right on the model, the domain is their own
            request.env[MODEL].sudo(),
            self._order_desk_drawings_domain(),
            "/my/drawings",
            page,
        )
        values["page_name"] = "order_desk_drawing"
        return request.render("order_desk_mrp.portal_my_drawings", values)

    @http.route(DRAWING_PATH, type="http", auth="public", methods=["GET"], website=True)
    def order_desk_drawing(self, drawing_id, access_token=None, **_kwargs):
        drawing_sudo, partner_sudo = self._order_desk_get_document(
            MODEL, drawing_id, access_token
        )
        return self._order_desk_render_drawing(drawing_sudo, partner_sudo, access_token)

    @http.route(
        f"{DRAWING_PATH}/file",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def order_desk_drawing_file(
        self, drawing_id, access_token=None, download=None, **_kwargs
    ):
        """Return the drawing itself; whoever may see the page may have it."""
        drawing_sudo, _partner_sudo = self._order_desk_get_document(
            MODEL, drawing_id, access_token
        )
        stream = request.env["ir.binary"]._get_stream_from(
            drawing_sudo.attachment_id, filename=drawing_sudo.attachment_id.name
        )
        # a CAD file is for a program, the browser has nothing to show
        return stream.get_response(
            as_attachment=bool(download) or drawing_sudo.file_kind == "cad"
        )

    @http.route(
        DRAWING_PATH, type="http", auth="public", methods=["POST"], website=True
    )
    def order_desk_drawing_decide(
        self, drawing_id, access_token=None, decision=None, **typed
    ):
        """Take the approval or the marks; what was typed stays on an error."""
        drawing_sudo, partner_sudo = self._order_desk_get_document(
            MODEL, drawing_id, access_token
        )
        try:
            self._order_desk_check_visitor()
            files = (
                self._order_desk_read_drawings(drawing_sudo)
                if decision == "marked_up"
                else []
            )
            with request.env.cr.savepoint():
                drawing_sudo._decide_in_portal(
                    decision,
                    partner_sudo,
                    typed.get("name"),
                    typed.get("markup"),
                    files,
                    request.httprequest.remote_addr,
                    "link" if request.env.user._is_public() else "login",
                )
        except UserError as error:
            return self._order_desk_render_drawing(
                drawing_sudo,
                partner_sudo,
                access_token,
                error=str(error),
                **{name: typed.get(name) for name in TYPED},
            )
        return request.redirect(
            self._order_desk_get_page_url(drawing_sudo, access_token)
        )

    def _order_desk_read_drawings(self, drawing_sudo):
        """Return the uploaded files, checked as drawings: ``[(name, content)]``."""
        uploads = request.httprequest.files.getlist("files")
        contents = [(file.filename, file.read()) for file in uploads if file.filename]
        for name, raw in contents:
            drawing_sudo._check_file(name, raw)
        return contents

    def _order_desk_render_drawing(
        self, drawing_sudo, partner_sudo, access_token, **typed
    ):
        newer_sudo = drawing_sudo._get_newer()
        url = drawing_sudo._get_portal_path()
        query = f"?access_token={access_token}" if access_token else "?"
        values = {
            "page_name": "order_desk_drawing",
            "no_breadcrumbs": request.env.user._is_public(),
            "drawing": drawing_sudo,
            "partner": partner_sudo,
            "access_token": access_token,
            "url": url,
            "file_url": f"{url}/file{query}",
            "closed_reason": drawing_sudo._get_closed_reason(),
            "newer_url": newer_sudo._get_portal_url(partner_sudo) if newer_sudo else "",
            "res_company": drawing_sudo.company_id,
            "error": "",
            **dict.fromkeys(TYPED, ""),
            **typed,
        }
        values["name"] = values["name"] or (
            partner_sudo.name if not partner_sudo.is_company else ""
        )
        return request.render("order_desk_mrp.portal_drawing", values)
