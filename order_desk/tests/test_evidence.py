import base64
from io import BytesIO

import psycopg2
from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OrderDeskCommon


def make_picture(size=(8, 8)):
    buffer = BytesIO()
    Image.new("RGB", size, "navy").save(buffer, "PNG")
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestEvidence(OrderDeskCommon):
    """Signatures last, and what is signed cannot change unnoticed (SPEC C3)."""

    def _assert_stale(self, sheet, *codes):
        """The sheet says so, the gate is closed, and these roles sign again."""
        self.env.invalidate_all()
        self.assertTrue(sheet.is_changed)
        conditions = sheet.order_id._order_desk_conditions("production")
        unmet = {c["code"] for c in conditions[sheet.order_id] if not c["holds"]}
        self.assertLessEqual({f"sign:{code}" for code in codes}, unmet)

    # ------------------------------------------------------------- ways around

    def test_write_on_the_line_by_rpc_shows(self):
        sheet = self._make_at("confirming")
        sheet.order_line.with_user(self.salesperson).write({"price_unit": 1})
        self._assert_stale(sheet, "general_manager_review", "general_manager")

    def test_import_over_the_line_shows(self):
        sheet = self._make_at("confirming")
        lines = self.env["sale.order.line"].with_user(self.clerk)
        result = lines.load(
            [".id", "product_uom_qty"], [[str(sheet.order_line.id), "77"]]
        )
        self.assertFalse([m for m in result["messages"] if m["type"] == "error"])
        self._assert_stale(sheet, "general_manager", "production_manager")

    def test_changed_question_shows(self):
        sheet = self._make_at("confirming")
        definition = self.category.configuration_definition
        definition[0]["selection"][0][1] = "Plastic"
        self.category.configuration_definition = definition
        self._assert_stale(sheet, "chief_engineer", "material_control_manager")

    def test_changed_unit_shows(self):
        sheet = self._make_at("confirming")
        sheet.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self._assert_stale(sheet, "general_manager", "material_control_manager")

    def test_renamed_unit_shows(self):
        sheet = self._make_at("confirming")
        sheet.order_line.product_uom_id.name = "Pairs"
        self._assert_stale(sheet, "general_manager", "production_manager")

    def test_merged_customer_shows(self):
        sheet = self._make_at("confirming")
        target = self.customer.copy({"name": "Somebody else"})
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | target).ids, target
        )
        self.assertEqual(sheet.order_id.partner_id, target)
        self._assert_stale(sheet, "general_manager")

    def test_sql_shows(self):
        sheet = self._make_at("confirming")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET special_requirement = 'x' WHERE order_id = %s",
            [sheet.order_id.id],
        )
        self._assert_stale(sheet, "chief_engineer")

    # ------------------------------------------------------------- the rows

    @mute_logger("odoo.sql_db")
    def test_signature_cannot_be_changed_or_deleted_by_sql(self):
        sheet = self._make_at("countersign")
        self.env.flush_all()
        for query in (
            "UPDATE order_desk_signature SET note = 'x' WHERE sheet_id = %s",
            "UPDATE order_desk_signature SET decision = 'refused' WHERE sheet_id = %s",
            "UPDATE order_desk_signature SET digests = '{}' WHERE sheet_id = %s",
            "DELETE FROM order_desk_signature WHERE sheet_id = %s",
        ):
            with (
                self.subTest(query=query),
                self.assertRaises(psycopg2.errors.RaiseException),
                self.cr.savepoint(),
            ):
                self.env.cr.execute(query, [sheet.id])

    def test_signature_cannot_be_imported_over(self):
        signature = self._make_at("countersign").signature_ids[:1]
        signatures = self.env["order.desk.signature"].with_user(self.administrator)
        result = signatures.load([".id", "note"], [[str(signature.id), "changed"]])
        self.assertTrue(result["messages"])
        self.env.invalidate_all()
        self.assertNotEqual(signature.note, "changed")

    def test_signature_cannot_be_copied(self):
        signature = self._make_at("countersign").signature_ids[:1]
        with self.assertRaises(AccessError):
            signature.with_user(self.administrator).copy()

    def test_signed_sheet_and_role_cannot_be_deleted(self):
        sheet = self._make_at("countersign")
        with self.assertRaises(UserError):
            sheet.sudo().unlink()

    # ------------------------------------------------------------- drawings and files

    def _upload(self, raw, name="statement.png", user=None):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.engineer)
            .create({"name": name, "raw": raw, "res_model": "order.desk.sheet.sign"})
        )

    def _sign(self, sheet, **options):
        sheet.with_user(self.engineer).action_sign(
            self.roles["chief_engineer"].id, **options
        )

    def test_drawn_signature_is_asked_for_and_kept(self):
        self.roles["chief_engineer"].drawn_signature = True
        sheet = self._make_at("countersign")
        with self.assertRaisesRegex(UserError, "Draw"):
            self._sign(sheet)
        picture = base64.b64encode(make_picture())
        self._sign(sheet, drawn_signature=picture)
        signature = sheet.signature_ids.filtered("drawn_signature")
        self.assertEqual(signature.user_id, self.engineer)

    def test_drawing_that_is_no_picture_is_refused(self):
        self.roles["chief_engineer"].drawn_signature = True
        sheet = self._make_at("countersign")
        for drawing in (base64.b64encode(b"hello"), base64.b64encode(b"%PDF-1.4"), "%"):
            with self.subTest(drawing=drawing), self.assertRaises(UserError):
                self._sign(sheet, drawn_signature=drawing)
        self.assertNotIn(self.roles["chief_engineer"], sheet.signature_ids.role_id)

    def _ask_for_a_file(self):
        self.roles["chief_engineer"].write(
            {"statement": "attachment", "statement_label": "Drawing"}
        )
        return self._make_at("countersign", special_requirement="Ceramic shaft")

    def test_file_is_asked_for_and_kept(self):
        sheet = self._ask_for_a_file()
        with self.assertRaisesRegex(UserError, "Drawing"):
            self._sign(sheet)
        file = self._upload(make_picture())
        self._sign(sheet, attachments=file.ids)
        signature = sheet.signature_ids.filtered("attachment_ids")
        self.assertEqual(signature.attachment_ids, file)
        self.assertEqual(signature.statement, "statement.png")
        self.assertTrue(file.with_user(self.manager).has_access("read"))

    def test_file_of_a_signature_cannot_be_changed_or_deleted(self):
        sheet = self._ask_for_a_file()
        file = self._upload(make_picture())
        self._sign(sheet, attachments=file.ids)
        with self.assertRaisesRegex(UserError, "signed"):
            file.sudo().raw = make_picture((9, 9))
        with self.assertRaisesRegex(UserError, "signed"):
            file.sudo().unlink()
        with self.assertRaisesRegex(UserError, "signed"):
            file.sudo().res_id = False

    def test_unfit_files_are_refused(self):
        sheet = self._ask_for_a_file()
        for name, raw, reason in (
            ("empty.png", b"", "empty"),
            ("photo.jpg", b"This is not a photo", "neither"),
            ("big.png", make_picture() + b"\0" * 20 * 1024 * 1024, "20.0 MB"),
        ):
            file = self._upload(raw, name)
            with self.subTest(name=name), self.assertRaisesRegex(UserError, reason):
                self._sign(sheet, attachments=file.ids)
            self.assertTrue(file.exists(), "nothing is lost")
        self.assertNotIn(self.roles["chief_engineer"], sheet.signature_ids.role_id)

    def test_each_of_many_signatures_has_a_file_of_its_own(self):
        sheets = self._ask_for_a_file()
        sheets |= self._make_at("countersign", special_requirement="Ceramic shaft")
        self._sign(sheets, attachments=self._upload(make_picture()).ids)
        signatures = sheets.signature_ids.filtered("attachment_ids")
        self.assertEqual(signatures.mapped("attachment_ids.res_id"), signatures.ids)
        self.assertEqual(len(signatures), 2)

    def test_file_of_somebody_else_is_refused(self):
        sheet = self._ask_for_a_file()
        file = self._upload(make_picture(), user=self.manager)
        with self.assertRaises(UserError):
            self._sign(sheet, attachments=file.ids)
