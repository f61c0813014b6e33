from datetime import timedelta

from odoo import fields

from .common import OrderDeskDeliveryCommon


class AdviceCommon(OrderDeskDeliveryCommon):
    """A customer with an e-mail address, and the way of an advice step by step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "customer@example.com"
        cls.carrier = cls.env["delivery.carrier"].create(
            {
                "name": "Test carrier",
                "product_id": cls.env["product.product"]
                .create({"name": "Test freight", "type": "service"})
                .id,
                "tracking_url": "https://track.example.com/<shipmenttrackingnumber>",
            }
        )

    def _run_cron(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("order_desk_delivery.ir_cron_follow_advices")
            cron.method_direct_trigger()

    @classmethod
    def _brief(cls, requests):
        """Let the shipper confirm every point of these requests."""
        points = requests.with_user(cls.shipper).point_ids
        points.filtered(lambda point: not point.is_confirmed).action_confirm()

    @classmethod
    def _make_left(cls, quantity=10, leaving=None):
        """Return a briefed request under which goods have left."""
        sheet = cls._make_released(quantity)
        request = cls._issue(sheet)
        cls._brief(request)
        cls._ship(sheet, leaving)
        return request

    @classmethod
    def _make_advice(cls, request=None, **vals):
        """Return a draft that the shipper has filled in."""
        request = request or cls._make_left()
        action = request.with_user(cls.shipper).action_make_advice()
        advice = (
            cls.env["order.desk.shipping.advice"]
            .with_user(cls.shipper)
            .browse(action["res_id"])
        )
        advice.write(
            {
                "carrier_id": cls.carrier.id,
                "package_count": 2,
                "expected_arrival": fields.Datetime.now() + timedelta(days=2),
                **vals,
            }
        )
        return advice

    @classmethod
    def _submit_advice(cls, request=None, **vals):
        """Return an advice that the shipper has handed in, as the sales admin."""
        advice = cls._make_advice(request, **vals)
        advice.action_submit()
        return advice.with_user(cls.sales_admin)

    @classmethod
    def _send_advice(cls, request=None, via="print", **vals):
        """Return an advice that the sales admin has checked and sent."""
        advice = cls._submit_advice(request, **vals)
        advice.check_ids.action_confirm()
        advice.action_send(via)
        return advice
