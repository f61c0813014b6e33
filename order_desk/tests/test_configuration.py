from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestConfiguration(OrderDeskCommon):
    def test_answers_read_as_text(self):
        line = self._make_sheet().order_id.order_line
        self.assertEqual(
            line._get_configuration_answers(),
            [
                ["Impeller", "Cast iron"],
                ["Plug", "EU"],
                ["Float", "No"],
                ["Cable", "10"],
            ],
        )

    def test_zero_is_no_answer(self):
        line = self._make_sheet().order_id.order_line
        line.configuration = {
            "a1b2c3d4e5f60001": "iron",
            "a1b2c3d4e5f60002": "EU",
            "a1b2c3d4e5f60004": 0,
        }
        self.assertEqual(line._get_missing_entries(), ["Cable"])

    def test_category_asks_what_the_category_above_asks(self):
        child = self.env["product.category"].create(
            {"name": "Garden pumps", "parent_id": self.category.id}
        )
        self.pump.categ_id = child
        line = self._make_sheet(complete=False).order_id.order_line
        self.assertEqual(line.configuration_categ_id, self.category)

    def test_product_without_questions_is_complete(self):
        self.pump.categ_id = self.env["product.category"].create({"name": "Plain"})
        line = self._make_sheet(complete=False).order_id.order_line
        self.assertEqual(line._get_missing_entries(), [])

    def test_moving_the_product_to_another_category_keeps_the_answers(self):
        line = self._make_sheet().order_id.order_line
        answers = line._get_configuration_answers()
        self.pump.categ_id = self.env["product.category"].create({"name": "Other"})
        self.assertEqual(line._get_configuration_answers(), answers)

    def test_changed_question_makes_signatures_stale(self):
        sheet = self._make_at("coding")
        definition = [dict(d) for d in self.category.configuration_definition]
        definition[1]["string"] = "Plug and cable"
        self.category.configuration_definition = definition
        self.assertTrue(sheet.is_changed)

    def test_tolerance_outside_of_the_range_is_refused(self):
        line = self._make_sheet().order_id.order_line
        for value in (-1, 101):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                line.tolerance_over = value
