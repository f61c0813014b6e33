from urllib.parse import urlencode

from werkzeug.exceptions import abort

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class OrderDeskPortal(CustomerPortal):
    """What the pages for customers share: who may open which document."""

    def _order_desk_get_document(self, model, document_id, access_token=None):
        """Return the document, as superuser, and the partner who looks at it.

        With a valid token that is whoever the token was made for, else the user who
        is logged in, provided the order is their company's.

        :param model: a model with ``order.desk.portal.mixin``
        :raise HTTPException: a page that says that the link is not valid; it is the
            same page whether or not there is such a document
        """
        # visitors have no rights, the checks below decide
        document_sudo = request.env[model].sudo().browse(document_id).exists()
        if not document_sudo or not document_sudo._is_portal_visible():
            self._order_desk_refuse_link()
        partner_sudo = document_sudo._check_portal_token(access_token)
        user = request.env.user
        if partner_sudo:
            if not user._is_internal() and partner_sudo.lang:
                request.update_context(lang=partner_sudo.lang)
                document_sudo = document_sudo.with_context(lang=partner_sudo.lang)
            # what the page and the paper link to is not good for longer than the link
            request.update_context(order_desk_portal_token=access_token)
            document_sudo = document_sudo.with_context(
                order_desk_portal_token=access_token
            )
            return document_sudo, partner_sudo
        partner_sudo = user.partner_id.sudo()
        if user._is_public() or not document_sudo._belongs_to_customer(partner_sudo):
            self._order_desk_refuse_link()
        return document_sudo, partner_sudo

    def _order_desk_check_visitor(self):
        """Refuse what a colleague posts with a customer's link.

        :raise UserError: the user is an employee
        """
        user = request.env.user
        if user._is_internal():
            raise UserError(
                request.env._(
                    "You are logged in as %s, so this would not be the customer's word."
                    " Record it in Odoo instead.",
                    user.name,
                )
            )

    def _order_desk_get_page_url(self, document_sudo, access_token=None):
        """Return the path of the document's page, for whoever is on it already."""
        query = f"?{urlencode({'access_token': access_token})}" if access_token else ""
        return f"{document_sudo._get_portal_path()}{query}"

    def _order_desk_refuse_link(self):
        """Show the page for a link that does not work, and whom to ask.

        :raise HTTPException: always
        """
        response = request.render(
            "order_desk.portal_link_invalid",
            # how to reach the company is what it prints on each of its documents
            {"company_sudo": request.env.company.sudo(), "no_breadcrumbs": True},
            status=404,
        )
        response.flatten()  # while there is a cursor
        abort(response)

    def _order_desk_get_list_values(self, name, records_sudo, domain, url, page):
        """Return what a page of the list of the customer's own documents shows.

        :param name: what the template calls the documents
        :param records_sudo: their model; customers have no right on it
        :param domain: says which are the customer's own
        """
        pager = portal_pager(
            url=url,
            total=records_sudo.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        return {
            **self._prepare_portal_layout_values(),
            "pager": pager,
            "default_url": url,
            name: records_sudo.search(
                domain, limit=self._items_per_page, offset=pager["offset"]
            ),
        }

    def _order_desk_read_files(self, files):
        """Return what was uploaded, checked: ``[(name, content)]``.

        :param files: list of werkzeug's file storages, also those left empty
        :raise UserError: empty, too big, or neither a picture nor a PDF
        """
        attachments = request.env["ir.attachment"]
        contents = [(file.filename, file.read()) for file in files if file.filename]
        for name, raw in contents:
            attachments._order_desk_check_file(name, raw)
        return contents

    def _order_desk_send_pdf(self, report_name, document_sudo):
        """Return the document as PDF, under the name it was sent with."""
        content, _kind = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(report_name, document_sudo.ids)
        )
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                (
                    "Content-Disposition",
                    http.content_disposition(document_sudo._get_pdf_name()),
                ),
            ],
        )
