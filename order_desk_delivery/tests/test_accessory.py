from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon


@tagged("post_install", "-at_install")
class TestAccessory(OrderDeskDeliveryCommon):
    """What travels with an order: listed, signed, prepared, packed (SPEC C6)."""

    def _add(self, sheet, user=None, **vals):
        vals = {"description": "Manual", "quantity": 2, **vals}
        accessories = self.env["order.desk.accessory"].with_user(user or self.clerk)
        return accessories.create({"sheet_id": sheet.id, **vals})

    def _pack(self, accessories, **values):
        accessories.with_user(self.followup).action_pack("bulk", **values)

    def _get_condition(self, order, leaving=None):
        conditions = order._get_gate_conditions("shipping", leaving)[order]
        return next((c for c in conditions if c["code"] == "accessories"), None)

    def _make_two_lines(self):
        """Return the released sheet of an order of two lines."""
        sheet = self._make_sheet()
        second = self.env["product.product"].create(
            {
                "name": "Test valve",
                "default_code": "TV-1",
                "type": "consu",
                "is_storable": True,
                "categ_id": self.category.id,
            }
        )
        self._put_in_stock(second, 1000)
        sheet.order_id.write(
            {
                "order_line": [
                    Command.create({"product_id": second.id, "product_uom_qty": 5})
                ]
            }
        )
        self._configure(sheet.order_line)
        return sheet

    # ------------------------------------------------------------- the list

    def test_salesperson_lists_what_travels_with_the_order(self):
        sheet = self._make_sheet()
        sheet.with_user(self.salesperson).write(
            {
                "accessory_ids": [
                    Command.create({"product_id": self.pump.id, "quantity": 3}),
                    Command.create({"description": "Tool bag"}),
                ]
            }
        )
        self.assertRecordValues(
            sheet.accessory_ids,
            [
                {"state": "wanted", "travels": "first", "is_signed": True},
                {"state": "wanted", "travels": "first", "is_signed": True},
            ],
        )
        self.assertEqual(
            sheet.accessory_ids[0].needed_by,
            self.env.company._order_desk_date(sheet.commitment_date),
        )

    def test_an_accessory_is_a_product_or_a_text(self):
        with self.assertRaisesRegex(ValidationError, "a product or a description"):
            self._add(self._make_sheet(), description=" ")

    def test_a_line_of_another_order_is_refused(self):
        sheet, other = self._make_sheet(), self._make_sheet()
        with self.assertRaisesRegex(ValidationError, "another order"):
            self._add(sheet, sale_line_id=other.order_line.id)

    def test_travelling_with_its_line_needs_a_line(self):
        with self.assertRaisesRegex(ValidationError, "choose the line"):
            self._add(self._make_sheet(), travels="line")

    def test_the_dock_packs_and_does_not_decide_what_travels(self):
        accessory = self._add(self._make_released())
        with self.assertRaises(AccessError):
            accessory.with_user(self.shipper).quantity = 5
        with self.assertRaises(AccessError):
            self._add(accessory.sheet_id, user=self.shipper)

    def test_nobody_writes_a_state_by_hand(self):
        accessory = self._add(self._make_sheet())
        for vals in ({"state": "packed"}, {"is_signed": False}, {"packing": "bulk"}):
            with self.assertRaises(AccessError):
                accessory.write(vals)
        with self.assertRaises(AccessError):
            self._add(accessory.sheet_id, state="packed")

    def test_nothing_is_added_to_a_cancelled_order(self):
        sheet = self._make_sheet()
        sheet.order_id.action_cancel()
        with self.assertRaisesRegex(UserError, "is closed"):
            self._add(sheet)

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Test second"})
        accessory = self._add(self._make_sheet())
        self.clerk.write(
            {"company_ids": [Command.link(company.id)], "company_id": company.id}
        )
        accessories = accessory.with_user(self.clerk).with_context(
            allowed_company_ids=company.ids
        )
        self.assertFalse(accessories.search([("id", "=", accessory.id)]))

    # ------------------------------------------------------------- signed

    def test_sheets_without_accessories_keep_what_was_signed(self):
        sheet = self._make_sheet()
        content = sheet._get_contents()[sheet]["shipping"]["order"]
        self.assertNotIn("accessories", content)

    def test_a_change_after_signing_is_seen_and_signed_again(self):
        sheet = self._make_sheet()
        accessory = self._add(sheet)
        self._bring_to(sheet, "coding")
        self.assertFalse(sheet.is_changed)
        accessory.quantity = 7
        self.assertTrue(sheet.is_changed)
        pending = sheet._get_roles_to_sign()[sheet]
        self.assertTrue(pending)
        changes = self.env["order.desk.revision"]._get_changes(
            sheet.revision_ids[:1].content, sheet._get_contents()[sheet]
        )
        self.assertEqual(changes[0]["label"], "Accessories")
        self.assertIn("Manual × 7", changes[0]["new"])

    def test_the_customer_does_not_confirm_accessories_again(self):
        sheet = self._make_at("coding")
        revision = sheet._take_revisions()[sheet]
        self._add(sheet)
        self.assertTrue(sheet._is_same_for_customer(revision))

    def test_cancelled_before_the_release_it_leaves_what_is_signed(self):
        sheet = self._make_sheet()
        accessory = self._add(sheet)
        digests = sheet.digests
        accessory.action_cancel("Not wanted")
        self.assertNotEqual(sheet.digests, digests)
        accessory.action_reopen()
        self.assertEqual(sheet.digests, digests)

    def test_added_after_the_release_it_is_marked_and_stales_no_signature(self):
        sheet = self._make_released()
        accessory = self._add(sheet)
        self.assertFalse(sheet.is_changed)
        self.assertTrue(accessory.is_late_addition)
        self.assertIn(
            "Accessory added after the release: Manual × 2",
            " ".join(sheet.message_ids.mapped("body")),
        )

    def test_what_was_signed_stays_after_the_release(self):
        sheet = self._make_sheet()
        accessory = self._add(sheet)
        self._bring_to(sheet, "released")
        with self.assertRaisesRegex(UserError, "was signed with the sheet"):
            accessory.quantity = 5
        with self.assertRaisesRegex(UserError, "was signed with the sheet"):
            accessory.unlink()
        accessory.action_cancel("The customer has one")
        self.assertFalse(sheet.is_changed)

    def test_submitted_anew_it_is_signed(self):
        sheet = self._make_released()
        accessory = self._add(sheet)
        sheet.order_id._action_cancel()
        sheet.order_id.action_draft()
        self._submit(sheet)
        self.assertTrue(accessory.is_signed)

    # ------------------------------------------------------------- packing

    def test_follow_up_clerk_prepares_and_packs_several_at_once(self):
        sheet = self._make_released()
        accessories = self._add(sheet) | self._add(sheet, description="Key")
        mine = accessories.with_user(self.followup)
        mine.action_prepare()
        mine.action_pack("small", 3, note="Shelf 4")
        self.assertRecordValues(
            accessories,
            [
                {
                    "state": "packed",
                    "packing": "small",
                    "package_count": 3,
                    "packed_by_id": self.followup.id,
                    "prepared_by_id": self.followup.id,
                    "note": "Shelf 4",
                }
            ]
            * 2,
        )

    def test_others_do_not_pack(self):
        accessory = self._add(self._make_released())
        for user in (self.clerk, self.shipper):
            with self.assertRaisesRegex(AccessError, "Test followup"):
                accessory.with_user(user).action_pack("bulk")

    def test_where_nobody_has_the_role_the_clerk_packs(self):
        self.roles["followup_clerk"].active = False
        accessory = self._add(self._make_released())
        accessory.with_user(self.clerk).action_pack("bulk")
        self.assertEqual(accessory.state, "packed")

    def test_a_batch_with_one_that_cannot_be_packed_packs_none(self):
        sheet = self._make_released()
        accessory, packed = self._add(sheet), self._add(sheet, description="Key")
        self._pack(packed)
        with self.assertRaisesRegex(UserError, "Key has the status “Packed”"):
            self._pack(accessory | packed)
        self.assertEqual(accessory.state, "wanted")

    def test_packing_says_how(self):
        accessory = self._add(self._make_released()).with_user(self.followup)
        with self.assertRaisesRegex(UserError, "in bulk or in small batches"):
            accessory.action_pack("loose")
        with self.assertRaisesRegex(UserError, "one package or more"):
            accessory.action_pack("bulk", 0)

    def test_unpacked_it_is_to_be_packed_again(self):
        accessory = self._add(self._make_released())
        self._pack(accessory)
        accessory.with_user(self.followup).action_unpack()
        self.assertRecordValues(
            accessory, [{"state": "prepared", "packing": False, "packed_on": False}]
        )

    def test_cancelling_asks_why(self):
        accessory = self._add(self._make_released())
        with self.assertRaisesRegex(UserError, "Say why"):
            accessory.action_cancel(" ")
        accessory.action_cancel("The customer has one")
        self.assertRecordValues(
            accessory, [{"state": "cancelled", "reason": "The customer has one"}]
        )

    def test_dialog_packs_what_was_chosen(self):
        sheet = self._make_released()
        accessories = self._add(sheet) | self._add(sheet, description="Key")
        request = self._request(sheet)
        action = accessories.with_user(self.followup).action_open_pack()
        dialog = (
            self.env[action["res_model"]]
            .with_user(self.followup)
            .with_context(**action["context"])
            .create({"packing": "small", "package_count": 2})
        )
        self.assertEqual(dialog.request_id, request)
        dialog.action_pack()
        self.assertEqual(accessories.mapped("state"), ["packed", "packed"])
        self.assertEqual(accessories.request_id, request)

    def test_dialog_shows_nothing_to_strangers(self):
        accessory = self._add(self._make_released())
        dialogs = self.env["order.desk.accessory.pack"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            dialogs.create({"accessory_ids": accessory.ids})

    def test_a_request_of_another_order_is_refused(self):
        accessory = self._add(self._make_released())
        request = self._issue(self._make_released())
        with self.assertRaisesRegex(UserError, "ships nothing of"):
            self._pack(accessory, request_id=request.id)

    # ------------------------------------------------------------- to-dos

    def test_follow_up_clerk_gets_one_to_do_for_the_list(self):
        sheet = self._make_sheet()
        accessories = self._add(sheet, needed_by=self._soon(5)) | self._add(sheet)
        self._bring_to(sheet, "released")
        todo_type = self.env.ref("order_desk_delivery.mail_activity_type_accessory")

        def get_todos():
            return sheet.activity_ids.filtered(
                lambda todo: todo.activity_type_id == todo_type
            )

        self.assertRecordValues(
            get_todos(),
            [{"user_id": self.followup.id, "date_deadline": self._soon(5)}],
        )
        self._pack(accessories)
        self.assertFalse(get_todos())

    def test_late_accessories_are_found_and_the_superior_is_told(self):
        sheet = self._make_sheet()
        accessory = self._add(sheet, needed_by=self._soon(-1))
        later = self._add(sheet, needed_by=self._soon(5))
        self.assertFalse(accessory.is_late)
        self._bring_to(sheet, "released")
        accessories = self.env["order.desk.accessory"]
        found = accessories.search(
            [("sheet_id", "=", sheet.id), ("is_late", "=", True)]
        )
        self.assertEqual(found, accessory)
        found = accessories.search(
            [("sheet_id", "=", sheet.id), ("is_late", "=", False)]
        )
        self.assertEqual(found, later)
        self.roles["followup_clerk"].superior_id = self.manager
        sheet._update_todos()
        late = self.env.ref("order_desk.mail_activity_type_late")
        self.assertIn(
            self.manager,
            sheet.activity_ids.filtered(lambda t: t.activity_type_id == late).user_id,
        )

    # ------------------------------------------------------------- the gate

    def test_orders_without_accessories_have_no_such_condition(self):
        self.assertIsNone(self._get_condition(self._make_released().order_id))

    def test_goods_wait_for_what_travels_with_them(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        accessory = self._add(sheet)
        with self.assertRaises(UserError) as refused:
            self._ship(sheet)
        self.assertIn("Not packed yet: Manual × 2", str(refused.exception))
        self._pack(accessory)
        picking = self._ship(sheet)
        self.assertEqual(picking.state, "done")
        self.assertRecordValues(
            accessory,
            [
                {
                    "state": "shipped",
                    "picking_id": picking.id,
                    "request_id": request.id,
                }
            ],
        )

    def test_gate_names_the_packer_and_opens_the_list(self):
        sheet = self._make_released()
        self._add(sheet)
        condition = self._get_condition(sheet.order_id)
        self.assertFalse(condition["holds"])
        self.assertEqual(condition["actor"], "Test followup")
        action = sheet.order_id.action_open_condition("accessories")
        self.assertEqual(action["res_model"], "order.desk.accessory")

    def test_accessories_of_lines_that_stay_hold_nothing(self):
        sheet = self._make_two_lines()
        first, second = sheet.order_line
        accessory = self._add(sheet, sale_line_id=second.id)
        self._bring_to(sheet, "released")
        order = sheet.order_id
        self.assertTrue(self._get_condition(order, {first: 10})["holds"])
        self.assertFalse(self._get_condition(order, {second: 1})["holds"])
        self._pack(accessory)
        self.assertTrue(self._get_condition(order, {second: 1})["holds"])

    def test_the_briefing_keeps_what_has_gone_along(self):
        sheet = self._make_sheet()
        accessory = self._add(sheet)
        self._bring_to(sheet, "released")
        self._pack(accessory)
        request = self._issue(sheet)
        request.point_ids.with_user(self.shipper).action_confirm()
        before = request.point_ids.mapped("key")
        self._ship(sheet)
        request.invalidate_recordset()
        self.assertEqual(accessory.state, "shipped")
        self.assertIn(f"accessory-{accessory.id}", before)
        self.assertEqual(
            [point["key"] for point in request._get_briefing_points()], before
        )

    def test_with_the_last_shipment(self):
        sheet = self._make_two_lines()
        first, second = sheet.order_line
        self._add(sheet, travels="last")
        self._bring_to(sheet, "released")
        order = sheet.order_id
        self.assertTrue(self._get_condition(order, {first: 10})["holds"])
        self.assertFalse(self._get_condition(order, {first: 10, second: 5})["holds"])

    def test_on_its_own_it_holds_nothing_and_is_sent_by_hand(self):
        sheet = self._make_released()
        accessory = self._add(sheet, travels="apart")
        self._issue(sheet)
        self._ship(sheet)
        self.assertEqual(accessory.state, "wanted")
        self._pack(accessory)
        mine = accessory.with_user(self.followup)
        with self.assertRaisesRegex(UserError, "Say how it was sent"):
            mine.action_ship(" ")
        mine.action_ship("SF 123")
        self.assertRecordValues(
            accessory, [{"state": "shipped", "picking_id": False, "reason": "SF 123"}]
        )

    def test_what_travels_with_goods_is_not_sent_before_them(self):
        accessory = self._add(self._make_released())
        self._pack(accessory)
        with self.assertRaisesRegex(UserError, "leaves with the goods"):
            accessory.with_user(self.followup).action_ship("SF 123")

    def test_partial_shipment_takes_along_what_belongs_to_it(self):
        sheet = self._make_two_lines()
        first, second = sheet.order_line
        with_first = self._add(sheet, sale_line_id=first.id)
        with_second = self._add(sheet, sale_line_id=second.id)
        self._bring_to(sheet, "released")
        self._pack(with_first | with_second)
        self._issue(sheet)
        picking = sheet.order_id.picking_ids
        for move in picking.move_ids:
            move.quantity = 10 if move.sale_line_id == first else 0
            move.picked = move.sale_line_id == first
        picking.with_user(self.shipper).with_context(
            skip_backorder=True
        ).button_validate()
        self.assertEqual(with_first.state, "shipped")
        self.assertEqual(with_second.state, "packed")

    def test_packed_for_a_later_request_it_waits_for_that(self):
        sheet = self._make_released()
        line = sheet.order_line
        self._issue(sheet, {line: 4})
        accessory = self._add(sheet)
        later = self._request(sheet, {line: 6})
        self._pack(accessory, request_id=later.id)
        self._ship(sheet, 4)
        self.assertEqual(accessory.state, "packed")
        later.check_ids.is_looked = True
        later.action_issue()
        self._ship(sheet)
        self.assertEqual(accessory.state, "shipped")
        self.assertEqual(accessory.request_id, later)

    def test_request_is_not_issued_before_they_are_packed(self):
        sheet = self._make_released()
        accessory = self._add(sheet)
        with self.assertRaisesRegex(UserError, "Not packed yet: Manual"):
            self._issue(sheet)
        self._pack(accessory)
        self.assertEqual(self._issue(sheet).state, "issued")

    def test_left_behind_it_is_packed_and_goes_with_the_next(self):
        sheet = self._make_released()
        accessory = self._add(sheet)
        self._pack(accessory)
        self._issue(sheet)
        self._ship(sheet, 4)
        self.assertEqual(accessory.state, "shipped")
        accessory.with_user(self.followup).action_leave_behind()
        self.assertRecordValues(
            accessory, [{"state": "packed", "picking_id": False, "shipped_on": False}]
        )
        self._ship(sheet)
        self.assertEqual(accessory.state, "shipped")

    def test_added_late_it_holds_what_leaves_next(self):
        sheet = self._make_two_lines()
        self._bring_to(sheet, "released")
        first, second = sheet.order_line
        self._issue(sheet)
        picking = sheet.order_id.picking_ids
        for move in picking.move_ids:
            move.quantity = 10 if move.sale_line_id == first else 0
            move.picked = move.sale_line_id == first
        picking.with_user(self.shipper).with_context(
            skip_backorder=True
        ).button_validate()
        self._add(sheet, sale_line_id=first.id)
        self.assertFalse(self._get_condition(sheet.order_id, {second: 5})["holds"])

    def test_a_waiver_covers_what_was_on_the_list(self):
        sheet = self._make_released()
        self._add(sheet)
        right = self.env["order.desk.waiver.right"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("condition", "=", "accessories"),
            ]
        )
        right.user_ids = self.manager
        sheet.with_user(self.manager).action_waive(
            "shipping", "accessories", "Sent after", "Send them", self._soon(5)
        )
        self.assertTrue(self._get_condition(sheet.order_id)["holds"])
        later = self._add(sheet, description="Seal kit")
        self.env.cr.execute(
            "UPDATE order_desk_accessory SET create_date = create_date"
            " + interval '1 hour' WHERE id = %s",
            [later.id],
        )
        later.invalidate_recordset()
        condition = self._get_condition(sheet.order_id)
        self.assertFalse(condition["holds"])
        self.assertIn("Seal kit", condition["reason"])

    def test_the_gate_asks_the_same_queries_for_many_orders(self):
        def make(count):
            sheets = self.env["order.desk.sheet"]
            for _number in range(count):
                sheet = self._make_sheet()
                self._add(sheet)
                sheets |= sheet
            return self._bring_to(sheets, "released").order_id

        few, many = make(2), make(6)
        counts = []
        for made in (few, few, many):  # the first warms what is the same for all
            orders = made.browse(made.ids)
            leaving = dict.fromkeys(orders.order_line, 10)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders._order_desk_conditions("shipping", leaving)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[2], counts[1])

    # ------------------------------------------------------------- on paper

    def _print(self, report, record):
        html = self.env["ir.actions.report"].with_user(self.shipper)
        return html._render_qweb_html(report, record.ids)[0].decode()

    def test_delivery_slip_lists_what_goes_along(self):
        sheet = self._make_released()
        accessory = self._add(sheet)
        apart = self._add(sheet, description="Brochure", travels="apart")
        picking = sheet.order_id.picking_ids
        html = self._print("stock.report_deliveryslip", picking)
        self.assertIn("Manual", html)
        self.assertIn("Not packed yet", html)
        self.assertNotIn("Brochure", html)
        self._pack(accessory | apart)
        self._issue(sheet)
        self._ship(sheet)
        html = self._print("stock.report_deliveryslip", picking)
        self.assertIn("Manual", html)
        self.assertIn("packages: 1", html)
        self.assertNotIn("Brochure", html)

    def test_papers_for_shipper_and_customer_list_what_goes_along(self):
        sheet = self._make_released()
        accessory = self._add(sheet)
        apart = self._add(sheet, description="Brochure", travels="apart")
        self._pack(accessory | apart)
        request = self._issue(sheet)
        picking = self._ship(sheet)
        advice = request.with_user(self.shipper).action_make_advice()
        advice = self.env["order.desk.shipping.advice"].browse(advice["res_id"])
        receipt = self.env["order.desk.receipt"]._make(picking.move_ids)
        for report, document in (
            ("shipping_request", request),
            ("shipping_advice", advice),
            ("receipt", receipt),
        ):
            with self.subTest(report=report):
                html = self._print(f"order_desk_delivery.report_{report}", document)
                self.assertIn("Manual × 2", html)
                self.assertNotIn("Brochure", html)

    def test_sheet_lists_them_on_paper(self):
        sheet = self._make_sheet()
        self._add(sheet)
        cancelled = self._add(sheet, description="Brochure")
        cancelled.action_cancel("No")
        html = self.env["ir.actions.report"]._render_qweb_html(
            "order_desk.report_sheet", sheet.ids
        )[0]
        self.assertIn("Manual", html.decode())
        self.assertNotIn("Brochure", html.decode())
