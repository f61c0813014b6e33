from odoo import api, fields, models
from odoo.exceptions import AccessError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    sheet_id = fields.Many2one(
        "order.desk.sheet", "Configuration Sheet", related="sale_id.sheet_id"
    )
    order_code = fields.Char(related="sheet_id.order_code")
    customer_code = fields.Char(related="sheet_id.customer_code")
    other_requirements = fields.Text(related="sheet_id.other_requirements")
    hides_customer = fields.Boolean(compute="_compute_hides_customer")

    shipping_request_id = fields.Many2one(
        "order.desk.shipping.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        groups="base.group_user",
        help="Under which these goods leave, back orders included.",
    )

    can_make_advice = fields.Boolean(related="shipping_request_id.can_make_advice")

    @api.depends("sheet_id", "company_id.hide_customer_name")
    def _compute_hides_customer(self):
        """Tell on whose shop-floor documents the customer code stands for the name."""
        for picking in self:
            picking.hides_customer = bool(
                picking.sheet_id and picking.company_id.hide_customer_name
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_shipping_request(vals)
            # given here, it wins over the defaults of a context
            vals.setdefault("shipping_request_id", False)
        return super().create(vals_list)

    def write(self, vals):
        self._check_shipping_request(vals)
        return super().write(vals)

    @api.model
    def _check_shipping_request(self, vals):
        """Refuse a request that a client names: issuing it links the transfers."""
        if vals.get("shipping_request_id") and not self.env.su:
            raise AccessError(
                self.env._(
                    "Transfers are linked to shipping requests by the order desk when"
                    " a request is issued."
                )
            )

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        # nobody links transfers by hand
        backorder.sudo().shipping_request_id = self.sudo().shipping_request_id
        return backorder

    def action_make_shipping_advice(self):
        """Open the advice for what has left by these transfers."""
        return self.shipping_request_id.action_make_advice()

    def action_cancel(self):
        """Free the requests of what is cancelled: their goods may leave otherwise."""
        result = super().action_cancel()
        cancelled = self.sudo().filtered(lambda picking: picking.state == "cancel")
        cancelled.shipping_request_id = False  # nobody links transfers by hand
        return result
