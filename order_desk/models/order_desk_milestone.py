from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskMilestone(models.Model):
    """One step an order has passed: written once, never changed.

    Lead times, bottlenecks and score cards are queries on these rows.
    """

    _name = "order.desk.milestone"
    _description = "Milestone of an Order"
    _order = "reached_on, id"
    _rec_name = "code"

    sheet_id = fields.Many2one(
        "order.desk.sheet", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    code = fields.Selection(
        [
            ("created", "Sheet created"),
            ("submitted", "Submitted for review"),
            ("refused", "Refused"),
            ("approved", "Approved: contract formed"),
            ("countersigned", "Countersigned"),
            ("coded", "Codes given"),
            ("deposit_asked", "Deposit asked for"),
            ("confirmation_sent", "Confirmation sent"),
            ("confirmed", "Confirmed by the customer"),
            ("confirmation_verified", "Return copy verified"),
            ("deposit_received", "Deposit received"),
            ("released", "Released to production"),
            ("balance_asked", "Balance asked for"),
            ("balance_received", "Balance received"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
    )
    reached_on = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user
    )

    def write(self, vals):
        if set(vals) - {"company_id"}:
            raise UserError(
                self.env._("A milestone is written once and never changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for milestone in self:
            if milestone.sheet_id.signature_ids:
                raise UserError(
                    self.env._("A milestone is written once and never deleted.")
                )
