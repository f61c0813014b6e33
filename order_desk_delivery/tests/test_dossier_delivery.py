import io
import zipfile
from html import unescape

from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon


@tagged("post_install", "-at_install")
class TestDossierDelivery(OrderDeskDeliveryCommon):
    """What shipping adds to the dossier of an order (SPEC I2)."""

    def _read(self, sheet):
        file = io.BytesIO()
        sheet.with_user(self.sales_admin)._write_dossiers(file)
        archive = zipfile.ZipFile(file)
        files = {name: archive.read(name) for name in archive.namelist()}
        return files, unescape(files["00 Index.html"].decode())

    def test_accessories_and_slips_are_in(self):
        sheet = self._make_released()
        accessory = self.env["order.desk.accessory"].create(
            {"sheet_id": sheet.id, "description": "Manual", "quantity": 2}
        )
        self.assertIn("Not packed: Manual × 2", self._read(sheet)[1])
        accessory.with_user(self.followup).action_pack("small", 3)
        self._issue(sheet)
        picking = self._ship(sheet)
        files, index = self._read(sheet)
        page = next(raw for path, raw in files.items() if "Accessories.html" in path)
        for text in ("Manual", "Small batch", picking.name):
            self.assertIn(text, page.decode())
        name = picking.name.replace("/", "-")
        self.assertTrue([path for path in files if "Slips" in path and name in path])
        self.assertIn("There is no delivery receipt.", index)
        self.assertNotIn("Not packed", index)

    def test_what_left_in_an_emergency_lacks_request_and_advice(self):
        sheet = self._make_released()
        sheet.with_user(self.service).action_waive(
            "shipping",
            "shipping_request",
            "The customer's line stands still",
            "Shipping request",
            self._soon(3),
        )
        name = self._ship(sheet).name
        index = self._read(sheet)[1]
        self.assertIn(f"Without a shipping request: {name}", index)
        self.assertIn(f"{name} has left without a shipping advice.", index)

    def test_papers_have_a_foot_when_they_are_printed(self):
        """The foot of the page is there in PDFs alone, thus in no other test."""
        request = self._issue(self._make_released())
        archive = self.env["order.desk.archive"].create({"month": "2026-03-01"})
        reports = self.env["ir.actions.report"].with_user(self.sales_admin)
        for report, record in (
            ("order_desk_delivery.report_shipping_request", request),
            ("order_desk_delivery.report_archive", archive),
        ):
            html = reports._render_qweb_html(
                report, record.ids, data={"report_type": "pdf"}
            )[0]
            self.assertIn(record.display_name, html.decode())

    def test_claims_are_in_and_told(self):
        sheet = self._make_released()
        self.env["order.desk.claim"].with_user(self.service).create(
            {
                "sheet_id": sheet.id,
                "name": "Scratched housing",
                "kind": "quality",
                "description": "On the left side",
            }
        )
        files = self._read(sheet)[0]
        self.assertIn("On the left side", files["00 Story.html"].decode())
        self.assertTrue([path for path in files if "Claims/" in path])

    def test_shipper_is_briefed_on_accessories(self):
        sheet = self._make_released()
        line = sheet.order_line
        accessory = self.env["order.desk.accessory"].create(
            {"sheet_id": sheet.id, "description": "Manual", "sale_line_id": line.id}
        )
        apart = accessory.copy({"description": "Brochure"})
        apart.travels = "apart"
        accessory.with_user(self.followup).action_pack("small", 3, note="Carton 4")
        request = self._request(sheet)
        points = [p for p in request._get_briefing_points() if "Manual" in p["title"]]
        self.assertEqual(points[0]["text"], "Small batch, packages: 3\nCarton 4")
        self.assertNotIn("Brochure", str(request._get_briefing_points()))
