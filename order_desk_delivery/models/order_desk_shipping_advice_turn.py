from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# what people fill in; everything else is the desk's
OPEN_FIELDS = {
    "partner_id",
    "carrier_id",
    "vehicle",
    "driver",
    "driver_phone",
    "tracking_ref",
    "package_count",
    "weight",
    "expected_arrival",
    "late_reason",
    "remark",
    "photo_ids",
}


class OrderDeskShippingAdvice(models.Model):
    """Whose turn it is: the shipper fills it in, the sales admin checks (SPEC G4)."""

    _inherit = "order.desk.shipping.advice"

    is_mine = fields.Boolean(
        "Waiting for Me", compute="_compute_is_mine", search="_search_is_mine"
    )
    can_fill_in = fields.Boolean(compute="_compute_is_mine")
    can_submit = fields.Boolean(compute="_compute_is_mine")
    can_check = fields.Boolean(compute="_compute_is_mine")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        roles = self.env["order.desk.role"]
        shippers = roles._get_own_companies(self.company_id, "shipping")
        admins = roles._get_own_companies(self.company_id, "shipping_request")
        for advice in self:
            ships = advice.company_id in shippers
            checks = advice.company_id in admins
            advice.can_submit = advice.state == "draft" and ships
            advice.can_fill_in = (advice.state == "draft" and (ships or checks)) or (
                advice.state == "submitted" and checks
            )
            advice.can_check = checks
            advice.is_mine = advice.can_submit or (
                checks and advice._waits_for_sales_admin()
            )

    def _waits_for_sales_admin(self):
        """Tell whether the sales admin has to do something about this advice."""
        self.ensure_one()
        return self.state == "submitted" or (
            self.state == "sent" and not self.received_clear_on
        )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        roles, companies = self.env["order.desk.role"], self.env.companies
        shippers = roles._get_own_companies(companies, "shipping")
        admins = roles._get_own_companies(companies, "shipping_request")
        domain = (
            Domain("state", "=", "draft") & Domain("company_id", "in", shippers.ids)
        ) | (
            Domain("company_id", "in", admins.ids)
            & (
                Domain("state", "=", "submitted")
                | (
                    Domain("state", "=", "sent")
                    & Domain("received_clear_on", "=", False)
                )
            )
        )
        return domain if True in value else ~domain

    def write(self, vals):
        if OPEN_FIELDS & set(vals) and not self.env.su:
            self._check_can_fill_in()
        return super().write(vals)

    def _check_can_fill_in(self):
        """Refuse to write on what has been handed in or sent already."""
        closed = self.filtered(lambda advice: not advice.can_fill_in)
        if closed:
            raise AccessError(
                self.env._(
                    "%s cannot be filled in by you now. The shipper writes it, then the"
                    " sales admin checks it; one that was sent is corrected with its"
                    " button.",
                    ", ".join(closed.mapped("display_name")),
                )
            )
