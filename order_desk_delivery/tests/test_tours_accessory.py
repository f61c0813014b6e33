from odoo.tests import tagged

from odoo.addons.order_desk.tests.test_tours_phone import PhoneCommon

from .common import OrderDeskDeliveryCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursAccessory(OrderDeskDeliveryCommon, PhoneCommon):
    """What a follow-up clerk does beside the shelves with a thumb (SPEC C6, K1)."""

    def test_follow_up_clerk_packs_on_the_phone(self):
        self.env["order.desk.accessory"].search([]).sudo().unlink()
        accessory = self.env["order.desk.accessory"].create(
            {"sheet_id": self._make_released().id, "description": "Test manual"}
        )
        self.start_tour(
            "/odoo/order-desk-accessories",
            "order_desk_pack_on_phone",
            login="odd_followup",
        )
        self.assertRecordValues(
            accessory,
            [
                {
                    "state": "packed",
                    "packing": "small",
                    "package_count": 3,
                    "packed_by_id": self.followup.id,
                }
            ],
        )
