import logging
import os
import time
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import format_date, format_datetime

from ..dossier_zip import DossierZip, make_safe_name
from ..quantity import format_quantity

_logger = logging.getLogger(__name__)

# printing takes seconds for each document; what comes later is a web page instead
PRINT_SECONDS = 75
PRINTER_STATES = ("ok", "upgrade")


class OrderDeskSheet(models.Model):
    """Writing dossiers: one thing after the other, nothing is held twice (SPEC I2)."""

    _inherit = "order.desk.sheet"

    def _write_dossiers(self, file):
        """Write the dossiers of these sheets into ``file`` as one ZIP.

        Nothing that is missing, broken or not for the reader stops the rest; the
        index of each dossier names it.
        """
        self.check_access("read")
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        deadline = time.monotonic() + PRINT_SECONDS
        with DossierZip(file, now.timetuple()[:6]) as archive:
            for sheet in self:
                top = [sheet._get_dossier_name()] if len(self) > 1 else []
                sheet._write_dossier(archive, top, deadline)
                self.env.invalidate_all()  # many orders do not pile up

    def _get_dossier_file_name(self):
        """Return the name of the ZIP."""
        day = format_date(
            self.env, fields.Date.context_today(self), date_format="yyyyMMdd"
        )
        if len(self) == 1:
            title = self.env._("Dossier %s", self._get_dossier_name())
        else:
            title = self.env._("Dossiers %s", day)
        return make_safe_name(f"{title}.zip")

    def _write_dossier(self, archive, top, deadline):
        """Write the dossier of one order into the folder ``top``."""
        self.ensure_one()
        # the superuser finds what there is, so that what is left out can be named
        chapters = self.sudo()._get_dossier_documents()
        chapters.sort(key=lambda chapter: chapter["sequence"])
        seen, readable = set(), []  # ids of files, checksums of what was printed
        for chapter in chapters:
            chapter["rows"] = []
            chapter["readable"] = self._filter_dossier_records(chapter)
            readable.append(chapter["readable"])
        filled = [chapter for chapter in chapters if self._has_dossier_content(chapter)]
        for number, chapter in enumerate(filled, 1):
            folders = [*top, f"{number:02} {chapter['title']}"]
            seen |= self._write_dossier_reports(archive, folders, chapter, deadline)
            self._write_dossier_page(archive, folders, chapter)
            self._write_dossier_files(archive, folders, chapter, seen)
        values = {
            "sheet": self,
            "lang": self.env.lang or "en_US",
            "events": self._get_dossier_story(readable),
        }
        story = self._render_dossier("order_desk.dossier_story_page", values)
        title = self.env._("Story")
        archive.add(top, f"00 {title}.html", story)
        kind, content, note = self._print_dossier(
            "order_desk.action_report_dossier_story", self, deadline
        )
        if kind == "pdf":
            archive.add(top, f"00 {title}.pdf", content)
        self._link_dossier_rows(chapters, top)
        index = self._render_dossier(
            "order_desk.dossier_index_page", {**values, "chapters": chapters}
        )
        title = self.env._("Index")
        archive.add(top, f"00 {title}.html", index)

    @api.model
    def _link_dossier_rows(self, chapters, top):
        """Let the index lead to each file, from the folder that it stands in."""
        for chapter in chapters:
            for row in chapter["rows"]:
                if row["kind"] == "file":
                    row["name"] = "/".join(row["name"].split("/")[len(top) :])
                    row["href"] = quote(row["name"])

    @api.model
    def _render_dossier(self, template, values):
        return str(self.env["ir.qweb"]._render(template, values)).encode()

    # ------------------------------------------------------------- what is in

    def _filter_dossier_records(self, chapter):
        """Return which records of a chapter the reader may read; name the others."""
        found = chapter["records"]
        readable = found.sudo(False)._filtered_access("read")
        left_out = found - readable.sudo()
        if left_out:
            # their names would tell what the reader may not know
            chapter["rows"].append(
                self._make_dossier_row(
                    "left_out",
                    chapter["title"],
                    self.env._("%s left out: you may not read them.", len(left_out)),
                )
            )
        return readable

    def _has_dossier_content(self, chapter):
        return bool(chapter["readable"] or chapter["files"])

    @api.model
    def _make_dossier_row(self, kind, name, note=""):
        """Return a row of the index.

        :param kind: "file", "left_out" or "broken"
        """
        return {"kind": kind, "name": name, "note": note}

    def _write_dossier_reports(self, archive, folders, chapter, deadline):
        """Print each record of a chapter that has a report.

        :return: the checksums of the prints: what is on file as well comes once
        """
        printed_sums = set()
        for record in chapter["readable"] if chapter["report"] else ():
            name = record.display_name
            # the reader may read the record; the paper goes to anybody with the goods
            printed = record.sudo() if chapter["goes_along"] else record
            kind, content, note = self._print_dossier(
                chapter["report"], printed, deadline
            )
            if kind == "broken":
                row = self._make_dossier_row("broken", name, note)
            else:
                path = archive.add(folders, f"{name}.{kind}", content)
                row = self._make_dossier_row("file", path, note)
                printed_sums.add(self.env["ir.attachment"]._compute_checksum(content))
            chapter["rows"].append(row)
        return printed_sums

    def _print_dossier(self, report, record, deadline):
        """Return a document as the reader prints it: ``(ending, bytes, note)``.

        The ending is "pdf", or "html" where this server cannot print or has no time
        left, or "broken" where it cannot be made at all.
        """
        reports = record.env["ir.actions.report"]
        can_print = reports.get_wkhtmltopdf_state() in PRINTER_STATES
        in_time = time.monotonic() < deadline
        try:
            with self.env.cr.savepoint():
                if can_print and in_time:
                    content, kind = reports._render_qweb_pdf(report, record.ids)
                    if kind == "pdf":
                        return "pdf", content, ""
                else:
                    content, kind = reports._render_qweb_html(report, record.ids)
        except AccessError:
            return "broken", b"", self.env._("Left out: you may not print it.")
        except Exception as error:  # one broken document does not stop the dossier
            _logger.warning("%s of %s cannot be printed", report, record, exc_info=True)
            reason = str(error) if isinstance(error, UserError) else ""
            return "broken", b"", self.env._("It could not be printed. %s", reason)
        note = (
            self.env._("As a web page: this server cannot print.")
            if in_time
            else self.env._("As a web page: printing all of it would take too long.")
        )
        if isinstance(content, str):
            content = content.encode()
        return "html", content, note

    def _write_dossier_page(self, archive, folders, chapter):
        """Write what the records of a chapter tell as one page."""
        if not chapter["fields"] or not chapter["readable"]:
            return
        records = chapter["readable"]
        values = {
            "lang": self.env.lang or "en_US",
            "sheet": self,
            "title": chapter["title"],
            "rows": [
                (
                    record.display_name,
                    self._get_dossier_facts(record, chapter["fields"]),
                )
                for record in records
            ],
        }
        content = self._render_dossier("order_desk.dossier_records_page", values)
        path = archive.add(folders, f"{chapter['title']}.html", content)
        chapter["rows"].append(self._make_dossier_row("file", path))

    def _get_dossier_facts(self, record, names):
        """Return what there is to tell of a record: ``[(label, text)]``."""
        facts = []
        for name in names:
            field = record._fields[name]
            if not record._has_field_access(field, "read"):
                continue
            text = self._get_dossier_text(record, field)
            if text:
                facts.append((field._description_string(self.env), text))
        return facts

    def _get_dossier_text(self, record, field):
        """Return the value of a field as a text for the reader, "" for nothing."""
        value = record[field.name]
        if field.type == "boolean":
            return self.env._("Yes") if value else ""
        if not value:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if field.type == "datetime":
            return format_datetime(self.env, value, self._get_dossier_zone(), "short")
        if field.type == "date":
            return format_date(self.env, value)
        if field.relational:
            # a name is no secret of what the reader reads already
            return ", ".join(value.sudo().mapped("display_name"))
        if field.type in ("float", "monetary"):
            return format_quantity(value)
        return str(value)

    # ------------------------------------------------------------- files

    def _write_dossier_files(self, archive, folders, chapter, seen):
        """Write the files of a chapter, those of its records and its own."""
        for attachment in self._get_dossier_files(chapter):
            if {attachment.id, attachment.checksum} & seen:
                continue
            seen.add(attachment.id)
            chapter["rows"].append(
                self._write_dossier_file(archive, folders, attachment)
            )

    def _get_dossier_files(self, chapter):
        """Return the attachments of a chapter as superuser, oldest first."""
        records = chapter["readable"]
        files = self.env["ir.attachment"].sudo()
        found = files.search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("res_field", "in", [False, *chapter["photos"]]),
            ]
        )
        return (found | chapter["files"]).sorted("id")

    def _write_dossier_file(self, archive, folders, attachment):
        """Write one file and return its row of the index."""
        name = attachment.name or self.env._("File")
        try:
            attachment.sudo(False).check_access("read")
        except (AccessError, MissingError):
            return self._make_dossier_row(
                "left_out", name, self.env._("Left out: you may not read it.")
            )
        if attachment.res_field:  # named after the field, not the file
            ending = (attachment.mimetype or "").rpartition("/")[2] or "bin"
            record = self.env[attachment.res_model].browse(attachment.res_id)
            name = f"{record.display_name}.{ending}"
        if attachment.type == "url":
            return self._make_dossier_row("broken", name, attachment.url)
        missing = self.env._("The file is missing or broken on the server.")
        if not attachment.store_fname:
            content = attachment.raw
            if not content:
                return self._make_dossier_row("broken", name, missing)
            path = archive.add(folders, name, content)
            return self._make_dossier_row("file", path)
        path = attachment._full_path(attachment.store_fname)
        try:
            if os.path.getsize(path) != attachment.file_size:
                return self._make_dossier_row("broken", name, missing)
            with open(path, "rb") as content:
                path = archive.add(folders, name, content)
        except OSError:
            return self._make_dossier_row("broken", name, missing)
        return self._make_dossier_row("file", path)
