from odoo import api, fields, models

from ..models.order_desk_shipping_advice import SENT_VIA
from ..models.order_desk_shipping_advice_send import CORRECTED_FIELDS


class OrderDeskShippingAdviceCorrect(models.TransientModel):
    """What was wrong on an advice that has been sent; nothing is kept until it is."""

    _name = "order.desk.shipping.advice.correct"
    _description = "Correct a Shipping Advice"
    _inherit = ["order.desk.number.mixin"]

    advice_id = fields.Many2one(
        "order.desk.shipping.advice", required=True, readonly=True
    )
    company_id = fields.Many2one(related="advice_id.company_id")
    carrier_id = fields.Many2one(
        "delivery.carrier",
        domain="[('company_id', 'in', (company_id, False))]",
    )
    tracking_ref = fields.Char("Tracking Number", size=64)
    vehicle = fields.Char(size=32)
    driver = fields.Char(size=64)
    driver_phone = fields.Char(size=32)
    package_count = fields.Integer("Packages")
    weight = fields.Float(digits="Stock Weight")
    weight_uom_name = fields.Char(related="advice_id.weight_uom_name")
    expected_arrival = fields.Datetime()
    promised_day = fields.Date(related="advice_id.promised_day")
    is_late = fields.Boolean(compute="_compute_is_late")
    late_reason = fields.Text("Why It Is Later")
    remark = fields.Text("Remark to the Customer")
    reason = fields.Text("What Was Wrong", help="Stands in the story of the order.")
    via = fields.Selection(SENT_VIA, "Send by", default="email", required=True)

    @api.model
    def _get_entered_numbers(self):
        return ("package_count", "weight")

    @api.depends("expected_arrival")
    def _compute_is_late(self):
        for wizard in self:
            arrival, day = wizard.expected_arrival, wizard.promised_day
            wizard.is_late = bool(
                arrival and day and wizard.company_id._order_desk_date(arrival) > day
            )

    def action_send(self):
        """Send the advice with what was put right here."""
        self.ensure_one()
        advice = self.advice_id
        vals = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in sorted(CORRECTED_FIELDS)
            if self[name] != advice[name]
        }
        action = advice.action_correct(vals, self.reason, self.via)
        if isinstance(action, dict):  # to be printed
            return {**action, "close_on_report_download": True}
        return {"type": "ir.actions.act_window_close"}
