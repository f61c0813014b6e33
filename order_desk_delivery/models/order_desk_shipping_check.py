from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskShippingCheck(models.Model):
    """One field of a shipping advice, looked at for truth by the sales admin (G4)."""

    _name = "order.desk.shipping.check"
    _description = "Check of a Shipping Advice"
    _inherit = ["order.desk.look.mixin"]
    _order = "advice_id, sequence, id"

    advice_id = fields.Many2one(
        "order.desk.shipping.advice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="advice_id.company_id", store=True, precompute=True, index=True
    )
    known = fields.Text(
        "What Is Known",
        compute="_compute_content",
        compute_sudo=True,
        help="From the shipping request, the transfers and the promise.",
    )
    is_different = fields.Boolean(compute="_compute_content", compute_sudo=True)
    can_confirm = fields.Boolean(compute="_compute_can_confirm")

    _advice_key_uniq = models.UniqueIndex(
        "(advice_id, key)", "An advice is checked once for each field."
    )

    @api.depends(
        "advice_id.state",
        "advice_id.carrier_id",
        "advice_id.vehicle",
        "advice_id.driver",
        "advice_id.driver_phone",
        "advice_id.tracking_ref",
        "advice_id.package_count",
        "advice_id.weight",
        "advice_id.expected_arrival",
    )
    @api.depends_context("tz", "uid")
    def _compute_content(self):
        return super()._compute_content()

    @api.depends("advice_id.state")
    @api.depends_context("uid")
    def _compute_can_confirm(self):
        for check in self:
            advice = check.advice_id
            check.can_confirm = advice.can_check and advice.state == "submitted"

    def _get_documents(self):
        return self.advice_id

    def _get_document_contents(self):
        return {
            advice: advice._get_check_contents() if advice.state == "submitted" else []
            for advice in self.advice_id
        }

    def _get_value(self, content):
        return f"{super()._get_value(content)}\n{content['known']}"

    def _get_said(self, point, contents, values):
        content = contents[point] or {}
        return {
            **super()._get_said(point, contents, values),
            "known": content.get("known", False),
            "is_different": content.get("is_different", False),
        }

    def _get_confirming_roles(self):
        return self.env["order.desk.role"]._get_step_roles(
            self.company_id, "shipping_request"
        )

    def _check_may_confirm(self):
        self.advice_id._check_may_check()

    def action_confirm_agreeing(self):
        """Confirm those of these fields that agree with what is known."""
        agreeing = self.filtered(
            lambda check: not check.is_different and not check.is_confirmed
        )
        if not agreeing:
            raise UserError(
                self.env._("What is left differs from what is known: look at each.")
            )
        agreeing.action_confirm()
