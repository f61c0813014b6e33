from odoo.tests import tagged

from odoo.addons.order_desk.tests.test_tours_phone import PhoneCommon

from .common_inspection import InspectionCommon

TO_INSPECT = "/odoo/inspections"


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursInspection(InspectionCommon, PhoneCommon):
    """What an inspector does in the workshop with a thumb (SPEC E4, K1)."""

    def test_inspector_passes_goods(self):
        inspection = self._ask(self._make_released(), 10)
        self.start_tour(
            TO_INSPECT, "order_desk_inspect_on_phone", login="odm_inspector"
        )
        self.assertEqual(inspection.state, "passed")

    def test_inspector_fails_two(self):
        inspection = self._ask(self._make_released(), 10)
        self.start_tour(TO_INSPECT, "order_desk_fail_on_phone", login="odm_inspector")
        self.assertRecordValues(
            inspection,
            [{"state": "partly", "quantity_passed": 8, "quantity_failed": 2}],
        )
