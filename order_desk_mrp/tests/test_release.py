from odoo import Command
from odoo.tests import tagged

from odoo.addons.order_desk.tests.common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestReleaseToManufacturing(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        make_to_order = warehouse.mto_pull_id.route_id
        make_to_order.active = True
        cls.pump.route_ids = make_to_order | warehouse.manufacture_pull_id.route_id
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.pump.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.env["product.product"]
                            .create({"name": "Test shaft", "is_storable": True})
                            .id
                        }
                    )
                ],
            }
        )

    def _get_productions(self, sheet):
        return self.env["mrp.production"].search(
            [("sale_line_id", "in", sheet.order_id.order_line.ids)]
        )

    def test_manufacturing_orders_appear_with_the_release(self):
        sheet = self._bring_to(self._make_sheet(), "confirming")
        self.assertFalse(self._get_productions(sheet))
        sheet.with_user(self.clerk).action_release()
        self.assertEqual(self._get_productions(sheet).product_qty, 10)

    def test_workshop_sees_codes_and_configuration(self):
        sheet = self._make_sheet(
            special_requirement="Ceramic shaft", packaging_note="Wooden case"
        )
        self._bring_to(sheet, "released")
        workshop = self.stranger
        workshop.group_ids |= self.env.ref("mrp.group_mrp_user")
        self.assertRecordValues(
            self._get_productions(sheet).with_user(workshop),
            [
                {
                    "order_code": sheet.order_code,
                    "customer_code": "K-1",
                    "special_requirement": "Ceramic shaft",
                    "packaging_note": "Wooden case",
                    "configuration_summary": "Impeller: Cast iron, Plug: EU, Float: No,"
                    " Cable: 10",
                }
            ],
        )

    def test_sheet_counts_and_opens_its_manufacturing_orders(self):
        sheet = self._bring_to(self._make_sheet(), "released")
        self.clerk.group_ids |= self.env.ref("mrp.group_mrp_user")
        sheet = sheet.with_user(self.clerk)
        self.assertEqual(sheet.mrp_production_count, 1)
        action = sheet.action_view_mrp_production()
        self.assertEqual(action["res_id"], self._get_productions(sheet).id)
