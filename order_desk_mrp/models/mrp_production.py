from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        compute="_compute_sheet_id",
        store=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    order_code = fields.Char(
        related="sheet_id.order_code", store=True, copy=False, index="btree_not_null"
    )
    customer_code = fields.Char(related="sheet_id.customer_code")
    finish_date = fields.Date(
        related="sheet_id.finish_date",
        help="When the goods of the order are assembled, as production has stated.",
    )
    configuration_summary = fields.Text(related="sale_line_id.configuration_summary")
    special_requirement = fields.Text(related="sale_line_id.special_requirement")
    packaging_note = fields.Char(related="sale_line_id.packaging_note")
    tolerance = fields.Char(compute="_compute_tolerance", compute_sudo=True)

    # what is made for the lines of an order is looked up for many of them at once
    _sale_line_idx = models.Index("(sale_line_id) WHERE sale_line_id IS NOT NULL")

    def _auto_init(self):
        # The database fills in the orders of the past; Odoo would go through each.
        if not column_exists(self.env.cr, self._table, "sheet_id"):
            create_column(self.env.cr, self._table, "sheet_id", "int4")
            create_column(self.env.cr, self._table, "order_code", "varchar")
            self._fill_sheets()
        return super()._auto_init()

    def _fill_sheets(self):
        """Link the manufacturing orders that exist already with their sheets."""
        if not column_exists(self.env.cr, self._table, "sale_line_id"):
            return
        self.env.cr.execute(
            SQL(
                """
                WITH found AS (
                    SELECT production.id, sale.sheet_id
                      FROM mrp_production production
                      JOIN sale_order_line line ON line.id = production.sale_line_id
                      JOIN sale_order sale ON sale.id = line.order_id
                     WHERE sale.sheet_id IS NOT NULL
                     UNION ALL
                    SELECT made.production_id, min(sale.sheet_id)
                      FROM stock_reference_production_rel made
                      JOIN mrp_production production
                        ON production.id = made.production_id
                      JOIN stock_reference_sale_rel sold
                        ON sold.reference_id = made.reference_id
                      JOIN sale_order sale ON sale.id = sold.sale_id
                      LEFT JOIN sale_order_line line
                        ON line.id = production.sale_line_id
                      LEFT JOIN sale_order own ON own.id = line.order_id
                     WHERE own.sheet_id IS NULL AND sale.sheet_id IS NOT NULL
                     GROUP BY made.production_id
                    HAVING count(DISTINCT sale.sheet_id) = 1
                )
                UPDATE mrp_production production
                   SET sheet_id = found.sheet_id, order_code = sheet.order_code
                  FROM found JOIN order_desk_sheet sheet ON sheet.id = found.sheet_id
                 WHERE production.id = found.id
                """
            )
        )

    @api.depends("sale_line_id.order_id.sheet_id", "reference_ids.sale_ids.sheet_id")
    def _compute_sheet_id(self):
        """Take the order's sheet for its assemblies too, unless made for several."""
        for production in self:
            sheet = production.sale_line_id.order_id.sheet_id
            sheets = production.reference_ids.sale_ids.sheet_id
            production.sheet_id = sheet or (sheets if len(sheets) == 1 else False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sheet_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_sheet_fields(vals)
        before = {}
        if "reference_ids" in vals and not self.env.su:
            before = {production: production.sheet_id for production in self}
        result = super().write(vals)
        for production, sheet in before.items():
            if sheet and production.sheet_id != sheet:
                production._refuse_other_sheet()
        return result

    @api.model
    def _check_sheet_fields(self, vals):
        """Let the order alone say for which sheet something is made.

        :raise AccessError: somebody writes the sheet or its code by hand
        """
        if {"sheet_id", "order_code"} & set(vals) and not self.env.su:
            self._refuse_other_sheet()

    @api.model
    def _refuse_other_sheet(self):
        raise AccessError(
            self.env._(
                "A manufacturing order belongs to the configuration sheet of its sales"
                " order; that cannot be changed by hand."
            )
        )

    @api.depends("sale_line_id.tolerance_over", "sale_line_id.tolerance_under")
    def _compute_tolerance(self):
        revisions = self.env["order.desk.revision"]
        for production in self:
            line = production.sale_line_id
            production.tolerance = revisions._get_tolerance_text(
                line.tolerance_over, line.tolerance_under
            )
