from odoo import api, models
from odoo.exceptions import AccessError


class StockMove(models.Model):
    """What has left stands on a shipping advice; the desk alone puts it there."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("shipping_advice_id"):
                self._check_shipping_advice(vals)
            # given here, it wins over the defaults of a context
            vals.setdefault("shipping_advice_id", False)
        return super().create(vals_list)

    def write(self, vals):
        self._check_shipping_advice(vals)
        return super().write(vals)

    @api.model
    def _check_shipping_advice(self, vals):
        """Refuse what a client writes: readonly is so on the screen alone."""
        if "shipping_advice_id" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "What a shipping advice tells of cannot be entered by hand. Make"
                    " the advice from its shipping request."
                )
            )

    def _note_leaving(self):
        """Have the shippers told soon that an advice is to be written."""
        result = super()._note_leaving()
        cron = self.env.ref(
            "order_desk_delivery.ir_cron_follow_advices", raise_if_not_found=False
        )
        # the warehouse need not be able to read shipping requests
        if cron and self.sudo().shipping_request_line_id:
            cron.sudo()._trigger()  # nobody triggers scheduled actions by hand
        return result

    def _needs_advice(self):
        """Tell whether the customer is to be told of these goods by an advice.

        What left in an emergency has its advice once the request is made.
        """
        self.ensure_one()
        return bool(self.shipping_request_line_id) or self.left_without_request

    def _make_shipping_advice(self, request):
        """Return a new draft of the advice that tells of these moves of a request."""
        advice = (
            self.env["order.desk.shipping.advice"]
            .with_context(mail_create_nolog=True)
            .create(request._prepare_advice_vals(self))
        )
        advice._take_moves(self)
        advice._update_todos()
        return advice
