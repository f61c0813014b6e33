import tempfile

from werkzeug.exceptions import NotFound
from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import request

# held in memory as long as it is small
MEMORY_BYTES = 8 * 1024 * 1024


class OrderDeskDossier(http.Controller):
    @http.route(
        "/order_desk/dossier/<string:sheet_ids>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def order_desk_dossier(self, sheet_ids, **_kwargs):
        """Send the dossiers of these sheets as one ZIP (SPEC I2)."""
        sheets = self._order_desk_get_sheets(sheet_ids)
        # the same limit and rights as the button's
        sheets.action_download_dossier()
        # the response closes it, once it is sent
        file = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115
        sheets._write_dossiers(file)
        size = file.tell()
        file.seek(0)
        response = request.make_response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Length", size),
                (
                    "Content-Disposition",
                    http.content_disposition(sheets._get_dossier_file_name()),
                ),
                ("Cache-Control", "no-store"),
            ],
        )
        response.direct_passthrough = True
        return response

    def _order_desk_get_sheets(self, sheet_ids):
        """Return the sheets that the address names.

        :raise NotFound: one does not exist, or is not for the user
        """
        parts = sheet_ids.split(",")
        if not all(part.isdecimal() and len(part) < 10 for part in parts):
            raise NotFound
        sheets = request.env["order.desk.sheet"].browse(
            dict.fromkeys(int(part) for part in parts)
        )
        zone = request.env.user.tz or sheets.env.company._order_desk_tz().zone
        sheets = sheets.with_context(tz=zone)
        if sheets.exists() != sheets or not sheets.has_access("read"):
            raise NotFound
        return sheets
