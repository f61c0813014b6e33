from datetime import timedelta

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import OrderDeskCommon

# a transparent picture of one pixel
PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kg"
    b"AAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestReports(OrderDeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.storekeeper = new_test_user(
            cls.env, login="od_storekeeper", name="Test storekeeper"
        )
        cls.template = cls.env["order.desk.distribution.template"].create(
            {
                "name": "Test copies",
                "line_ids": [
                    Command.create({"user_id": cls.storekeeper.id, "task": "Prepare"})
                ],
            }
        )

    def _make_full_sheet(self):
        """Return a sheet with something in each field, its price off the pricelist."""
        self.roles["sales_manager"].active = False
        sheet = self._make_sheet(
            quantity=7,
            special_requirement="Ceramic shaft",
            packaging_note="Wooden case",
            tolerance_over=2,
            tolerance_under=1.5,
        )
        sheet.other_requirements = "Two labels"
        sheet.order_id.order_line.price_unit = 431.5
        sheet.price_reason = "Trial order"
        return sheet

    def _print(self, name, records, user, data=None):
        """Return the printed form as text; QR codes and styles are not in it."""
        report = self.env["ir.actions.report"].with_user(user)
        content, _kind = report._render_qweb_html(
            f"order_desk.{name}", records.ids, data=data
        )
        tree = html.fromstring(content.decode())
        self.pictures = tree.xpath("//main//img/@src")
        (main,) = tree.xpath("//main")
        return " ".join(main.text_content().split())

    def _get_signature_rows(self, name, records, user):
        report = self.env["ir.actions.report"].with_user(user)
        content, _kind = report._render_qweb_html(f"order_desk.{name}", records.ids)
        rows = html.fromstring(content.decode()).find_class("o_order_desk_signature")
        return [
            [" ".join(cell.text_content().split()) for cell in row.findall("td")]
            for row in rows
        ]

    # ------------------------------------------------------------- the office's copy

    def test_office_copy_has_all_that_is_signed(self):
        sheet = self._bring_to(self._make_full_sheet(), "confirming")
        text = self._print("report_sheet", sheet, self.salesperson)
        for expected in (
            sheet.order_id.name,
            sheet.order_code,
            "K-1",
            "Test customer",
            "1 Dock Road",
            "Test salesperson",
            "Test clerk",
            "E-mail",
            "Confirmation",
            "Test pump",
            "7.00",
            "Impeller Cast iron",
            "Plug EU",
            "Float No",
            "Cable 10",
            "Special requirement: Ceramic shaft",
            "Packaging Wooden case",
            "Tolerance +2% / −1.5%",
            "Two labels",
            "Trial order",
            "431.50",
            "3,020.50",
        ):
            with self.subTest(expected=expected):
                self.assertIn(expected, text)

    def test_dates_are_days_of_the_company(self):
        sheet = self._make_sheet()
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        sheet.order_id.commitment_date = "2030-05-31 20:00:00"
        text = self._print("report_sheet", sheet, self.salesperson)
        self.assertIn("Delivery Date06/01/2030", text)

    def test_description_beyond_the_product_name_is_printed_once(self):
        sheet = self._make_sheet()
        line = sheet.order_id.order_line
        line.name += "\nWith counter flange"
        text = self._print("report_sheet", sheet, self.salesperson)
        self.assertEqual(text.count("Test pump"), 1)
        self.assertIn("With counter flange", text)

    def test_sections_and_notes_stand_where_they_are(self):
        sheet = self._make_sheet()
        order = sheet.order_id
        order.order_line.sequence = 20
        order.order_line = [
            Command.create({"display_type": kind, "name": name, "sequence": sequence})
            for kind, name, sequence in (
                ("line_section", "First site", 10),
                ("line_note", "Mind the crane", 30),
            )
        ]
        text = self._print("report_sheet", sheet, self.salesperson)
        places = [text.index(t) for t in ("First site", "Test pump", "Mind the crane")]
        self.assertEqual(places, sorted(places))

    def test_qr_code_leads_to_the_sheet(self):
        sheet = self._make_sheet()
        self.assertEqual(
            sheet._get_print_url(),
            f"{sheet.get_base_url()}/odoo/order-desk/{sheet.id}",
        )
        self._print("report_sheet", sheet, self.salesperson)
        self.assertTrue(self.pictures[-1].startswith("data:image/png;base64,"))

    def test_several_sheets_are_printed_at_once(self):
        sheets = self._make_full_sheet() + self._make_sheet()
        text = self._print("report_sheet", sheets, self.salesperson)
        for sheet in sheets:
            self.assertIn(sheet.order_id.name, text)

    def test_200_lines_are_printed(self):
        sheet = self._make_sheet()
        line = sheet.order_id.order_line
        for _number in range(199):
            line.copy({"order_id": line.order_id.id})
        text = self._print("report_sheet", sheet, self.salesperson)
        self.assertEqual(text.count("Impeller Cast iron"), 200)

    def test_empty_draft_is_printed(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "team_id": self.team.id}
        )
        text = self._print("report_sheet", order.sheet_id, self.clerk)
        self.assertIn(order.name, text)

    # ------------------------------------------------------------- countersign block

    def test_open_roles_have_a_line_to_sign_by_hand(self):
        sheet = self._make_at("countersign")
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertEqual(
            [row[0] for row in rows],
            [
                "Order Check",
                "General Manager (review)",
                "General Manager",
                "Production Manager",
                "Material Control Manager",
                "Chief Engineer",
            ],
        )
        self.assertEqual(rows[1][1], "Test manager")
        self.assertIn("Signed", rows[1][2])
        self.assertEqual(
            rows[3], ["Production Manager", "Test production", "", "Finish date", ""]
        )

    def test_signature_has_name_statement_and_picture(self):
        sheet = self._make_at("countersign")
        sheet.with_user(self.production).action_sign(
            self.roles["production_manager"].id,
            "2099-03-04",
            drawn_signature=PIXEL,
        )
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertEqual(rows[3][1], "Test production")
        self.assertEqual(rows[3][3:], ["Finish date 03/04/2099", ""])
        self._print("report_sheet", sheet, self.salesperson)
        self.assertTrue(any(PIXEL.decode() in picture for picture in self.pictures))

    def test_statement_given_before_the_role_asked_for_a_date(self):
        sheet = self._make_at("coding")
        self.roles["material_control_manager"].statement = "date"
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertIn("All on hand", rows[4][3])

    def test_stand_in_is_named_with_whom_they_stood_in_for(self):
        sheet = self._make_at("countersign")
        today = self._today()
        self.env["order.desk.stand.in"].create(
            {
                "user_id": self.engineer.id,
                "stand_in_id": self.production.id,
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
            }
        )
        sheet.with_user(self.production).action_sign(
            self.roles["chief_engineer"].id, "As drawn"
        )
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertEqual(rows[5][1], "Test production on behalf of Test engineer")

    def test_what_changed_since_is_named(self):
        sheet = self._make_at("confirming")
        sheet.order_id.order_line.sudo().packaging_note = "Crate"
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertIn("Changed since", rows[4][2])
        self.assertNotIn("Changed since", rows[1][2])
        self.assertEqual(rows[4][4], "")

    def test_refusal_is_printed_with_its_reason_for_the_office_alone(self):
        sheet = self._make_at("countersign")
        sheet.with_user(self.engineer).action_refuse(
            self.roles["chief_engineer"].id, "Not at 431.50"
        )
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertIn("Refused", rows[5][2])
        self.assertIn("Not at 431.50", rows[5][3])
        rows = self._get_signature_rows(
            "report_sheet_shop_floor", sheet, self.salesperson
        )
        self.assertIn("Refused", rows[5][2])
        self.assertNotIn("Not at 431.50", rows[5][3])

    def test_roles_that_the_order_does_not_need_are_left_out(self):
        sheet = self._make_sheet()
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertNotIn("Sales Manager", [row[0] for row in rows])
        sheet.order_id.order_line.price_unit = 1
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertIn("Sales Manager", [row[0] for row in rows])

    def test_role_that_has_signed_stays_when_it_is_archived(self):
        sheet = self._make_at("coding")
        self.roles["chief_engineer"].active = False
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertEqual(rows[5][:2], ["Chief Engineer", "Test engineer"])

    def test_signatures_of_a_cancelled_round_are_not_printed(self):
        sheet = self._make_at("countersign")
        sheet.order_id.sudo().action_cancel()
        sheet.order_id.sudo().action_draft()
        rows = self._get_signature_rows("report_sheet", sheet, self.salesperson)
        self.assertEqual({row[2] for row in rows}, {""})

    # ------------------------------------------------------------- the shop floor's

    def _assert_shop_floor(self, text, sheet):
        for expected in ("K-1", sheet.order_code, "Cast iron", "Ceramic shaft", "7.00"):
            self.assertIn(expected, text)
        for hidden in (
            "431.5",
            "3,020.5",
            "Unit Price",
            "Payment Terms",
            "Trial order",
            "Test customer",
            "1 Dock Road",
        ):
            with self.subTest(hidden=hidden):
                self.assertNotIn(hidden, text)

    def test_shop_floor_copy_has_no_price_and_no_customer(self):
        self.env.company.hide_customer_name = True
        sheet = self._bring_to(self._make_full_sheet(), "confirming")
        text = self._print("report_sheet_shop_floor", sheet, self.production)
        self._assert_shop_floor(text, sheet)

    def test_shop_floor_copy_shows_the_customer_where_the_company_does(self):
        sheet = self._bring_to(self._make_full_sheet(), "confirming")
        text = self._print("report_sheet_shop_floor", sheet, self.production)
        self.assertIn("K-1 · Test customer", text)
        self.assertIn("1 Dock Road", text)
        self.assertNotIn("431.5", text)

    def test_recipient_prints_the_shop_floor_copy_of_the_own_row(self):
        self.env.company.hide_customer_name = True
        sheet = self._bring_to(self._make_full_sheet(), "confirming")
        copy = sheet.distribution_ids.with_user(self.storekeeper)
        action = copy.action_print_sheet()
        self.assertEqual(action["report_name"], "order_desk.report_distribution_sheet")
        text = self._print("report_distribution_sheet", copy, self.storekeeper)
        self._assert_shop_floor(text, sheet)
        self.assertIn("Copy forTest storekeeper TaskPrepare", text)

    def test_values_in_the_address_of_a_report_show_nobody_a_price(self):
        self.env.company.hide_customer_name = True
        sheet = self._bring_to(self._make_full_sheet(), "confirming")
        data = {"show_price": True, "copy": "x", "url": "x", "lines": "x", "sheet": 1}
        for name, records, user in (
            ("report_distribution_sheet", sheet.distribution_ids, self.storekeeper),
            ("report_sheet_shop_floor", sheet, self.production),
            ("report_distribution_list", sheet, self.production),
        ):
            with self.subTest(name=name):
                text = self._print(name, records, user, data=data)
                self.assertNotIn("431.5", text)
                self.assertNotIn("Payment Terms", text)
                self.assertNotIn("Test customer", text)

    def test_qr_code_of_a_copy_leads_to_the_copy(self):
        sheet = self._make_at("confirming")
        copy = sheet.distribution_ids
        self.assertEqual(
            copy._get_print_url(),
            f"{copy.get_base_url()}/odoo/order-desk-distribution/{copy.id}",
        )

    def test_nobody_prints_the_row_of_another(self):
        sheet = self._make_at("confirming")
        copy = sheet.distribution_ids
        recipients = self.env.ref("order_desk.group_order_desk_recipient")
        recipients.user_ids += self.stranger
        with self.assertRaises(AccessError):
            copy.with_user(self.stranger).action_print_sheet()
        with self.assertRaises(AccessError):
            copy.with_user(self.stranger)._get_sheet_to_print()

    def test_recipient_does_not_print_the_sheet_itself(self):
        sheet = self._make_at("confirming")
        with self.assertRaises(AccessError):
            sheet.with_user(self.storekeeper)._get_countersign_rows()

    # ------------------------------------------------------------- distribution list

    def test_distribution_list_shows_who_got_what_and_did_it(self):
        self.template.line_ids = [
            Command.create({"user_id": self.stranger.id, "document": "Drawing"})
        ]
        sheet = self._make_at("confirming")
        copy = sheet.distribution_ids.filtered(lambda c: c.user_id == self.storekeeper)
        copy.with_user(self.storekeeper).action_report_done()
        rows = self._get_signature_rows(
            "report_distribution_list", sheet, self.salesperson
        )
        by_name = {row[1]: row for row in rows}
        done, waiting = by_name["Test storekeeper"], by_name["Test stranger"]
        self.assertIn("Prepare", done[2])
        self.assertIn("Test storekeeper", done[4])
        self.assertIn("Test storekeeper", done[5])
        self.assertIn("Drawing", waiting[2])
        self.assertTrue(waiting[3])
        self.assertEqual(waiting[4:], ["", "", ""])

    def test_distribution_list_leaves_out_what_was_called_back(self):
        sheet = self._make_at("confirming")
        sheet.distribution_ids.with_user(self.clerk).action_withdraw()
        text = self._print("report_distribution_list", sheet, self.salesperson)
        self.assertIn("No copy of this sheet has been distributed", text)
