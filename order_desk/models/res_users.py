from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    stand_in_ids = fields.One2many(
        "order.desk.stand.in",
        "user_id",
        "Stand-Ins",
        help="Who signs on the order desk while this user is away.",
    )
    order_desk_reads_orders = fields.Boolean(
        compute="_compute_order_desk_reads_orders",
        help="Reads all sales orders without the order desk. The record rule of"
        " signers, who read orders with a sheet, must not take that away.",
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802  Odoo's name
        return [*super().SELF_READABLE_FIELDS, "stand_in_ids"]

    def action_open_stand_ins(self):
        """Open the user's own stand-ins.

        They are not written through the preferences: what a user writes on their own
        record is written as superuser, and so would be the stand-ins of others.
        """
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "order_desk.order_desk_stand_in_action"
            ),
            "context": {"search_default_mine": 1},
        }

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
