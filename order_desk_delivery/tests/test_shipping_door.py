from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon

NO_REQUEST = "Without a shipping request: 10.00 Units of .*Test pump"


@tagged("post_install", "-at_install")
class TestShippingDoor(OrderDeskDeliveryCommon):
    """Every way goods can leave meets the same door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers_location = cls.env.ref("stock.stock_location_customers")

    def _make_plain_order(self, quantity=10):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "team_id": self.plain_team.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.pump.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        order.action_confirm()
        return order

    def _make_return(self, picking, quantity):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        return wizard

    # ------------------------------------------------------------- plain Odoo

    def test_order_without_a_sheet_leaves_as_before(self):
        picking = self._make_plain_order().picking_ids
        self._pick(picking).button_validate()
        self.assertEqual(picking.state, "done")
        self.assertFalse(picking.move_ids.left_without_request)

    def test_company_that_does_without_requests_ships_as_before(self):
        sheet = self._make_released()
        self.roles["shipping_request"].active = False
        self.assertEqual(self._ship(sheet).state, "done")
        self.assertFalse(sheet.order_id._get_left_without_request())

    def test_what_left_before_the_step_is_not_asked_for(self):
        sheet = self._make_released()
        self.roles["shipping_request"].active = False
        self._ship(sheet, 4)
        self.roles["shipping_request"].active = True
        self._issue(sheet, {sheet.order_line: 6})
        self._ship(sheet)
        self.assertEqual(set(sheet.order_id.picking_ids.mapped("state")), {"done"})

    # ------------------------------------------------------------- refused

    def test_transfer_without_a_request_is_refused(self):
        sheet = self._make_released()
        with self.assert_refused(NO_REQUEST):
            self._ship(sheet)
        self.assertEqual(sheet.order_id.picking_ids.state, "assigned")
        self.assertFalse(sheet.order_id.picking_ids.move_ids.left_without_request)

    def test_refusal_names_who_makes_the_request(self):
        with self.assert_refused("Test sales_admin"):
            self._ship(self._make_released())

    def test_request_that_is_prepared_lets_nothing_leave(self):
        sheet = self._make_released()
        self._request(sheet)
        with self.assert_refused(NO_REQUEST):
            self._ship(sheet)

    def test_of_many_transfers_one_without_a_request_stops_all(self):
        sheets = self._make_released() | self._make_released()
        self._issue(sheets[0])
        plain = self._make_plain_order().picking_ids
        pickings = self._pick(sheets.order_id.picking_ids | plain)
        with self.assert_refused(NO_REQUEST):
            pickings.button_validate()
        self._issue(sheets[1])
        pickings.button_validate()
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def test_context_of_a_client_opens_no_door(self):
        sheet = self._make_released()
        picking = self._pick(sheet.order_id.picking_ids)
        for key in (
            "skip_sanity_check",
            "skip_backorder",
            "is_scrap",
            "cancel_backorder",
            "default_left_without_request",
            "order_desk_skip",
        ):
            with self.subTest(key=key), self.assert_refused(NO_REQUEST):
                picking.with_context(**{key: True}).button_validate()

    def test_move_without_a_transfer_is_refused(self):
        sheet = self._make_released()
        sheet.order_id.picking_ids.do_unreserve()
        move = self.env["stock.move"].create(
            {
                "product_id": self.pump.id,
                "product_uom_qty": 10,
                "quantity": 10,
                "picked": True,
                "sale_line_id": sheet.order_line.id,
                "location_id": self.stock_warehouse.lot_stock_id.id,
                "location_dest_id": self.customers_location.id,
            }
        )
        with self.assert_refused(NO_REQUEST):
            move._action_done()
        self._issue(sheet)
        move._action_done()
        self.assertEqual(move.shipping_request_line_id.order_id, sheet.order_id)

    def test_drop_shipment_is_refused(self):
        sheet = self._make_released()
        move = self.env["stock.move"].create(
            {
                "product_id": self.pump.id,
                "product_uom_qty": 10,
                "quantity": 10,
                "picked": True,
                "sale_line_id": sheet.order_line.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.customers_location.id,
            }
        )
        with self.assert_refused(NO_REQUEST):
            move._action_done()

    def test_goods_for_another_of_our_companies_are_refused(self):
        sheet = self._make_released()
        picking = sheet.order_id.picking_ids
        transit = self.env.ref("stock.stock_location_inter_company")
        transit.active = True
        picking.move_ids.location_dest_id = transit
        picking.move_ids.move_line_ids.location_dest_id = transit
        with self.assert_refused(NO_REQUEST):
            self._ship(sheet)

    def test_more_than_requested_is_refused(self):
        sheet = self._make_released(tolerance_over=50)
        self._issue(sheet)
        with self.assert_refused("11.00 Units.*only 10.00 Units are requested"):
            self._ship(sheet, 11)

    def test_goods_nobody_ordered_are_refused(self):
        sheet = self._make_released()
        self._issue(sheet)
        picking = sheet.order_id.picking_ids
        extra = self.env["product.product"].create({"name": "Extra", "type": "consu"})
        picking.move_ids = [
            Command.create(
                {
                    "product_id": extra.id,
                    "product_uom_qty": 2,
                    "quantity": 2,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        picking.move_ids.picked = True
        with self.assert_refused("2.00 Units of Extra"):
            picking.button_validate()

    def test_other_goods_instead_are_refused(self):
        sheet = self._make_released()
        other = self.env["product.product"].create({"name": "Other", "type": "consu"})
        picking = sheet.order_id.picking_ids
        picking.do_unreserve()
        picking.move_ids.product_id = other
        self._pick(picking)
        with self.assert_refused("10.00 Units of Other"):
            picking.button_validate()

    def test_goods_that_left_are_not_called_requested(self):
        sheet = self._make_released()
        request = self._issue(sheet, {sheet.order_line: 4})
        move = sheet.order_id.picking_ids.move_ids
        for vals in (
            {"left_without_request": False},
            {"shipping_request_line_id": request.line_ids.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                move.with_user(self.shipper).write(vals)
        with self.assertRaises(AccessError):
            move.picking_id.with_user(
                self.shipper
            ).shipping_request_id = request.with_user(self.shipper)

    # ------------------------------------------------------------- corrected later

    def test_more_is_not_written_on_a_transfer_that_is_done(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        picking = self._ship(sheet)
        line = picking.move_ids.move_line_ids.with_user(self.shipper)
        with self.assert_refused("12.00 Units"):
            line.quantity = 12
        self.assertEqual(picking.move_ids.shipping_request_line_id, request.line_ids)
        line.quantity = 9
        self.assertEqual(request.line_ids.shipped_quantity, 9)

    def test_goods_are_not_added_to_a_transfer_that_is_done(self):
        sheet = self._make_released()
        self._issue(sheet)
        picking = self._ship(sheet).with_user(self.shipper)
        vals = {
            "product_id": self.pump.id,
            "quantity": 2,
            "picking_id": picking.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
        }
        with self.assert_refused("2.00 Units"):
            self.env["stock.move.line"].with_user(self.shipper).create(vals)
        with self.assert_refused("2.00 Units"):
            self.env["stock.move"].with_user(self.shipper).create(
                {**vals, "product_uom_qty": 2, "product_uom": self.pump.uom_id.id}
            )

    # ------------------------------------------------------------- parts

    def test_part_leaves_under_its_request(self):
        sheet = self._make_released()
        request = self._issue(sheet, {sheet.order_line: 4})
        with self.assert_refused("only 4.00 Units"):
            self._ship(sheet)
        self._ship(sheet, 4)
        self.assertEqual(request.state, "shipped")
        back_order = sheet.order_id.picking_ids.filtered(lambda p: p.state != "done")
        self.assertFalse(back_order.shipping_request_id)
        with self.assert_refused("6.00 Units"):
            self._ship(sheet)

    def test_back_order_belongs_to_the_request(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self._ship(sheet, 4)
        self.assertEqual(len(request.picking_ids), 2)
        self._ship(sheet)
        self.assertEqual(request.line_ids.shipped_quantity, 10)

    def test_back_order_goes_on_to_the_next_request(self):
        sheet = self._make_released()
        self._issue(sheet, {sheet.order_line: 4})
        second = self._issue(sheet, {sheet.order_line: 6})
        self._ship(sheet, 4)
        back_order = sheet.order_id.picking_ids.filtered(lambda p: p.state != "done")
        self.assertEqual(back_order.shipping_request_id, second)
        self._ship(sheet)
        self.assertEqual(second.state, "shipped")

    def test_two_requests_are_not_taken_for_one(self):
        sheet = self._make_released()
        self._issue(sheet, {sheet.order_line: 4})
        self._issue(sheet, {sheet.order_line: 6})
        with self.assert_refused("is for less at once"):
            self._ship(sheet)

    def test_split_transfer_belongs_to_the_request(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        picking = sheet.order_id.picking_ids
        picking.move_ids.quantity = 4
        picking.action_split_transfer()
        self.assertEqual(len(request.picking_ids), 2)
        self._ship(sheet, 4)
        self.assertEqual(request.line_ids.shipped_quantity, 8)

    def test_moves_that_are_merged_leave_under_the_request(self):
        sheet = self._make_released()
        self._issue(sheet, {sheet.order_line: 10})
        sheet.order_id.action_unlock()
        sheet.order_line.product_uom_qty = 12
        self._sign_pending(sheet)
        if sheet.confirmation_state != "verified":
            self._confirm(sheet)
        request = self._issue(sheet, {sheet.order_line: 2})
        moves = sheet.order_id.picking_ids.move_ids
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 12)
        self._ship(sheet, 10)
        self._ship(sheet)
        self.assertEqual(request.state, "shipped")

    def test_cancelled_transfer_frees_the_request(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        sheet.order_id.picking_ids.action_cancel()
        self.assertFalse(request.picking_ids)
        self.assertEqual(request.line_ids.remaining_quantity, 10)

    def test_transfer_in_another_unit_is_counted_in_that_of_the_order(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        sheet = self._make_released(quantity=2, product_uom_id=dozen.id)
        request = self._issue(sheet)
        self._ship(sheet, 18)
        self.assertEqual(request.line_ids.shipped_quantity, 1.5)
        self._ship(sheet)
        self.assertEqual(request.state, "shipped")

    # ------------------------------------------------------------- back again

    def test_return_needs_no_request_and_reopens_none(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        picking = self._ship(sheet)
        back = self._make_return(picking, 4)._create_return()
        self.assertFalse(back.shipping_request_id)
        self._pick(back).button_validate()
        self.assertEqual(back.state, "done")
        self.assertEqual(request.state, "shipped")

    def test_what_came_back_leaves_again_under_a_request(self):
        sheet = self._make_released()
        self._issue(sheet)
        back = self._make_return(self._ship(sheet), 4)._create_return()
        self._pick(back).button_validate()
        again = self._make_return(back, 4)._create_return()
        self._pick(again)
        with self.assert_refused("Without a shipping request: 4.00 Units"):
            again.with_user(self.shipper).button_validate()
        request = self._issue(sheet, {sheet.order_line: 4})
        again.with_user(self.shipper).button_validate()
        self.assertEqual(request.state, "shipped")

    def test_scrap_does_not_take_goods_to_the_customer(self):
        sheet = self._make_released()
        scrap = self.env["stock.scrap"].with_user(self.shipper)
        with self.assert_refused(NO_REQUEST):
            scrap.create(
                {
                    "product_id": self.pump.id,
                    "scrap_qty": 10,
                    "picking_id": sheet.order_id.picking_ids.id,
                    "location_id": self.stock_warehouse.lot_stock_id.id,
                    "scrap_location_id": self.customers_location.id,
                }
            ).do_scrap()

    def test_exchange_needs_a_request_of_its_own(self):
        sheet = self._make_released()
        self._issue(sheet)
        picking = self._ship(sheet)
        wizard = self._make_return(picking, 4)
        exchange = self.env["stock.picking"].browse(
            wizard.action_create_exchanges()["res_id"]
        )
        pickings = sheet.order_id.picking_ids - picking
        back = pickings.filtered(lambda p: p.location_id == self.customers_location)
        self._pick(back).button_validate()
        out = (pickings | exchange) - back
        self._pick(out)
        with self.assert_refused("4.00 Units"):
            out.with_user(self.shipper).button_validate()
        request = self._issue(sheet, {sheet.order_line: 4})
        out.with_user(self.shipper).button_validate()
        self.assertEqual(request.state, "shipped")

    # ------------------------------------------------------------- several steps

    def test_only_the_last_step_needs_the_request(self):
        self.stock_warehouse.delivery_steps = "pick_pack_ship"
        sheet = self._make_released()
        self.assertEqual(
            sheet.order_id._get_heading_quantities(), {sheet.order_line: 10}
        )
        picking = sheet.order_id.picking_ids
        self._pick(picking).button_validate()
        pack = sheet.order_id.picking_ids - picking
        self._pick(pack).button_validate()
        with self.assert_refused(NO_REQUEST):
            self._ship(sheet)
        request = self._issue(sheet)
        self._ship(sheet)
        self.assertEqual(request.state, "shipped")

    def test_last_step_links_itself_to_the_request(self):
        self.stock_warehouse.delivery_steps = "pick_ship"
        sheet = self._make_released()
        request = self._issue(sheet)
        self.assertFalse(request.picking_ids)
        picking = sheet.order_id.picking_ids
        self._pick(picking).button_validate()
        ship = sheet.order_id.picking_ids - picking
        self.assertEqual(ship.shipping_request_id, request)
        self._ship(sheet)
        self.assertEqual(request.state, "shipped")

    # ------------------------------------------------------------- the address

    def test_address_that_has_changed_is_looked_at_again(self):
        sheet = self._make_released()
        request = self._issue(sheet)
        self.customer.street = "99 Elsewhere"
        with self.assert_refused(f"ship-to has changed since {request.number}"):
            self._ship(sheet)
        request.action_revise()
        request.check_ids.filtered("is_lapsed").is_looked = True
        request.action_issue()
        self._ship(sheet)
        self.assertEqual(request.state, "shipped")

    def test_transfer_sent_elsewhere_is_refused(self):
        sheet = self._make_released()
        self._issue(sheet)
        sheet.order_id.picking_ids.with_user(self.shipper).partner_id = self._make_site(
            "Elsewhere"
        )
        with self.assert_refused("another ship-to"):
            self._ship(sheet)

    def test_condition_tells_that_the_address_has_changed(self):
        sheet = self._make_released()
        self._issue(sheet)
        self.assertTrue(self._get_condition(sheet)["holds"])
        self.customer.zip = "310000"
        sheet.order_id.invalidate_recordset()
        self.assertIn("ship-to has changed", self._get_condition(sheet)["reason"])

    # ------------------------------------------------------------- the condition

    def _get_condition(self, sheet, leaving=None):
        conditions = sheet.order_id._get_gate_conditions("shipping", leaving)
        return {c["code"]: c for c in conditions[sheet.order_id]}["shipping_request"]

    def test_condition_names_what_is_missing_and_who_acts(self):
        sheet = self._make_released()
        condition = self._get_condition(sheet)
        self.assertFalse(condition["holds"])
        self.assertIn("10.00 Units of [TP-1] Test pump", condition["reason"])
        self.assertEqual(condition["actor"], "Test sales_admin")
        self.assertEqual(condition["action"], "")
        mine = self._get_condition(sheet.with_user(self.sales_admin))
        self.assertEqual(mine["action"], "Prepare")

    def test_condition_holds_for_what_is_requested(self):
        sheet = self._make_released()
        line = sheet.order_line
        self._issue(sheet, {line: 4})
        self.assertTrue(self._get_condition(sheet, {line: 4})["holds"])
        self.assertIn(
            "only 4.00 Units are requested",
            self._get_condition(sheet, {line: 5})["reason"],
        )

    def test_transfer_shows_the_condition_for_what_it_takes(self):
        sheet = self._make_released()
        self._issue(sheet, {sheet.order_line: 4})
        picking = sheet.order_id.picking_ids
        gate = {c["code"]: c for c in picking.shipping_gate}
        self.assertFalse(gate["shipping_request"]["holds"])
        picking.move_ids.quantity = 4
        gate = {c["code"]: c for c in picking.shipping_gate}
        self.assertTrue(gate["shipping_request"]["holds"])
