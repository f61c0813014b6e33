from odoo import api, models


class OrderDeskShippingRequest(models.Model):
    _inherit = "order.desk.shipping.request"

    @api.depends(
        "order_ids.sheet_id.accessory_ids.state",
        "order_ids.sheet_id.accessory_ids.note",
    )
    def _compute_briefing(self):
        return super()._compute_briefing()

    def _get_briefing_points(self):
        """Tell the shipper which accessories go along, and how they are packed."""
        points = super()._get_briefing_points()
        return points + [
            {
                "key": f"accessory-{accessory.id}",
                "kind": "accessories",
                "title": self.env._("Accessory: %s", accessory._get_text()),
                "text": accessory._get_packing_text(),
            }
            for accessory in self._get_accessories()
        ]

    def _get_accessories(self):
        """Return the accessories that go along with these goods, as superuser."""
        self.ensure_one()
        lines = self.sudo().line_ids
        quantities = {line.sale_line_id: line.quantity for line in lines}
        # the shipper need not read sheets
        accessories = self.sudo().order_ids.sheet_id.accessory_ids.filtered(
            lambda accessory: (
                accessory.request_id == self
                if accessory.state == "shipped"
                else accessory.state in ("wanted", "prepared", "packed")
                and accessory.request_id <= self
            )
        )
        return accessories._filter_due(quantities)
