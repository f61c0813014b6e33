from odoo.tests import HttpCase, tagged

from .common import OrderDeskDeliveryCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursShippingRequest(OrderDeskDeliveryCommon, HttpCase):
    def test_sales_admin_issues_a_request(self):
        sheet = self._make_released()
        self.start_tour(
            "/odoo/order-desk-ready-to-ship",
            "order_desk_issue_shipping_request",
            login="odd_sales_admin",
        )
        request = sheet.shipping_request_ids
        self.assertRecordValues(
            request,
            [
                {
                    "state": "issued",
                    "contact": "Ms Lin",
                    "issued_by_id": self.sales_admin.id,
                }
            ],
        )
        self.assertEqual(request.check_ids.looked_by_id, self.sales_admin)
        self._ship(sheet)
        self.assertEqual(request.state, "shipped")
