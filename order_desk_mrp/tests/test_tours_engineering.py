from odoo.tests import HttpCase, tagged

from .common_engineering import EngineeringCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursEngineering(EngineeringCommon, HttpCase):
    def test_engineer_answers_and_draws_and_the_customer_approves(self):
        sheet = self._make_asked()
        self.start_tour(
            "/odoo/engineering-confirmations",
            "order_desk_engineer",
            login="odm_draughtsman",
        )
        engineering = sheet.engineering_ids
        self.assertRecordValues(
            engineering,
            [{"answer": "changed", "process": "Sinter the shaft twice"}],
        )
        self.assertTrue(engineering.bom_id.is_order_desk_special)
        drawing = engineering.drawing_ids
        self.assertEqual(drawing.attachment_id.name, "shaft.png")
        self.assertEqual(drawing.state, "sent")
        self.browser_size = "390x844"
        self.start_tour(
            drawing._get_portal_url(self.customer), "order_desk_customer_approves"
        )
        self.assertEqual(drawing.state, "approved")
