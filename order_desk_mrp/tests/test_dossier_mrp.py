import io
import zipfile

from odoo.tests import tagged

from .common_engineering import EngineeringCommon


@tagged("post_install", "-at_install")
class TestDossierMrp(EngineeringCommon):
    """What production adds to the dossier of an order (SPEC I2)."""

    def _read(self, sheet, user):
        file = io.BytesIO()
        sheet.with_user(user)._write_dossiers(file)
        archive = zipfile.ZipFile(file)
        return {name: archive.read(name) for name in archive.namelist()}

    def test_answers_drawings_and_incidents_are_in(self):
        sheet = self._make_asked()
        engineering = sheet.engineering_ids
        self._draw(engineering)
        sheet._raise_incident("material", "No steel", "The mill is closed")
        files = self._read(sheet, self.clerk)
        paths = " ".join(files)
        self.assertIn("shaft.png", paths)
        for title, text in (
            ("Engineering Confirmations.html", "Ceramic shaft"),
            ("Incidents.html", "The mill is closed"),
        ):
            page = next(raw for path, raw in files.items() if title in path)
            self.assertIn(text, page.decode())
        self.assertIn("Incident: No steel", files["00 Story.html"].decode())

    def test_answers_are_missing_until_they_are_given(self):
        sheet = self._make_asked()
        index = self._read(sheet, self.clerk)["00 Index.html"].decode()
        self.assertIn("Missing:", index)
        self.assertIn(sheet.order_line.display_name, index)
