from odoo import api, fields, models
from odoo.exceptions import UserError

# the papers of a shipment
PAPERS = ("slip", "advice", "receipt")
PAPER_STATES = [
    ("there", "There"),
    ("missing", "Missing"),
    ("none", "Not needed"),
]


class OrderDeskArchiveLine(models.Model):
    """The papers of one shipment: each there or missing, and filed or not (SPEC G5)."""

    _name = "order.desk.archive.line"
    _description = "Shipment in an Archive"
    _inherit = ["order.desk.protected.mixin"]
    _order = "archive_id desc, shipped_on, id"
    _check_company_auto = True

    archive_id = fields.Many2one(
        "order.desk.archive", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="archive_id.company_id", store=True, precompute=True, index=True
    )
    archive_state = fields.Selection(
        related="archive_id.state", string="Archive Status"
    )
    picking_id = fields.Many2one(
        "stock.picking",
        "Delivery Slip",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    order_ids = fields.Many2many(
        "sale.order",
        "order_desk_archive_line_order_rel",
        string="Sales Orders",
        readonly=True,
    )
    order_names = fields.Char("Orders", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index=True, ondelete="restrict"
    )
    shipped_on = fields.Datetime(readonly=True)
    advice_id = fields.Many2one(
        "order.desk.shipping.advice",
        "Shipping Advice",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    receipt_id = fields.Many2one(
        "order.desk.receipt",
        "Delivery Receipt",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    slip_state = fields.Selection(PAPER_STATES, "Slip There", readonly=True)
    advice_state = fields.Selection(PAPER_STATES, "Advice There", readonly=True)
    receipt_state = fields.Selection(PAPER_STATES, "Receipt There", readonly=True)
    missing = fields.Boolean(
        compute="_compute_missing",
        store=True,
        help="A paper is not there, or what is there is not filed.",
    )
    is_filed = fields.Boolean("Filed", readonly=True)
    filed_on = fields.Datetime(readonly=True)
    filed_by_id = fields.Many2one("res.users", readonly=True)
    note = fields.Char(help="Where the paper is, what is known of a missing one.")
    accepted_reason = fields.Char(
        "Accepted because", readonly=True, help="Why it is archived without."
    )
    accepted_by_id = fields.Many2one("res.users", readonly=True)
    accepted_on = fields.Datetime(readonly=True)

    _picking_uniq = models.UniqueIndex(
        "(archive_id, picking_id)", "An archive has each transfer once."
    )

    @api.depends("slip_state", "advice_state", "receipt_state", "is_filed")
    def _compute_missing(self):
        for line in self:
            line.missing = not line.is_filed or "missing" in (
                line[f"{paper}_state"] for paper in PAPERS
            )

    @api.depends("picking_id", "order_names")
    def _compute_display_name(self):
        for line in self:
            # whoever files papers need not read transfers
            parts = (line.sudo().picking_id.name, line.order_names)
            line.display_name = " · ".join(part for part in parts if part)

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "is_filed": False,
            "filed_on": False,
            "filed_by_id": False,
            "accepted_reason": False,
            "accepted_by_id": False,
            "accepted_on": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {
            "archive_id",
            "picking_id",
            "order_ids",
            "order_names",
            "partner_id",
            "shipped_on",
            "advice_id",
            "receipt_id",
            *(f"{paper}_state" for paper in PAPERS),
            "missing",
        }

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of an archived shipment is read from the transfers. Refresh the"
            " archive, or use the buttons.",
            names,
        )

    def write(self, vals):
        self.archive_id._check_not_signed()
        return super().write(vals)

    def _get_key(self):
        """Return what makes it the same shipment when it is read again."""
        self.ensure_one()
        return self.picking_id or self.order_ids[:1]

    def _write_changed(self, vals):
        """Write what is different since the shipment was read last."""
        self.ensure_one()
        orders = self.env["sale.order"].browse(vals["order_ids"][0][2])
        present = {
            name: self[name].id if self._fields[name].type == "many2one" else self[name]
            for name in vals
        }
        changed = {
            name: value
            for name, value in vals.items()
            if name != "order_ids" and present[name] != value
        }
        if self.order_ids != orders:
            changed["order_ids"] = vals["order_ids"]
        if changed:
            self.write(changed)

    def _get_missing_text(self):
        """Return what is missing, in words."""
        self.ensure_one()
        labels = {
            "slip": self.env._("delivery slip"),
            "advice": self.env._("shipping advice"),
            "receipt": self.env._("delivery receipt"),
        }
        parts = [
            label
            for paper, label in labels.items()
            if self[f"{paper}_state"] == "missing"
        ]
        if not self.is_filed:
            parts.append(self.env._("not filed"))
        return ", ".join(parts)

    def _get_paper_text(self, paper):
        """Return the number of a paper that is there, else that it is missing."""
        self.ensure_one()
        state = self[f"{paper}_state"]
        if state == "there":
            # whoever reads the archive need not read the papers
            return self.sudo()[f"{paper}_id"].display_name
        return self.env._("missing") if state == "missing" else "—"

    # ------------------------------------------------------------- filing

    def action_file(self):
        """Note that the papers of these shipments are in the folder."""
        self._check_filing()
        self.sudo().write(  # protected
            {
                "is_filed": True,
                "filed_on": fields.Datetime.now(),
                "filed_by_id": self.env.uid,
            }
        )

    def action_unfile(self):
        """Take the tick back: the papers of these shipments are not in the folder."""
        self._check_filing()
        self.sudo().write(  # protected
            {"is_filed": False, "filed_on": False, "filed_by_id": False}
        )

    def _check_filing(self):
        """Let the desk file papers, and of the warehouse those who ship (SPEC G5).

        :raise UserError: names who does
        """
        self._check_open()
        desk = (
            "order_desk.group_order_desk_clerk",
            "order_desk.group_order_desk_signer",
        )
        if not self.env.su and not any(map(self.env.user.has_group, desk)):
            roles = self.env["order.desk.role"]
            roles._check_fills(self.company_id, "shipping")

    def _check_open(self):
        """Let papers be filed until the archive is signed off."""
        self.check_access("write")
        self.archive_id._lock()
        self.archive_id._check_not_signed()

    def action_accept(self, reason):
        """Accept that something of these shipments is missing, with the reason.

        :raise UserError: not handed over, nothing is missing, or no reason
        """
        self._check_open()
        error = self.archive_id._get_sign_error()
        if error:
            raise UserError(error)
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why it is archived without the papers."))
        complete = self.filtered(lambda line: not line.missing)
        if complete:
            raise UserError(
                self.env._(
                    "Nothing is missing of %s.",
                    ", ".join(complete.mapped("display_name")),
                )
            )
        self.sudo().write(  # protected
            {
                "accepted_reason": reason,
                "accepted_by_id": self.env.uid,
                "accepted_on": fields.Datetime.now(),
            }
        )

    def action_open_accept(self):
        """Open the dialog that asks why it is archived without the papers."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Archive Without"),
            "res_model": "order.desk.archive.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_kind": "accept", "default_line_ids": self.ids},
        }
