from datetime import date, time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_dates import OrderDeskDatesCommon

MONDAY = date(2026, 6, 8)


@tagged("post_install", "-at_install")
class TestCarrierChoice(OrderDeskDatesCommon):
    """Carriers by service level, weight, region and price (SPEC G8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["delivery.carrier"].search([]).active = False
        cls.pump.weight = 20
        cls.cheap = cls._make_carrier("Cheap", 10, order_desk_days=6)
        cls.middle = cls._make_carrier("Middle", 30, order_desk_days=1)
        cls.fast = cls._make_carrier("Fast", 90, order_desk_days=1)
        cls.sheet = cls._make_released()
        cls.sheet.order_id.service_level_id = cls.urgent
        cls.request = cls._request(cls.sheet)

    @classmethod
    def _make_carrier(cls, name, price, **values):
        product = cls.env["product.product"].create(
            {"name": name, "type": "service", "list_price": price}
        )
        return cls.env["delivery.carrier"].create(
            {
                "name": name,
                "product_id": product.id,
                "fixed_price": price,
                **values,
            }
        )

    def _open(self, document=None):
        document = document or self.request
        with freeze_time(self._at(MONDAY, time(9))):
            action = document.action_choose_carrier()
        return (
            self.env["order.desk.carrier.choice"]
            .with_user(self.sales_admin)
            .browse(action["res_id"])
        )

    def _names(self, choice):
        return choice.line_ids.sorted().carrier_id.mapped("name")

    def test_the_cheapest_that_is_in_time_comes_first(self):
        choice = self._open()
        self.assertEqual(self._names(choice), ["Middle", "Fast", "Cheap"])
        self.assertEqual(choice.line_ids.sorted().mapped("is_late"), [0, 0, 1])
        self.assertEqual(choice.line_ids.sorted()[0].price, 30)

    def test_without_days_of_its_own_a_carrier_takes_those_of_the_level(self):
        self.cheap.order_desk_days = 0
        line = self._open().line_ids.filtered(lambda li: li.carrier_id == self.cheap)
        self.assertEqual((line.days, line.is_late), (1, False))

    def test_without_any_days_nobody_says_when_the_goods_arrive(self):
        self.request.service_level_id = False
        line = self._open().line_ids.filtered(lambda li: li.carrier_id == self.cheap)
        self.assertTrue(line.arrival_date)
        self.cheap.order_desk_days = 0
        line = self._open().line_ids.filtered(lambda li: li.carrier_id == self.cheap)
        self.assertFalse(line.arrival_date)

    def test_carriers_of_other_regions_are_left_out(self):
        self.middle.country_ids = self.env.ref("base.de")
        self.assertEqual(self._names(self._open()), ["Fast", "Cheap"])

    def test_the_weight_that_leaves_counts_not_the_orders(self):
        self.middle.max_weight = 100
        self.assertNotIn("Middle", self._names(self._open()))
        self.request.line_ids.quantity = 5
        choice = self._open()
        self.assertEqual(choice.weight, 100)
        self.assertIn("Middle", self._names(choice))

    def test_price_rules_take_the_weight_that_leaves(self):
        self.middle.write(
            {
                "delivery_type": "base_on_rule",
                "price_rule_ids": [
                    fields.Command.create(
                        {
                            "variable": "weight",
                            "operator": "<=",
                            "max_value": 1000,
                            "list_base_price": 0,
                            "list_price": 2,
                            "variable_factor": "weight",
                        }
                    )
                ],
            }
        )
        self.request.line_ids.quantity = 2
        line = self._open().line_ids.filtered(lambda li: li.carrier_id == self.middle)
        self.assertEqual(line.price, 80)

    def test_a_carrier_without_a_price_says_why_and_cannot_be_chosen(self):
        self.middle.delivery_type = "base_on_rule"
        line = self._open().line_ids.filtered(lambda li: li.carrier_id == self.middle)
        self.assertTrue(line.note)
        with self.assertRaisesRegex(UserError, "Middle"):
            line.action_choose()

    def test_the_chosen_one_is_written_to_request_and_transfer(self):
        self._open().line_ids.sorted()[0].action_choose()
        self.assertEqual(self.request.carrier_id, self.middle)
        self.assertEqual(self.sheet.order_id.picking_ids.carrier_id, self.middle)
        self.assertFalse(self.sheet.order_id.order_line.filtered("is_delivery"))

    def test_the_price_is_kept_with_the_carrier(self):
        self._open().line_ids.sorted()[0].action_choose()
        self.assertEqual(self.request.freight_price, 30)
        self.request.write({"carrier_id": self.middle.id, "receiver": "Gate 2"})
        self.assertEqual(self.request.freight_price, 30)
        self.request.carrier_id = self.fast
        self.assertEqual(self.request.freight_price, 0)
        with self.assertRaises(AccessError):
            self.request.freight_price = 1

    def test_the_price_is_kept_in_the_companys_currency(self):
        abroad = self.env["res.currency"].create(
            {
                "name": "TFC",
                "symbol": "T",
                "rate_ids": [fields.Command.create({"rate": 2, "name": "2020-01-01"})],
            }
        )
        line = self._open().line_ids.sorted()[0]
        line.order_id.sudo().currency_id = abroad
        line.sudo().price = 60
        line.action_choose()
        self.assertEqual(self.request.freight_price, 30)

    def test_freight_is_summed_by_carrier_and_month(self):
        self._open().line_ids.sorted()[0].action_choose()
        groups = self.request._read_group(
            [("id", "=", self.request.id)],
            ["carrier_id", "issued_on:month"],
            ["freight_price:sum", "freight_price:sum_currency"],
        )
        self.assertEqual(groups, [(self.middle, False, 30, 30)])

    def test_an_order_gets_its_carrier_before_there_is_a_request(self):
        sheet = self._make_sheet().with_user(self.sales_admin)
        sheet.order_id.sudo().service_level_id = self.standard
        self._open(sheet).line_ids.sorted()[0].action_choose()
        self.assertEqual(sheet.carrier_id, self.middle)

    def test_nobody_serves_the_address(self):
        self.env["delivery.carrier"].search([]).country_ids = self.env.ref("base.de")
        self.assertFalse(self._open().line_ids)

    def test_who_may_not_write_the_request_does_not_choose(self):
        with self.assertRaises(AccessError):
            self.request.with_user(self.stranger).action_choose_carrier()

    def test_an_order_of_others_is_not_priced(self):
        line = self._open().line_ids.sorted()[0]
        other = self._make_sheet().order_id
        line.sudo().order_id = other
        with self.assertRaises(AccessError):
            line.action_rate()


@tagged("post_install", "-at_install")
class TestPaymentReady(OrderDeskDatesCommon):
    """Who pays on delivery is told to have the payment ready (SPEC G9)."""

    def setUp(self):
        super().setUp()
        self.customer.email = "customer@example.com"
        sheet = self._make_sheet()
        sheet.order_id.cash_on_delivery = True
        self.sheet = self._bring_to(sheet, "released")
        self.request = self._issue(self.sheet)

    def _todo(self):
        return self.request.sudo().activity_ids.filtered(
            lambda todo: (
                todo.activity_type_id
                == self.env.ref("order_desk_delivery.mail_activity_type_tell_payment")
            )
        )

    def _total(self):
        return f"{self.sheet.amount_total:,.2f}"

    def test_the_salesperson_has_to_tell_the_customer(self):
        self.request._update_todos()
        self.assertEqual(self._todo().user_id, self.salesperson)
        self.assertIn(self._total(), self.request.collect_on_delivery)

    def test_told_by_phone_the_to_do_goes(self):
        self.request.with_user(self.salesperson).action_tell_payment()
        self.assertFalse(self._todo())
        self.assertEqual(self.request.payment_told_by_id, self.salesperson)

    def test_the_mail_says_how_much(self):
        self.request.with_user(self.salesperson).action_tell_payment("email")
        message = self.request.message_ids.filtered(
            lambda m: self.customer in m.partner_ids
        )[:1]
        self.assertIn(self._total(), message.body)

    def test_a_second_tap_mails_nothing_more(self):
        request = self.request.with_user(self.salesperson)
        request.action_tell_payment("email")
        count = len(request.message_ids)
        with self.assertRaisesRegex(UserError, "was told to have"):
            request.action_tell_payment("email")
        self.assertEqual(len(request.message_ids), count)

    def test_told_anew_when_the_request_was_revised(self):
        self.request.with_user(self.salesperson).action_tell_payment()
        request = self.request.with_user(self.sales_admin)
        request.action_revise()
        request.line_ids.quantity = 4
        request.check_ids.is_looked = True
        request.action_issue()
        self.assertIn(request.collect_on_delivery, self._todo().summary)
        request.with_user(self.salesperson).action_tell_payment()
        self.assertFalse(self._todo())

    def test_a_part_is_asked_for_alone(self):
        sheet = self._make_sheet()
        sheet.order_id.cash_on_delivery = True
        sheet = self._bring_to(sheet, "released")
        request = self._issue(sheet, {sheet.order_line: 4})
        part = sheet.amount_total * 4 / 10
        self.assertIn(f"{part:,.2f}", request.collect_on_delivery)

    def test_who_pays_beforehand_is_not_told(self):
        request = self._issue(self._make_released())
        self.assertFalse(request.collect_on_delivery)
        with self.assertRaisesRegex(UserError, "nothing is to be paid"):
            request.action_tell_payment()

    def test_without_an_address_one_calls(self):
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.request.action_tell_payment("email")
        self.request.action_tell_payment("phone")

    def test_a_way_that_does_not_exist(self):
        with self.assertRaises(UserError):
            self.request.action_tell_payment("pigeon")

    def test_the_shipper_does_not_tell_the_customer(self):
        with self.assertRaises(AccessError):
            self.request.with_user(self.shipper).action_tell_payment()

    def test_that_somebody_was_told_is_not_typed_in(self):
        with self.assertRaises(AccessError):
            self.request.payment_told_via = "phone"
