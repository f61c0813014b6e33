from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestRevisions(OrderDeskCommon):
    def test_signing_unchanged_content_keeps_one_revision(self):
        sheet = self._make_at("coding")
        self.assertEqual(sheet.revision_ids.mapped("number"), [1])
        self.assertEqual(set(sheet.signature_ids.mapped("revision")), {1})

    def test_changed_content_makes_a_new_revision_with_the_next_signature(self):
        sheet = self._make_at("coding")
        sheet.order_id.order_line.special_requirement = "Ceramic shaft"
        sheet.with_user(self.engineer).action_sign(
            self.roles["chief_engineer"].id, "As drawn"
        )
        self.assertEqual(sheet.revision, 2)
        self.assertEqual(
            sheet.revision_ids.sorted("number")[-1].changes,
            "[TP-1] Test pump · Special requirement: nothing → Ceramic shaft",
        )

    def test_changes_since_the_last_signature_are_said_in_words(self):
        sheet = self._make_at("coding")
        line = sheet.order_id.order_line
        line.write({"price_unit": 200.0, "product_uom_qty": 12})
        line.configuration = {
            **{
                prop["name"]: prop["value"]
                for prop in line.read(["configuration"])[0]["configuration"]
            },
            "a1b2c3d4e5f60002": "UK",
        }
        signature = sheet._get_last_signatures()[self.roles["general_manager"]]
        changes = {
            change["label"]: (change["old"], change["new"])
            for change in signature._get_changes()
        }
        self.assertEqual(
            changes,
            {
                "Quantity": ("10 Units", "12 Units"),
                "Unit price": ("250", "200"),
            },
            "the general manager does not answer for the configuration",
        )
        engineer = sheet._get_last_signatures()[self.roles["chief_engineer"]]
        self.assertEqual(
            [(c["label"], c["old"], c["new"]) for c in engineer._get_changes()],
            [("Plug", "EU", "UK")],
        )

    def test_added_and_removed_lines_are_named(self):
        sheet = self._make_at("coding")
        self.env["sale.order.line"].create(
            {"order_id": sheet.order_id.id, "product_id": self.pump.id}
        )
        signature = sheet._get_last_signatures()[self.roles["general_manager"]]
        self.assertIn("Line added", [c["label"] for c in signature._get_changes()])

    def test_revision_cannot_be_changed_or_deleted(self):
        sheet = self._make_at("countersign")
        with self.assertRaises(UserError):
            sheet.revision_ids.sudo().write({"content": {}})
        with self.assertRaises(UserError):
            sheet.revision_ids.sudo().unlink()
