from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    claim_outcome_id = fields.Many2one(
        "order.desk.claim.outcome",
        "Outcome of a Claim",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )
