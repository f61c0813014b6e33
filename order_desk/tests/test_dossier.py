import io
import zipfile
from html import unescape
from unittest.mock import patch
from urllib.parse import unquote

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..dossier_zip import DossierZip, make_safe_name
from .common import PNG, OrderDeskCommon


@tagged("post_install", "-at_install")
class TestDossierZip(TransactionCase):
    def test_names_are_safe_on_every_system(self):
        for name, safe in (
            ("a/b\\c:d*e?.pdf", "a-b-c-d-e-.pdf"),
            ("订单 确认书.pdf", "订单 确认书.pdf"),
            ("CON.txt", "_CON.txt"),
            ("../../etc/passwd", "-..-etc-passwd"),
            ("  . ", "_"),
            ("invoice.pdf. . ", "invoice.pdf"),
            ("pic\u202egnp.exe", "picgnp.exe"),
            ("line\nbreak\x00.txt", "line-break-.txt"),
        ):
            self.assertEqual(make_safe_name(name), safe)

    def test_long_names_keep_their_ending(self):
        name = make_safe_name("长" * 300 + ".pdf")
        self.assertEqual(len(name), 100)
        self.assertTrue(name.endswith(".pdf"))

    def test_a_second_file_of_the_same_name_gets_a_number(self):
        file = io.BytesIO()
        with DossierZip(file, (2026, 1, 2, 3, 4, 5)) as archive:
            paths = [
                archive.add(["01 Files"], name, b"x")
                for name in ("scan.pdf", "Scan.PDF", "scan.pdf")
            ]
        self.assertEqual(
            paths,
            ["01 Files/scan.pdf", "01 Files/Scan (2).PDF", "01 Files/scan (3).pdf"],
        )
        self.assertFalse(zipfile.ZipFile(file).testzip())


class DossierCommon(OrderDeskCommon):
    def _read(self, sheets, user=None):
        """Return the files of the dossiers: ``{path: bytes}``."""
        file = io.BytesIO()
        sheets.with_user(user or self.clerk)._write_dossiers(file)
        archive = zipfile.ZipFile(file)
        return {name: archive.read(name) for name in archive.namelist()}

    def _attach(self, record, name, raw=PNG):
        return self.env["ir.attachment"].create(
            {"name": name, "raw": raw, "res_model": record._name, "res_id": record.id}
        )

    def _get_index(self, files):
        index = next(raw for path, raw in files.items() if "00 Index" in path)
        return unescape(index.decode())


@tagged("post_install", "-at_install")
class TestDossier(DossierCommon):
    """Every document and record of an order in one download (SPEC I2)."""

    def test_dossier_holds_documents_files_and_story(self):
        sheet = self._make_at("released")
        self._attach(sheet.order_id, "合同.png")
        files = self._read(sheet)
        paths = list(files)
        for part in (
            "01 Configuration Sheet/",
            "02 Sales Order/",
            "02 Sales Order/合同.png",
            "Order Confirmations/",
            "return copy.png",
            "00 Story.html",
            "00 Index.html",
        ):
            self.assertTrue(any(part in path for path in paths), part)
        story = files["00 Story.html"].decode()
        for text in ("Submitted for review", "Signed as", "Test manager"):
            self.assertIn(text, story)
        self.assertIn("Released to production", story)

    def test_index_leads_to_each_file_and_names_what_is_missing(self):
        sheet = self._make_at("confirming")
        files = self._read(sheet)
        index = self._get_index(files)
        for path in files:
            if not path.startswith("00 "):
                self.assertIn(path, unquote(index))
        for text in (
            "No order confirmation was sent.",
            "There is no posted invoice.",
            "The customer's order form is not on file.",
            "Nothing has been delivered yet.",
        ):
            self.assertIn(text, index)

    def test_two_files_of_one_name_are_both_in(self):
        sheet = self._make_at("review")
        self._attach(sheet, "scan.png")
        self._attach(sheet, "scan.png", b"other")
        files = self._read(sheet)
        self.assertEqual(files["01 Configuration Sheet/scan.png"], PNG)
        self.assertEqual(files["01 Configuration Sheet/scan (2).png"], b"other")

    def test_missing_and_broken_files_are_named_and_stop_nothing(self):
        sheet = self._make_at("review")
        gone = self._attach(sheet, "gone.png", b"gone" * 9)
        broken = self._attach(sheet, "broken.png", b"broken" * 9)
        self._attach(sheet, "fine.png")
        # not on disk, and another size than when it was stored
        gone.flush_recordset()
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = '00/none' WHERE id = %s", [gone.id]
        )
        self.env.cr.execute(
            "UPDATE ir_attachment SET file_size = 1 WHERE id = %s", [broken.id]
        )
        self.env.invalidate_all()
        files = self._read(sheet)
        index = self._get_index(files)
        self.assertIn("gone.png", index)
        self.assertIn("broken.png", index)
        self.assertEqual(index.count("missing or broken"), 2)
        self.assertNotIn("01 Configuration Sheet/gone.png", files)
        self.assertIn("01 Configuration Sheet/fine.png", files)

    def test_files_the_reader_may_not_read_are_left_out_and_named(self):
        sheet = self._make_at("released")
        cron = self.env.ref("order_desk.ir_cron_follow_balance")
        sheet.order_form_ids = self._attach(cron, "secret.png")
        files = self._read(sheet, self.engineer)
        self.assertNotIn("secret.png", " ".join(files))
        index = self._get_index(files)
        self.assertIn("secret.png", index)
        self.assertIn("Left out: you may not read it.", index)

    def test_documents_the_reader_may_not_read_are_left_out(self):
        sheet = self._make_at("released")
        invoice = sheet.order_id._create_invoices()
        invoice.action_post()
        self._attach(invoice, "bank.png")
        files = self._read(sheet, self.engineer)
        self.assertNotIn("bank.png", " ".join(files))
        index = self._get_index(files)
        self.assertIn("1 left out: you may not read them.", index)
        self.assertNotIn("bank.png", index)

    def test_documents_that_cannot_be_printed_are_named(self):
        sheet = self._make_at("released")
        reports = type(self.env["ir.actions.report"])

        def fail(_self, report, _ids, **_kwargs):
            message = f"No paper for {report}"
            raise UserError(message)

        with (
            patch.object(reports, "_render_qweb_pdf", fail),
            patch.object(reports, "_render_qweb_html", fail),
            mute_logger("odoo.addons.order_desk.models.order_desk_sheet_dossier_write"),
        ):
            files = self._read(sheet)
        self.assertIn(
            "No paper for sale.action_report_saleorder", self._get_index(files)
        )

    def test_several_orders_have_a_folder_each(self):
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "review")
        files = self._read(sheets)
        folders = {path.partition("/")[0] for path in files}
        self.assertEqual(len(folders), 2)
        for sheet in sheets:
            self.assertTrue(any(sheet.order_id.name in name for name in folders))

    def test_too_many_orders_are_refused(self):
        sheet = self._make_sheet()
        sheets = sheet.browse(range(1, 22)).sudo()
        with self.assertRaisesRegex(UserError, "at most 20"):
            sheets.action_download_dossier()

    def test_strangers_get_nothing(self):
        sheet = self._make_sheet()
        with self.assertRaises(AccessError):
            self._read(sheet, self.stranger)

    def test_story_tells_messages_and_no_tracking(self):
        sheet = self._make_at("released")
        sheet.with_user(self.clerk).message_post(
            body="Called the customer", message_type="comment"
        )
        story = self._read(sheet)["00 Story.html"].decode()
        self.assertIn("Called the customer", story)
        noted = sheet.message_ids.filtered("tracking_value_ids") or sheet.message_ids
        self.assertIn("notification", noted.mapped("message_type"))
        self.assertNotIn("The codes are given.", story)

    def test_times_are_those_of_the_reader(self):
        sheet = self._make_at("review")
        milestone = sheet.milestone_ids.filtered(lambda m: m.code == "submitted")
        self.env.cr.execute(
            "UPDATE order_desk_milestone SET reached_on = '2026-03-01 20:30:00'"
            " WHERE id = %s",
            [milestone.id],
        )
        self.env.invalidate_all()
        self.clerk.tz = "Asia/Shanghai"
        story = self._read(sheet)["00 Story.html"].decode()
        self.assertIn("3/2/26, 4:30", story.replace("\u202f", " "))

    def test_open_questions_are_missing_and_answers_are_told(self):
        sheet = self._make_sheet()
        self.env["order.desk.clarification"].create(
            {"sheet_id": sheet.id, "name": "Which voltage?", "description": "50 Hz"}
        )
        files = self._read(sheet)
        self.assertIn("Not answered yet: Which voltage?", self._get_index(files))
        page = next(raw for path, raw in files.items() if "Clarifications" in path)
        self.assertIn("50 Hz", page.decode())

    def test_many_files_are_read_in_few_queries(self):
        sheet = self._make_at("review")
        for number in range(5):
            self._attach(sheet, f"{number}.png")
        self._read(sheet)

        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._read(sheet)
            return self.env.cr.sql_log_count - before

        few = count()
        for number in range(5, 45):
            self._attach(sheet, f"{number}.png")
        self.assertLessEqual(count() - few, 8)


@tagged("post_install", "-at_install")
class TestDossierDownload(DossierCommon, HttpCase):
    def test_button_leads_to_the_download(self):
        sheet = self._make_at("review")
        action = sheet.with_user(self.clerk).action_download_dossier()
        self.authenticate("od_clerk", "od_clerk")
        response = self.url_open(action["url"])
        self.assertEqual(response.headers["Content-Type"], "application/zip")
        self.assertIn(
            sheet.order_id.name, unquote(response.headers["Content-Disposition"])
        )
        archive = zipfile.ZipFile(io.BytesIO(response.content))
        self.assertIn("00 Index.html", archive.namelist())
        self.assertFalse(archive.testzip())

    def test_bad_addresses_and_strangers_find_nothing(self):
        sheet = self._make_sheet()
        self.authenticate("od_clerk", "od_clerk")
        for ids in ("x", "0", "1,", f"{sheet.id},999999999", "9" * 30):
            with mute_logger("odoo.http"):
                self.assertEqual(
                    self.url_open(f"/order_desk/dossier/{ids}").status_code, 404
                )
        self.authenticate("od_stranger", "od_stranger")
        with mute_logger("odoo.http"):
            response = self.url_open(f"/order_desk/dossier/{sheet.id}")
        self.assertEqual(response.status_code, 404)
