from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_material import OrderDeskMaterialCommon


@tagged("post_install", "-at_install")
class TestMaterialGate(OrderDeskMaterialCommon):
    """The condition “material” of the production gate."""

    def _get_condition(self, sheet):
        self.env.invalidate_all()
        conditions = sheet.order_id._get_gate_conditions("production")
        return next(
            (c for c in conditions[sheet.order_id] if c["code"] == "material"), None
        )

    def test_release_waits_for_the_signed_statement(self):
        statement = self._state_material(10)
        condition = self._get_condition(statement.sheet_id)
        self.assertFalse(condition["holds"])
        self.assertIn("waits for the signature of purchasing", condition["reason"])
        self.assertEqual(condition["actor"], "Test buyer")
        statement.with_user(self.buyer).action_sign_purchasing()
        condition = self._get_condition(statement.sheet_id)
        self.assertIn("not signed for material control", condition["reason"])
        statement.with_user(self.material).action_sign_material()
        self.assertTrue(self._get_condition(statement.sheet_id)["holds"])

    def test_expired_statement_stops_the_release(self):
        self._fill_stock()
        sheet = self._make_at("confirming")
        self._confirm(sheet)
        with freeze_time(self._soon(30)):
            condition = self._get_condition(sheet)
            self.assertIn("held until", condition["reason"])
            with self.assertRaisesRegex(UserError, "Material statement"):
                sheet.with_user(self.clerk).action_release()

    def test_expired_statement_is_renewed(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        with freeze_time(self._soon(30)):
            self.env.invalidate_all()
            statement.with_user(self.material).action_read_again()
            self._sign_both(statement.sheet_id.material_statement_id)
            self.assertTrue(self._get_condition(statement.sheet_id)["holds"])

    def test_released_order_is_not_asked_for_validity(self):
        self._fill_stock()
        sheet = self._make_at("released")
        with freeze_time(self._soon(30)):
            self.assertTrue(self._get_condition(sheet)["holds"])

    def test_condition_opens_the_statement(self):
        sheet = self._state_material(10).sheet_id
        action = sheet.with_user(self.material).action_open_condition("material")
        self.assertEqual(action["res_model"], "order.desk.material.statement")
        self.assertEqual(action["res_id"], sheet.material_statement_id.id)

    def test_condition_is_waived_by_who_may(self):
        self.env["order.desk.waiver.right"]._create_default_rights(
            self.env.company, ("material",)
        )
        sheet = self._make_at("confirming")
        self._confirm(sheet)
        statement = sheet.material_statement_id.sudo()
        statement.valid_until = self._soon(-1)
        self.assertFalse(self._get_condition(sheet)["holds"])
        sheet.with_user(self.manager).action_waive(
            "production",
            "material",
            "The supplier has called",
            "New statement",
            self._soon(5),
        )
        self.assertTrue(self._get_condition(sheet)["holds"])
        sheet.with_user(self.clerk).action_release()
        self.assertEqual(sheet.state, "released")

    def test_orders_without_statement_are_not_stopped(self):
        self.roles["material_control_manager"].statement = "text"
        sheet = self._make_sheet()
        for step in (self._submit, self._approve):
            step(sheet)
        role = self.roles["material_control_manager"]
        sheet.with_user(self.material).action_sign(role.id, "All on hand")
        role.statement = "material"
        self.assertIsNone(self._get_condition(sheet))


@tagged("post_install", "-at_install")
class TestMaterialAlert(OrderDeskMaterialCommon):
    """What has got worse since it was signed is told."""

    def _follow(self):
        with self.enter_registry_test_mode():
            cron = self.env.ref("order_desk_mrp.ir_cron_follow_material")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_less_stock_than_signed_is_told(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        self._take_out(self.seal, 990)
        self._follow()
        self.assertEqual(statement.alert, "Test seal: 10 Units missing instead of 0.")
        self.assertEqual(statement.activity_ids.user_id, self.material | self.clerk)
        self.assertEqual(statement.sheet_id.material_alert, statement.alert)
        self.assertIn("got worse", statement.sheet_id.message_ids[0].body)

    def test_running_twice_tells_once(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        self._take_out(self.seal, 990)
        self._follow()
        count = len(statement.sheet_id.message_ids)
        self._follow()
        self.assertEqual(len(statement.sheet_id.message_ids), count)
        self.assertEqual(len(statement.activity_ids), 2)

    def test_later_arrival_than_signed_is_told(self):
        arrival = self._bring_in(self.seal, 30, days=4)
        statement = self._state_material(10)
        self._sign_both(statement)
        arrival.date += timedelta(days=10)
        self._follow()
        self.assertIn("Test seal: comes on", statement.alert)

    def test_nothing_new_is_no_alert(self):
        statement = self._state_material(10)
        self._sign_both(statement)
        self._follow()
        self.assertFalse(statement.alert)

    def test_what_did_not_come_on_the_stated_day_is_told(self):
        statement = self._state_material(10)
        self._sign_both(statement)
        with freeze_time(self._soon(6)):
            self._follow()
            self.assertIn("Test seal: 20 Units were expected on", statement.alert)

    def test_held_too_long_is_told_before_the_release(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        with freeze_time(self._soon(30)):
            self._follow()
            self.assertIn("It held until", statement.alert)

    def test_renewed_statement_clears_the_alert(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        self._take_out(self.seal, 990)
        self._follow()
        statement.with_user(self.material).action_read_again()
        self._sign_both(statement.sheet_id.material_statement_id)
        self.assertFalse(statement.sheet_id.material_alert)
        self.assertFalse(statement.activity_ids)

    def test_alert_goes_when_the_material_is_there_again(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        move = self._take_out(self.seal, 990)
        self._follow()
        move._action_cancel()
        self._follow()
        self.assertFalse(statement.alert)
        self.assertFalse(statement.activity_ids)

    def test_own_manufacturing_orders_do_not_worsen_it(self):
        self._put_in_stock(self.seal, 20)
        self._put_in_stock(self.core, 10)
        self._put_in_stock(self.wire, 5)
        sheet = self._make_at("released", 10)
        productions = self.env["mrp.production"].search([("sheet_id", "=", sheet.id)])
        self.assertEqual(len(productions), 3)
        productions.action_confirm()
        productions.action_assign()
        self._follow()
        self.assertFalse(sheet.material_alert)

    def test_made_orders_are_left_alone(self):
        self.roles["production_supervisor"].user_ids = False  # no instruction
        self._fill_stock()
        sheet = self._make_at("released", 10)
        statement = sheet.material_statement_id
        for product in (self.rotor, self.motor, self.pump):
            production = self._get_productions(sheet, product)
            production.action_confirm()
            production.qty_producing = production.product_qty
            production._set_qty_producing()
            production.button_mark_done()
        self.assertEqual(set(self._get_productions(sheet).mapped("state")), {"done"})
        self._take_out(self.seal, 1000)
        self._follow()
        self.assertFalse(statement.alert)

    def test_cron_treats_many_sheets(self):
        self._fill_stock()
        sheets = self._make_sheet(10) | self._make_sheet(10)
        self._bring_to(sheets, "countersign")
        self._sign_both(sheets.material_statement_id)
        self._take_out(self.seal, 1000)
        self._follow()
        self.assertTrue(all(sheets.mapped("material_alert")))


@tagged("post_install", "-at_install")
class TestMaterialRequest(OrderDeskMaterialCommon):
    def test_purchasing_gets_the_list_where_odoo_cannot_buy(self):
        for product in (self.seal, self.wire, self.core):
            product.seller_ids.unlink()
        statement = self._state_material(10)
        statement.with_user(self.material).action_request_purchase()
        todo = statement.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("order_desk_mrp.mail_activity_type_buy_material")
            )
        )
        self.assertEqual(todo.user_id, self.buyer)
        self.assertIn("Test seal: 20 Units missing", todo.note)
        # what is to be bought stays to be bought, and the buyer says when it is done
        self._sign_both(statement)
        self.assertTrue(todo.exists())
        todo.with_user(self.buyer).action_feedback(feedback="Ordered by phone")

    def test_never_twice_for_the_same_quantity(self):
        statement = self._state_material(10).with_user(self.material)
        self.assertTrue(statement.show_request)
        statement.action_request_purchase()
        self.assertFalse(statement.show_request)
        with self.assertRaisesRegex(UserError, "has not been requested already"):
            statement.action_request_purchase()

    def test_only_material_control_and_purchasing_request(self):
        statement = self._state_material(10)
        with self.assertRaises(UserError):
            statement.with_user(self.production).action_request_purchase()
        with self.assertRaises(AccessError):
            statement.with_user(self.stranger).action_request_purchase()

    def test_nothing_missing_is_nothing_to_request(self):
        self._fill_stock()
        statement = self._state_material(10)
        with self.assertRaisesRegex(UserError, "nothing is missing"):
            statement.with_user(self.buyer).action_request_purchase()


@tagged("-standard", "order_desk_purchase", "post_install", "-at_install")
class TestMaterialPurchase(OrderDeskMaterialCommon):
    """Where purchase_stock is installed, see tests/test_other_modules.py."""

    def test_missing_goods_come_on_a_request_for_quotation(self):
        statement = self._state_material(10).with_user(self.material)
        statement.action_request_purchase()
        requests = statement.sudo()._find_requests()
        self.assertEqual(requests.state, "draft")
        self.assertEqual(
            {line.product_id: line.product_qty for line in requests.order_line},
            {self.seal: 20, self.wire: 5, self.core: 10},
        )
        self.assertEqual(statement.request_count, 1)
        # read again: what is asked for is not asked for twice, more of it is
        statement.action_read_again()
        self.assertFalse(statement.show_request)
        statement.sheet_id.sudo().order_line.product_uom_qty = 12
        self.env.cr.precommit.run()
        statement.action_request_purchase()
        seal = requests.order_line.filtered(lambda li: li.product_id == self.seal)
        self.assertEqual(sum(seal.mapped("product_qty")), 24)


@tagged("post_install", "-at_install")
class TestMaterialPaper(OrderDeskMaterialCommon):
    def test_statement_is_printed(self):
        statement = self._state_material(10)
        self._sign_both(statement)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "order_desk_mrp.report_material_statement", statement.ids
        )[0]
        for text in (statement.name, "Test seal", "Test buyer", "Test material"):
            self.assertIn(text, html.decode())

    def test_sheet_opens_its_statements(self):
        statement = self._state_material(10)
        sheet = statement.sheet_id.with_user(self.clerk)
        self.assertEqual(sheet.action_open_material()["res_id"], statement.id)
        self.assertEqual(sheet.material_state, "draft")
        self.assertIn("Missing: 3 of 3 materials.", sheet.material_summary)
        self.assertEqual(
            sheet.action_view_materials()["domain"], [("sheet_id", "in", sheet.ids)]
        )

    def test_days_are_set_in_the_settings_of_the_desk(self):
        settings = self.env["order.desk.settings"].with_user(self.administrator)
        settings = settings.create({})
        settings.order_desk_material_days = 12
        settings.action_save()
        self.assertEqual(self.env.company.order_desk_material_days, 12)
