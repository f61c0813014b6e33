from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderDeskCommon


@tagged("post_install", "-at_install")
class TestReview(OrderDeskCommon):
    def _make_cheap_sheet(self, **line_vals):
        sheet = self._make_sheet(**{"discount": 10, **line_vals})
        sheet.price_reason = "Frame contract"
        return sheet

    # ------------------------------------------------------------- second look

    def test_general_manager_waits_for_the_second_look(self):
        sheet = self._make_at("review")
        with self.assertRaisesRegex(UserError, "Order Check"):
            sheet.with_user(self.manager).action_approve()
        self.assertEqual(sheet.state, "review")

    def test_who_submitted_does_not_take_the_second_look(self):
        sheet = self._make_at("review")
        with self.assertRaisesRegex(UserError, "somebody else"):
            sheet.with_user(self.clerk).action_check()
        self.assertFalse(sheet.signature_ids)

    def test_who_changed_a_line_does_not_take_the_second_look(self):
        sheet = self._make_sheet()
        sheet.order_id.with_user(self.checker).order_line.product_uom_qty = 11
        self._submit(sheet)
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._check(sheet)

    def test_second_look_names_what_has_not_been_looked_at(self):
        sheet = self._make_at("review")
        items = self.env["order.desk.check.item"].search([("usage", "=", "review")])
        with self.assertRaisesRegex(UserError, items[-1].name):
            sheet.with_user(self.checker).action_check(items[:-1])
        self.assertFalse(sheet.signature_ids)

    def test_sheet_shows_what_was_looked_at(self):
        sheet = self._make_at("review")
        self._check(sheet)
        items = self.env["order.desk.check.item"].search([("usage", "=", "review")])
        self.assertEqual(sheet.signature_ids.check_item_ids, items)
        self.assertEqual(sheet.signature_ids.user_id, self.checker)

    def test_second_look_is_not_signed_without_its_checklist(self):
        sheet = self._make_at("review")
        with self.assertRaisesRegex(UserError, "checklist"):
            sheet.with_user(self.checker).action_sign(self.roles["order_check"].id)

    def test_change_after_the_review_is_looked_at_by_somebody_else(self):
        sheet = self._make_at("countersign")
        sheet.order_id.with_user(self.checker).order_line.product_uom_qty = 11
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._check(sheet)
        sheet.with_user(self.clerk).action_check()
        self.assertNotIn(self.roles["order_check"], sheet._get_roles_to_sign()[sheet])

    def test_second_look_may_send_the_sheet_back(self):
        sheet = self._make_at("review")
        sheet.with_user(self.checker).action_refuse(
            self.roles["order_check"].id, "Quantity differs from the form"
        )
        self.assertEqual(sheet.state, "draft")

    def test_second_of_two_second_looks_is_not_taken_by_who_entered(self):
        self.env["order.desk.role"].create(
            {
                "name": "Another look",
                "code": "another_look",
                "step": "review",
                "sequence": 3,
                "is_second_look": True,
                "user_ids": (self.clerk | self.stranger).ids,
            }
        )
        sheet = self._make_at("review")
        self._check(sheet)
        with self.assertRaisesRegex(UserError, "somebody else"):
            sheet.with_user(self.clerk).action_check()
        sheet.with_user(self.stranger).action_check()
        self.assertFalse(sheet.entered_by_ids)

    def test_who_entered_cannot_be_written(self):
        sheet = self._make_sheet()
        with self.assertRaises(AccessError):
            sheet.with_user(self.clerk).entered_by_ids = [Command.clear()]

    # ------------------------------------------------------------- prices

    def test_price_by_the_pricelist_needs_no_sales_manager(self):
        sheet = self._make_at("review")
        self._check(sheet)
        self.assertEqual(
            sheet._get_roles_to_sign()[sheet], self.roles["general_manager_review"]
        )

    def test_price_off_the_pricelist_is_marked(self):
        for vals, expected in (
            ({"discount": 0}, False),
            ({"discount": 0.001}, False),
            ({"discount": 10}, "off_list"),
            ({"price_unit": 240}, "off_list"),
            ({"price_unit": 260}, "off_list"),
        ):
            with self.subTest(**vals):
                line = self._make_sheet(**vals).order_line
                self.assertEqual(line.price_exception, expected)

    def test_price_below_cost_is_marked_in_the_lines_unit(self):
        self.pump.standard_price = 230
        dozen = self.env.ref("uom.product_uom_dozen")
        line = self._make_sheet(discount=10).order_line
        self.assertEqual(line.price_exception, "below_cost")
        line = self._make_sheet(product_uom_id=dozen.id, discount=5).order_line
        self.assertEqual(line.price_exception, "off_list")

    def test_pricelist_discount_is_policy(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Dealers",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 20})
                ],
            }
        )
        self.customer.property_product_pricelist = pricelist
        self.assertFalse(self._make_sheet().has_price_exception)

    def test_cost_in_another_currency_is_converted(self):
        currency = self._make_currency("EUR", 0.5)
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": currency.id}
        )
        self.customer.property_product_pricelist = pricelist
        self.pump.standard_price = 240
        sheet = self._make_sheet()
        self.assertFalse(sheet.has_price_exception)
        sheet.order_line.price_unit = 119
        self.assertEqual(sheet.order_line.price_exception, "below_cost")

    def _make_currency(self, name, rate):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", name)])
        )
        currency.active = True
        currency.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": rate, "name": "2020-01-01"}
        )
        return currency

    def test_price_off_the_pricelist_needs_a_reason(self):
        sheet = self._make_sheet(discount=10)
        with self.assertRaisesRegex(UserError, "off the pricelist"):
            self._submit(sheet)
        sheet.price_reason = "Frame contract"
        self._submit(sheet)
        self.assertEqual(sheet.state, "review")

    def test_discount_line_needs_a_reason(self):
        sheet = self._make_sheet()
        discount = self.env["product.product"].create(
            {"name": "Rebate", "type": "service", "list_price": 0}
        )
        self.env["sale.order.line"].create(
            {
                "order_id": sheet.order_id.id,
                "product_id": discount.id,
                "price_unit": -500,
            }
        )
        self.assertTrue(sheet.has_price_exception)

    def test_exception_goes_to_the_sales_manager_then_to_the_general_manager(self):
        sheet = self._bring_to(self._make_cheap_sheet(), "review")
        self._check(sheet)
        self.assertEqual(sheet.activity_ids.user_id, self.sales_manager)
        with self.assertRaisesRegex(UserError, self.sales_manager.name):
            sheet.with_user(self.manager).action_approve()
        sheet.with_user(self.sales_manager).action_approve()
        self.assertEqual(sheet.activity_ids.user_id, self.manager)
        sheet.with_user(self.manager).action_approve()
        self.assertEqual(sheet.state, "countersign")

    def test_one_person_in_both_roles_approves_once(self):
        self.roles["sales_manager"].user_ids = self.manager
        sheet = self._bring_to(self._make_cheap_sheet(), "review")
        self._check(sheet)
        sheet.with_user(self.manager).action_approve()
        self.assertEqual(sheet.state, "countersign")
        self.assertIn(self.roles["sales_manager"], sheet.signature_ids.role_id)

    def test_price_spoilt_after_the_approval_goes_back_to_the_sales_manager(self):
        sheet = self._make_at("countersign")
        sheet.order_line.discount = 30
        self.assertIn(self.roles["sales_manager"], sheet._get_roles_to_sign()[sheet])

    def test_changed_reason_is_signed_again(self):
        sheet = self._make_cheap_sheet()
        self._submit(sheet)
        self._check(sheet)
        sheet.with_user(self.sales_manager).action_approve()
        sheet.price_reason = "Something else"
        self.assertTrue(sheet.is_changed)

    def test_last_prices_of_this_customer_stand_beside_the_line(self):
        old = self._make_at("countersign", quantity=3)
        line = self._make_sheet().order_line
        self.assertIn(old.order_id.name, line.with_user(self.clerk).last_prices)
        self.assertIn("250", line.last_prices)

    def test_last_prices_of_another_customer_do_not_show(self):
        self._make_at("countersign")
        other = self.customer.copy({"name": "Another customer"})
        sheet = self._make_sheet()
        sheet.order_id.partner_id = other
        self.assertFalse(sheet.order_line.last_prices)

    def test_plain_order_has_no_price_policy(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [
                    Command.create({"product_id": self.pump.id, "discount": 50})
                ],
            }
        )
        self.assertFalse(order.order_line.price_exception)
        self.assertFalse(order.order_line.policy_price)

    # ------------------------------------------------------------- what is unusual

    def _get_codes(self, sheet, user=None):
        sheet = sheet.with_user(user or self.manager)
        return {exception["code"] for exception in sheet.exceptions or ()}

    def test_unusual_things_are_named(self):
        customer_class = self.env.ref("order_desk.customer_class_a")
        self.customer.order_desk_class_id = customer_class
        self.customer.property_payment_term_id = self.env.ref(
            "account.account_payment_term_30days"
        )
        sheet = self._make_sheet()
        self.assertEqual(self._get_codes(sheet), set())
        self.customer.order_desk_class_id = customer_class._get_strictest()
        sheet.order_line.write({"discount": 5, "special_requirement": "Red"})
        sheet.commitment_date = fields.Datetime.add(fields.Datetime.now(), days=3)
        self.assertEqual(
            self._get_codes(sheet), {"off_list", "non_standard", "class", "short_date"}
        )

    def test_customer_without_a_class_is_named(self):
        sheet = self._make_sheet()
        self.assertNotIn("unclassified", self._get_codes(sheet))
        self.customer.order_desk_class_id = False
        codes = self._get_codes(sheet)
        self.assertIn("unclassified", codes)
        self.assertNotIn("class", codes)
        self.assertEqual(
            sheet.customer_class_id,
            self.env["order.desk.customer.class"]._get_strictest(),
        )

    def test_order_without_payment_terms_is_named_and_still_submitted(self):
        self.customer.property_payment_term_id = False
        sheet = self._make_sheet()
        self.assertIn("no_payment_term", self._get_codes(sheet))
        self._submit(sheet)
        self.assertEqual(sheet.state, "review")

    def test_unusual_payment_terms_are_named(self):
        usual, other = self.env["account.payment.term"].create(
            [{"name": "30 days"}, {"name": "90 days"}]
        )
        self.customer.property_payment_term_id = usual
        sheet = self._make_sheet()
        self.assertNotIn("payment_term", self._get_codes(sheet))
        sheet.order_id.payment_term_id = other
        self.assertIn("payment_term", self._get_codes(sheet))

    def test_pricelist_of_another_customer_is_named(self):
        sheet = self._make_sheet()
        self.assertNotIn("pricelist", self._get_codes(sheet))
        sheet.order_id.pricelist_id = self.env["product.pricelist"].create(
            {"name": "Somebody else's"}
        )
        self.assertIn("pricelist", self._get_codes(sheet))

    def _make_overdue_invoice(self):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2020-01-01",
                "invoice_date_due": "2020-02-01",
                "invoice_line_ids": [
                    Command.create({"name": "Pumps", "price_unit": 1000})
                ],
            }
        )
        invoice.action_post()
        return invoice

    def test_overdue_invoices_are_named_and_found(self):
        sheet = self._make_at("review")
        self.assertFalse(sheet.is_held_by_money)
        self._make_overdue_invoice()
        self.env.invalidate_all()
        self.assertIn("overdue", self._get_codes(sheet))
        self.assertIn("1,000.00", sheet.with_user(self.manager).credit_note)
        found = self.env["order.desk.sheet"].with_user(self.manager)
        self.assertIn(sheet, found.search([("is_held_by_money", "=", True)]))

    def test_change_since_the_last_signature_is_named_to_that_signer(self):
        sheet = self._make_at("coding")
        sheet.order_line.special_requirement = "Ceramic shaft"
        self.assertIn("changed", self._get_codes(sheet, self.engineer))
        self.assertNotIn("changed", self._get_codes(sheet, self.manager))
        changes = sheet.with_user(self.engineer).my_changes
        self.assertEqual(
            [(c["label"], c["old"], c["new"]) for c in changes],
            [("Special requirement", "", "Ceramic shaft")],
        )

    # ------------------------------------------------------------- what is missing

    def test_missing_entries_lead_to_their_field(self):
        sheet = self._make_sheet(complete=False)
        entries = sheet._get_missing()[sheet]
        self.assertIn(
            ("order.desk.sheet", sheet.id, "commitment_date"),
            [(e["model"], e["res_id"], e["field"]) for e in entries],
        )
        line = sheet.order_line
        entry = next(e for e in entries if e["model"] == line._name)
        action = sheet.with_user(self.clerk).action_open_missing(entry)
        self.assertEqual((action["res_model"], action["res_id"]), (line._name, line.id))
        self.assertEqual(action["target"], "new")
