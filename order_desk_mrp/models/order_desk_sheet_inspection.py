from odoo import api, fields, models


class OrderDeskSheet(models.Model):
    """The inspections of what is made for an order (SPEC E4)."""

    _inherit = "order.desk.sheet"

    inspection_ids = fields.Many2many(
        "order.desk.inspection",
        "order_desk_inspection_sheet_rel",
        "sheet_id",
        "inspection_id",
        string="Inspections",
        readonly=True,
    )

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "inspection_ids": []}

    @api.model
    def _get_milestone_sentence(self, code):
        if code == "inspected":
            return self.env._("All that was ordered has passed the inspection.")
        return super()._get_milestone_sentence(code)

    def _get_inspections_to_waive(self):
        """Return the inspections whose failed goods are to be let through."""
        return self.inspection_ids.filtered(
            lambda one: one.disposition == "waiver" and one.state != "cancelled"
        )

    def _note_inspected(self):
        """Write down which orders have all their goods inspected by now."""
        reached = self.filtered(
            lambda sheet: (
                sheet.state == "released"
                and "inspected" not in sheet.milestone_ids.mapped("code")
                and sheet._is_inspected()
            )
        )
        reached._add_milestones("inspected")

    def _is_inspected(self):
        """Tell whether all that is made for this order and inspected has passed."""
        self.ensure_one()
        productions = self.order_id.order_line._find_productions()
        standards = productions._get_release_standards()
        for product in self.env["product.product"].union(*(p for _mo, p in standards)):
            made = productions.filtered(lambda p, q=product: (p, q) in standards)
            group = made._get_inspection_group()
            released = sum(group._get_inspections(product)._get_released().values())
            released += sum(group._get_received_before(product).values())
            if product.uom_id.compare(released, made._get_planned(product)) < 0:
                return False
        return bool(standards)
