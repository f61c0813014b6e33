from odoo.tests import tagged

from odoo.addons.order_desk.tests.common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestTransfer(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipper = cls.stranger
        cls.shipper.group_ids |= cls.env.ref("stock.group_stock_user")

    def test_shipper_sees_the_codes_and_requirements_on_the_transfer(self):
        sheet = self._make_sheet()
        sheet.other_requirements = "Export cartons"
        self._bring_to(sheet, "released")
        self.assertRecordValues(
            sheet.order_id.picking_ids.with_user(self.shipper),
            [
                {
                    "order_code": sheet.order_code,
                    "customer_code": "K-1",
                    "other_requirements": "Export cartons",
                }
            ],
        )

    def test_delivery_slip_carries_the_codes(self):
        sheet = self._make_at("released")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "stock.report_deliveryslip", sheet.order_id.picking_ids.ids
        )[0]
        self.assertIn(sheet.order_code, html.decode())
        self.assertIn("K-1", html.decode())

    def test_slip_of_an_order_without_a_sheet_has_no_codes(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [(0, 0, {"product_id": self.pump.id})],
            }
        )
        order.action_confirm()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "stock.report_deliveryslip", order.picking_ids.ids
        )[0]
        self.assertNotIn("Order Code", html.decode())

    def _print(self, report, sheet):
        return (
            self.env["ir.actions.report"]
            .with_user(self.shipper)
            ._render_qweb_html(report, sheet.order_id.picking_ids.ids)[0]
            .decode()
        )

    def test_picking_operations_carry_the_codes(self):
        sheet = self._make_at("released")
        html = self._print("stock.report_picking", sheet)
        for text in (sheet.order_code, "K-1", self.customer.name):
            self.assertIn(text, html)

    def test_picking_operations_leave_out_the_customers_name_where_it_is_hidden(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Test site",
                "parent_id": self.customer.id,
                "street": "2 Lock Lane",
                "city": "Ningbo",
                "type": "delivery",
                "country_id": self.customer.country_id.id,
            }
        )
        sheet = self._make_sheet()
        sheet.order_id.partner_shipping_id = contact
        self._bring_to(sheet, "released")
        self.env.company.hide_customer_name = True
        html = self._print("stock.report_picking", sheet)
        self.assertIn("K-1", html)
        for text in (self.customer.name, contact.name, contact.street):
            self.assertNotIn(text, html)
        # the delivery slip travels to the customer and keeps it
        html = self._print("stock.report_deliveryslip", sheet)
        self.assertIn(contact.street, html)

    def test_picking_operations_of_an_order_without_a_sheet_keep_the_name(self):
        self.env.company.hide_customer_name = True
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [(0, 0, {"product_id": self.pump.id})],
            }
        )
        order.action_confirm()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "stock.report_picking", order.picking_ids.ids
        )[0]
        self.assertIn(self.customer.name, html.decode())
        self.assertNotIn("Order Code", html.decode())

    def test_sheet_counts_and_opens_its_deliveries(self):
        sheet = self._make_at("released").with_user(self.clerk)
        self.assertEqual(sheet.delivery_count, 1)
        action = sheet.action_view_delivery()
        self.assertEqual(action["res_id"], sheet.order_id.picking_ids.id)
