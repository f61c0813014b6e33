from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.order_desk.quantity import format_quantity

from .order_desk_incident import SHEET_GROUPS

# what inspectors enter while nothing is decided
ENTRY_FIELDS = {
    "quantity_passed",
    "quantity_failed",
    "remark",
    "point_ids",
    "lot_ids",
    "scan",
}


class OrderDeskInspection(models.Model):
    """The inspection of finished goods before they enter stock (SPEC E4).

    The workshop asks for it on the manufacturing order; what has passed may be
    received. It keeps the points of the release standard as they were when it began.
    """

    _name = "order.desk.inspection"
    _description = "Finished-Goods Inspection"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "production_id.name", "order_code"]
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id")
    tracking = fields.Selection(related="product_id.tracking")
    sheet_ids = fields.Many2many(
        "order.desk.sheet",
        "order_desk_inspection_sheet_rel",
        "inspection_id",
        "sheet_id",
        string="Configuration Sheets",
        readonly=True,
        groups=SHEET_GROUPS,  # their names tell the customers'
        help="Those of the customers who get these goods; none for stock.",
    )
    order_code = fields.Char(
        compute="_compute_order_code", compute_sudo=True, store=True
    )
    customer_code = fields.Char(compute="_compute_what", compute_sudo=True)
    configuration_summary = fields.Text(
        "Configuration", compute="_compute_what", compute_sudo=True
    )
    standard_id = fields.Many2one(
        "order.desk.release.standard", readonly=True, index=True, ondelete="restrict"
    )
    standard_version = fields.Integer("Version", readonly=True)
    is_standard_changed = fields.Boolean(
        compute="_compute_is_standard_changed",
        compute_sudo=True,
        help="The release standard has a newer version than this inspection.",
    )
    standard_note = fields.Text(related="standard_id.note", string="Instructions")
    state = fields.Selection(
        [
            ("to_inspect", "To Inspect"),
            ("passed", "Passed"),
            ("partly", "Partly Passed"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="to_inspect",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    quantity = fields.Float(
        "Presented",
        digits="Product Unit",
        readonly=True,
        help="What the workshop has reported as made, in the product's unit.",
    )
    sample_size = fields.Float(
        "To Look at",
        digits="Product Unit",
        compute="_compute_sample_size",
        compute_sudo=True,
        store=True,
        help="How many pieces are inspected, as the release standard says.",
    )
    quantity_passed = fields.Float(
        "Passed",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        readonly=False,
    )
    quantity_failed = fields.Float(
        "Failed",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        readonly=False,
    )
    remark = fields.Text()
    scan = fields.Char(
        store=False, help="Scan or type a serial number that is in order."
    )
    point_ids = fields.One2many("order.desk.inspection.point", "inspection_id")
    lot_ids = fields.One2many("order.desk.inspection.lot", "inspection_id")
    inspector_id = fields.Many2one("res.users", readonly=True, tracking=True)
    asked_by_id = fields.Many2one("res.users", "Asked for by", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    received_on = fields.Datetime(
        readonly=True, help="When goods were last received on its strength."
    )
    received_before = fields.Json(
        readonly=True, help="What was in stock already when it was asked for, by lot."
    )
    disposition = fields.Selection(
        [
            ("rework", "Rework"),
            ("scrap", "Scrapped"),
            ("waiver", "Waiver asked for"),
        ],
        "Failed Goods",
        readonly=True,
        copy=False,
        tracking=True,
    )
    waiver_ids = fields.Many2many(
        "order.desk.waiver",
        "order_desk_inspection_waiver_rel",
        "inspection_id",
        "waiver_id",
        string="Waivers",
        readonly=True,
    )
    previous_id = fields.Many2one(
        "order.desk.inspection", "After Rework of", readonly=True, index=True
    )
    next_ids = fields.One2many(
        "order.desk.inspection", "previous_id", "Inspections after Rework"
    )
    can_inspect = fields.Boolean(compute="_compute_can_inspect")
    can_enter = fields.Boolean(compute="_compute_can_inspect")
    failed_points = fields.Char(compute="_compute_failed_points")

    _company_state_idx = models.Index("(company_id, state)")

    # ------------------------------------------------------------- computed

    @api.depends("name", "product_id")
    def _compute_display_name(self):
        for inspection in self:
            parts = (inspection.name, inspection.product_id.display_name)
            inspection.display_name = " · ".join(part for part in parts if part)

    @api.depends("sheet_ids.order_code")
    def _compute_order_code(self):
        for inspection in self:
            codes = inspection.sheet_ids.mapped("order_code")
            inspection.order_code = ", ".join(filter(None, codes))

    @api.depends("sheet_ids.customer_code", "production_id.sale_line_id")
    def _compute_what(self):
        for inspection in self:
            codes = inspection.sheet_ids.mapped("customer_code")
            inspection.customer_code = ", ".join(filter(None, codes))
            line = inspection.production_id.sale_line_id
            inspection.configuration_summary = (
                line.configuration_summary
                if line.product_id == inspection.product_id
                else False
            )

    @api.depends("standard_version", "standard_id.version", "state")
    def _compute_is_standard_changed(self):
        for inspection in self:
            inspection.is_standard_changed = (
                inspection.state == "to_inspect"
                and inspection.standard_id.version > inspection.standard_version
            )

    @api.depends("quantity", "standard_version")
    def _compute_sample_size(self):
        for inspection in self:
            inspection.sample_size = inspection.standard_id._get_sample_size(
                inspection.quantity
            )

    @api.depends("quantity", "lot_ids.quantity_passed", "lot_ids.quantity_failed")
    def _compute_quantities(self):
        for inspection in self:
            rows = inspection.lot_ids
            if rows:
                inspection.quantity_passed = sum(rows.mapped("quantity_passed"))
                inspection.quantity_failed = sum(rows.mapped("quantity_failed"))
            else:
                inspection.quantity_passed = inspection.quantity
                inspection.quantity_failed = 0.0

    @api.depends("state", "inspector_id")
    @api.depends_context("uid")
    def _compute_can_inspect(self):
        roles = self.env["order.desk.role"]._get_step_roles(
            self.company_id, "inspection"
        )
        for inspection in self:
            mine = roles.get(inspection.company_id)
            inspection.can_inspect = (
                inspection.state == "to_inspect"
                and mine is not None
                and bool(mine._filter_mine())
            )
            inspection.can_enter = inspection.can_inspect and (
                inspection.inspector_id in (self.env.user, self.env["res.users"])
            )

    @api.depends("point_ids.result")
    def _compute_failed_points(self):
        for inspection in self:
            failed = inspection.point_ids.filtered(lambda point: point._is_failed())
            inspection.failed_points = ", ".join(failed.mapped("name"))

    @api.onchange("quantity_failed")
    def _onchange_quantity_failed(self):
        if not self.lot_ids:
            self.quantity_passed = max(0.0, self.quantity - self.quantity_failed)

    @api.onchange("scan")
    def _onchange_scan(self):
        """Find the scanned serial number in order, or say that it is none of these."""
        code = (self.scan or "").strip()
        self.scan = False
        if not code:
            return None
        row = self.lot_ids.filtered(lambda row: row.lot_id.name == code)
        if row:
            row.update(row._get_result_values(passed=True))
            return None
        return {
            "warning": {
                "title": self.env._("Not presented"),
                "message": self.env._(
                    "%(code)s is not among the numbers presented with %(inspection)s.",
                    code=code,
                    inspection=self.name,
                ),
            }
        }

    # ------------------------------------------------------------- protection

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "name": False,
            "state": "to_inspect",
            "inspector_id": False,
            "asked_by_id": False,
            "decided_on": False,
            "received_on": False,
            "received_before": False,
            "disposition": False,
            "previous_id": False,
            "waiver_ids": [],
            "standard_version": 0,
        }

    @api.model
    def _get_fixed_fields(self):
        return {
            "company_id",
            "production_id",
            "product_id",
            "sheet_ids",
            "standard_id",
            "quantity",
        }

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of an inspection cannot be entered by hand. Use the buttons.", names
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "An inspection is asked for on the manufacturing order, with the"
                    " button “Ask for Inspection”."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if ENTRY_FIELDS & set(vals) and not self.env.su:
            self._begin()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("An inspection stays on file. It can be cancelled instead.")
        )

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "An inspection cannot be duplicated. Ask for a new one on the"
                " manufacturing order."
            )
        )

    # ------------------------------------------------------------- quantities

    def _is_waived(self):
        """Tell whether the failed goods were let through for every order they go to."""
        self.ensure_one()
        inspection = self.sudo()  # the workshop reads no sheets
        return (
            inspection.disposition == "waiver"
            and bool(inspection.sheet_ids)
            and all(
                any(
                    waiver.sheet_id == sheet and waiver.is_in_force
                    for waiver in inspection.waiver_ids
                )
                for sheet in inspection.sheet_ids
            )
        )

    def _get_released(self):
        """Return what may be received: ``{lot, or no lot: quantity}``.

        It is what has passed, and what has failed and was let through.
        """
        released = {}
        for inspection in self:
            if inspection.state not in ("passed", "partly", "failed"):
                continue
            waived = inspection._is_waived()
            for row in inspection.lot_ids or inspection:
                lot = inspection.lot_ids and row.lot_id or self.env["stock.lot"]
                released[lot] = (
                    released.get(lot, 0.0)
                    + row.quantity_passed
                    + (row.quantity_failed if waived else 0.0)
                )
        return released

    def _get_present(self):
        """Return what the workshop need not present again.

        Scrapped goods are gone; reworked ones are in the next inspection.
        """
        total = 0.0
        for inspection in self:
            if inspection.state == "to_inspect":
                total += inspection.quantity
            elif inspection.state != "cancelled":
                total += inspection.quantity_passed
                if inspection.disposition not in ("rework", "scrap"):
                    total += inspection.quantity_failed
        return total

    def _is_begun(self):
        """Tell whether an inspector is at it already."""
        self.ensure_one()
        return bool(self.inspector_id)

    def _format(self, quantity):
        """Return a quantity with its unit."""
        self.ensure_one()
        return format_quantity(quantity, self.product_uom_id)
