from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date


class OrderDeskMaterialStatement(models.Model):
    """Material control's and purchasing's signed word on what an order takes.

    The desk makes it from the order's bills of materials and Odoo's forecast. People
    correct its lines until somebody signs; everything else moves through ``action_*``.
    A spoken word does not count (SPEC B6).
    """

    _name = "order.desk.material.statement"
    _description = "Material Statement"
    _inherit = ["order.desk.todo.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_names_search = ["name", "order_id.name", "sheet_id.order_code"]
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, copy=False)
    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    order_id = fields.Many2one(
        related="sheet_id.order_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    order_code = fields.Char(related="sheet_id.order_code")
    shop_floor_customer = fields.Char(
        "Customer", related="sheet_id.shop_floor_customer"
    )
    clerk_id = fields.Many2one(related="sheet_id.clerk_id")
    commitment_date = fields.Datetime(
        "Delivery Date", related="order_id.commitment_date"
    )
    state = fields.Selection(
        [("draft", "To Sign"), ("signed", "Signed"), ("replaced", "Replaced")],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "order.desk.material.line", "statement_id", "Materials", copy=False
    )
    read_on = fields.Datetime(
        "Stock Read on", readonly=True, help="When stock and forecast were looked at."
    )
    digest = fields.Char(readonly=True, help="What of the order it was made from.")
    problem = fields.Text(
        "Problems", readonly=True, help="What keeps the figures from being complete."
    )
    is_impossible = fields.Boolean(
        readonly=True, help="No statement can be made of these bills of materials."
    )
    needed_by = fields.Date(
        readonly=True,
        help="On which day the material has to be there for the customer's delivery"
        " date: that date less the manufacturing lead times.",
    )

    line_count = fields.Integer(
        "Materials Listed", compute="_compute_counts", store=True
    )
    missing_count = fields.Integer(
        "Missing", compute="_compute_counts", store=True, help="Materials with too few."
    )
    late_count = fields.Integer(
        "Late",
        compute="_compute_counts",
        store=True,
        help="Materials that come after the day on which they are needed.",
    )
    unknown_count = fields.Integer(
        "Date Unknown",
        compute="_compute_counts",
        store=True,
        help="Materials of which nobody knows when they come.",
    )
    material_date = fields.Date(
        "All There on",
        compute="_compute_counts",
        store=True,
        help="When the last of the materials is expected; empty while one is unknown.",
    )
    summary = fields.Text(compute="_compute_summary")

    valid_from = fields.Date(readonly=True, copy=False)
    valid_until = fields.Date(
        readonly=True,
        copy=False,
        help="After this day stock and arrivals are to be looked at again.",
    )
    signed_by_id = fields.Many2one(
        "res.users", "Signed for Material Control by", readonly=True, copy=False
    )
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_for_id = fields.Many2one(
        "res.users", "On Behalf of", readonly=True, copy=False
    )
    purchasing_by_id = fields.Many2one(
        "res.users", "Signed for Purchasing by", readonly=True, copy=False
    )
    purchasing_on = fields.Datetime("Purchasing Signed on", readonly=True, copy=False)
    purchasing_for_id = fields.Many2one(
        "res.users", "Purchasing on Behalf of", readonly=True, copy=False
    )
    asks_purchasing = fields.Boolean(
        readonly=True,
        copy=False,
        help="Something is missing or late, so purchasing signs first.",
    )
    alert = fields.Text(
        readonly=True,
        copy=False,
        help="What has got worse since it was signed, or that it holds no longer.",
    )
    alerted_on = fields.Datetime(readonly=True, copy=False)
    requested_on = fields.Datetime("Purchase Requested on", readonly=True, copy=False)
    requested_by_id = fields.Many2one(
        "res.users", "Purchase Requested by", readonly=True, copy=False
    )

    waits_for = fields.Char(
        compute="_compute_waits_for",
        compute_sudo=True,
        help="Whose signature comes next.",
    )
    is_outdated = fields.Boolean(
        "Outdated",
        compute="_compute_is_outdated",
        compute_sudo=True,
        help="The order or its bills of materials have changed since it was made.",
    )
    is_expired = fields.Boolean(
        "Expired", compute="_compute_is_expired", search="_search_is_expired"
    )
    can_correct = fields.Boolean(compute="_compute_can", compute_sudo=True)
    can_renew = fields.Boolean(compute="_compute_can", compute_sudo=True)
    can_sign_material = fields.Boolean(compute="_compute_can", compute_sudo=True)
    can_sign_purchasing = fields.Boolean(compute="_compute_can", compute_sudo=True)
    is_mine = fields.Boolean(
        "Waiting for Me", compute="_compute_can", compute_sudo=True
    )

    _sheet_draft_uniq = models.UniqueIndex(
        "(sheet_id) WHERE state = 'draft'",
        "A material statement is being prepared for this order already.",
    )
    _sheet_signed_uniq = models.UniqueIndex(
        "(sheet_id) WHERE state = 'signed'",
        "This order has a signed material statement already.",
    )

    @api.depends("name", "order_code", "order_id.name")
    def _compute_display_name(self):
        for statement in self:
            # who works on material need not be able to read orders
            order_name = statement.sudo().order_id.name
            parts = (statement.name, statement.order_code or order_name)
            statement.display_name = " · ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        # whoever reads a statement finds it by its order, and need not read orders
        domain = super()._search_display_name(operator, value)
        return Domain("id", "in", self.sudo()._search(domain))

    @api.depends("line_ids.status", "line_ids.expected_date")
    def _compute_counts(self):
        for statement in self:
            lines = statement.line_ids
            statement.line_count = len(lines)
            by_status = lines.grouped("status")
            statement.unknown_count = len(by_status.get("unknown", ()))
            statement.late_count = len(by_status.get("late", ()))
            statement.missing_count = len(lines._filter_missing())
            bought = lines.filtered(lambda line: line.kind == "bought")
            dates = bought.mapped("expected_date")
            statement.material_date = max(dates) if dates and all(dates) else False

    @api.depends("line_ids.status", "is_impossible", "material_date")
    @api.depends_context("lang")
    def _compute_summary(self):
        for statement in self:
            statement.summary = statement._get_summary()

    def _get_summary(self):
        """Return the statement in one or two sentences."""
        self.ensure_one()
        if self.is_impossible:
            return self.problem
        bought = self.line_ids.filtered(lambda line: line.kind == "bought")
        if not bought:
            return self.env._("All that this order takes is in stock.")
        if set(bought.mapped("status")) == {"ok"}:
            return self.env._("All %s materials are on hand.", len(bought))
        sentences = []
        if self.missing_count:
            sentences.append(
                self.env._(
                    "Missing: %(missing)s of %(count)s materials.",
                    missing=self.missing_count,
                    count=len(bought),
                )
            )
        if self.late_count:
            sentences.append(
                self.env._(
                    "Late: %(late)s of %(count)s materials.",
                    late=self.late_count,
                    count=len(bought),
                )
            )
        if self.unknown_count:
            sentences.append(
                self.env._("Without a known date: %s.", self.unknown_count)
            )
        elif self.material_date:
            sentences.append(
                self.env._(
                    "All there on %s.", format_date(self.env, self.material_date)
                )
            )
        return " ".join(sentences)

    @api.depends("digest", "state", "sheet_id.digests")
    def _compute_is_outdated(self):
        current = self.filtered(lambda statement: statement.state != "replaced")
        digests = current.sheet_id._get_material_digests()
        for statement in self:
            statement.is_outdated = (
                statement in current and statement.digest != digests[statement.sheet_id]
            )

    @api.depends("state", "valid_until")
    def _compute_is_expired(self):
        for statement in self:
            statement.is_expired = bool(
                statement.state == "signed"
                and statement.valid_until
                and statement.valid_until < statement.company_id._order_desk_date()
            )

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        expired = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("valid_until", "<", company._order_desk_date())
            for company in self.env.companies
        )
        domain = Domain("state", "=", "signed") & expired
        return domain if True in value else ~domain

    @api.depends("state", "purchasing_on", "asks_purchasing", "sheet_id.state")
    @api.depends_context("uid")
    def _compute_can(self):
        material, purchasing = self._get_my_sides()
        for statement in self:
            mine = statement in material or statement in purchasing
            is_draft = statement.state == "draft"
            is_open = statement.sheet_id._takes_material_statement()
            waits = is_open and statement._awaits_purchasing()
            statement.can_correct = (
                mine and is_open and is_draft and not statement.purchasing_on
            )
            statement.can_renew = mine and is_open and statement.state != "replaced"
            statement.can_sign_purchasing = waits and statement in purchasing
            statement.can_sign_material = (
                is_open and is_draft and not waits and statement in material
            )
            statement.is_mine = (
                statement.can_sign_purchasing or statement.can_sign_material
            )

    @api.depends("state", "purchasing_on", "asks_purchasing", "sheet_id.state")
    @api.depends_context("lang")
    def _compute_waits_for(self):
        for statement in self:
            sheet = statement.sheet_id
            if statement.state != "draft" or not sheet._takes_material_statement():
                statement.waits_for = False
                continue
            if statement._awaits_purchasing():
                roles = statement._get_purchasing_roles()
            else:
                roles = sheet._get_material_roles()[statement.company_id]
            statement.waits_for = "; ".join(role._get_signers_text() for role in roles)

    def _get_my_sides(self):
        """Return for which of these the user is material control, and purchasing."""
        roles = self.sheet_id._get_material_roles()
        buying = self.env["order.desk.role"]._get_step_roles(
            self.company_id, "material"
        )
        mine = {
            company: (
                bool(roles[company]._filter_mine()),
                bool(buying[company]._filter_mine()),
            )
            for company in self.company_id
        }
        return tuple(
            self.filtered(lambda s, side=side: mine[s.company_id][side])
            for side in (0, 1)
        )

    def _awaits_purchasing(self):
        """Tell whether purchasing has to sign before material control does.

        Where nobody fills that role, nothing waits for it.
        """
        self.ensure_one()
        return (
            self.state == "draft"
            and self.asks_purchasing
            and not self.purchasing_on
            and bool(self._get_purchasing_roles())
        )

    def _get_purchasing_roles(self):
        self.ensure_one()
        roles = self.env["order.desk.role"]._get_step_roles(self.company_id, "material")
        return roles[self.company_id]

    # ------------------------------------------------------------- protection

    @api.model
    def _get_open_fields(self):
        """Return the fields that people may write; the desk keeps all others."""
        return {
            "line_ids",
            *self.env["mail.thread"]._fields,
            *self.env["mail.activity.mixin"]._fields,
        }

    def write(self, vals):
        kept = set(vals) - self._get_open_fields()
        if kept and not self.env.su:
            labels = self.fields_get(list(kept), ["string"])
            raise AccessError(
                self.env._(
                    "%s cannot be changed by hand. Use the buttons of the material"
                    " statement.",
                    ", ".join(sorted(label["string"] for label in labels.values())),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A material statement stays on file. Make a new one instead.")
        )

    def _get_print_url(self):
        """Return where the QR code on paper leads: to this statement."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/order-desk-material/{self.id}"

    def action_open_sheet(self):
        """Open the configuration sheet of this statement."""
        self.ensure_one()
        return self.sheet_id._get_records_action()
