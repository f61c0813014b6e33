from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from .order_desk_sheet import SIGNING_STATES

DEFAULT_ROLES = (
    "order_desk.role_order_check",
    "order_desk.role_sales_manager",
    "order_desk.role_general_manager_review",
    "order_desk.role_general_manager",
    "order_desk.role_production_manager",
    "order_desk.role_material_control_manager",
    "order_desk.role_chief_engineer",
    "order_desk.role_warehouse_supervisor",
    "order_desk.role_finance",
)
# the steps that sign what is built; the others answer for one thing alone
CONTENT_STEPS = ("review", "countersign")
# the steps without which no order gets through
NEEDED_STEPS = ("review", "coding")


# changes of these fields may give a sheet to somebody else
TODO_FIELDS = {
    "user_ids",
    "group_id",
    "active",
    "step",
    "sequence",
    "aspect_ids",
    "applies_to",
    "is_second_look",
}


class OrderDeskRole(models.Model):
    """Who may sign, in which step, for which aspects of the sheet (SPEC C2–C4)."""

    _name = "order.desk.role"
    _description = "Signer Role"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    step = fields.Selection(
        [
            ("review", "Review"),
            ("countersign", "Countersigning"),
            ("coding", "Coding"),
            ("finance", "Finance"),
        ],
        required=True,
        default="countersign",
        help="Review makes the sheet effective and confirms the sales order; its roles"
        " act one after the other, in the order of this list. Countersigning is done by"
        " all its roles in any order. Coding gives the countersigned sheet its codes."
        " Finance confirms the money that has arrived, where the company asks for it.",
    )
    applies_to = fields.Selection(
        [
            ("all", "Every order"),
            ("price", "Orders with a price off the pricelist or below cost"),
            ("non_standard", "Orders with a non-standard line"),
        ],
        required=True,
        default="all",
        help="Which orders need this role's signature.",
    )
    is_second_look = fields.Boolean(
        "Second Look",
        help="Signed item by item of the checklist, and never by somebody who entered"
        " or submitted the order.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Signers",
        domain=[("share", "=", False)],
        help="Each of them may sign; one signature is enough.",
    )
    group_id = fields.Many2one(
        "res.groups",
        "Members of",
        ondelete="set null",  # a group may go; then somebody has to be named
        help="As long as no signer is named, the members of this group may sign.",
    )
    signer_ids = fields.Many2many(
        "res.users",
        string="May Sign Today",
        compute="_compute_signer_ids",
        compute_sudo=True,
        help="Those signers who are active in this company, with their stand-ins.",
    )
    aspect_ids = fields.Many2many(
        "order.desk.aspect",
        string="Aspects",
        help="What the role answers for. When it changes, the role signs again.",
    )
    statement = fields.Selection(
        [
            ("none", "None"),
            ("text", "Text"),
            ("date", "Date"),
            ("attachment", "Attachment"),
        ],
        required=True,
        default="none",
        help="What the signer has to give in writing when signing.",
    )
    statement_label = fields.Char(
        translate=True, help="What is asked, e.g. Finish date."
    )
    statement_non_standard = fields.Boolean(
        "Only for Non-Standard Lines",
        help="Ask for the statement only when a line has a special requirement.",
    )
    gives_finish_date = fields.Boolean(
        help="The date this role states becomes the finish date of the order."
    )
    drawn_signature = fields.Boolean(
        help="Ask for a signature drawn with the finger or the mouse; it is printed on"
        " the sheet."
    )
    deadline_hours = fields.Float(
        default=8.0, help="Working hours a signer has, by the company's calendar."
    )
    superior_id = fields.Many2one(
        "res.users",
        domain=[("share", "=", False)],
        help="Is told when a signature is late. Without one, the order clerk is told.",
    )

    _code_company_uniq = models.UniqueIndex(
        "(code, company_id)", "This company already has a role with this code."
    )

    @api.model
    @ormcache("company_id")
    def _get_ids(self, company_id):
        """Return the ids of the active roles of a company, in their order."""
        # kept for everybody, so the context of one of them has no say
        roles = self.sudo().with_context(active_test=True)
        return tuple(roles.search([("company_id", "=", company_id)]).ids)

    @api.model_create_multi
    def create(self, vals_list):
        roles = super().create(vals_list)
        self.env.registry.clear_cache()
        self._sync_signer_group()
        roles._update_open_todos()
        return roles

    def write(self, vals):
        result = super().write(vals)
        if {"active", "company_id", "sequence"} & set(vals):
            self.env.registry.clear_cache()
        if TODO_FIELDS & set(vals):
            self._sync_signer_group()
            self._update_open_todos()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        self._sync_signer_group()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("company_id"):
            for role, vals in zip(self, vals_list, strict=True):
                vals["code"] = self.env._("%s (copy)", role.code)
        return vals_list

    @api.depends(
        "user_ids.active",
        "user_ids.company_ids",
        "group_id.all_user_ids",
        "company_id",
    )
    def _compute_signer_ids(self):
        stand_ins = self.env["order.desk.stand.in"]._get_active(self)
        signers = {}
        for role in self:
            named = role._get_named_signers()
            standing_in = stand_ins.filtered(
                lambda s, role=role, named=named: (
                    s.user_id in named and (not s.role_ids or role in s.role_ids)
                )
            ).stand_in_id
            signers[role] = named | standing_in
        together = self.env["res.users"].union(*signers.values()).ids
        for role, users in signers.items():
            role.signer_ids = users.with_prefetch(together).filtered(
                lambda user, company=role.company_id: (
                    user.active and company in user.company_ids
                )
            )

    @api.model
    def _get_default_role_xmlids(self):
        """Return the standard roles; modules add those of their own work."""
        return list(DEFAULT_ROLES)

    @api.model
    def _get_step_roles(self, companies, step):
        """Return the active roles of ``step`` that have somebody: ``{company: roles}``.

        A company where nobody fills such a role does without that step.
        """
        return self._get_filled_roles(companies, [("step", "=", step)])

    @api.model
    def _get_filled_roles(self, companies, domain):
        """Return the active roles of ``domain`` that have somebody, by company."""
        # whoever works need not be able to read the set-up of the desk
        roles = self.sudo().with_context(active_test=True)
        found = roles.search(Domain("company_id", "in", companies.ids) & Domain(domain))
        filled = found.filtered("signer_ids").grouped("company_id")
        return {company: filled.get(company, roles.browse()) for company in companies}

    @api.model
    def _get_own_companies(self, companies, step):
        """Return those of ``companies`` where the current user fills this step."""
        roles = self._get_step_roles(companies, step)
        return companies.filtered(lambda company: roles[company]._filter_mine())

    @api.model
    def _create_default_roles(self, companies):
        """Give each company those of the standard roles that it lacks, without signers.

        A role that somebody has archived stays so.
        """
        templates = self.browse()
        for xmlid in self._get_default_role_xmlids():
            templates |= self.env.ref(xmlid, raise_if_not_found=False) or self
        known = self.with_context(active_test=False)._read_group(
            [("company_id", "in", companies.ids)], ["company_id"], ["code:array_agg"]
        )
        codes = {company: set(found) for company, found in known}
        for company in companies:
            there = codes.get(company, ())
            templates.filtered(lambda role, there=there: role.code not in there).copy(
                {"company_id": company.id, "user_ids": False, "active": True}
            )

    @api.model
    def _get_steps_without_sheet(self):
        """Return the steps whose people need not read sheets, with their prices.

        Who is named for these only gets no access to sheets.
        """
        return set()

    @api.model
    def _sync_signer_group(self):
        """Give signers access to sheets, and take it from those who left."""
        # who administers the desk need not administer users
        group = self.env.ref("order_desk.group_order_desk_signer").sudo()
        # every company's roles count, also those the current user cannot see
        roles = self.sudo().search(Domain.TRUE)
        reading = roles.filtered(
            lambda r: r.step not in self._get_steps_without_sheet()
        )
        stand_ins = self.env["order.desk.stand.in"].sudo()._get_coming()
        # who may waive a condition reads what it is about
        rights = self.env["order.desk.waiver.right"].sudo()
        waiving = rights.search([("user_ids", "!=", False)]).user_ids
        stand_ins = stand_ins.filtered(
            lambda s: (
                s.user_id in waiving
                or not (signs_for := s._get_roles(roles))
                or signs_for & reading
            )
        )
        signers = reading.user_ids | stand_ins.stand_in_id | waiving
        if group.user_ids != signers:
            group.user_ids = signers

    def _update_open_todos(self):
        """Hand the open to-dos of these roles to whoever may sign now."""
        # the administrator who changes a role need not read each sheet
        sheets = (
            self.env["order.desk.sheet"]
            .sudo()
            .search(
                [
                    ("company_id", "in", self.company_id.ids),
                    ("state", "in", SIGNING_STATES),
                ]
            )
        )
        sheets._advance()

    def _get_aspect_codes(self, digests):
        """Return which of the aspects in ``digests`` the role answers for.

        A role without aspects answers for all of them; one that signs no sheet, e.g.
        finance, which confirms money that has arrived, for none.
        """
        self.ensure_one()
        if self.step not in CONTENT_STEPS:
            return set()
        codes = set(self.aspect_ids.mapped("code")) or set(digests)
        return codes & set(digests)

    def _get_named_signers(self):
        """Return those named, or while there are none the members of the group."""
        self.ensure_one()
        return self.user_ids or self.group_id.all_user_ids

    def _get_signers(self, sheet=None):
        """Return the active users who may sign for this role today.

        :param sheet: without those who entered it, if the role is a second look
        """
        self.ensure_one()
        signers = self.signer_ids
        if sheet and self.is_second_look:
            signers -= sheet.sudo().entered_by_ids
        return signers

    def _filter_mine(self, sheet=None):
        """Return those of these roles that the current user may fill."""
        return self.filtered(lambda role: self.env.user in role._get_signers(sheet))

    def _get_absent_signer(self, user):
        """Return for whom ``user`` stands in today, empty if they sign themselves."""
        self.ensure_one()
        if user in self._get_named_signers():
            return self.env["res.users"]
        stand_ins = self.env["order.desk.stand.in"].sudo()._get_active(self)
        return stand_ins.filtered(
            lambda s: (
                s.stand_in_id == user
                and s.user_id in self._get_named_signers()
                and (not s.role_ids or self in s.role_ids)
            )
        )[:1].user_id

    def _applies(self, sheet):
        """Tell whether ``sheet`` needs the signature of this role."""
        self.ensure_one()
        return (
            self.applies_to == "all"
            or (self.applies_to == "price" and sheet.has_price_exception)
            or (self.applies_to == "non_standard" and sheet.is_non_standard)
        )

    def _asks_statement(self, sheet):
        """Tell whether signing ``sheet`` for this role takes a statement."""
        self.ensure_one()
        return self.statement != "none" and (
            not self.statement_non_standard or sheet.is_non_standard
        )

    def _get_statement_proposals(self, sheets):
        """Return what this role may state on each sheet: ``{sheet: (value, hint)}``.

        Modules that know extend this. A value is a date or a text that the dialog
        fills in, or False; the hint says how it came about.
        """
        self.ensure_one()
        return {}

    def _read_statement(self, sheet, statement, attachments):
        """Return the statement a signer gave: a date, a text, or names of files.

        :raise UserError: it is missing, no date, a date in the past, or no proper file
        """
        self.ensure_one()
        order_name = sheet.order_id.name
        label = self.statement_label or self.name
        if self.statement == "attachment":
            if not attachments:
                raise UserError(
                    self.env._(
                        "%(order)s: to sign as %(role)s, attach “%(statement)s”.",
                        order=order_name,
                        role=self.name,
                        statement=label,
                    )
                )
            return ", ".join(attachments.mapped("name"))
        if self.statement == "text":
            statement = str(statement or "").strip()
            if not statement:
                raise UserError(
                    self.env._(
                        "%(order)s: to sign as %(role)s, fill in “%(statement)s”.",
                        order=order_name,
                        role=self.name,
                        statement=label,
                    )
                )
            return statement
        try:
            date = fields.Date.to_date(statement)
        except (ValueError, TypeError):
            date = None
        if not date:
            raise UserError(
                self.env._(
                    "%(order)s: to sign as %(role)s, give a date for “%(statement)s”.",
                    order=order_name,
                    role=self.name,
                    statement=label,
                )
            )
        if date < self.company_id._order_desk_date():
            raise UserError(
                self.env._(
                    "%(order)s: the date for “%(statement)s” is in the past.",
                    order=order_name,
                    statement=label,
                )
            )
        return date

    def _get_signers_text(self, sheet=None):
        """Return the role with the people who may sign, for messages."""
        self.ensure_one()
        names = ", ".join(self._get_signers(sheet).mapped("name"))
        return self.env._(
            "%(role)s (%(people)s)",
            role=self.name,
            people=names or self.env._("no one assigned"),
        )
