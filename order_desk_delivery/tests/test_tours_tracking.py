from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.order_desk.tests.test_tours_phone import PhoneCommon

from .common_advice import AdviceCommon

TRACKING = "/odoo/order-desk-tracking"


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursTracking(AdviceCommon, PhoneCommon):
    """What the sales admin does about shipments with a thumb (SPEC G6, K1)."""

    def test_sales_admin_tracks(self):
        # the filter asks for the reader's day, the plan for that of the company
        self.env.company.resource_calendar_id.tz = self.sales_admin.tz
        today = fields.Datetime.now() + timedelta(minutes=5)
        first, second = (
            self._send_advice(
                tracking_ref=number, expected_arrival=today, late_reason="Test"
            )
            for number in ("T-1", "T-2")
        )
        (first | second).tracking_check_ids.filtered(
            "is_next"
        ).sudo().due_date = self._today()
        self.start_tour(
            TRACKING, "order_desk_track_on_phone", login=self.sales_admin.login
        )
        self.assertEqual(first.state, "arrived")
        self.assertEqual(second.tracking_check_ids.filtered("note").note, "Snow")
        self.assertGreater(second.expected_arrival, today)
