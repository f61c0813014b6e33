from odoo import api, fields, models


class OrderDeskWaiverRight(models.Model):
    _inherit = "order.desk.waiver.right"

    condition = fields.Selection(
        selection_add=[("inspection", "Goods that failed the inspection")],
        ondelete={"inspection": "cascade"},
    )


class OrderDeskWaiver(models.Model):
    """Waivers let goods through that failed the inspection (SPEC E4)."""

    _inherit = "order.desk.waiver"

    inspection_ids = fields.Many2many(
        "order.desk.inspection",
        "order_desk_inspection_waiver_rel",
        "waiver_id",
        "inspection_id",
        string="Inspections",
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Remember which failed goods the waiver was given for."""
        waivers = super().create(vals_list)
        for waiver in waivers.filtered(lambda w: w.condition == "inspection"):
            # nobody writes inspections by hand
            asked = waiver.sheet_id.sudo()._get_inspections_to_waive()
            asked.waiver_ids += waiver
            asked._update_todos()
            waiver.sheet_id.sudo()._note_inspected()
        return waivers

    def _get_gap(self, condition):
        """Do not cover goods that failed after the waiver was given."""
        gap = super()._get_gap(condition)
        if gap or self.condition != "inspection":
            return gap
        later = self.sheet_id.sudo()._get_inspections_to_waive() - self.inspection_ids
        if not later:
            return ""
        return self.env._("%s has failed since", ", ".join(later.mapped("name")))
