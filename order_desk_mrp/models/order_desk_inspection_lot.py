from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.order_desk.quantity import format_quantity

# what an inspector enters; the rest was presented by the workshop
ENTRY_FIELDS = {"quantity_passed", "quantity_failed", "is_checked", "remark"}


class OrderDeskInspectionLot(models.Model):
    """One lot or serial number that was presented for inspection."""

    _name = "order.desk.inspection.lot"
    _description = "Lot or Serial Number of an Inspection"
    _order = "id"
    _rec_name = "lot_id"

    inspection_id = fields.Many2one(
        "order.desk.inspection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="inspection_id.company_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="inspection_id.state", string="Inspection Status")
    can_enter = fields.Boolean(related="inspection_id.can_enter")
    tracking = fields.Selection(related="inspection_id.product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot", "Lot/Serial Number", required=True, readonly=True, index=True
    )
    quantity = fields.Float("Presented", digits="Product Unit", readonly=True)
    quantity_passed = fields.Float("Passed", digits="Product Unit")
    quantity_failed = fields.Float("Failed", digits="Product Unit")
    is_checked = fields.Boolean("Looked at")
    remark = fields.Char()

    def write(self, vals):
        if not self.env.su:
            if set(vals) - ENTRY_FIELDS:
                raise UserError(
                    self.env._(
                        "What was presented for inspection is changed on the"
                        " manufacturing order."
                    )
                )
            self.inspection_id._begin()
        return super().write(vals)

    @api.onchange("quantity_failed")
    def _onchange_quantity_failed(self):
        self.quantity_passed = max(0.0, self.quantity - self.quantity_failed)
        self.is_checked = True

    def action_pass(self):
        """Find the pieces of these numbers in order."""
        for row in self:
            row.write(row._get_result_values(passed=True))

    def action_fail(self):
        """Find the pieces of these numbers not in order."""
        for row in self:
            row.write(row._get_result_values(passed=False))

    def _get_result_values(self, passed):
        self.ensure_one()
        return {
            "quantity_passed": self.quantity if passed else 0.0,
            "quantity_failed": 0.0 if passed else self.quantity,
            "is_checked": True,
        }

    def _get_errors(self):
        """Return what is wrong with the quantities of these rows."""
        errors = []
        for row in self:
            uom = row.inspection_id.product_uom_id
            values = {"lot": row.lot_id.name}
            found = row.quantity_passed + row.quantity_failed
            if min(row.quantity_passed, row.quantity_failed) < 0:
                errors.append(
                    self.env._("%(lot)s: quantities cannot be negative.", **values)
                )
            elif uom.compare(found, row.quantity) > 0:
                errors.append(
                    self.env._(
                        "%(lot)s: %(found)s inspected, but only %(presented)s were"
                        " presented.",
                        **values,
                        found=format_quantity(found),
                        presented=format_quantity(row.quantity),
                    )
                )
        return errors
