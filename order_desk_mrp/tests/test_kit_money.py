from odoo import Command
from odoo.tests import tagged

from odoo.addons.order_desk.tests.common_money import OrderDeskMoneyCommon


@tagged("post_install", "-at_install")
class TestKitMoney(OrderDeskMoneyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shaft, cls.seal = cls.env["product.product"].create(
            [
                {"name": "Test shaft", "is_storable": True, "taxes_id": False},
                {"name": "Test seal", "is_storable": True, "taxes_id": False},
            ]
        )
        cls.kit = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.pump.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.shaft.id, "product_qty": 1}),
                    Command.create({"product_id": cls.seal.id, "product_qty": 3}),
                ],
            }
        )
        for part in cls.shaft | cls.seal:
            cls.env["stock.quant"]._update_available_quantity(
                part, cls._get_warehouse().lot_stock_id, 1000
            )

    def _set_aside(self, order, shafts, seals):
        picking = order.picking_ids.filtered(lambda p: p.state != "done")
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = shafts if move.product_id == self.shaft else seals
        picking.invalidate_recordset()
        return picking

    def _get_balance(self, picking):
        return next(c for c in picking.shipping_gate if c["code"] == "balance")

    def test_whole_kits_ship_for_their_price(self):
        order = self._make_released()
        picking = self._set_aside(order, 4, 12)
        self.assertEqual(self._get_balance(picking)["missing"], 280)

    def test_a_kit_counts_as_shipped_with_its_first_part(self):
        order = self._make_released()
        picking = self._set_aside(order, 0, 12)
        self.assertEqual(self._get_balance(picking)["missing"], 280)
        picking = self._set_aside(order, 6, 12)
        self.assertEqual(self._get_balance(picking)["missing"], 420)

    def test_the_rest_of_a_kit_is_not_paid_twice(self):
        order = self._make_released()
        self._pay(self._invoice_deposit(order, 280))
        picking = self._set_aside(order, 0, 12)
        picking.move_ids.filtered("quantity").picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        picking = self._set_aside(order, 4, 0)
        self.assertEqual(self._get_balance(picking)["missing"], 0)

    def test_a_bill_of_materials_changed_after_the_order(self):
        order = self._make_released()
        self.kit.bom_line_ids.filtered(
            lambda line: line.product_id == self.seal
        ).unlink()
        picking = self._set_aside(order, 0, 12)
        self.assertEqual(self._get_balance(picking)["missing"], 280)
