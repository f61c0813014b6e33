from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

OPEN_STATES = ("open", "planned")
# what those who deal with an incident decide; the reporter has only proposed it
DEALING_FIELDS = {"gate", "kind", "sheet_id", "order_code"}
# what was seen; the reporter may complete it too
SEEN_FIELDS = {"attachment_ids", "name", "description", "quantity", "delay_days"}
# whoever has these groups reads whose order it is; the shop floor reads the code
SHEET_GROUPS = "sales_team.group_sale_salesman,order_desk.group_order_desk_signer"


class OrderDeskIncident(models.Model):
    """A problem in production that threatens the promise (SPEC E3, H2).

    To create one is to raise it, which everybody may. What is done about it changes
    through the ``action_*`` methods only.
    """

    _name = "order.desk.incident"
    _description = "Incident"
    _inherit = [
        "order.desk.case.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "name", "order_code"]
    _mail_post_access = "read"
    _check_company_auto = True
    _open_states = OPEN_STATES

    name = fields.Char(
        "What Happened", required=True, tracking=True, help="In one line."
    )
    kind = fields.Selection(
        [
            ("production", "Production"),
            ("material", "Material"),
            ("quality", "Quality"),
            ("transport", "Transport"),
            ("other", "Other"),
        ],
        required=True,
        default="production",
        tracking=True,
        index=True,
    )
    description = fields.Text("Details")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_incident_attachment_rel",
        string="Photos",
        copy=False,
        help="Photos, or documents as PDF.",
    )
    workorder_id = fields.Many2one(
        "mrp.workorder",
        "Work Order",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        compute="_compute_production_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    product_id = fields.Many2one(related="production_id.product_id")
    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        compute="_compute_sheet_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups=SHEET_GROUPS,  # its name tells the customer's
    )
    order_code = fields.Char(
        compute="_compute_order_code",
        inverse="_inverse_order_code",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="The code on the paper that travels with the goods. Left empty, the sales"
        " admin finds out which order it is.",
    )
    shop_floor_customer = fields.Char(related="sheet_id.shop_floor_customer")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    gate = fields.Selection(
        [("production", "Production"), ("shipping", "Shipping")],
        "Holds up",
        compute="_compute_gate",
        store=True,
        readonly=False,
        tracking=True,
        help="Until the incident is solved the order waits there: nothing more goes"
        " into production, or nothing leaves. Empty: the order goes on.",
    )
    quantity = fields.Float(
        "Quantity Affected",
        digits="Product Unit",
        help="How many pieces, as far as known.",
    )
    product_uom_id = fields.Many2one(related="production_id.product_uom_id")
    delay_days = fields.Integer(
        "Expected Delay (Days)", help="Working days, as far as can be said by now."
    )
    reporter_id = fields.Many2one(
        "res.users", "Reported by", readonly=True, index=True, ondelete="restrict"
    )
    raised_on = fields.Datetime("Reported on", readonly=True)
    opened_on = fields.Datetime(
        readonly=True, help="When it was raised, or opened again the last time."
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("planned", "Planned"),
            ("solved", "Solved"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand="_group_expand_state",
    )
    owner_id = fields.Many2one(
        "res.users",
        readonly=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        help="Who sees to it that the incident is solved.",
    )
    taken_on = fields.Datetime(
        readonly=True, help="Since when the owner has been at it."
    )
    due_on = fields.Datetime(
        "Due", readonly=True, help="By when the next step has to be done."
    )
    can_manage = fields.Boolean(compute="_compute_can_manage")
    can_edit = fields.Boolean(compute="_compute_can_manage")
    can_withdraw = fields.Boolean(compute="_compute_can_manage")
    can_reopen = fields.Boolean(compute="_compute_can_manage")
    is_owner = fields.Boolean(compute="_compute_can_manage")

    _number_uniq = models.UniqueIndex(
        "(number, company_id)", "This company already has an incident of this number."
    )
    _quantity_positive = models.Constraint(
        "CHECK(quantity >= 0)", "The quantity affected cannot be negative."
    )
    _delay_days_positive = models.Constraint(
        "CHECK(delay_days >= 0)", "The expected delay cannot be negative."
    )
    # the gates ask for the open ones of a few sheets among very many solved ones
    _open_sheet_idx = models.Index("(sheet_id) WHERE state IN ('open', 'planned')")

    @api.depends("workorder_id")
    def _compute_production_id(self):
        for incident in self:
            if incident.workorder_id:
                incident.production_id = incident.workorder_id.production_id

    @api.depends("production_id")
    def _compute_sheet_id(self):
        for incident in self:
            # a manufacturing order without a sheet takes no order away
            incident.sheet_id = incident.production_id.sheet_id or incident.sheet_id

    @api.depends("sheet_id.order_code")
    def _compute_order_code(self):
        for incident in self:
            incident.order_code = incident.sheet_id.order_code

    def _inverse_order_code(self):
        """Find the order by the code on its papers, or by its number."""
        for incident in self.sudo():  # the shop floor knows the code, not the order
            sheet = incident.sheet_id
            code = (incident.order_code or "").strip()
            if not code or code in (sheet.order_code, sheet.order_id.name):
                continue
            incident.sheet_id = incident._find_sheet(code)
            if not incident.sheet_id:
                raise ValidationError(incident._get_code_error(code))
            incident.order_code = incident.sheet_id.order_code

    @api.onchange("order_code")
    def _onchange_order_code(self):
        """Show what the order waits with as soon as it is known which one it is."""
        code = (self.order_code or "").strip()
        if not code or self.production_id:
            return None
        # the shop floor knows the code, not the order
        incident = self.sudo()
        incident.sheet_id = incident._find_sheet(code)
        if incident.sheet_id:
            return None
        self.order_code = False
        return {
            "warning": {
                "title": self.env._("Order Not Found"),
                "message": self._get_code_error(code),
            }
        }

    def _find_sheet(self, code):
        """Return the sheet of an order code, or of the number of an order."""
        self.ensure_one()
        return self.env["order.desk.sheet"].search(
            [
                ("company_id", "=", self.company_id.id),
                "|",
                ("order_code", "=", code),
                ("order_id.name", "=", code),
            ],
            limit=1,
        )

    @api.model
    def _get_code_error(self, code):
        return self.env._(
            "There is no order with the code %s. Look at the code once more, or leave"
            " it empty: the sales admin finds the order.",
            code,
        )

    @api.depends("kind", "sheet_id")
    def _compute_gate(self):
        """Propose what the order has to wait with; whoever deals with it decides.

        Before its release an order waits for its release. What is in production goes
        on, but bad or lost goods do not leave, and what lacks is not ordered further.
        """
        for incident in self:
            state = incident.sheet_id.state
            if incident.kind == "other" or state in (False, "done", "cancel"):
                incident.gate = False
            elif state != "released" or incident.kind in ("production", "material"):
                incident.gate = "production"
            else:
                incident.gate = "shipping"

    @api.depends("state", "owner_id", "reporter_id", "sheet_id")
    @api.depends_context("uid")
    def _compute_can_manage(self):
        user = self.env.user
        managed = self._filter_managed()
        for incident in self:
            is_open = incident.state in OPEN_STATES
            own = user == incident.reporter_id or not incident.id
            incident.is_owner = user == incident.owner_id
            incident.can_manage = incident in managed
            incident.can_edit = is_open and (incident.can_manage or own)
            incident.can_withdraw = is_open and (own or incident.is_owner)
            incident.can_reopen = not is_open and (incident.can_manage or own)

    @api.constrains("name")
    def _check_name(self):
        if any(not incident.name.strip() for incident in self):
            raise ValidationError(self.env._("Say in one line what happened."))

    @api.constrains("sheet_id", "company_id", "production_id")
    def _check_sheet_id(self):
        for incident in self.sudo():  # of an order the user need not be able to read
            sheet = incident.production_id.sheet_id
            if sheet and incident.sheet_id != sheet:
                raise ValidationError(
                    self.env._(
                        "%(production)s is made for the order %(code)s, so the incident"
                        " belongs to that order.",
                        production=incident.production_id.name,
                        code=sheet.order_code or sheet.order_id.name,
                    )
                )

    # ------------------------------------------------------------- protection

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "number": False,
            "state": "open",
            "reporter_id": self.env.uid,
            "raised_on": fields.Datetime.now(),
            "opened_on": fields.Datetime.now(),
            "owner_id": False,
            "taken_on": False,
            "due_on": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"company_id", "production_id", "workorder_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of an incident cannot be entered by hand. Use the buttons.", names
        )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**self._prepare_company_vals(vals), **vals} for vals in vals_list]
        )

    @api.model
    def _prepare_company_vals(self, vals):
        """Return the company of what an incident is about."""
        for name in ("workorder_id", "production_id", "sheet_id"):
            if vals.get(name):
                record = self.env[self._fields[name].comodel_name].browse(vals[name])
                # whoever reports it need not be able to read the order
                return {"company_id": record.sudo().company_id.id}
        return {}

    def write(self, vals):
        assigned = self.sudo().filtered(lambda incident: not incident.sheet_id)
        result = super().write(vals)
        assigned.filtered("sheet_id")._follow_assignment()
        if DEALING_FIELDS & set(vals):
            self._follow_gate()
        return result

    def _check_editing(self, names):
        """Refuse what is not for the user to change, or not any more.

        :raise AccessError: only whoever deals with the incident may
        :raise UserError: it is solved or withdrawn
        """
        if self.env.su or not names & (DEALING_FIELDS | SEEN_FIELDS):
            return
        self._check_states(*OPEN_STATES)
        if names & DEALING_FIELDS:
            self._check_managed()
        others = self - self._filter_managed()
        others = others.filtered(lambda i: i.reporter_id != self.env.user)
        if others:
            raise AccessError(
                self.env._(
                    "%s: whoever reported it completes it, or whoever deals with it."
                    " Write a message instead.",
                    ", ".join(others.mapped("display_name")),
                )
            )
