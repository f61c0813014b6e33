from odoo import api, fields, models


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
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        groups="base.group_user",
        help="Under which these goods leave, back orders included.",
    )

    @api.depends("sheet_id", "company_id.hide_customer_name")
    def _compute_hides_customer(self):
        """Tell on whose shop-floor documents the customer code stands for the name."""
        for picking in self:
            picking.hides_customer = bool(
                picking.sheet_id and picking.company_id.hide_customer_name
            )
