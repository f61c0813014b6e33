from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import PNG, OrderDeskCommon


@tagged("post_install", "-at_install")
class TestWaysAround(OrderDeskCommon):
    """Doors that are not on the screen: other people's activities, RPC, contexts."""

    def _stand_in(self, user, **vals):
        today = self._today()
        return (
            self.env["order.desk.stand.in"]
            .with_user(user)
            .create(
                {
                    "user_id": user.id,
                    "stand_in_id": self.stranger.id,
                    "date_from": today,
                    "date_to": today + timedelta(days=3),
                    **vals,
                }
            )
        )

    # ------------------------------------------------------------- beside the desk

    def test_employees_without_the_desk_still_finish_their_activities(self):
        activity = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.customer.id,
                "user_id": self.stranger.id,
                "summary": "Call back",
            }
        )
        activity.with_user(self.stranger).action_feedback(feedback="Called")
        self.assertFalse(activity.exists().active)

    # ------------------------------------------------------------- stand-ins

    def test_own_stand_in_does_not_become_that_of_somebody_else(self):
        stand_in = self._stand_in(self.engineer)
        with self.assertRaises(AccessError):
            stand_in.write(
                {"user_id": self.manager.id, "stand_in_id": self.engineer.id}
            )

    def test_supervisor_does_not_name_themselves(self):
        supervisor = new_test_user(
            self.env, "od_supervisor", groups="order_desk.group_order_desk_supervisor"
        )
        with self.assertRaisesRegex(UserError, "yourself"):
            self._stand_in(
                supervisor, user_id=self.manager.id, stand_in_id=supervisor.id
            )
        stand_in = self._stand_in(supervisor, user_id=self.manager.id)
        with self.assertRaisesRegex(UserError, "yourself"):
            stand_in.stand_in_id = supervisor

    def test_stand_in_of_a_member_of_the_group_gets_the_to_do(self):
        sheet = self._make_at("review")
        self._stand_in(self.administrator, user_id=self.checker.id)
        self.assertIn(self.stranger, sheet.activity_ids.user_id)

    # ------------------------------------------------------------- the price

    def test_what_is_unusual_about_a_price_is_not_written_by_rpc(self):
        sheet = self._make_sheet(discount=10)
        line = sheet.order_line.with_user(self.salesperson)
        for vals in ({"price_exception": False}, {"policy_price": 225}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                line.write(vals)
        self.assertEqual(line.price_exception, "off_list")

    def test_new_line_does_not_say_itself_what_is_unusual_about_its_price(self):
        sheet = self._make_sheet()
        values = {"policy_price": 1, "price_exception": False}
        order = sheet.order_id.with_user(self.salesperson)
        for context, vals in (
            ({}, values),
            ({f"default_{key}": value for key, value in values.items()}, {}),
        ):
            order.with_context(**context).order_line = [
                Command.create({"product_id": self.pump.id, "price_unit": 1, **vals})
            ]
            with self.subTest(context=context):
                self.assertEqual(sheet.order_line[-1:].price_exception, "off_list")

    def test_goods_called_a_down_payment_are_checked(self):
        sheet = self._make_sheet()
        sheet.order_line.with_user(self.salesperson).write(
            {"is_downpayment": True, "price_unit": 1}
        )
        self.assertEqual(sheet.order_line.price_exception, "off_list")

    def test_customer_does_not_read_what_we_think_of_the_price(self):
        portal = new_test_user(self.env, "od_portal", groups="base.group_portal")
        portal.partner_id.parent_id = self.customer
        sheet = self._make_sheet(discount=10)
        sheet.order_id.message_subscribe(portal.partner_id.ids)
        line = sheet.order_line.with_user(portal)
        self.assertTrue(line.read(["price_unit"]))
        for name in ("policy_price", "price_exception", "last_prices"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                line.read([name])

    def _sell_combo(self, **vals):
        """Return the line of a pump that is sold as the choice of a combo."""
        combo = self.env["product.combo"].create(
            {
                "name": "Pump",
                "combo_item_ids": [Command.create({"product_id": self.pump.id})],
            }
        )
        product = self.env["product.product"].create(
            {
                "name": "Pump set",
                "type": "combo",
                "list_price": 300,
                "combo_ids": [Command.set(combo.ids)],
            }
        )
        sheet = self._make_sheet()
        lines = self.env["sale.order.line"]
        set_line = lines.create(
            {"order_id": sheet.order_id.id, "product_id": product.id}
        )
        self.assertFalse(set_line.price_exception)
        return lines.create(
            {
                "order_id": sheet.order_id.id,
                "product_id": self.pump.id,
                "combo_item_id": combo.combo_item_ids.id,
                "linked_line_id": set_line.id,
            }
        )

    def test_choice_of_a_combo_has_the_price_of_its_share(self):
        line = self._sell_combo()
        self.assertEqual(line.price_unit, 300)
        self.assertFalse(line.price_exception)
        line.with_user(self.salesperson).price_unit = 1
        self.assertEqual(line.price_exception, "off_list")

    def test_cheap_goods_are_compared_with_the_decimals_of_prices(self):
        yen = self.env["res.currency"].with_context(active_test=False)
        yen = yen.search([("name", "=", "JPY")])
        yen.active = True
        pricelist = self.env["product.pricelist"].create(
            {"name": "Yen", "currency_id": yen.id}
        )
        sheet = self._make_sheet()
        sheet.order_id.pricelist_id = pricelist
        line = sheet.order_line
        line.price_unit = line.policy_price
        self.assertFalse(line.price_exception)
        line.price_unit -= 0.4
        self.assertEqual(line.price_exception, "off_list")

    # ------------------------------------------------------------- second look

    def test_who_entered_before_the_desk_does_not_take_the_second_look(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "team_id": self.plain_team.id}
        )
        self.env["sale.order.line"].with_user(self.checker).create(
            {"order_id": order.id, "product_id": self.pump.id}
        )
        order.with_user(self.clerk).action_make_sheet()
        sheet = order.sheet_id
        self.assertIn(self.checker, sheet.entered_by_ids)

    # ------------------------------------------------------------- roles

    def test_aspect_keeps_its_code(self):
        aspect = self.env.ref("order_desk.aspect_commercial")
        with self.assertRaisesRegex(UserError, "code"):
            aspect.with_user(self.administrator).code = "other"

    def test_context_of_a_client_does_not_wake_archived_roles(self):
        sheet = self._make_at("countersign")
        self.roles["chief_engineer"].active = False
        self.assertTrue(sheet.with_context(active_test=False).state)
        sheet.with_context(active_test=False)._get_roles()
        self.assertNotIn(
            self.roles["chief_engineer"], sheet._get_roles()[sheet.company_id]
        )

    def test_archived_class_does_not_become_the_strictest(self):
        classes = self.env["order.desk.customer.class"]
        strictest = classes._get_strictest()
        strictest.active = False
        classes.with_context(active_test=False)._get_strictest()
        self.assertNotEqual(classes._get_strictest(), strictest)

    def test_archived_role_of_the_review_approves_nothing(self):
        sheet = self._make_at("review")
        review = sheet._get_roles()[sheet.company_id].filtered(
            lambda role: role.step == "review"
        )
        review.active = False
        self.assertEqual(sheet.state, "review")
        self.assertEqual(sheet.order_state, "draft")

    # ------------------------------------------------------------- files

    def test_file_of_a_signature_does_not_turn_into_a_link(self):
        role = self.roles["chief_engineer"]
        role.write({"statement": "attachment", "statement_label": "Drawing"})
        sheet = self._make_sheet(special_requirement="Ceramic shaft")
        self._bring_to(sheet, "countersign")
        file = self.env["ir.attachment"].with_user(self.engineer)
        file = file.create({"name": "drawing.png", "raw": PNG})
        sheet.with_user(self.engineer).action_sign(role.id, attachments=file.ids)
        for vals in (
            {"type": "url", "url": "https://example.com"},
            {"mimetype": "text/plain"},
            {"db_datas": b"x"},
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "signed"):
                file.sudo().write(vals)

    def test_return_copy_does_not_change_before_it_is_verified(self):
        sheet = self._make_at("confirming")
        confirmation = self._send(sheet)
        self._file_return(confirmation)
        copy = confirmation.return_copy_ids.with_user(self.clerk)
        with self.assertRaises(UserError):
            copy.raw = PNG + b"0"
        with self.assertRaises(UserError):
            copy.unlink()

    # ------------------------------------------------------------- the customer's word

    def test_context_of_a_client_does_not_confirm_for_the_customer(self):
        sheet = self._make_at("confirming")
        now = fields.Datetime.now()
        desk = sheet.with_user(self.salesperson).with_context(
            default_state="verified",
            default_verified_on=now,
            default_read_on=now,
            default_read_by_id=self.clerk.id,
        )
        confirmation = desk.action_make_confirmation().sudo()
        self.assertEqual(confirmation.state, "draft")
        self.assertFalse(confirmation.verified_on)
        self.assertEqual(confirmation.unread_count, 2)

    # ------------------------------------------------------------- time

    def test_company_without_a_calendar_counts_every_day(self):
        company = self.env["res.company"].create({"name": "Round the clock"})
        company.resource_calendar_id = False
        company.partner_id.tz = "Asia/Shanghai"
        start = datetime(2026, 3, 2, 4)  # Monday noon in Shanghai
        self.assertEqual(
            company._order_desk_plan_hours(8, start), start + timedelta(hours=8)
        )
        end = datetime(2026, 3, 2, 15, 59, 59)
        self.assertEqual(company._order_desk_next_end_of_work(start), end)
        self.assertEqual(
            company._order_desk_next_end_of_work(end), end + timedelta(days=1)
        )
        self.assertEqual(
            company._order_desk_add_working_days(start.date(), 2),
            start.date() + timedelta(days=2),
        )

    def test_calendar_on_which_nobody_works_counts_every_day(self):
        company = self.env["res.company"].create({"name": "Nobody works"})
        company.resource_calendar_id.attendance_ids = False
        start = datetime(2026, 3, 2, 4)
        self.assertLess(
            company._order_desk_next_end_of_work(start), start + timedelta(days=1)
        )
        self.assertEqual(
            company._order_desk_add_working_days(start.date(), 2),
            start.date() + timedelta(days=2),
        )

    def test_flexible_calendar_counts(self):
        company = self.env["res.company"].create({"name": "Flexible"})
        company.resource_calendar_id.flexible_hours = True
        start = datetime(2026, 3, 2, 4)
        self.assertGreater(company._order_desk_plan_hours(8, start), start)
        self.assertEqual(
            company._order_desk_add_working_days(start.date(), 3),
            start.date() + timedelta(days=3),
        )

    # ------------------------------------------------------------- escalation

    def test_who_is_late_does_not_put_it_off(self):
        sheet = self._make_at("countersign")
        todo = sheet.activity_ids.filtered(lambda a: a.user_id == self.engineer)
        for vals in (
            {"date_deadline": self._soon(300)},
            {"user_id": self.stranger.id},
            {"automated": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                todo.with_user(self.engineer).write(vals)
        todo.with_user(self.engineer).note = "Drawing ordered"

    def test_price_cut_after_the_release_goes_to_the_sales_manager(self):
        sheet = self._make_at("released")
        sheet.order_id.action_unlock()
        sheet.order_line.with_user(self.salesperson).price_unit = 1
        roles = sheet._get_roles_to_sign()[sheet]
        self.assertIn(self.roles["sales_manager"], roles)

    def test_late_order_that_is_nobodys_is_no_trouble(self):
        sheet = self._make_at("countersign")
        sheet.clerk_id = False
        sheet.order_id.user_id = False
        past = fields.Datetime.now() - timedelta(days=30)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_activity SET create_date = %s, date_deadline = %s"
            " WHERE res_model = 'order.desk.sheet' AND res_id = %s",
            [past, past.date(), sheet.id],
        )
        self.env.invalidate_all()
        sheet._advance()
        self.assertTrue(all(activity.user_id for activity in sheet.activity_ids))

    def test_dialogs_tell_nothing_of_the_sheets_of_others(self):
        sheet = self._make_at("confirming")
        confirmation = self._send(sheet)
        other = new_test_user(
            self.env, login="od_other", groups="sales_team.group_sale_salesman"
        )
        for model, values, name in (
            ("order.desk.sheet.relax", {"sheet_id": sheet.id}, "finish_date"),
            (
                "order.desk.confirmation.send.back",
                {"confirmation_id": confirmation.id},
                "partner_id",
            ),
        ):
            dialog = self.env[model].with_user(other).create(values)
            with self.subTest(model=model), self.assertRaises(AccessError):
                dialog.read([name])
