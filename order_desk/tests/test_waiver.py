from datetime import timedelta

from psycopg2 import errors

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import OrderDeskCommon


class WaiverCommon(OrderDeskCommon):
    """An order in the confirming step whose customer owes a deposit of 30 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rights = cls.env["order.desk.waiver.right"].search(
            [("company_id", "=", cls.env.company.id)]
        )
        cls.rights.max_amount = 0.0
        cls.class_terms.deposit_percent = 30

    @classmethod
    def _get_condition(cls, sheet, code, gate="production", user=None):
        order = sheet.order_id.with_user(user or cls.env.user).sudo()
        return next(c for c in order[f"{gate}_gate"] if c["code"] == code)

    def _waive(self, sheets, condition="deposit", gate="production", user=None, **vals):
        sheets.with_user(user or self.manager).action_waive(
            gate,
            condition,
            **{
                "reason": "Old friend",
                "make_good": "The deposit",
                "make_good_by": self._soon(5),
                **vals,
            },
        )
        return sheets.waiver_ids.sorted("id")[-len(sheets) :]


@tagged("post_install", "-at_install")
class TestWaiver(WaiverCommon):
    # ------------------------------------------------------------- giving

    def test_waived_deposit_and_confirmation_let_the_order_be_released(self):
        sheet = self._make_at("confirming")
        with self.assertRaises(UserError):
            sheet.with_user(self.clerk).action_release()
        self._waive(sheet, "confirmation")
        self._waive(sheet, "deposit")
        sheet.with_user(self.clerk).action_release()
        self.assertEqual(sheet.state, "released")
        self.assertTrue(sheet.order_id.picking_ids)
        self.assertFalse(sheet.order_id._get_order_desk_held())

    def test_waiver_says_who_waived_what_why_and_what_is_owed(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        self.assertRecordValues(
            waiver,
            [
                {
                    "gate": "production",
                    "condition": "deposit",
                    "reason": "Old friend",
                    "make_good": "The deposit",
                    "make_good_by": self._soon(5),
                    "user_id": self.manager.id,
                    "role_id": self.roles["general_manager"].id,
                    "partner_id": self.customer.id,
                    "covered_total": sheet.amount_total,
                    "covered_missing": sheet.order_id.deposit_required,
                    "state": "open",
                    "made_good_on": False,
                }
            ],
        )
        condition = self._get_condition(sheet, "deposit")
        self.assertTrue(condition["holds"])
        self.assertEqual(condition["waiver"]["id"], waiver.id)
        self.assertEqual(condition["waiver"]["user"], self.manager.name)
        self.assertFalse(condition["waiver"]["overdue"])

    def test_many_orders_are_waived_at_once(self):
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "confirming")
        waivers = self._waive(sheets)
        self.assertEqual(waivers.sheet_id, sheets)

    def test_of_many_orders_none_is_waived_when_one_cannot_be(self):
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "confirming")
        self._waive(sheets[0])
        with self.assertRaises(UserError) as caught:
            self._waive(sheets)
        self.assertIn(sheets[0].order_id.name, str(caught.exception))
        self.assertFalse(sheets[1].waiver_ids)

    def test_salesperson_and_clerk_are_told_and_the_chatter_tells_the_story(self):
        sheet = self._make_at("confirming")
        self._waive(sheet)
        self.assertIn("Old friend", "".join(sheet.message_ids.mapped("body")))
        told = self.env["mail.message"].search(
            [
                ("model", "=", "order.desk.sheet"),
                ("res_id", "=", sheet.id),
                ("message_type", "=", "user_notification"),
                ("body", "like", "Old friend"),
            ]
        )
        people = (self.salesperson | self.clerk).partner_id
        self.assertEqual(told.partner_ids & people, people)

    def test_stand_in_waives_on_behalf(self):
        sheet = self._make_at("confirming")
        today = self._today()
        self.env["order.desk.stand.in"].create(
            {
                "user_id": self.manager.id,
                "stand_in_id": self.stranger.id,
                "date_from": today,
                "date_to": today,
            }
        )
        waiver = self._waive(sheet, user=self.stranger)
        self.assertEqual(waiver.user_id, self.stranger)
        self.assertEqual(waiver.on_behalf_of_id, self.manager)

    # ------------------------------------------------------------- who may

    def test_button_is_there_for_those_alone_who_may(self):
        sheet = self._make_at("confirming")
        mine = self._get_condition(sheet, "deposit", user=self.manager)
        self.assertEqual(mine["waive"]["gate"], "production")
        self.assertNotIn(
            "waive", self._get_condition(sheet, "deposit", user=self.clerk)
        )

    def test_nobody_waives_without_the_right(self):
        sheet = self._make_at("confirming")
        for user in (self.salesperson, self.clerk, self.administrator, self.production):
            with self.assertRaises(UserError):
                self._waive(sheet, user=user)
        self.assertFalse(sheet.waiver_ids)

    def test_stranger_does_not_reach_the_sheet(self):
        sheet = self._make_at("confirming")
        with self.assertRaises(AccessError):
            self._waive(sheet, user=self.stranger)

    def test_named_person_waives_up_to_their_amount(self):
        self.env["order.desk.waiver.right"].create(
            {"condition": "deposit", "user_ids": self.clerk.ids, "max_amount": 100}
        )
        sheet = self._make_at("confirming")
        self.assertGreater(sheet.order_id.deposit_required, 100)
        self.assertNotIn(
            "waive", self._get_condition(sheet, "deposit", user=self.clerk)
        )
        with self.assertRaises(UserError) as caught:
            self._waive(sheet, user=self.clerk)
        self.assertIn("100", str(caught.exception))
        small = self._make_at("confirming", quantity=1)
        self.assertTrue(self._waive(small, user=self.clerk))

    def test_amount_without_exchange_rate_is_beyond_every_limit(self):
        self.rights.filtered(lambda r: r.condition == "deposit").max_amount = 10**9
        currency = self.env["res.currency"].create({"name": "XTA", "symbol": "x"})
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        sheet = self._make_sheet()
        sheet.order_id.pricelist_id = pricelist
        sheet.order_id._recompute_prices()
        self._bring_to(sheet, "confirming")
        with self.assertRaisesRegex(UserError, "exchange rate"):
            self._waive(sheet)
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2.0, "name": "2020-01-01"}
        )
        self.assertTrue(self._waive(sheet))

    def test_group_of_a_right_may_waive_at_its_gate_alone(self):
        self.env["order.desk.waiver.right"].create(
            {
                "condition": "deposit",
                "gate": "shipping",
                "group_id": self.env.ref("order_desk.group_order_desk_clerk").id,
            }
        )
        sheet = self._make_at("confirming")
        with self.assertRaises(UserError):
            self._waive(sheet, user=self.clerk)

    def test_named_person_reads_sheets(self):
        right = self.env["order.desk.waiver.right"].create(
            {"condition": "deposit", "user_ids": self.stranger.ids}
        )
        sheet = self._make_at("confirming")
        self.assertTrue(self._waive(sheet, user=self.stranger))
        right.unlink()
        self.assertFalse(sheet.with_user(self.stranger).has_access("read"))

    def test_right_names_somebody(self):
        with self.assertRaises(ValidationError):
            self.env["order.desk.waiver.right"].create({"condition": "deposit"})

    def test_no_right_for_what_has_to_be_met(self):
        for condition in ("complete", "codes", "released", "sign:general_manager"):
            with self.assertRaises(ValueError):
                self.env["order.desk.waiver.right"].create(
                    {"condition": condition, "user_ids": self.manager.ids}
                )

    def test_administrator_alone_gives_rights(self):
        for user in (self.clerk, self.manager):
            with self.assertRaises(AccessError):
                self.rights[0].with_user(user).max_amount = 5
        self.rights[0].with_user(self.administrator).max_amount = 5
        self.assertEqual(self.rights[0].max_amount, 5)

    def test_new_company_has_the_standard_rights_for_its_own_roles(self):
        company = self.env["res.company"].create({"name": "Branch"})
        rights = self.env["order.desk.waiver.right"].search(
            [("company_id", "=", company.id)]
        )
        # modules add conditions of their own
        conditions = {key for key, _label in rights._selection_condition()}
        self.assertEqual(set(rights.mapped("condition")), conditions)
        self.assertEqual(rights.role_id.mapped("company_id"), company)

    # ------------------------------------------------------------- bad input

    def test_reason_what_and_when_are_asked_for(self):
        sheet = self._make_at("confirming")
        for vals in (
            {"reason": "  "},
            {"make_good": False},
            {"make_good_by": False},
            {"make_good_by": "soon"},
            {"make_good_by": self._soon(-2)},
            {"reason": ["x"], "make_good_by": {"a": 1}},
        ):
            with self.assertRaises(UserError):
                self._waive(sheet, **vals)
        self.assertFalse(sheet.waiver_ids)

    def test_what_holds_is_not_waived(self):
        sheet = self._make_at("confirming")
        self._confirm(sheet)
        with self.assertRaises(UserError):
            self._waive(sheet, "confirmation")

    def test_what_is_waived_is_not_waived_again(self):
        sheet = self._make_at("confirming")
        self._waive(sheet)
        with self.assertRaises(UserError) as caught:
            self._waive(sheet)
        self.assertIn(self.manager.name, str(caught.exception))

    def test_unknown_conditions_and_gates_are_refused(self):
        sheet = self._make_at("countersign")
        for gate, condition in (
            ("production", "nothing"),
            ("nowhere", "deposit"),
            (["production"], ["deposit"]),
            ("shipping", "deposit"),
            ("production", "sign:chief_engineer"),
            ("production", "codes"),
            ("shipping", "released"),
        ):
            with self.assertRaises(UserError):
                self._waive(sheet, condition, gate)

    def test_nothing_is_waived_before_the_contract(self):
        sheet = self._make_at("review")
        with self.assertRaises(UserError):
            self._waive(sheet)
        self.assertNotIn(
            "waive", self._get_condition(sheet, "deposit", user=self.manager)
        )

    def test_context_and_rpc_do_not_forge_a_waiver(self):
        sheet = self._make_at("confirming")
        vals = {
            "sheet_id": sheet.id,
            "gate": "production",
            "condition": "deposit",
            "user_id": self.manager.id,
        }
        for user in (self.manager, self.clerk, self.administrator):
            with self.assertRaises(AccessError):
                self.env["order.desk.waiver"].with_user(user).create(vals)
            with self.assertRaises(AccessError):
                sheet.with_user(user).write({"waiver_ids": [(0, 0, vals)]})
        with self.assertRaises(UserError):
            sheet.with_user(self.clerk).with_context(
                default_user_id=self.manager.id, order_desk_waive=True
            ).action_waive("production", "deposit", "Because", "All", self._soon())
        waiver = self._waive(
            sheet.with_context(default_state="made_good", default_user_id=self.clerk.id)
        )
        self.assertEqual(waiver.state, "open")
        self.assertEqual(waiver.user_id, self.manager)

    def test_waiver_is_never_changed_or_deleted(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        for user in (self.manager, self.administrator):
            for vals in ({"reason": "Better"}, {"state": "withdrawn"}):
                with self.assertRaises(AccessError):
                    waiver.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                waiver.with_user(user).unlink()
        with self.assertRaises(UserError):
            waiver.reason = "Better"
        with self.assertRaises(UserError):
            waiver.unlink()

    def test_waiver_is_not_changed_or_deleted_by_sql(self):
        waiver = self._waive(self._make_at("confirming"))
        self.env.flush_all()
        for query in (
            "UPDATE order_desk_waiver SET reason = 'Better' WHERE id = %s",
            "UPDATE order_desk_waiver SET covered_missing = 9999 WHERE id = %s",
            "DELETE FROM order_desk_waiver WHERE id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(errors.RaiseException),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, (waiver.id,))

    def test_other_company_is_out_of_reach(self):
        sheet = self._make_at("confirming")
        other = self.env["res.company"].create({"name": "Other"})
        role = self.env["order.desk.role"].search(
            [("company_id", "=", other.id), ("code", "=", "general_manager")]
        )
        self.stranger.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        role.user_ids = self.stranger
        with self.assertRaises(AccessError):
            self._waive(sheet, user=self.stranger)
        # who works in both companies still needs the right of the order's company
        self.stranger.company_ids |= self.env.company
        with self.assertRaises(UserError):
            self._waive(
                sheet.with_context(allowed_company_ids=[other.id, self.env.company.id]),
                user=self.stranger,
            )

    # ------------------------------------------------------------- what it covers

    def test_order_that_grows_is_asked_again(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        sheet.order_id.order_line.product_uom_qty = 11
        condition = self._get_condition(sheet, "deposit")
        self.assertFalse(condition["holds"])
        self.assertIn(self.manager.name, condition["reason"])
        again = self._waive(sheet)
        self.assertEqual(waiver.state, "lapsed")
        self.assertTrue(self._get_condition(sheet, "deposit")["holds"])
        self.assertEqual(again.covered_total, sheet.amount_total)

    def test_order_that_shrinks_stays_waived(self):
        sheet = self._make_at("confirming")
        self._waive(sheet)
        sheet.order_id.order_line.product_uom_qty = 9
        self.assertTrue(self._get_condition(sheet, "deposit")["holds"])

    def test_stricter_class_is_asked_again(self):
        sheet = self._make_at("confirming")
        self._waive(sheet)
        self.class_terms.deposit_percent = 40
        self.env.invalidate_all()
        self.assertFalse(self._get_condition(sheet, "deposit")["holds"])

    def test_other_customer_is_asked_again(self):
        sheet = self._make_at("confirming")
        self._waive(sheet)
        other = self.customer.copy({"name": "Somebody else"})
        other.order_desk_class_id = self.class_terms
        sheet.order_id.partner_id = other
        sheet.order_id.order_line.price_unit = 1.0
        self.assertFalse(self._get_condition(sheet, "deposit")["holds"])

    def test_customer_who_is_merged_stays_waived(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        twin = self.customer.copy({"name": self.customer.name})
        twin.order_desk_class_id = self.class_terms
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.customer | twin).ids, twin
        )
        self.env.invalidate_all()
        self.assertEqual(waiver.partner_id, twin)
        self.assertTrue(self._get_condition(sheet, "deposit")["holds"])

    def test_changed_content_asks_for_the_confirmation_again(self):
        sheet = self._make_at("confirming")
        self._waive(sheet, "confirmation")
        self.assertTrue(self._get_condition(sheet, "confirmation")["holds"])
        sheet.order_id.order_line.product_uom_qty = 9
        self.assertFalse(self._get_condition(sheet, "confirmation")["holds"])

    def test_cancelled_order_starts_anew(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        sheet.order_id._action_cancel()
        self.assertEqual(waiver.state, "lapsed")
        sheet.order_id.action_draft()
        self._bring_to(sheet, "countersign")
        self.assertFalse(self._get_condition(sheet, "deposit")["holds"])

    # ------------------------------------------------------------- closing

    def test_withdrawn_waiver_closes_the_gate(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        waiver.with_user(self.manager).action_withdraw("Changed my mind")
        self.assertEqual(waiver.state, "withdrawn")
        self.assertEqual(waiver.withdrawn_by_id, self.manager)
        self.assertFalse(self._get_condition(sheet, "deposit")["holds"])
        self.assertIn("Changed my mind", "".join(sheet.message_ids.mapped("body")))
        with self.assertRaises(UserError):
            waiver.with_user(self.manager).action_withdraw("Again")

    def test_author_and_superior_alone_withdraw(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        for user in (self.clerk, self.administrator, self.production):
            with self.assertRaises(AccessError):
                waiver.with_user(user).action_withdraw("No")
        self.roles["general_manager"].superior_id = self.engineer
        with self.assertRaises(UserError):
            waiver.with_user(self.engineer).action_withdraw(" ")
        waiver.with_user(self.engineer).action_withdraw("No")
        self.assertEqual(waiver.state, "withdrawn")

    def test_made_good_by_hand_goes_on_to_count(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet, "confirmation")
        with self.assertRaises(AccessError):
            waiver.with_user(self.production).action_made_good("Mail of today")
        with self.assertRaises(UserError):
            waiver.with_user(self.manager).action_made_good("")
        waiver.with_user(self.manager).action_made_good("Mail of today")
        self.assertEqual(waiver.state, "made_good")
        self.assertEqual(waiver.made_good_by_id, self.manager)
        self.assertTrue(waiver.made_good_on)
        self.assertTrue(self._get_condition(sheet, "confirmation")["holds"])
        self.assertFalse(sheet.waiver_note)

    def test_supervisor_makes_good(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet, "confirmation")
        self.clerk.group_ids |= self.env.ref("order_desk.group_order_desk_supervisor")
        waiver.with_user(self.clerk).action_made_good("On paper")
        self.assertEqual(waiver.made_good_by_id, self.clerk)

    def test_money_is_not_made_good_by_hand(self):
        waiver = self._waive(self._make_at("confirming"))
        with self.assertRaises(UserError):
            waiver.with_user(self.manager).action_made_good("I saw it")

    def test_return_copy_makes_the_confirmation_good(self):
        sheet = self._make_at("confirming")
        waivers = self._waive(sheet, "confirmation") | self._waive(sheet)
        sheet.with_user(self.clerk).action_release()
        self.assertFalse(self._get_condition(sheet, "confirmation").get("reason") == "")
        self._confirm(sheet)
        sheet._make_good_waivers()
        self.assertEqual(waivers.mapped("state"), ["made_good", "open"])
        self.assertFalse(waivers[0].made_good_by_id)
        self.assertTrue(self._get_condition(sheet, "confirmation")["holds"])

    def test_class_that_asks_no_deposit_any_more_makes_it_good(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        self.class_terms.deposit_percent = 0
        self.env.invalidate_all()
        sheet._make_good_waivers()
        self.assertEqual(waiver.state, "made_good")

    # ------------------------------------------------------------- two at once

    def test_second_of_two_gets_a_message(self):
        sheet = self._make_at("confirming")
        waiver = self._waive(sheet)
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                """
                INSERT INTO order_desk_waiver (sheet_id, partner_id, gate, condition,
                    reason, make_good, make_good_by, user_id, given_on, revision_id,
                    currency_id, state)
                SELECT sheet_id, partner_id, gate, condition, reason, make_good,
                    make_good_by, user_id, given_on, revision_id, currency_id, state
                FROM order_desk_waiver WHERE id = %s
                """,
                (waiver.id,),
            )

    # ------------------------------------------------------------- reminding

    def _get_reminders(self, user):
        return self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("subject", "like", "not made good in time"),
            ]
        )

    def test_author_and_superior_are_reminded_once_a_day_until_it_is_made_good(self):
        self.roles["general_manager"].superior_id = self.engineer
        self.env.company.resource_calendar_id = False
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "confirming")
        waivers = self._waive(sheets, "confirmation", make_good_by=self._soon(1))
        cron = self.env.ref("order_desk.ir_cron_follow_waivers").method_direct_trigger
        with self.enter_registry_test_mode():
            cron()
        self.assertFalse(self._get_reminders(self.manager))
        others = self._get_reminders(self.engineer)  # of the demo factory
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            for _run in range(2):
                with self.enter_registry_test_mode():
                    cron()
            for user in (self.manager, self.engineer):
                reminder = self._get_reminders(user) - others
                self.assertEqual(len(reminder), 1)
                for sheet in sheets:
                    self.assertIn(sheet.order_id.name, reminder.body)
                    self.assertIn(user, sheet.activity_ids.user_id)
            self.assertFalse(self._get_reminders(self.clerk))
            self.assertTrue(waivers[0].is_overdue)
            overdue = self.env["order.desk.waiver"].search([("is_overdue", "=", True)])
            self.assertEqual(overdue & waivers, waivers)
        with freeze_time(fields.Datetime.now() + timedelta(days=4)):
            with self.enter_registry_test_mode():
                cron()
            self.assertEqual(len(self._get_reminders(self.manager)), 2)
            waivers.with_user(self.manager).action_made_good("Done")
            self.assertNotIn(self.manager, sheets.activity_ids.user_id)
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            with self.enter_registry_test_mode():
                cron()
            self.assertEqual(len(self._get_reminders(self.manager)), 2)

    def test_one_waiver_with_trouble_keeps_nobody_from_being_reminded(self):
        self.env.company.resource_calendar_id = False
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "confirming")
        bad, good = self._waive(sheets, "confirmation", make_good_by=self._soon(1))
        get_reminded = type(bad)._get_reminded

        def break_down(waiver):
            if waiver == bad:
                raise ValueError("Broken")
            return get_reminded(waiver)

        self.patch(type(bad), "_get_reminded", break_down)
        cron = self.env.ref("order_desk.ir_cron_follow_waivers").method_direct_trigger
        with (
            freeze_time(fields.Datetime.now() + timedelta(days=3)),
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.order_desk.models.ir_cron", "ERROR"),
        ):
            cron()
        self.assertIn(good.order_id.name, self._get_reminders(self.manager).body)

    def test_nobody_is_reminded_on_a_day_off(self):
        waiver = self._waive(self._make_at("confirming"))
        calendar = self.env["resource.calendar"].create({"name": "Only Mondays"})
        calendar.attendance_ids.filtered(lambda a: a.dayofweek != "0").unlink()
        self.env.company.resource_calendar_id = calendar
        day = waiver.make_good_by + timedelta(days=1)
        day += timedelta(days=(1 - day.weekday()) % 7)  # a Tuesday
        with freeze_time(f"{day} 04:00:00"):
            waiver._remind()
            self.assertFalse(self._get_reminders(self.manager))
        with freeze_time(f"{day + timedelta(days=6)} 04:00:00"):
            waiver._remind()
            self.assertTrue(self._get_reminders(self.manager))

    def test_without_a_superior_the_sales_manager_is_reminded(self):
        waiver = self._waive(self._make_at("confirming"))
        self.assertEqual(waiver._get_superior(), self.sales_manager)

    # ------------------------------------------------------------- seeing it

    def test_order_sheet_and_transfer_show_what_is_waived(self):
        sheet = self._make_at("confirming")
        self._waive(sheet, "confirmation")
        self._waive(sheet)
        sheet.with_user(self.clerk).action_release()
        picking = sheet.order_id.picking_ids
        warehouse = self.stranger
        warehouse.group_ids |= self.env.ref("stock.group_stock_user")
        for record in (
            sheet.with_user(self.salesperson),
            sheet.order_id.with_user(self.salesperson),
            picking.with_user(warehouse),
        ):
            self.assertIn("Old friend", record.waiver_note)
            self.assertIn(self.manager.name, record.waiver_note)
        self.assertFalse(sheet.with_user(warehouse).has_access("read"))
        self.assertEqual(sheet.open_waiver_count, 2)
        self.assertIn(
            sheet,
            self.env["order.desk.sheet"].search([("waiver_ids.state", "=", "open")]),
        )

    def test_shipping_papers_and_the_printed_sheet_name_waivers(self):
        sheet = self._make_at("confirming")
        self._waive(sheet, "confirmation")
        self._waive(sheet)
        sheet.with_user(self.clerk).action_release()
        reports = self.env["ir.actions.report"].with_user(self.clerk)
        self.clerk.group_ids |= self.env.ref("stock.group_stock_user")
        for name in ("stock.report_deliveryslip", "stock.report_picking"):
            html = reports._render_qweb_html(name, sheet.order_id.picking_ids.ids)[0]
            self.assertIn("order_desk_waivers", html.decode())
            self.assertNotIn("Old friend", html.decode())
        html = reports._render_qweb_html("order_desk.report_sheet", sheet.ids)[0]
        self.assertIn("Old friend", html.decode())

    def test_salesperson_reads_the_waivers_of_own_orders_alone(self):
        mine = self._waive(self._make_at("confirming"))
        sheet = self._make_sheet()
        sheet.order_id.user_id = self.clerk
        other = self._waive(self._bring_to(sheet, "confirming"))
        waivers = self.env["order.desk.waiver"].with_user(self.salesperson).search([])
        self.assertEqual(waivers & (mine | other), mine)
        self.assertFalse(mine.with_user(self.stranger).has_access("read"))

    # ------------------------------------------------------------- dialogs

    def test_dialog_proposes_what_the_user_may_waive(self):
        sheets = self._make_sheet() | self._make_sheet()
        self._bring_to(sheets, "confirming")
        action = sheets.with_user(self.manager).action_open_waive()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.manager)
        self.assertEqual(
            set(wizard.line_ids.mapped("condition")), {"deposit", "confirmation"}
        )
        self.assertGreater(wizard.make_good_by, self._today())
        with Form(wizard) as form:
            form.reason = "Fair"
        with self.assertRaises(UserError):  # each is ticked by whoever decides
            wizard.action_confirm()
        wizard.line_ids.filtered(
            lambda line: line.condition == "deposit"
        ).is_chosen = True
        wizard.action_confirm()
        waivers = sheets.waiver_ids
        self.assertEqual(waivers.mapped("condition"), ["deposit"] * 2)
        for waiver in waivers:
            missing = waiver.currency_id.format(waiver.covered_missing)
            self.assertIn(missing, waiver.make_good)

    def test_dialog_of_one_condition(self):
        sheet = self._make_at("confirming")
        action = sheet.with_user(self.manager).action_open_waive(
            "production", "deposit"
        )
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.line_ids.condition, "deposit")
        wizard.line_ids.is_chosen = False
        with self.assertRaises(UserError):
            wizard.with_user(self.manager).action_confirm()
        with self.assertRaises(UserError):
            sheet.with_user(self.clerk).action_open_waive("production", "deposit")

    def test_closing_dialogs(self):
        sheet = self._make_at("confirming")
        waivers = self._waive(sheet, "confirmation") | self._waive(sheet)
        for waiver, action, state in (
            (waivers[0], "action_open_close", "made_good"),
            (waivers[1], "action_open_withdraw", "withdrawn"),
        ):
            opened = getattr(waiver.with_user(self.manager), action)()
            wizard = self.env[opened["res_model"]].browse(opened["res_id"])
            wizard.with_user(self.manager).note = "Well"
            wizard.with_user(self.manager).action_apply()
            self.assertEqual(waiver.state, state)
