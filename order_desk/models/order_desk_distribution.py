from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..quantity import format_quantity

OPEN_STATES = ("to_note", "noted")
DEFAULT_HOURS = 16
CONTENT_FIELDS = {"user_id", "department_id", "document", "task", "due_on"}


class OrderDeskDistribution(models.Model):
    """A copy of the coded sheet for one recipient, followed until done (SPEC C5).

    Recipients are ordinary employees without rights on the order: what they need of
    it is read here as superuser, and there is no price among it.
    """

    _name = "order.desk.distribution"
    _description = "Distributed Copy"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "due_on, id"
    _rec_name = "document"
    _mail_post_access = "read"
    _check_company_auto = True
    _keeps_todos = False  # marking the to-do as done reports the copy done

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        index=True,
        ondelete="restrict",
        # its name tells the customer's
        groups="sales_team.group_sale_salesman,order_desk.group_order_desk_signer",
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    revision = fields.Integer(readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Person",
        index=True,
        domain=[("share", "=", False)],
        check_company=True,
        ondelete="restrict",
    )
    department_id = fields.Many2one(
        "order.desk.department", index=True, check_company=True, ondelete="restrict"
    )
    recipient = fields.Char(compute="_compute_recipient", compute_sudo=True)
    document = fields.Char(
        required=True, default=lambda self: self.env._("Configuration sheet")
    )
    task = fields.Char()
    due_on = fields.Datetime(
        "Due",
        required=True,
        default=lambda self: self.env.company._order_desk_plan_hours(DEFAULT_HOURS),
    )
    noted_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    noted_on = fields.Datetime(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    done_on = fields.Datetime(readonly=True)
    cancelled_on = fields.Datetime(readonly=True)
    state = fields.Selection(
        [
            ("to_note", "To Note"),
            ("noted", "Noted"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        precompute=True,
        index=True,
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_mine = fields.Boolean(
        "Waiting for Me", compute="_compute_is_mine", search="_search_is_mine"
    )

    order_code = fields.Char(related="sheet_id.order_code", store=True, index=True)
    customer_code = fields.Char(related="sheet_id.customer_code")
    shop_floor_customer = fields.Char(related="sheet_id.shop_floor_customer")
    finish_date = fields.Date(related="sheet_id.finish_date")
    commitment_date = fields.Datetime(
        "Delivery Date", related="sheet_id.order_id.commitment_date"
    )
    other_requirements = fields.Text(related="sheet_id.other_requirements")
    products = fields.Text(compute="_compute_content", compute_sudo=True)
    content = fields.Html(compute="_compute_content", compute_sudo=True)

    @api.depends("order_code", "document")
    def _compute_display_name(self):
        for copy in self:
            parts = (copy.order_code, copy.document)
            copy.display_name = " · ".join(part for part in parts if part)

    @api.depends("user_id.name", "department_id.name")
    def _compute_recipient(self):
        for copy in self:
            copy.recipient = copy.user_id.name or copy.department_id.name

    @api.depends("noted_on", "done_on", "cancelled_on")
    def _compute_state(self):
        for copy in self:
            copy.state = (
                "done"
                if copy.done_on
                else "cancelled"
                if copy.cancelled_on
                else "noted"
                if copy.noted_on
                else "to_note"
            )

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for copy in self:
            copy.is_overdue = (
                copy.state in OPEN_STATES and bool(copy.due_on) and copy.due_on < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "in", OPEN_STATES) & Domain(
            "due_on", "<", fields.Datetime.now()
        )
        return domain if True in value else ~domain

    @api.depends("state", "user_id", "department_id.user_ids")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for copy in self:
            copy.is_mine = (
                copy.state in OPEN_STATES and self.env.user in copy._get_recipients()
            )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("state", "in", OPEN_STATES) & (
            Domain("user_id", "=", self.env.uid)
            | Domain("department_id.user_ids", "in", [self.env.uid])
        )
        return domain if True in value else ~domain

    @api.depends("sheet_id.digests")
    @api.depends_context("lang")
    def _compute_content(self):
        for copy in self:
            lines = copy.sheet_id._get_content_lines()
            copy.products = "\n".join(
                f"{line.product_id.display_name} × "
                + format_quantity(line.product_uom_qty, line.product_uom_id)
                for line in lines.filtered("product_id")
            )
            copy.content = self.env["ir.qweb"]._render(
                "order_desk.distribution_content", {"lines": lines}
            )

    @api.constrains("sheet_id", "user_id", "department_id")
    def _check_recipient(self):
        for copy in self:
            if bool(copy.user_id) == bool(copy.department_id):
                raise ValidationError(
                    self.env._(
                        "The copy “%(copy)s” goes to either a person or a department:"
                        " choose exactly one of the two.",
                        copy=copy.display_name,
                    )
                )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "revision": 0,
            "noted_by_id": False,
            "noted_on": False,
            "done_by_id": False,
            "done_on": False,
            "cancelled_on": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"sheet_id", "company_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of a copy cannot be entered by hand. Use the buttons.", names
        )

    @api.model_create_multi
    def create(self, vals_list):
        copies = super(
            # the sheet's history says whom copies went to
            OrderDeskDistribution,
            self.with_context(mail_create_nolog=True),
        ).create(vals_list)
        copies._check_sheets()
        for copy in copies.sudo():
            if not copy.revision:
                copy.revision = copy.sheet_id.revision
        copies._admit_recipients(copies._get_recipients())
        copies._update_todos()
        return copies

    def write(self, vals):
        changed = CONTENT_FIELDS & set(vals)
        if changed:
            self._check_open("to_note")
        result = super().write(vals)
        if changed:
            self._admit_recipients(self._get_recipients())
            self._update_todos()
        return result

    def _check_sheets(self):
        """Refuse copies of a sheet that has no codes yet or is cancelled."""
        for sheet in self.sudo().sheet_id:
            if not sheet.order_code or sheet.state == "cancel":
                raise UserError(
                    self.env._(
                        "%s is not distributed now: copies go out once the sheet has"
                        " its order code, and not after a cancellation.",
                        sheet.order_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_acknowledged(self):
        for copy in self:
            if copy.noted_on or copy.done_on:
                raise UserError(
                    self.env._(
                        "%s was taken note of and stays on file.", copy.display_name
                    )
                )

    # ------------------------------------------------------------- recipients

    def _get_recipients(self):
        """Return the active users who get these copies."""
        recipients = self.env["res.users"]
        for copy in self.sudo():  # who is in which department is no secret
            recipients |= (copy.user_id | copy.department_id.user_ids).filtered(
                lambda user, company=copy.company_id: (
                    user.active and company in user.company_ids
                )
            )
        return recipients.with_env(self.env)

    @api.model
    def _admit_recipients(self, users):
        """Let recipients find their copies: they need no other right for it."""
        # who distributes need not administer users
        if not users:
            return
        group = self.env.ref("order_desk.group_order_desk_recipient").sudo()
        if missing := users.sudo() - group.user_ids:
            group.user_ids += missing

    def _get_recipient_text(self):
        """Return the recipient with the people behind a department, for messages."""
        self.ensure_one()
        if self.user_id:
            return self.user_id.name
        people = ", ".join(self._get_recipients().mapped("name"))
        return self.env._(
            "%(department)s (%(people)s)",
            department=self.department_id.name,
            people=people or self.env._("no one assigned"),
        )

    def _get_open_text(self):
        """Return one line that says what this open copy waits for."""
        self.ensure_one()
        values = {
            "recipient": self._get_recipient_text(),
            "what": self.task or self.document,
            "due": format_datetime(self.env, self.due_on, dt_format="short"),
        }
        if self.state == "noted":
            return self.env._(
                "%(recipient)s: %(what)s, not reported done, due %(due)s", **values
            )
        return self.env._(
            "%(recipient)s: %(what)s, not taken note of, due %(due)s", **values
        )

    def _filter_open(self):
        return self.filtered(lambda copy: copy.state in OPEN_STATES)
