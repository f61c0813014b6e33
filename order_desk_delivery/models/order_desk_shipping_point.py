from odoo import fields, models
from odoo.exceptions import UserError

POINT_KINDS = [
    ("ship_to", "Ship to"),
    ("receiver", "Receiver"),
    ("carrier", "Carrier"),
    ("goods", "Goods"),
    ("packaging", "Packaging"),
    ("requirements", "Requirements"),
    ("accessories", "Accessories"),
    ("waiver", "Waiver"),
    ("cash", "Cash to Collect"),
    ("other", "Other"),
]


class OrderDeskShippingPoint(models.Model):
    """One point of the shipper's briefing: what matters about a shipment (SPEC G3)."""

    _name = "order.desk.shipping.point"
    _description = "Point of a Shipper's Briefing"
    _inherit = ["order.desk.look.mixin"]
    _order = "request_id, sequence, id"

    request_id = fields.Many2one(
        "order.desk.shipping.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(POINT_KINDS, required=True, readonly=True, default="other")
    can_brief = fields.Boolean(related="request_id.can_brief")

    _request_key_uniq = models.UniqueIndex(
        "(request_id, key)", "A briefing has each point once."
    )

    def _get_documents(self):
        return self.request_id

    def _get_document_contents(self):
        self.request_id._fetch_briefing()
        return {
            request: request._get_briefing_points()
            if request._is_briefing_open()
            else []
            for request in self.request_id
        }

    def _prepare_vals(self, number, content):
        return {**super()._prepare_vals(number, content), "kind": content["kind"]}

    def _get_confirming_roles(self):
        return self.env["order.desk.role"]._get_step_roles(self.company_id, "shipping")

    def _check_may_confirm(self):
        self.request_id._check_may_brief()

    def _check_may_unconfirm(self):
        told = self.filtered(
            lambda point: any(
                advice.submitted_on and advice.submitted_on >= point.confirmed_on
                for advice in point.request_id.advice_ids
                if point.confirmed_on
            )
        )
        if told:
            raise UserError(
                self.env._(
                    "A shipping advice was handed in with this briefing, so it stays:"
                    " %s.",
                    ", ".join(told.mapped("title")),
                )
            )
