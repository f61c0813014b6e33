from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestOrderCode(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.day = cls.company._order_desk_date()
        cls.sequence = cls.env["ir.sequence"].create(
            {
                "name": "Test order codes",
                "code": "order.desk.order.code",
                "company_id": cls.company.id,
                "padding": 3,
                "implementation": "no_gap",
            }
        )
        cls.category.order_code_family = "PU"

    def test_code_follows_the_pattern_of_the_company(self):
        self.company.order_code_pattern = "{family}/{year}/{month}/{customer}/{number}"
        sheet = self._make_at("confirming")
        self.assertEqual(sheet.order_code, f"PU/{self.day:%Y}/{self.day:%m}/K-1/{1:03}")

    def test_short_year(self):
        self.company.order_code_pattern = "{yy}-{number}"
        sheet = self._make_at("confirming")
        self.assertEqual(sheet.order_code, f"{self.day:%y}-001")

    def test_several_sheets_get_a_number_each(self):
        sheets = self._make_sheet() + self._make_sheet()
        self._bring_to(sheets, "confirming")
        self.assertEqual(set(sheets.mapped("order_code")), {"001", "002"})

    def test_family_comes_from_the_line_that_brings_most(self):
        self.company.order_code_pattern = "{family}{number}"
        motors = self.env["product.category"].create(
            {"name": "Motors", "order_code_family": "MO"}
        )
        motor = self.env["product.product"].create(
            {"name": "Test motor", "categ_id": motors.id, "list_price": 9000}
        )
        sheet = self._make_sheet()
        sheet.order_id.order_line = [Command.create({"product_id": motor.id})]
        self._configure(sheet.order_id.order_line[:1])
        self._bring_to(sheet, "confirming")
        self.assertEqual(sheet.order_code, "MO001")

    def test_family_is_that_of_the_category_above(self):
        self.company.order_code_pattern = "{family}{number}"
        self.pump.categ_id = self.env["product.category"].create(
            {"name": "Small test pumps", "parent_id": self.category.id}
        )
        sheet = self._make_at("confirming")
        self.assertEqual(sheet.order_code, "PU001")

    def test_missing_family_names_the_category(self):
        self.company.order_code_pattern = "{family}{number}"
        self.category.order_code_family = False
        sheet = self._make_at("coding")
        with self.assertRaisesRegex(UserError, self.category.name):
            self._code(sheet)
        self.assertRecordValues(sheet, [{"state": "coding", "order_code": False}])

    def test_number_that_somebody_typed_by_hand_is_skipped(self):
        first = self._make_at("coding")
        first.with_user(self.warehouse).action_code("001", "K-1")
        second = self._make_at("confirming")
        self.assertEqual(second.order_code, "002")

    def test_unknown_placeholder_is_named(self):
        with self.assertRaisesRegex(ValidationError, r"\{colour\}.*\{family\}"):
            self.company.order_code_pattern = "{colour}-{number}"

    def test_placeholder_with_an_attribute_or_a_format_is_refused(self):
        for pattern in ("{number.__class__}", "{number:>9}", "{number!r}", "{}"):
            with self.subTest(pattern=pattern), self.assertRaises(ValidationError):
                self.company.order_code_pattern = pattern

    def test_pattern_without_number_is_refused(self):
        with self.assertRaisesRegex(ValidationError, r"\{number\}"):
            self.company.order_code_pattern = "{year}"

    def test_lonely_brace_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "brace"):
            self.company.order_code_pattern = "{number}-{year"

    def _settings(self, user=None):
        model = self.env["order.desk.settings"].with_user(user or self.administrator)
        return model.browse(model.action_open()["res_id"])

    def test_administrator_of_the_desk_changes_the_settings(self):
        settings = self._settings()
        with Form(settings) as form:
            form.order_code_pattern = "{family}-{number}"
            form.number_padding = 5
            form.number_next = 42
            self.assertEqual(form.order_code_example, "FAMILY-00042")
            form.hide_customer_name = True
        settings.action_save()
        self.assertTrue(self.company.hide_customer_name)
        sheet = self._make_at("confirming")
        self.assertEqual(sheet.order_code, "PU-00042")

    def test_settings_give_the_company_a_sequence_of_its_own(self):
        self.sequence.unlink()
        shared = self.env.ref("order_desk.ir_sequence_order_code")
        prefix = shared.prefix
        settings = self._settings()
        settings.number_prefix = "T%(y)s"
        settings.action_save()
        self.assertEqual(shared.prefix, prefix)
        sequence = self.company._order_desk_sequence()
        self.assertRecordValues(
            sequence, [{"prefix": "T%(y)s", "company_id": self.company.id}]
        )

    def test_settings_saved_unchanged_leave_the_numbering_alone(self):
        self.sequence.unlink()
        self._settings().action_save()
        self.assertFalse(self.company._order_desk_sequence().company_id)

    def test_settings_refuse_what_does_not_work(self):
        for vals in (
            {"order_code_pattern": "{year}"},
            {"number_padding": 0},
            {"number_next": 0},
            {"number_prefix": "%(nonsense)s"},
        ):
            settings = self._settings()
            settings.write(vals)
            with self.subTest(vals=vals), self.assertRaises(UserError):
                settings.action_save()

    def test_wrong_pattern_shows_in_the_example(self):
        settings = self._settings()
        settings.order_code_pattern = "{colour}{number}"
        self.assertIn("{colour}", settings.order_code_example)

    def test_settings_of_another_company_are_refused(self):
        settings = self._settings()
        settings.sudo().company_id = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(UserError):
            settings.action_save()

    def test_clerk_has_no_access_to_the_settings(self):
        with self.assertRaises(AccessError):
            self._settings(self.clerk)

    def test_shop_floor_sees_the_name_unless_the_company_hides_it(self):
        sheet = self._make_at("confirming")
        self.assertEqual(sheet.shop_floor_customer, f"K-1 · {self.customer.name}")
        self.company.hide_customer_name = True
        self.assertEqual(sheet.shop_floor_customer, "K-1")
