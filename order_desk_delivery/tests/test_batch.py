from odoo import Command
from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon
from .test_shipping_door import NO_REQUEST


@tagged("-standard", "order_desk_shipping", "post_install", "-at_install")
class TestBatch(OrderDeskDeliveryCommon):
    """Transfers that are validated together, where Odoo has batches (SPEC G1)."""

    def test_batch_transfer_is_refused(self):
        sheets = self._make_released() | self._make_released()
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set(sheets.order_id.picking_ids.ids)]}
        )
        batch.action_confirm()
        self._pick(batch.picking_ids)
        with self.assert_refused(NO_REQUEST):
            batch.with_user(self.shipper).action_done()
        self._issue(sheets)
        batch.with_user(self.shipper).action_done()
        self.assertEqual(set(batch.picking_ids.mapped("state")), {"done"})

    def _make_wave(self, pickings):
        """Have the shipper take the operations of transfers into a wave."""
        lines = pickings.move_line_ids
        self.env["stock.add.to.wave"].with_user(self.shipper).with_context(
            active_model="stock.move.line", active_ids=lines.ids
        ).create({"mode": "new"}).attach_pickings()
        return pickings.move_line_ids.batch_id

    def test_wave_is_refused(self):
        sheets = self._make_released() | self._make_released()
        wave = self._make_wave(sheets.order_id.picking_ids)
        self.assertTrue(wave.is_wave)
        wave.action_confirm()
        self._pick(wave.picking_ids)
        with self.assert_refused(NO_REQUEST):
            wave.with_user(self.shipper).action_done()
        self._issue(sheets[0])
        with self.assert_refused(NO_REQUEST):
            wave.with_user(self.shipper).action_done()
        self._issue(sheets[1])
        wave.with_user(self.shipper).action_done()
        self.assertEqual(set(wave.picking_ids.mapped("state")), {"done"})

    def _make_wave_of_part(self, sheet):
        """Take four of ten into a wave; Odoo cuts them off their transfer."""
        picking = sheet.order_id.picking_ids
        picking.move_ids.quantity = 4
        line = picking.move_line_ids.with_user(self.shipper)
        line._add_to_wave()
        return line.batch_id

    def _assert_part_left(self, wave, request):
        wave.picking_ids.move_ids.picked = True
        wave.with_user(self.shipper).with_context(skip_backorder=True).action_done()
        self.assertEqual(request.state, "shipped")
        with self.assert_refused("Without a shipping request: 6.00 Units"):
            self._ship(request.sheet_ids)

    def test_part_that_is_requested_goes_with_a_wave(self):
        sheet = self._make_released()
        request = self._issue(sheet, {sheet.order_line: 4})
        self._assert_part_left(self._make_wave_of_part(sheet), request)

    def test_part_that_goes_with_a_wave_is_requested(self):
        sheet = self._make_released()
        wave = self._make_wave_of_part(sheet)
        request = self._issue(sheet, {sheet.order_line: 4})
        self._assert_part_left(wave, request)

    def test_more_goes_with_a_wave_than_requested(self):
        sheet = self._make_released()
        request = self._issue(sheet, {sheet.order_line: 4})
        lines = sheet.order_id.picking_ids.move_line_ids.with_user(self.shipper)
        lines._add_to_wave()
        wave = lines.batch_id
        wave.picking_ids.move_ids.picked = True
        with self.assert_refused("only 4.00 Units are requested"):
            wave.with_user(self.shipper).action_done()
        self.assertEqual(request.state, "issued")
