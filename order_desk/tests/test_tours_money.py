from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install", "order_desk_tour")
class TestToursMoney(OrderDeskMoneyCommon, HttpCase):
    @mute_logger("odoo.http")  # the shipper tries too early, on purpose
    def test_the_accountant_registers_the_payment_and_the_shipper_can_ship(self):
        order = self._make_released()
        self._invoice_deposit(order, 700)
        picking = order.picking_ids
        picking.action_assign()
        if "has_received_warning_stock_sms" in self.env.company:
            self.env.company.has_received_warning_stock_sms = True
        transfer = f"/odoo/action-stock.action_picking_tree_all/{picking.id}"
        self.start_tour(transfer, "order_desk_shipper_waits", login="od_shipper")
        self.assertEqual(picking.state, "assigned")
        self.start_tour(
            "/odoo/orders-waiting-for-money",
            "order_desk_accountant_registers",
            login="od_accountant",
        )
        self.start_tour(transfer, "order_desk_shipper_ships", login="od_shipper")
        self.assertEqual(picking.state, "done")
