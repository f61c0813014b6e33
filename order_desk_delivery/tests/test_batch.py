from odoo import Command
from odoo.tests import tagged

from .common import OrderDeskDeliveryCommon
from .test_shipping_door import NO_REQUEST


@tagged("-standard", "order_desk_batch", "post_install", "-at_install")
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
