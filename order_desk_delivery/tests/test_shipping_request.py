from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import format_date

from .common import OrderDeskDeliveryCommon


@tagged("post_install", "-at_install")
class TestShippingRequest(OrderDeskDeliveryCommon):
    # ------------------------------------------------------------- preparing

    def _prepare(self, sheets):
        action = sheets.with_user(self.sales_admin).action_prepare_shipping()
        requests = self.env["order.desk.shipping.request"].with_user(self.sales_admin)
        if action.get("res_id"):
            return requests.browse(action["res_id"])
        return requests.search(action["domain"])

    def test_request_is_prepared_from_what_is_ready(self):
        sheet = self._make_released()
        request = self._prepare(sheet)
        self.assertRecordValues(
            request,
            [
                {
                    "state": "draft",
                    "number": False,
                    "partner_id": self.customer.id,
                    "partner_shipping_id": self.customer.id,
                    "receiver": "Test customer",
                    "phone": "+86 571 0000 0000",
                    "sheet_ids": sheet.ids,
                }
            ],
        )
        self.assertRecordValues(
            request.line_ids,
            [{"sale_line_id": sheet.order_line.id, "quantity": 10}],
        )

    def test_orders_of_one_customer_go_on_one_request(self):
        sheets = self._make_released() | self._make_released()
        request = self._prepare(sheets)
        self.assertEqual(len(request), 1)
        self.assertEqual(request.sheet_ids, sheets)

    def test_orders_for_two_addresses_get_a_request_each(self):
        sheets = self._make_sheet() | self._make_sheet()
        site = self._make_site("Site")
        sheets[1].order_id.partner_shipping_id = site
        requests = self._prepare(self._bring_to(sheets, "released"))
        self.assertEqual(requests.partner_shipping_id, self.customer | site)
        self.assertEqual(len(requests), 2)

    def test_preparing_again_opens_what_is_being_prepared(self):
        sheet = self._make_released()
        request = self._prepare(sheet)
        self.assertEqual(self._prepare(sheet), request)
        self.assertEqual(request.line_ids.quantity, 10)

    def test_what_is_on_a_request_is_not_prepared_again(self):
        sheet = self._make_released()
        self._issue(sheet, {sheet.order_line: 4})
        self.assertEqual(self._prepare(sheet).line_ids.quantity, 6)

    def test_nothing_ready_is_said_with_the_remedy(self):
        sheet = self._make_released()
        sheet.order_id.picking_ids.do_unreserve()
        with self.assertRaisesRegex(UserError, "nothing is ready"):
            self._prepare(sheet)

    def test_everything_requested_names_the_request(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        with self.assertRaisesRegex(UserError, request.number):
            self._prepare(sheet)

    def test_order_that_is_not_released_is_refused(self):
        sheet = self._make_at("confirming")
        with self.assertRaisesRegex(UserError, sheet.order_id.name):
            self._prepare(sheet)

    # ------------------------------------------------------------- what it says

    def test_request_is_for_one_customer(self):
        sheet = self._make_released()
        other = self.env["res.partner"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "Other"):
            self.env["order.desk.shipping.request"].create(
                {
                    "partner_id": other.id,
                    "line_ids": [
                        Command.create(
                            {"sale_line_id": sheet.order_line.id, "quantity": 1}
                        )
                    ],
                }
            )

    def test_order_without_a_sheet_needs_no_request(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [Command.create({"product_id": self.pump.id})],
            }
        )
        with self.assertRaisesRegex(ValidationError, "configuration sheet"):
            self.env["order.desk.shipping.request"].create(
                {
                    "partner_id": self.customer.id,
                    "line_ids": [
                        Command.create(
                            {"sale_line_id": order.order_line.id, "quantity": 1}
                        )
                    ],
                }
            )

    def test_service_does_not_leave(self):
        sheet = self._make_sheet()
        sheet.order_id.order_line = [
            Command.create({"product_id": self.service_product.id})
        ]
        with self.assertRaisesRegex(ValidationError, "no goods"):
            self._request(sheet, {sheet.order_line[-1]: 1})

    def test_usual_carrier_of_the_customer_is_proposed(self):
        carrier = self.env["delivery.carrier"].create(
            {"name": "Road", "product_id": self.service_product.id}
        )
        self.customer.property_delivery_carrier_id = carrier
        sheet = self._make_sheet()
        sheet.order_id.partner_shipping_id = self._make_site("Mr Gate")
        request = self._request(self._bring_to(sheet, "released"))
        self.assertEqual(request.carrier_id, carrier)

    def test_contact_of_the_site_is_proposed(self):
        sheet = self._make_sheet()
        sheet.order_id.partner_shipping_id = self._make_site("Mr Gate", phone="123")
        request = self._request(self._bring_to(sheet, "released"))
        self.assertRecordValues(
            request,
            [{"receiver": "Test customer", "contact": "Mr Gate", "phone": "123"}],
        )

    def test_person_is_proposed_rather_than_a_place(self):
        people = self.env["res.partner"]
        site = self._make_site("Warehouse North", phone="123")
        buyer = people.create(
            {"name": "Ms Buyer", "parent_id": self.customer.id, "phone": "77"}
        )
        sheet = self._make_released()
        order = sheet.order_id
        for case, customer, ship_to, contact, phone in (
            ("a person", self.customer, buyer, "Ms Buyer", "77"),
            ("who ordered, to a site", buyer, site, "Ms Buyer", "77"),
            ("who ordered, to the company", buyer, self.customer, "Ms Buyer", "77"),
            ("the only one", self.customer, self.customer, "Ms Buyer", "77"),
        ):
            with self.subTest(case=case):
                order.write({"partner_id": customer.id})
                order.write({"partner_shipping_id": ship_to.id})
                request = self._request(sheet)
                self.assertRecordValues(request, [{"contact": contact, "phone": phone}])
                request.sudo().unlink()
        keeper = people.create({"name": "Mr Keeper", "parent_id": site.id})
        order.write({"partner_id": buyer.id})
        order.write({"partner_shipping_id": site.id})
        request = self._request(sheet)
        self.assertRecordValues(request, [{"contact": keeper.name, "phone": "123"}])

    # ------------------------------------------------------------- second look

    def test_every_field_and_line_is_looked_at(self):
        request = self._request(self._make_released())
        self.assertEqual(
            request.check_ids.mapped("code"),
            [
                "ship_to",
                "receiver",
                "contact",
                "phone",
                "line",
                "service_level_id",
                "carrier_id",
                "freight_payer",
            ],
        )
        values = dict(
            zip(
                request.check_ids.mapped("code"),
                request.check_ids.mapped("value"),
                strict=True,
            )
        )
        self.assertIn("1 Dock Road", values["ship_to"])
        self.assertIn("[TP-1] Test pump: 10.00 Units", values["line"])

    def test_request_is_not_issued_before_all_is_looked_at(self):
        request = self._request(self._make_released())
        request.check_ids.is_looked = True
        request.check_ids.filtered(lambda c: c.code == "phone").is_looked = False
        with self.assertRaisesRegex(UserError, "Phone"):
            request.action_issue()

    def test_tick_lapses_when_the_value_changes(self):
        request = self._request(self._make_released())
        request.check_ids.is_looked = True
        request.phone = "999"
        request.line_ids.quantity = 9
        lapsed = request.check_ids.filtered("is_lapsed")
        self.assertEqual(lapsed.mapped("code"), ["phone", "line"])
        self.assertFalse(any(lapsed.mapped("is_looked")))
        with self.assertRaisesRegex(UserError, "Phone.*Test pump"):
            request.action_issue()

    def test_tick_lapses_when_the_address_book_changes(self):
        request = self._request(self._make_released())
        request.check_ids.is_looked = True
        self.customer.street = "2 Dock Road"
        self.assertEqual(
            request.check_ids.filtered("is_lapsed").mapped("code"), ["ship_to"]
        )

    def test_tick_counts_in_every_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        request = self._request(self._make_released())
        request.with_context(lang="zh_CN").check_ids.is_looked = True
        self.assertTrue(all(request.check_ids.mapped("is_looked")))

    def test_address_is_read_in_ones_own_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        sheet = self._make_released()
        self.customer.country_id = self.env.ref("base.be")
        self.customer.country_id.with_context(lang="zh_CN").name = "比利时"
        request = self._request(sheet).with_context(lang="zh_CN")
        self.assertIn("比利时", request.ship_to)
        request.check_ids.is_looked = True
        request.action_issue()
        self.assertIn("比利时", request._get_print_ship_to())
        self.assertIn("Belgium", request.issued_ship_to)
        self._ship(sheet)  # in English: the address is still the same
        self.assertEqual(request.state, "shipped")

    def test_what_was_ticked_is_kept_in_the_words_that_were_read(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        request = self._request(self._make_released()).with_context(lang="zh_CN")
        check = request.check_ids.filtered(lambda check: check.code == "ship_to")
        country = self.env.ref("base.be")
        country.with_context(lang="zh_CN").name = "比利时"
        self.customer.country_id = country
        check.is_looked = True
        self.customer.country_id = self.env.ref("base.nl")
        self.assertTrue(check.is_lapsed)
        self.assertIn("比利时", check.looked_text)

    def test_who_looked_is_not_typed_in(self):
        request = self._request(self._make_released())
        with self.assertRaises(AccessError):
            request.check_ids[0].write({"looked_by_id": self.service.id})

    def test_line_added_later_is_looked_at_too(self):
        sheets = self._make_released() | self._make_released()
        request = self._request(sheets[0])
        request.check_ids.is_looked = True
        request.line_ids = [
            Command.create({"sale_line_id": sheets[1].order_line.id, "quantity": 2})
        ]
        self.assertEqual(request.to_look_count, 1)

    # ------------------------------------------------------------- issuing

    def test_issued_request_has_a_number_and_links_the_transfer(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self.assertEqual(request.state, "issued")
        self.assertTrue(request.number.startswith("SR"))
        self.assertEqual(request.issued_by_id, self.sales_admin)
        self.assertEqual(request.picking_ids, sheet.order_id.picking_ids)

    def test_request_is_issued_once(self):
        request = self._issue(self._make_released())
        with self.assertRaisesRegex(UserError, request.number):
            request.action_issue()

    def test_only_the_role_issues(self):
        request = self._request(self._make_released())
        request.check_ids.is_looked = True
        for user in (self.clerk, self.followup):
            with self.assertRaisesRegex(UserError, "Test sales_admin"):
                request.with_user(user).action_issue()
        for user in (self.shipper, self.stranger):
            with self.assertRaises(AccessError):
                request.with_user(user).action_issue()

    def test_what_is_not_released_is_not_issued(self):
        request = self._request(self._make_at("confirming"))
        request.check_ids.is_looked = True
        with self.assertRaisesRegex(UserError, "not released"):
            request.action_issue()

    def test_no_more_than_ordered_is_issued(self):
        sheet = self._make_released()
        request = self._request(sheet, {sheet.order_line: 11})
        request.check_ids.is_looked = True
        with self.assertRaisesRegex(UserError, "only 10.00 Units"):
            request.action_issue()

    def test_tolerance_of_the_line_is_issued(self):
        sheet = self._make_released(tolerance_over=10)
        request = self._issue(sheet, {sheet.order_line: 11})
        self.assertEqual(request.state, "issued")

    def test_no_more_than_open_is_issued_by_two_requests(self):
        sheet = self._make_released()
        self._issue(sheet, {sheet.order_line: 4})
        request = self._request(sheet, {sheet.order_line: 7})
        request.check_ids.is_looked = True
        with self.assertRaisesRegex(UserError, "only 6.00 Units"):
            request.action_issue()

    def test_two_requests_issued_together_share_what_is_open(self):
        sheet = self._make_released()
        requests = self._request(sheet, {sheet.order_line: 6})
        requests |= self._request(sheet, {sheet.order_line: 6})
        requests.check_ids.is_looked = True
        with self.assertRaisesRegex(UserError, "only 4.00 Units"):
            requests.action_issue()
        self.assertEqual(set(requests.mapped("state")), {"draft"})

    def test_company_without_the_role_issues_none(self):
        sheet = self._make_released()
        request = self._request(sheet)
        self.roles["shipping_request"].active = False
        with self.assertRaisesRegex(UserError, "nobody fills the role"):
            request.action_issue()

    # ------------------------------------------------------------- afterwards

    def test_what_was_issued_stays_as_it_is(self):
        request = self._issue(self._make_released())
        for vals in (
            {"receiver": "Somebody"},
            {"line_ids": [Command.update(request.line_ids.id, {"quantity": 3})]},
            {"line_ids": [Command.delete(request.line_ids.id)]},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "Revise"):
                request.write(vals)
        with self.assertRaisesRegex(UserError, "Revise"):
            request.line_ids.quantity = 3
        with self.assertRaisesRegex(UserError, "stays on file"):
            request.unlink()

    def test_state_and_number_are_not_typed_in(self):
        request = self._request(self._make_released())
        for vals in ({"state": "issued"}, {"number": "SR1"}, {"is_made_good": True}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                request.write(vals)

    def test_context_of_a_client_issues_nothing(self):
        sheet = self._make_released()
        requests = self.env["order.desk.shipping.request"].with_user(self.sales_admin)
        request = requests.with_context(
            default_state="issued", default_number="SR1", default_is_closed=True
        ).create(
            {
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create(
                        {"sale_line_id": sheet.order_line.id, "quantity": 10}
                    )
                ],
            }
        )
        self.assertRecordValues(request, [{"state": "draft", "number": False}])
        self.assertFalse(request.line_ids.is_closed)

    def test_revised_request_keeps_its_number(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        number = request.number
        request.action_revise()
        self.assertEqual(request.state, "draft")
        self.assertFalse(request.picking_ids)
        with self.assert_refused("Shipping request"):
            self._ship(sheet)
        request.line_ids.quantity = 5
        request.check_ids.is_looked = True
        request.action_issue()
        self.assertRecordValues(request, [{"number": number, "issue_count": 2}])

    def test_withdrawn_request_lets_nothing_leave(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        with self.assertRaisesRegex(UserError, "Say why"):
            request.action_withdraw()
        request.action_withdraw("Customer called")
        self.assertEqual(request.state, "withdrawn")
        with self.assert_refused("Shipping request"):
            self._ship(sheet)

    def test_request_under_which_goods_left_is_not_withdrawn(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._ship(sheet, 4)
        for action in (request.action_revise, lambda: request.action_withdraw("No")):
            with self.assertRaisesRegex(UserError, "close the rest"):
                action()

    def test_rest_that_will_not_leave_is_closed(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        with self.assertRaisesRegex(UserError, "Withdraw"):
            request.action_close_rest()
        self._ship(sheet, 4)
        request.action_close_rest()
        self.assertEqual(request.state, "shipped")
        with self.assert_refused("Shipping request"):
            self._ship(sheet)

    def test_request_is_shipped_when_all_has_left(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._ship(sheet, 4)
        self.assertEqual(request.state, "issued")
        self.assertEqual(request.line_ids.shipped_quantity, 4)
        self.assertEqual(request.line_ids.remaining_quantity, 6)
        self._ship(sheet)
        self.assertEqual(request.state, "shipped")
        self.assertTrue(request.shipped_on)

    def test_cancelled_order_withdraws_its_request(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        sheet.order_id._action_cancel()
        self.assertEqual(request.state, "withdrawn")

    def test_cancelled_order_leaves_a_joint_request_to_the_others(self):
        sheets = self._make_released() | self._make_released()
        request = self._issue(sheets)
        sheets[0].order_id._action_cancel()
        self.assertEqual(request.state, "issued")
        self.assertEqual(request._get_open_lines().order_id, sheets[1].order_id)
        self._ship(sheets[1])
        self.assertEqual(request.state, "shipped")

    # ------------------------------------------------------------- who, where, paper

    def test_somebody_named_who_may_not_read_orders_issues(self):
        """A role makes a signer of whoever is named, and nothing more."""
        sheet = self._make_released()
        self.roles["shipping_request"].user_ids = self.stranger
        action = sheet.with_user(self.stranger).action_prepare_shipping()
        request = self.env["order.desk.shipping.request"].browse(action["res_id"])
        request = request.with_user(self.stranger)
        self.assertEqual(
            request.read(["obstacles", "goods", "ship_to"])[0]["obstacles"], False
        )
        request.check_ids.is_looked = True
        request.action_issue()
        self.assertEqual(request.state, "issued")

    def test_somebody_named_opens_the_lists_and_looks_at_the_carrier(self):
        sheet = self._make_released()
        carrier = self.env["delivery.carrier"].create(
            {
                "name": "Test carrier",
                "product_id": self.env["product.product"]
                .create({"name": "Test freight", "type": "service"})
                .id,
            }
        )
        request = self._request(sheet)
        request.carrier_id = carrier
        self.roles["shipping_request"].user_ids = self.stranger
        sheets = self.env["order.desk.sheet"].with_user(self.stranger)
        self.assertFalse(
            sheets.search([("is_ready_to_ship", "=", True), ("id", "in", sheet.ids)])
        )
        request = request.with_user(self.stranger)
        request.invalidate_recordset()
        self.assertTrue(request.to_look_count)
        self.assertIn("Test carrier", request.check_ids.mapped("value"))
        request.check_ids.action_look()
        self.assertFalse(request.to_look_count)

    def test_list_of_what_is_ready(self):
        ready, waiting, requested = (self._make_released() for _n in range(3))
        waiting.order_id.picking_ids.do_unreserve()
        self._issue(requested)
        sheets = self.env["order.desk.sheet"].with_user(self.sales_admin)
        ours = ready | waiting | requested
        for name in ("has_ready_goods", "is_ready_to_ship"):
            found = sheets.search([(name, "=", True), ("id", "in", ours.ids)])
            self.assertEqual(found, ready)
        self.assertIn("Test pump: 10.00 Units", ready.ready_goods)

    def test_screen_names_what_is_in_the_way(self):
        sheet = self._make_released()
        request = self._request(sheet)
        self.assertFalse(request.obstacles)
        sheet.order_id.picking_ids.do_unreserve()
        request.invalidate_recordset()
        self.assertIn("0.00 Units of 10.00 Units are reserved", request.obstacles)

    def test_paper_says_where_what_and_how_much(self):
        request = self._issue(self._make_released())
        html = (
            self.env["ir.actions.report"]
            .with_user(self.shipper)
            ._render_qweb_html(
                "order_desk_delivery.report_shipping_request", request.ids
            )[0]
            .decode()
        )
        for text in (request.number, "1 Dock Road", "TP-1", "10.00", "Test pump"):
            self.assertIn(text, html)
        self.assertNotIn("NOT ISSUED", html)

    def test_paper_of_a_draft_says_that_nothing_leaves(self):
        request = self._request(self._make_released())
        html = self.env["ir.actions.report"]._render_qweb_html(
            "order_desk_delivery.report_shipping_request", request.ids
        )[0]
        self.assertIn("NOT ISSUED", html.decode())

    def test_dialog_withdraws(self):
        request = self._issue(self._make_released())
        action = request.action_open_withdraw()
        dialog = self.env[action["res_model"]].with_user(self.sales_admin)
        dialog = dialog.browse(action["res_id"])
        dialog.reason = "Postponed"
        dialog.action_withdraw()
        self.assertEqual(request.withdrawal_reason, "Postponed")

    # ------------------------------------------------------------- telling

    def _get_told(self, request):
        """Return the messages in which salespeople were told that goods leave."""
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", request._name),
                    ("res_id", "=", request.id),
                    ("message_type", "=", "user_notification"),
                    ("subject", "ilike", "are leaving"),
                ]
            )
        )

    def test_salesperson_gets_one_message_of_what_leaves(self):
        sheets = self._make_released() | self._make_released()
        request = self._issue(sheets)
        message = self._get_told(request)
        self.assertEqual(message.notified_partner_ids, self.salesperson.partner_id)
        for text in (*sheets.order_id.mapped("name"), "Test pump"):
            self.assertIn(text, message.body)
        day = format_date(self.env, request.due_arrival_date)
        self.assertIn(f"Due to arrive: {day}", message.body)

    def test_salesperson_who_issues_it_is_not_told(self):
        sheet = self._make_released()
        sheet.order_id.user_id = self.sales_admin
        self.assertFalse(self._get_told(self._issue(sheet)))
