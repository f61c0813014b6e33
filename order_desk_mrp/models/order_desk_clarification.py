from odoo import api, fields, models


class OrderDeskClarification(models.Model):
    _inherit = "order.desk.clarification"

    instruction_point_id = fields.Many2one(
        "order.desk.instruction.point",
        "Point of the Instruction",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What the production supervisor found unclear.",
    )

    @api.model
    def _get_fixed_fields(self):
        return {*super()._get_fixed_fields(), "instruction_point_id"}
