from odoo import api, fields, models


class OrderDeskShippingRequest(models.Model):
    """When what a request lets go is picked up, and is to be there (SPEC G8)."""

    _inherit = "order.desk.shipping.request"

    service_level_id = fields.Many2one(
        "order.desk.service.level",
        compute="_compute_service_level_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Of its orders' levels the most urgent one, unless another is chosen.",
    )
    due_pick_date = fields.Date(
        "Due to Be Picked up",
        compute="_compute_due_dates",
        store=True,
        help="By the service level, counted from the issue of this request.",
    )
    due_arrival_date = fields.Date(
        "Due to Arrive",
        compute="_compute_due_dates",
        store=True,
        help="By the service level, counted from the issue of this request.",
    )
    order_due_date = fields.Date(
        "Due by the Orders",
        compute="_compute_order_due_date",
        compute_sudo=True,
        help="When the first of its orders is due to arrive.",
    )

    @api.depends("order_ids.service_level_id")
    def _compute_service_level_id(self):
        for request in self:
            # a level that was chosen, or that goods have left with, stays
            levels = request.sudo().order_ids.service_level_id
            request.service_level_id = request.service_level_id or levels.sorted(
                "sequence"
            )[:1].sudo(False)

    @api.depends("issued_on", "service_level_id", "order_ids.commitment_date")
    def _compute_due_dates(self):
        for request in self:
            request.due_pick_date, request.due_arrival_date = (
                request._get_due_dates(request.issued_on)
                if request.issued_on
                else (False, False)
            )

    def _get_due_dates(self, moment):
        """Return when goods issued at ``moment`` are picked up, and are to be there.

        Delivery is arranged until the working day after the issue; for a customer's
        date that is near they may have to go at once.
        """
        self.ensure_one()
        level, company = self.service_level_id, self.company_id
        placed, arranged = company._order_desk_get_placed_and_arranged(moment)
        dates = self.sudo().order_ids.filtered("commitment_date")
        wished = min(dates.mapped("commitment_date"), default=False)
        wished = wished and company._order_desk_date(wished)
        by_days = level.due_by == "days"
        return level._get_due_dates(company, arranged if by_days else placed, wished)

    @api.depends("order_ids.sheet_id.due_arrival_date")
    def _compute_order_due_date(self):
        for request in self:
            sheets = request.order_ids.sheet_id.filtered("due_arrival_date")
            request.order_due_date = min(
                sheets.mapped("due_arrival_date"), default=False
            )
