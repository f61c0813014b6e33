from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OPEN_STATES = ("to_acknowledge", "acknowledged")
# gets a copy beside those who confirm feasibility
ENGINEER_CODE = "chief_engineer"


class OrderDeskInstruction(models.Model):
    """The production instruction: the released sheet as the workshop gets it (SPEC E1).

    The desk makes one with the release, and another version whenever what the workshop
    reads has changed and is signed again. What it says is read from the revision that
    was released. It names the customer by their code alone.
    """

    _name = "order.desk.instruction"
    _description = "Production Instruction"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "order_code", "customer_code"]
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char("Number", required=True, readonly=True, index="trigram")
    version = fields.Integer(default=1, required=True, readonly=True)
    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        # its name tells the customer's
        groups="sales_team.group_sale_salesman,order_desk.group_order_desk_signer",
    )
    revision_id = fields.Many2one(
        "order.desk.revision",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        # its content tells prices
        groups="sales_team.group_sale_salesman,order_desk.group_order_desk_signer",
        help="The content that was released.",
    )
    revision = fields.Integer(
        related="revision_id.number",
        string="Revision of the Sheet",
        help="Which revision of the configuration sheet it was made from.",
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    previous_id = fields.Many2one(
        "order.desk.instruction",
        "Replaces",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        [
            ("to_acknowledge", "To Acknowledge"),
            ("acknowledged", "Acknowledged"),
            ("replaced", "Replaced"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        default="to_acknowledge",
        required=True,
        readonly=True,
        tracking=True,
    )
    issued_on = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    due_on = fields.Datetime(
        "Due", readonly=True, help="By when it is to be acknowledged."
    )
    acknowledged_by_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict"
    )
    acknowledged_for_id = fields.Many2one(
        "res.users",
        "On Behalf of",
        readonly=True,
        ondelete="restrict",
        help="Whom the person who acknowledged it stood in for.",
    )
    acknowledged_on = fields.Datetime(readonly=True)
    noted_by_id = fields.Many2one(
        "res.users", "Noted by (Engineering)", readonly=True, ondelete="restrict"
    )
    noted_on = fields.Datetime("Noted on (Engineering)", readonly=True)
    point_ids = fields.One2many(
        "order.desk.instruction.point", "instruction_id", "Points", readonly=True
    )
    item_ids = fields.One2many(
        "order.desk.instruction.point",
        "instruction_id",
        "Items",
        domain=[("check_item_id", "=", False)],
        readonly=True,
    )

    order_code = fields.Char(related="sheet_id.order_code", store=True, index=True)
    customer_code = fields.Char(related="sheet_id.customer_code", store=True)
    finish_date = fields.Date(related="sheet_id.finish_date")
    other_requirements = fields.Text(
        "Special Rules", compute="_compute_other_requirements", compute_sudo=True
    )
    changes = fields.Text(
        "What Has Changed",
        compute="_compute_changes",
        compute_sudo=True,
        help="What is different from the version before.",
    )
    date_start = fields.Datetime(
        "Production Start", compute="_compute_productions", compute_sudo=True
    )
    production_count = fields.Integer(compute="_compute_productions", compute_sudo=True)
    progress = fields.Float(compute="_compute_progress")
    progress_text = fields.Char("Points Ticked", compute="_compute_progress")
    is_complete = fields.Boolean(compute="_compute_progress")
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_mine = fields.Boolean(
        "Waiting for Me", compute="_compute_is_mine", search="_search_is_mine"
    )
    can_acknowledge = fields.Boolean(compute="_compute_is_mine")
    can_note = fields.Boolean(compute="_compute_is_mine")
    waits_for = fields.Char(
        compute="_compute_waits_for", help="Who has to acknowledge it."
    )

    _version_uniq = models.UniqueIndex(
        "(sheet_id, version)", "A sheet has each version of its instruction once."
    )
    _current_uniq = models.UniqueIndex(
        "(sheet_id) WHERE state IN ('to_acknowledge', 'acknowledged')",
        "A sheet has one production instruction that holds.",
    )
    _waiting_idx = models.Index("(company_id) WHERE state = 'to_acknowledge'")

    # ------------------------------------------------------------- computed

    @api.depends("name", "version", "order_code", "customer_code")
    def _compute_display_name(self):
        for instruction in self:
            number = instruction.name or ""
            if instruction.version > 1:
                number = f"{number}/{instruction.version}"
            parts = (number, instruction.order_code, instruction.customer_code)
            instruction.display_name = " · ".join(part for part in parts if part)

    @api.depends("sheet_id")
    def _compute_productions(self):
        rows = self.env["mrp.production"]._read_group(
            [("sheet_id", "in", self.sheet_id.ids), ("state", "!=", "cancel")],
            ["sheet_id"],
            ["date_start:min", "__count"],
        )
        found = {sheet: values for sheet, *values in rows}
        for instruction in self:
            start, count = found.get(instruction.sheet_id, (False, 0))
            instruction.date_start = start
            instruction.production_count = count

    @api.depends("point_ids.done_on")
    def _compute_progress(self):
        for instruction in self:
            points = instruction.point_ids
            done = len(points.filtered("done_on"))
            instruction.progress = 100.0 * done / len(points) if points else 0.0
            instruction.progress_text = self.env._(
                "%(done)s of %(all)s", done=done, all=len(points)
            )
            instruction.is_complete = done == len(points)

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for instruction in self:
            instruction.is_overdue = (
                instruction.state == "to_acknowledge"
                and bool(instruction.due_on)
                and instruction.due_on < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "=", "to_acknowledge") & Domain(
            "due_on", "<", fields.Datetime.now()
        )
        return domain if True in value else ~domain

    @api.depends("state", "noted_on")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for instruction in self:
            user = self.env.user
            instruction.can_acknowledge = (
                instruction.state == "to_acknowledge"
                and user in instruction._get_supervisors()
            )
            instruction.can_note = (
                instruction.state in OPEN_STATES
                and not instruction.noted_on
                and user in instruction._get_engineers()
            )
            instruction.is_mine = instruction.can_acknowledge or instruction.can_note

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env.companies
        supervised = self._get_own_companies(self._get_supervisor_roles(companies))
        designed = self._get_own_companies(self._get_engineer_roles(companies))
        domain = (
            Domain("state", "=", "to_acknowledge")
            & Domain("company_id", "in", supervised.ids)
        ) | (
            Domain("state", "in", OPEN_STATES)
            & Domain("noted_on", "=", False)
            & Domain("company_id", "in", designed.ids)
        )
        return domain if True in value else ~domain

    @api.model
    def _get_own_companies(self, roles_by_company):
        """Return the companies in which the current user fills one of the roles."""
        return self.env["res.company"].union(
            *(
                company
                for company, roles in roles_by_company.items()
                if roles._filter_mine()
            )
        )

    @api.depends("state")
    def _compute_waits_for(self):
        roles = self._get_supervisor_roles(self.company_id)
        for instruction in self:
            instruction.waits_for = instruction.state == "to_acknowledge" and "; ".join(
                role._get_signers_text() for role in roles[instruction.company_id]
            )

    # ------------------------------------------------------------- rules

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "version": 1,
            "previous_id": False,
            "state": "to_acknowledge",
            "issued_on": fields.Datetime.now(),
            "due_on": False,
            "acknowledged_by_id": False,
            "acknowledged_for_id": False,
            "acknowledged_on": False,
            "noted_by_id": False,
            "noted_on": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"name", "sheet_id", "revision_id", "company_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of a production instruction cannot be entered by hand. The desk makes"
            " it with the release; use the buttons.",
            names,
        )

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "A production instruction cannot be duplicated. The desk makes one with"
                " the release of each sheet."
            )
        )

    # ------------------------------------------------------------- people

    @api.model
    def _get_supervisor_roles(self, companies):
        """Return who acknowledges: ``{company: roles}``; nobody, where no role is."""
        return self.env["order.desk.role"]._get_step_roles(companies, "instruction")

    @api.model
    def _get_engineer_roles(self, companies):
        """Return who takes note of the copy for engineering: ``{company: roles}``."""
        return self.env["order.desk.role"]._get_filled_roles(
            companies,
            Domain("step", "=", "engineering") | Domain("code", "=", ENGINEER_CODE),
        )

    def _get_supervisors(self):
        """Return who may acknowledge this instruction today."""
        self.ensure_one()
        roles = self._get_supervisor_roles(self.company_id)[self.company_id]
        return roles.signer_ids.sudo(self.env.su)

    def _get_engineers(self):
        """Return who may take note of this instruction for engineering today."""
        self.ensure_one()
        roles = self._get_engineer_roles(self.company_id)[self.company_id]
        return roles.signer_ids.sudo(self.env.su)
