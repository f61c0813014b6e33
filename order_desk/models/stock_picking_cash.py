from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount


class StockPicking(models.Model):
    """Cash on delivery: what to collect when the goods are handed over (SPEC G9)."""

    _inherit = "stock.picking"

    collect_amounts = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What was to be collected when the goods left: by id of the order.",
    )
    collect_on_delivery = fields.Char(
        compute="_compute_collect_on_delivery",
        compute_sudo=True,
        help="The amount to collect from the customer when the goods are handed over.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_collect_amounts(vals)
            # given here, it wins over the defaults of a context
            vals.setdefault("collect_amounts", False)
        return super().create(vals_list)

    def write(self, vals):
        self._check_collect_amounts(vals)
        return super().write(vals)

    @api.model
    def _check_collect_amounts(self, vals):
        """Refuse amounts that a client types in: readonly is so on the screen alone."""
        if "collect_amounts" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "What is to be collected on delivery is worked out by the order"
                    " desk and cannot be entered."
                )
            )

    @api.depends("state", "collect_amounts", "move_ids.quantity", "move_ids.picked")
    @api.depends_context("lang")
    def _compute_collect_on_delivery(self):
        for picking in self:
            amounts = (
                picking.collect_amounts
                if picking.state == "done"
                else picking._get_collect_amounts()
            )
            orders = self.env["sale.order"].browse(map(int, amounts or ())).exists()
            picking.collect_on_delivery = " + ".join(
                format_amount(self.env, amounts[str(order.id)], order.currency_id)
                for order in orders
            )

    def _get_collect_amounts(self):
        """Return what is to be collected for what leaves: ``{order id: amount}``.

        Each amount is in the currency of its order; the keys are texts, as in JSON.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and move._is_leaving()
        )
        orders = moves.sale_line_id.order_id.filtered(
            lambda order: order.sheet_id and order._is_cash_on_delivery()
        )
        money = orders._get_finished_money(moves._get_leaving_quantities())
        return {str(order.id): values["to_ask"] for order, values in money.items()}

    def _action_done(self):
        pickings = self.sudo()  # the warehouse need not read money
        # most collect nothing, and that is found out of all at once
        collected = pickings.move_ids.sale_line_id.order_id.filtered(
            lambda order: order.sheet_id and order._is_cash_on_delivery()
        )
        for picking in pickings if collected else ():
            if amounts := picking._get_collect_amounts():
                picking.collect_amounts = amounts
        return super()._action_done()
