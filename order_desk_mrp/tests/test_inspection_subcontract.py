from odoo import Command
from odoo.tests import tagged

from .common_inspection import InspectionCommon


@tagged("-standard", "order_desk_subcontracting", "post_install", "-at_install")
class TestInspectionSubcontract(InspectionCommon):
    """What a subcontractor makes for a sheet is received only inspected.

    Subcontracting is no dependency, see tests/test_other_modules.py.
    """

    def setUp(self):
        super().setUp()
        self.subcontractor = self.env["res.partner"].create({"name": "Test welder"})
        self.pump_bom.write(
            {
                "type": "subcontract",
                "subcontractor_ids": [Command.set(self.subcontractor.ids)],
                "operation_ids": [Command.clear()],
            }
        )
        self._put_at_subcontractor()

    def _put_at_subcontractor(self):
        location = self.env.company.subcontracting_location_id
        for product in self.pump_bom.bom_line_ids.product_id:
            self.env["stock.quant"]._update_available_quantity(product, location, 100)

    def _receive_for(self, sheet, quantity=10):
        """Return the receipt of what is made for the sheet's transfer."""
        delivery = sheet.order_id.order_line.move_ids
        picking_type = self.stock_warehouse.in_type_id
        receipt = self.env["stock.picking"].create(
            {
                "partner_id": self.subcontractor.id,
                "picking_type_id": picking_type.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.pump.id,
                            "product_uom_qty": quantity,
                            "product_uom": self.pump.uom_id.id,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.stock_warehouse.lot_stock_id.id,
                            "move_dest_ids": [Command.set(delivery.ids)],
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        return receipt

    def test_the_receipt_waits_for_the_inspection(self):
        self.pump.route_ids = False
        sheet = self._make_at("released")
        receipt = self._receive_for(sheet)
        production = receipt._get_subcontract_production()
        self.assertEqual(len(production), 1)
        self.assertEqual(production._get_customer_lines(), sheet.order_line)
        receipt.move_ids.quantity = 10
        receipt.move_ids.picked = True
        with self.assert_refused("enters stock only inspected"):
            receipt.button_validate()
        self.assertNotEqual(receipt.state, "done")
        production.action_ask_inspection()
        inspection = self._get_waiting(production).with_user(self.inspector)
        self._fill(inspection).action_decide()
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        self.assertEqual(production.state, "done")

    def test_what_is_received_beyond_is_stopped(self):
        self.standard.active = False
        self.pump.route_ids = False
        sheet = self._make_at("released")
        receipt = self._receive_for(sheet, 11)
        receipt.move_ids.quantity = 11
        receipt.move_ids.picked = True
        with self.assert_refused("Made: 11, ordered: 10"):
            receipt.button_validate()
