from odoo import api, fields, models


class StockMove(models.Model):
    """What left in an emergency, and who sees to the request for it (SPEC G2)."""

    _inherit = "stock.move"

    request_waived_by_id = fields.Many2one(
        "res.users",
        "Let Go by",
        compute="_compute_request_waiver",
        compute_sudo=True,
        groups="base.group_user",
    )
    request_make_good_by = fields.Date(
        "Make Good by",
        compute="_compute_request_waiver",
        compute_sudo=True,
        groups="base.group_user",
    )
    shipping_request_id = fields.Many2one(
        related="shipping_request_line_id.request_id",
        string="Shipping Request",
        groups="base.group_user",
    )
    desk_order_id = fields.Many2one(
        related="sale_line_id.order_id",
        string="Controlled Order",
        groups="base.group_user",
    )
    can_request = fields.Boolean(
        compute="_compute_can_request",
        groups="base.group_user",
        help="The user fills the role.",
    )

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_can_request(self):
        roles = self.env["order.desk.role"]
        mine = roles._get_own_companies(self.company_id, "shipping_request")
        for move in self:
            move.can_request = move.company_id in mine

    @api.depends("left_without_request", "date")
    def _compute_request_waiver(self):
        """Find the waiver under which these goods left: the last one before."""
        waivers = self.env["order.desk.waiver"].search(
            [
                ("sheet_id", "in", self.sale_line_id.order_id.sheet_id.ids),
                ("condition", "=", "shipping_request"),
            ],
            order="given_on desc",
        )
        by_order = waivers.grouped("order_id")
        for move in self:
            given = by_order.get(move.sale_line_id.order_id, waivers.browse())
            if not move.left_without_request:
                given = waivers.browse()
            before = given.filtered(lambda w, move=move: w.given_on <= move.date)
            waiver = (before or given)[:1]
            move.request_waived_by_id = waiver.user_id
            move.request_make_good_by = waiver.make_good_by

    def action_prepare_later(self):
        """Prepare the requests for what has left without (SPEC G2)."""
        self.check_access("read")
        # whoever prepares need not be able to read orders
        return (
            self.sudo()
            .sale_line_id.order_id.sheet_id.sudo(self.env.su)
            .action_prepare_shipping()
        )
