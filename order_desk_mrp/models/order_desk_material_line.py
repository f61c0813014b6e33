from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.order_desk.quantity import format_quantity

# what people correct; what Odoo said stays visible beside it
CORRECTED_FIELDS = {"expected_missing_qty", "expected_date", "comment"}


class OrderDeskMaterialLine(models.Model):
    """One material of an order: needed, there, coming, missing (SPEC B6, E6)."""

    _name = "order.desk.material.line"
    _description = "Material on a Material Statement"
    _order = "sequence, id"
    _rec_name = "product_id"

    statement_id = fields.Many2one(
        "order.desk.material.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="statement_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    product_id = fields.Many2one(
        "product.product", "Material", required=True, readonly=True, index=True
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", required=True, readonly=True)
    kind = fields.Selection(
        [("bought", "Bought"), ("made", "Made Here")], required=True, readonly=True
    )
    needed_qty = fields.Float("Needed", digits="Product Unit", readonly=True)
    on_hand_qty = fields.Float("On Hand", digits="Product Unit", readonly=True)
    reserved_qty = fields.Float(
        "Reserved",
        digits="Product Unit",
        readonly=True,
        help="Reserved for other orders.",
    )
    planned_qty = fields.Float(
        "Planned by Others",
        digits="Product Unit",
        readonly=True,
        help="What other orders take later and have not reserved yet.",
    )
    free_qty = fields.Float(
        "Free",
        digits="Product Unit",
        readonly=True,
        help="On hand and not reserved for others.",
    )
    incoming_qty = fields.Float("Incoming", digits="Product Unit", readonly=True)
    incoming_date = fields.Date(
        "Arrives",
        readonly=True,
        help="What covers the need, else the next arrival.",
    )
    to_make_qty = fields.Float(
        "To Make",
        digits="Product Unit",
        readonly=True,
        help="What is not in stock and is made; its parts are listed, too.",
    )
    missing_qty = fields.Float(
        "Missing by Odoo",
        digits="Product Unit",
        readonly=True,
        help="Neither free nor coming, by Odoo's forecast.",
    )
    earliest_date = fields.Date(
        "Earliest by Odoo",
        readonly=True,
        help="When all of it is there by Odoo's forecast, with the supplier's lead time"
        " for what is missing; empty if nobody knows.",
    )
    expected_missing_qty = fields.Float(
        "Missing",
        digits="Product Unit",
        help="As Odoo says, unless somebody knows better.",
    )
    expected_date = fields.Date(
        "Expected",
        help="When all of it is there: as Odoo says, unless somebody knows better.",
    )
    comment = fields.Char()
    requested_qty = fields.Float(
        "Requested",
        digits="Product Unit",
        readonly=True,
        help="For which a purchase has been requested.",
    )
    is_corrected = fields.Boolean("Corrected", compute="_compute_is_corrected")
    status = fields.Selection(
        [
            ("ok", "On Hand"),
            ("coming", "Coming"),
            ("late", "Late"),
            ("missing", "Missing"),
            ("unknown", "Date Unknown"),
            ("made", "To Make"),
        ],
        compute="_compute_status",
        store=True,
    )
    can_correct = fields.Boolean(related="statement_id.can_correct")

    _statement_product_uniq = models.Constraint(
        "UNIQUE(statement_id, product_id)",
        "A material is listed once on a statement.",
    )
    _missing_positive = models.Constraint(
        "CHECK(expected_missing_qty >= 0)",
        "The missing quantity cannot be negative; zero means that nothing is missing.",
    )

    @api.depends(
        "missing_qty", "earliest_date", "expected_missing_qty", "expected_date"
    )
    def _compute_is_corrected(self):
        for line in self:
            line.is_corrected = line.expected_date != line.earliest_date or bool(
                line.product_uom_id
                and line.product_uom_id.compare(
                    line.expected_missing_qty, line.missing_qty
                )
            )

    @api.depends("expected_missing_qty", "expected_date", "to_make_qty")
    def _compute_status(self):
        for line in self:
            line.status = line._get_status()

    def _get_status(self):
        self.ensure_one()
        statement = self.statement_id
        if self.kind == "made":
            return "made" if self.to_make_qty else "ok"
        if not self.expected_date:
            return "unknown"
        if self.expected_missing_qty:
            return "missing"
        if statement.needed_by and self.expected_date > statement.needed_by:
            return "late"
        read_on = statement.company_id._order_desk_date(statement.read_on)
        return "coming" if self.expected_date > read_on else "ok"

    def _filter_missing(self):
        """Return the materials of which there are too few."""
        return self.filtered(
            lambda line: (
                line.kind == "bought"
                and line.product_uom_id.compare(line.expected_missing_qty, 0) > 0
            )
        )

    def _get_text(self):
        """Return one line that says what is the matter with this material."""
        self.ensure_one()
        values = {
            "product": self.product_id.display_name,
            "missing": format_quantity(self.expected_missing_qty, self.product_uom_id),
            "date": format_date(self.env, self.expected_date)
            if self.expected_date
            else self.env._("unknown"),
        }
        if self.product_uom_id.compare(self.expected_missing_qty, 0) > 0:
            return self.env._(
                "%(product)s: %(missing)s missing, expected: %(date)s",
                **values,
            )
        return self.env._("%(product)s: expected: %(date)s", **values)

    # ------------------------------------------------------------- corrections

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            if set(vals) - CORRECTED_FIELDS:
                raise AccessError(
                    self.env._(
                        "Only the missing quantity, the expected date and the comment"
                        " of a material can be changed."
                    )
                )
            self.statement_id._check_can_correct()
        self._check_expected(vals)
        result = super().write(vals)
        if not self.env.su:
            # protected; what is missing now calls for purchasing, what was not does not
            # take them off
            statements = self.statement_id.sudo()
            statements.filtered(lambda s: not s.asks_purchasing)._ask_purchasing()
            statements._update_todos()
        return result

    def _check_expected(self, vals):
        """Refuse an expected date that has passed already."""
        day = fields.Date.to_date(vals.get("expected_date"))
        if day and not self.env.su:
            for line in self:
                if day < line.company_id._order_desk_date():
                    raise UserError(
                        self.env._(
                            "%(product)s: %(date)s has passed. Give the day on which it"
                            " is expected, or leave it empty if nobody knows.",
                            product=line.product_id.display_name,
                            date=format_date(self.env, day),
                        )
                    )
