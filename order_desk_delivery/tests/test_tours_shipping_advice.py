from odoo.tests import HttpCase, tagged

from odoo.addons.order_desk.tests.test_tours_phone import PhoneCommon

from .common_advice import AdviceCommon

TO_SHIP = "/odoo/to-ship"


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursShipper(AdviceCommon, PhoneCommon):
    """What a shipper does at the loading dock with a thumb (SPEC G3, K1)."""

    def test_shipper_is_briefed(self):
        request = self._request(self._make_released())
        request.carrier_id = self.carrier
        request.check_ids.is_looked = True
        request.action_issue()
        self.start_tour(TO_SHIP, "order_desk_brief_on_phone", login="odd_shipper")
        self.assertTrue(request.is_briefed)
        self.assertEqual(request.point_ids.confirmed_by_id, self.shipper)

    def test_shipper_writes_the_advice(self):
        request = self._make_left()
        self.start_tour(TO_SHIP, "order_desk_advise_on_phone", login="odd_shipper")
        self.assertRecordValues(
            request.advice_ids,
            [
                {
                    "state": "submitted",
                    "vehicle": "ZJ-A 12345",
                    "driver": "Mr Zhou",
                    "package_count": 3,
                    "submitted_by_id": self.shipper.id,
                }
            ],
        )


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursSalesAdmin(AdviceCommon, HttpCase):
    """The sales admin checks what the shipper has handed in (SPEC G4)."""

    def test_sales_admin_checks_and_sends(self):
        advice = self._submit_advice(self._make_left(10, leaving=4))
        self.start_tour(
            "/odoo/order-desk-shipping-advice",
            "order_desk_check_advice",
            login="odd_sales_admin",
        )
        self.assertRecordValues(
            advice,
            [{"state": "sent", "sent_via": "phone", "received_clear_name": "Ms Lin"}],
        )
