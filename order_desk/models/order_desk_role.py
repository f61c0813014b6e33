from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_desk_sheet import SIGNING_STATES

DEFAULT_ROLES = (
    "order_desk.role_general_manager_review",
    "order_desk.role_general_manager",
    "order_desk.role_production_manager",
    "order_desk.role_material_control_manager",
    "order_desk.role_chief_engineer",
    "order_desk.role_warehouse_supervisor",
)


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
        ],
        required=True,
        default="countersign",
        help="Review makes the sheet effective and confirms the sales order."
        " Countersigning is done by all its roles in any order. Coding gives the"
        " countersigned sheet its codes.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Signers",
        domain=[("share", "=", False)],
        help="Each of them may sign; one signature is enough.",
    )
    aspect_ids = fields.Many2many(
        "order.desk.aspect",
        string="Aspects",
        help="What the role answers for. When it changes, the role signs again.",
    )
    statement = fields.Selection(
        [("none", "None"), ("text", "Text"), ("date", "Date")],
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
    deadline_hours = fields.Float(
        default=8.0, help="Working hours a signer has, by the company's calendar."
    )

    _code_company_uniq = models.UniqueIndex(
        "(code, company_id)", "This company already has a role with this code."
    )

    @api.model_create_multi
    def create(self, vals_list):
        roles = super().create(vals_list)
        self._sync_signer_group()
        roles._update_open_todos()
        return roles

    def write(self, vals):
        result = super().write(vals)
        if {"user_ids", "active", "step", "aspect_ids"} & set(vals):
            self._sync_signer_group()
            self._update_open_todos()
        return result

    def unlink(self):
        result = super().unlink()
        self._sync_signer_group()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("company_id"):
            for role, vals in zip(self, vals_list, strict=True):
                vals["code"] = self.env._("%s (copy)", role.code)
        return vals_list

    @api.model
    def _create_default_roles(self, companies):
        """Give each company without any role the standard ones, yet without signers."""
        templates = self.browse()
        for xmlid in DEFAULT_ROLES:
            templates |= self.env.ref(xmlid, raise_if_not_found=False) or self
        known = self.with_context(active_test=False)._read_group(
            [("company_id", "in", companies.ids)], ["company_id"]
        )
        for company in companies - self.env["res.company"].union(
            *(group[0] for group in known)
        ):
            templates.exists().copy(
                {"company_id": company.id, "user_ids": False, "active": True}
            )

    @api.model
    def _sync_signer_group(self):
        """Give signers access to sheets, and take it from those who left."""
        # who administers the desk need not administer users
        group = self.env.ref("order_desk.group_order_desk_signer").sudo()
        # every company's roles count, also those the current user cannot see
        signers = self.sudo().search([("user_ids", "!=", False)]).user_ids
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

        A role without aspects answers for all of them.
        """
        self.ensure_one()
        codes = set(self.aspect_ids.mapped("code")) or set(digests)
        return codes & set(digests)

    def _get_signers(self):
        """Return the active users who may sign for this role in its company."""
        self.ensure_one()
        return self.user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )

    def _filter_mine(self):
        """Return those of these roles that the current user may fill."""
        return self.filtered(lambda role: self.env.user in role._get_signers())

    def _asks_statement(self, sheet):
        """Tell whether signing ``sheet`` for this role takes a statement."""
        self.ensure_one()
        return self.statement != "none" and (
            not self.statement_non_standard or sheet.is_non_standard
        )

    def _read_statement(self, sheet, statement):
        """Return the statement a signer gave, as a date or a text.

        :raise UserError: it is missing, no date, or a date in the past
        """
        self.ensure_one()
        order_name = sheet.order_id.name
        label = self.statement_label or self.name
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
        calendar = self.company_id.resource_calendar_id
        if date < fields.Date.context_today(self.with_context(tz=calendar.tz)):
            raise UserError(
                self.env._(
                    "%(order)s: the date for “%(statement)s” is in the past.",
                    order=order_name,
                    statement=label,
                )
            )
        return date

    def _get_signers_text(self):
        """Return the role with the people who may sign, for messages."""
        self.ensure_one()
        names = ", ".join(self._get_signers().mapped("name"))
        return self.env._(
            "%(role)s (%(people)s)",
            role=self.name,
            people=names or self.env._("no one assigned"),
        )
