from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column


class SaleOrder(models.Model):
    """How fast the goods of an order get to the customer (SPEC G8)."""

    _inherit = "sale.order"

    service_level_id = fields.Many2one(
        "order.desk.service.level",
        compute="_compute_service_level_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="How fast the goods get to the customer once they are ready. Chosen for"
        " orders with a configuration sheet.",
    )

    def _auto_init(self):
        # orders that run already go on without a level; nobody reads them all for that
        if not column_exists(self.env.cr, self._table, "service_level_id"):
            create_column(self.env.cr, self._table, "service_level_id", "int4")
        return super()._auto_init()

    @api.depends("sheet_id", "commitment_date")
    def _compute_service_level_id(self):
        """An order with a date goes on that date, unless somebody chooses otherwise."""
        asked = self.filtered(
            lambda order: (
                order.sheet_id and order.commitment_date and not order.service_level_id
            )
        )
        # everybody may read levels; who enters an order has no say in which there are
        levels = self.env["order.desk.service.level"].sudo()
        fixed = levels._get_fixed_levels(asked.company_id)
        for order in self:
            order.service_level_id = order.service_level_id or (
                fixed[order.company_id].sudo(False) if order in asked else False
            )

    @api.onchange("service_level_id")
    def _onchange_service_level_id(self):
        """Propose the date of a level that goes by days, where there is none."""
        undated = self.filtered(lambda order: not order.commitment_date)
        for order in undated.filtered("sheet_id"):
            order.commitment_date = order.sheet_id._get_proposed_commitment_date(
                order.service_level_id
            )

    def write(self, vals):
        watched = {"service_level_id", "commitment_date"} & set(vals)
        sheets = self.sheet_id if watched else self.env["order.desk.sheet"]
        before = sheets._read_due_dates()
        result = super().write(vals)
        sheets._follow_due_dates(before)
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_procurement_values(self):
        """Schedule transfers of desk orders for the day on which goods are picked up.

        Odoo's own date holds where it is earlier; the deadline stays the customer's.
        """
        values = super()._prepare_procurement_values()
        # the warehouse may start procurement, and need not be able to read sheets
        sheet = self.order_id.sudo().sheet_id
        moment = sheet.service_level_id and sheet._get_pick_moment()
        if moment:
            values["date_planned"] = min(values["date_planned"], moment)
        return values
