from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    order_desk_reads_orders = fields.Boolean(
        compute="_compute_order_desk_reads_orders",
        help="Reads all sales orders without the order desk. The record rule of"
        " signers, who read orders with a sheet, must not take that away.",
    )

    @api.depends("group_ids")
    def _compute_order_desk_reads_orders(self):
        for user in self:
            user.order_desk_reads_orders = not user.has_group(
                "sales_team.group_sale_salesman"
            ) and any(map(user.has_group, self._get_order_reader_groups()))

    @api.model
    def _get_order_reader_groups(self):
        """Return the groups that read sales orders in plain Odoo without a rule."""
        return [
            "stock.group_stock_user",
            "account.group_account_invoice",
            "account.group_account_readonly",
        ]
