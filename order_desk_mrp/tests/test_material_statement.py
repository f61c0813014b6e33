from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_material import OrderDeskMaterialCommon


@tagged("post_install", "-at_install")
class TestMaterialFigures(OrderDeskMaterialCommon):
    """What a statement says about the material of an order."""

    def test_statement_is_made_when_the_sheet_gets_to_countersigning(self):
        sheet = self._make_sheet()
        self._submit(sheet)
        self.assertFalse(sheet.material_statement_id)
        self._approve(sheet)
        self.assertRegex(sheet.material_statement_id.name, r"^MS\d{4}-")

    def test_whole_order_is_exploded_over_all_levels(self):
        statement = self._state_material(10)
        self.assertEqual(
            {line.product_id: line.needed_qty for line in statement.line_ids},
            {
                self.motor: 10,
                self.seal: 20,
                self.rotor: 10,
                self.wire: 5,
                self.core: 10,
            },
        )

    def test_lines_with_the_same_material_are_added_up(self):
        sheet = self._make_sheet(10)
        line = sheet.order_line.copy({"order_id": sheet.order_id.id})
        line.product_uom_qty = 5
        self._configure(line)
        self._bring_to(sheet, "countersign")
        seal = self._get_line(sheet.material_statement_id, self.seal)
        self.assertEqual(seal.needed_qty, 30)

    def test_what_is_made_is_exploded_net_of_what_is_free(self):
        self._put_in_stock(self.motor, 4)
        statement = self._state_material(10)
        self.assertRecordValues(
            self._get_line(statement, self.motor),
            [{"needed_qty": 10, "free_qty": 4, "to_make_qty": 6, "status": "made"}],
        )
        self.assertEqual(self._get_line(statement, self.wire).needed_qty, 3)
        self.assertEqual(self._get_line(statement, self.core).needed_qty, 6)

    def test_kit_is_taken_apart(self):
        bag = self.env["product.product"].create({"name": "Test bag of seals"})
        self._make_bom(bag, {self.seal: 3}, type="phantom")
        self.pump_bom.bom_line_ids[-1].product_id = bag
        statement = self._state_material(10)
        self.assertEqual(self._get_line(statement, self.seal).needed_qty, 60)
        self.assertFalse(self._get_line(statement, bag))

    def test_ordered_kit_is_taken_apart(self):
        self.pump_bom.type = "phantom"
        statement = self._state_material(10)
        self.assertEqual(self._get_line(statement, self.seal).needed_qty, 20)
        self.assertEqual(self._get_line(statement, self.core).needed_qty, 10)

    def test_missing_comes_after_the_lead_time_of_the_supplier(self):
        self._put_in_stock(self.seal, 5)
        statement = self._state_material(10)
        self.assertRecordValues(
            self._get_line(statement, self.seal),
            [
                {
                    "on_hand_qty": 5,
                    "missing_qty": 15,
                    "earliest_date": self._soon(3),
                    "expected_missing_qty": 15,
                    "expected_date": self._soon(3),
                    "status": "missing",
                }
            ],
        )

    def test_incoming_covers_with_its_date(self):
        self._bring_in(self.seal, 30, days=6)
        statement = self._state_material(10)
        day = self._soon(6)
        self.assertRecordValues(
            self._get_line(statement, self.seal),
            [
                {
                    "incoming_qty": 30,
                    "incoming_date": day,
                    "missing_qty": 0,
                    "earliest_date": day,
                    "status": "coming",
                }
            ],
        )

    def test_reserved_for_others_is_not_free(self):
        self._put_in_stock(self.seal, 25)
        self._take_out(self.seal, 10)
        statement = self._state_material(10)
        self.assertRecordValues(
            self._get_line(statement, self.seal),
            [
                {
                    "on_hand_qty": 25,
                    "reserved_qty": 10,
                    "free_qty": 15,
                    "missing_qty": 5,
                }
            ],
        )

    def test_what_is_reserved_for_later_is_not_taken_before(self):
        self._put_in_stock(self.seal, 20)
        self._take_out(self.seal, 20, days=20)
        self._bring_in(self.seal, 20, days=10)
        seal = self._get_line(self._state_material(10), self.seal)
        day = self._soon(10)
        self.assertEqual((seal.missing_qty, seal.earliest_date), (0, day))

    def test_what_is_made_is_not_taken_from_what_is_reserved(self):
        self._put_in_stock(self.motor, 4)
        self._take_out(self.motor, 4, days=20)
        self._bring_in(self.motor, 4, days=10)
        motor = self._get_line(self._state_material(10), self.motor)
        self.assertEqual(motor.to_make_qty, 10)

    def test_what_others_take_later_is_theirs_but_what_comes_before_helps(self):
        self._put_in_stock(self.seal, 20)
        self._take_out(self.seal, 50, days=20, reserve=False)
        self._bring_in(self.seal, 50, days=10)
        seal = self._get_line(self._state_material(10), self.seal)
        self.assertEqual((seal.missing_qty, seal.earliest_date), (0, self._today()))

    def test_overdue_arrival_is_expected_today_at_the_earliest(self):
        self._bring_in(self.seal, 50, days=-5)
        seal = self._get_line(self._state_material(10), self.seal)
        self.assertEqual(seal.earliest_date, self._today())

    def test_date_is_unknown_without_supplier(self):
        self.seal.seller_ids.unlink()
        statement = self._state_material(10)
        self.assertRecordValues(
            self._get_line(statement, self.seal),
            [{"missing_qty": 20, "earliest_date": False, "status": "unknown"}],
        )
        self.assertFalse(statement.material_date)
        self.assertIn("Without a known date: 1.", statement.summary)

    def test_all_on_hand(self):
        self._fill_stock()
        statement = self._state_material(10)
        self.assertEqual(statement.summary, "All 3 materials are on hand.")
        self.assertFalse(statement.asks_purchasing)

    def test_stock_of_another_company_never_counts(self):
        other = self.env["res.company"].create({"name": "Test other company"})
        stock = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.env["stock.quant"]._update_available_quantity(
            self.seal, stock.lot_stock_id, 500
        )
        self.material.company_ids |= other
        statement = self._state_material(10)
        statement.with_user(self.material).with_context(
            allowed_company_ids=[self.env.company.id, other.id]
        ).action_read_again()
        self.assertRecordValues(
            self._get_line(statement, self.seal),
            [{"on_hand_qty": 0, "missing_qty": 20}],
        )

    def test_quantity_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        statement = self._state_material(2, product_uom_id=dozen.id)
        self.assertEqual(self._get_line(statement, self.seal).needed_qty, 48)

    def test_bom_in_another_unit_is_rounded_up(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.rotor_bom.write({"product_uom_id": dozen.id})
        statement = self._state_material(10)
        self.assertEqual(self._get_line(statement, self.core).needed_qty, 0.84)

    def test_services_take_no_material(self):
        sheet = self._make_sheet()
        sheet.order_id.order_line = [
            Command.create({"product_id": self.service_product.id})
        ]
        sheet.order_id.order_line[0].product_uom_qty = 10
        self._bring_to(sheet, "countersign")
        products = sheet.material_statement_id.line_ids.product_id
        self.assertNotIn(self.service_product, products)

    def test_product_without_bom_is_bought(self):
        self.pump.route_ids = False
        self.pump_bom.active = False
        statement = self._state_material(10)
        self.assertRecordValues(
            statement.line_ids,
            [{"product_id": self.pump.id, "kind": "bought", "status": "unknown"}],
        )

    def test_made_here_without_bom_is_named(self):
        self.pump_bom.active = False
        statement = self._state_material(10)
        self.assertIn(
            "Test pump is made to order, but there is no bill", statement.problem
        )

    def test_archived_component_is_named(self):
        self.seal.active = False
        self.assertIn("Test seal is archived", self._state_material(10).problem)

    def test_zero_quantity_on_a_bom_takes_nothing(self):
        self.motor_bom.bom_line_ids[-1].product_qty = 0
        self.assertFalse(self._get_line(self._state_material(10), self.wire))

    def _make_circle(self):
        """Put the pump into the rotor, past Odoo's own check."""
        line = self.rotor_bom.bom_line_ids
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mrp_bom_line SET product_id = %s WHERE id = %s",
            [self.motor.id, line.id],
        )
        self.env.invalidate_all()

    def test_circle_is_named_and_cannot_be_signed(self):
        self._make_circle()
        statement = self._state_material(10)
        self.assertRegex(statement.problem, "Test (motor|rotor) → Test (rotor|motor) →")
        with self.assertRaisesRegex(UserError, "go round in a circle"):
            statement.with_user(self.material).action_sign_material()

    def test_circle_of_kits_is_named(self):
        self._make_circle()
        (self.rotor_bom | self.motor_bom).type = "phantom"
        self.assertIn("go round in a circle", self._state_material(10).problem)

    def test_needed_by_is_the_delivery_date_less_the_lead_times(self):
        self.pump_bom.produce_delay = 2
        self.motor_bom.produce_delay = 3
        self.rotor_bom.produce_delay = 4
        statement = self._state_material(10)
        wished = self.env.company._order_desk_date(statement.commitment_date)
        self.assertEqual(statement.needed_by, wished - timedelta(days=9))

    def test_what_comes_after_it_is_needed_is_late(self):
        self._fill_stock()
        self.seal.is_storable = False
        self.seal.is_storable = True
        self._take_out(self.seal, 1000)
        self._bring_in(self.seal, 100, days=60)
        statement = self._state_material(10)
        self.assertEqual(self._get_line(statement, self.seal).status, "late")
        self.assertTrue(statement.asks_purchasing)

    def test_queries_do_not_grow_with_lines_and_materials(self):
        plan = self.env["order.desk.material.plan"]

        def count(sheet):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            plan._get_plans(sheet)
            return self.env.cr.sql_log_count - before

        small = self._make_sheet(10)
        large = self._make_sheet(10)
        parts = self.env["product.product"].create(
            [{"name": f"Test part {n}", "is_storable": True} for n in range(40)]
        )
        products = self.env["product.product"].create(
            [
                {
                    "name": f"Test pump {n}",
                    "is_storable": True,
                    "route_ids": self.made_to_order.ids,
                }
                for n in range(5)
            ]
        )
        for product in products:
            self._make_bom(product, {self.motor: 1, **dict.fromkeys(parts, 2)})
        large.order_id.order_line = [
            Command.create({"product_id": product.id}) for product in products
        ]
        count(small)
        self.assertLessEqual(count(large), count(small) + 1)  # _bom_find of one


@tagged("post_install", "-at_install")
class TestMaterialCorrections(OrderDeskMaterialCommon):
    def test_material_control_corrects_and_what_odoo_said_stays(self):
        statement = self._state_material(10)
        day = self._soon(1)
        line = self._get_line(statement, self.seal).with_user(self.material)
        line.write(
            {"expected_missing_qty": 4, "expected_date": day, "comment": "Found some"}
        )
        self.assertRecordValues(
            line,
            [
                {
                    "missing_qty": 20,
                    "expected_missing_qty": 4,
                    "earliest_date": self._soon(3),
                    "expected_date": day,
                    "is_corrected": True,
                }
            ],
        )

    def test_purchasing_is_asked_about_what_material_control_enters_as_missing(self):
        self._fill_stock()
        statement = self._state_material(10)
        self.assertFalse(statement._awaits_purchasing())
        line = statement.line_ids.filtered(lambda li: li.product_id == self.seal)
        line.with_user(self.material).expected_missing_qty = 5
        self.assertTrue(statement._awaits_purchasing())
        self.assertIn(self.buyer, statement.activity_ids.user_id)

    def test_correction_survives_reading_the_stock_again(self):
        statement = self._state_material(10)
        self._get_line(statement, self.seal).with_user(
            self.buyer
        ).expected_missing_qty = 4
        self._put_in_stock(self.core, 100)
        statement.with_user(self.buyer).action_read_again()
        self.assertEqual(self._get_line(statement, self.seal).expected_missing_qty, 4)
        self.assertEqual(self._get_line(statement, self.core).missing_qty, 0)

    def test_strangers_cannot_correct(self):
        statement = self._state_material(10)
        line = self._get_line(statement, self.seal)
        for user in (self.production, self.engineer):
            with self.assertRaisesRegex(UserError, "business of material control"):
                line.with_user(user).comment = "Mine"
        for user in (self.clerk, self.stranger):
            with self.assertRaises(AccessError):
                line.with_user(user).comment = "Mine"

    def test_figures_of_odoo_cannot_be_written(self):
        line = self._get_line(self._state_material(10), self.seal)
        for vals in ({"missing_qty": 0}, {"needed_qty": 1}, {"requested_qty": 20}):
            with self.assertRaises(AccessError):
                line.with_user(self.material).write(vals)

    def test_nothing_is_signed_by_writing(self):
        statement = self._state_material(10).with_user(self.material)
        for vals in (
            {"state": "signed"},
            {"purchasing_on": "2026-01-01"},
            {"alert": False},
            {"asks_purchasing": False},
            {"digest": "x"},
            {"valid_until": "2099-01-01"},
        ):
            with self.assertRaises(AccessError):
                statement.write(vals)
        with self.assertRaises(AccessError):
            statement.unlink()

    def test_signed_lines_cannot_be_changed(self):
        statement = self._state_material(10)
        statement.with_user(self.buyer).action_sign_purchasing()
        line = self._get_line(statement, self.seal)
        for user in (self.buyer, self.material):
            with self.assertRaisesRegex(UserError, "has been signed"):
                line.with_user(user).comment = "Later"
        statement.with_user(self.material).action_sign_material()
        with self.assertRaisesRegex(UserError, "has been signed"):
            line.with_user(self.material).comment = "Later"

    def test_date_that_has_passed_is_refused(self):
        line = self._get_line(self._state_material(10), self.seal)
        with self.assertRaisesRegex(UserError, "has passed"):
            line.with_user(self.material).expected_date = "2020-01-01"


@tagged("post_install", "-at_install")
class TestMaterialSigning(OrderDeskMaterialCommon):
    def test_purchasing_signs_first_where_something_is_missing(self):
        statement = self._state_material(10)
        sheet = statement.sheet_id
        role = self.roles["material_control_manager"]
        with self.assertRaisesRegex(UserError, "purchasing signs\n? ?first"):
            sheet.with_user(self.material).action_sign(role.id, "Word of honour")
        statement.with_user(self.buyer).action_sign_purchasing()
        statement.with_user(self.material).action_sign_material()
        self.assertEqual(statement.state, "signed")

    def test_signature_is_the_countersignature_with_the_statement(self):
        self._fill_stock()
        statement = self._state_material(10)
        statement.with_user(self.material).action_sign_material()
        signature = statement.sheet_id.signature_ids.filtered(
            lambda s: s.role_id == self.roles["material_control_manager"]
        )
        self.assertTrue(signature.is_current)
        self.assertEqual(
            signature.statement, f"{statement.name}: All 3 materials are on hand."
        )

    def test_dialog_of_the_sheet_signs_the_statement(self):
        self._fill_stock()
        statement = self._state_material(10)
        sheet = statement.sheet_id.with_user(self.material)
        wizard = self.env["order.desk.sheet.sign"].browse(
            sheet.action_open_sign()["res_id"]
        )
        wizard = wizard.with_user(self.material)
        self.assertIn("All 3 materials are on hand", wizard.statement_hint)
        wizard.action_confirm()
        self.assertRecordValues(
            statement, [{"state": "signed", "signed_by_id": self.material.id}]
        )

    def test_typed_word_does_not_count(self):
        self._fill_stock()
        sheet = self._state_material(10).sheet_id
        role = self.roles["material_control_manager"]
        sheet.with_user(self.material).action_sign(role.id, "Trust me")
        signature = sheet.signature_ids.filtered(lambda s: s.role_id == role)
        self.assertNotIn("Trust", signature.statement)

    def test_without_people_in_purchasing_nobody_waits_for_it(self):
        self.roles["purchasing"].user_ids = False
        statement = self._state_material(10)
        statement.with_user(self.material).action_sign_material()
        self.assertEqual(statement.state, "signed")

    def test_others_cannot_sign(self):
        statement = self._state_material(10)
        for user in (self.production, self.material):
            with self.assertRaises(UserError):
                statement.with_user(user).action_sign_purchasing()
        for user in (self.buyer, self.production):
            with self.assertRaises(UserError):
                statement.with_user(user).action_sign_material()
        with self.assertRaises(AccessError):
            statement.with_user(self.stranger).action_sign_material()

    def test_it_holds_for_the_days_of_the_company(self):
        self.env.company.order_desk_material_days = 3
        statement = self._state_material(10)
        self._sign_both(statement)
        self.assertRecordValues(
            statement,
            [
                {
                    "valid_from": self._today(),
                    "valid_until": self.env.company._order_desk_add_working_days(
                        self._today(), 3
                    ),
                }
            ],
        )

    def test_two_statements_are_signed_at_once(self):
        self._fill_stock()
        sheets = self._make_sheet(10) | self._make_sheet(5)
        self._bring_to(sheets, "countersign")
        statements = sheets.material_statement_id
        self.assertEqual(len(statements), 2)
        statements.with_user(self.material).action_sign_material()
        self.assertEqual(set(statements.mapped("state")), {"signed"})

    def test_changed_order_makes_a_new_statement_and_keeps_the_old(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        sheet = statement.sheet_id
        sheet.order_line.with_user(self.clerk).product_uom_qty = 12
        self.assertTrue(statement.is_outdated)
        self.env.cr.precommit.run()
        newer = sheet.material_statement_id
        self.assertNotEqual(newer, statement)
        self.assertEqual(self._get_line(newer, self.seal).needed_qty, 24)
        self._sign_both(newer)
        self.assertEqual(statement.state, "replaced")
        self.assertEqual(self._get_line(statement, self.seal).needed_qty, 20)

    def test_changed_order_is_read_again_as_long_as_nobody_signed(self):
        statement = self._state_material(10)
        statement.sheet_id.order_line.with_user(self.clerk).product_uom_qty = 12
        self.env.cr.precommit.run()
        self.assertEqual(statement.sheet_id.material_statement_ids, statement)
        self.assertEqual(self._get_line(statement, self.seal).needed_qty, 24)

    def test_outdated_statement_cannot_be_signed(self):
        self._fill_stock()
        statement = self._state_material(10)
        statement.sheet_id.order_line.with_user(self.clerk).product_uom_qty = 12
        with self.assertRaisesRegex(UserError, "is outdated"):
            statement.with_user(self.material).action_sign_material()

    def test_another_bill_of_materials_makes_it_outdated(self):
        statement = self._state_material(10)
        self.pump_bom.active = False
        self._make_bom(self.pump, {self.seal: 1})
        self.env.invalidate_all()
        self.assertTrue(statement.is_outdated)

    def test_new_statement_is_signed_without_change_of_the_sheet(self):
        self._fill_stock()
        statement = self._state_material(10)
        self._sign_both(statement)
        action = statement.with_user(self.material).action_read_again()
        newer = statement.browse(action["res_id"])
        self.assertEqual((newer.state, statement.state), ("draft", "signed"))
        newer.with_user(self.material).action_sign_material()
        self.assertEqual((newer.state, statement.state), ("signed", "replaced"))

    def test_stand_in_signs_on_behalf(self):
        self._fill_stock()
        stand_in = new_test_user(self.env, "odm_stand_in", tz="Asia/Shanghai")
        self.env["order.desk.stand.in"].create(
            {
                "user_id": self.material.id,
                "stand_in_id": stand_in.id,
                "date_from": self._soon(-1),
                "date_to": self._soon(3),
            }
        )
        statement = self._state_material(10)
        statement.with_user(stand_in).action_sign_material()
        self.assertEqual(statement.signed_for_id, self.material)

    def test_purchasing_gets_a_todo_until_it_signs(self):
        statement = self._state_material(10)
        self.assertEqual(statement.activity_ids.user_id, self.buyer)
        statement.with_user(self.buyer).action_sign_purchasing()
        self.assertFalse(statement.activity_ids)

    def test_refused_or_cancelled_orders_leave_no_todo(self):
        refused = self._state_material(10)
        refused.sheet_id.with_user(self.production).action_refuse(
            self.roles["production_manager"].id, "No room"
        )
        self.assertFalse(refused.activity_ids)
        cancelled = self._state_material(10)
        cancelled.sheet_id.order_id._action_cancel()
        self.assertFalse(cancelled.activity_ids)

    def test_the_workshop_looks_it_up_by_its_order(self):
        statement = self._state_material(10).with_user(self.worker)
        name = statement.sudo().order_id.name
        self.assertIn(statement.id, dict(statement.name_search(name)))

    def test_another_company_reads_no_statement(self):
        statement = self._state_material(10)
        other = self.env["res.company"].create({"name": "Test other company"})
        self.buyer.write({"company_ids": other.ids, "company_id": other.id})
        with self.assertRaises(AccessError):
            statement.with_user(self.buyer).with_company(other).read(["summary"])

    def test_roles_with_plain_text_make_no_statement(self):
        self.roles["material_control_manager"].statement = "text"
        sheet = self._make_at("countersign")
        self.assertFalse(sheet.material_statement_ids)
        conditions = sheet.order_id.production_gate
        self.assertNotIn("material", [c["code"] for c in conditions])

    def test_buyer_reads_the_statement_without_rights_on_stock(self):
        statement = self._state_material(10).with_user(self.buyer)
        self.assertTrue(statement.can_sign_purchasing)
        self.assertTrue(statement.line_ids.read())
        self.assertIn("Test", statement.shop_floor_customer)
