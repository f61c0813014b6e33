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
        sheet = self._make_at("confirming")
        self.assertFalse(self._get_productions(sheet))
        self._release(sheet)
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

    def test_manufacturing_order_print_carries_codes_and_configuration(self):
        sheet = self._make_sheet(
            special_requirement="Ceramic shaft", packaging_note="Wooden case"
        )
        self._bring_to(sheet, "released")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "mrp.report_mrporder", self._get_productions(sheet).ids
        )[0]
        for text in (
            sheet.order_code,
            "K-1",
            "Impeller: Cast iron",
            "Ceramic shaft",
            "Wooden case",
        ):
            self.assertIn(text, html.decode())
        self.assertNotIn(self.customer.name, html.decode())

    def test_assemblies_made_for_the_order_carry_its_codes(self):
        shaft = self.pump.bom_ids.bom_line_ids.product_id
        shaft.route_ids = self.pump.route_ids
        self.env["mrp.bom"].create({"product_tmpl_id": shaft.product_tmpl_id.id})
        sheet = self._make_at("released")
        production = self.env["mrp.production"].search([("product_id", "=", shaft.id)])
        self.assertRecordValues(
            production,
            [{"order_code": sheet.order_code, "configuration_summary": False}],
        )
        found = production.search([("sheet_id", "=", sheet.id)])
        self.assertEqual(found, production | self._get_productions(sheet))

    def test_manufacturing_order_for_stock_has_no_codes(self):
        production = self.env["mrp.production"].create({"product_id": self.pump.id})
        html = self.env["ir.actions.report"]._render_qweb_html(
            "mrp.report_mrporder", production.ids
        )[0]
        self.assertFalse(production.sheet_id)
        self.assertNotIn("Order Code", html.decode())

    def test_sheet_counts_and_opens_its_manufacturing_orders(self):
        sheet = self._make_at("released")
        self.clerk.group_ids |= self.env.ref("mrp.group_mrp_user")
        sheet = sheet.with_user(self.clerk)
        self.assertEqual(sheet.mrp_production_count, 1)
        action = sheet.action_view_mrp_production()
        self.assertEqual(action["res_id"], self._get_productions(sheet).id)
