from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

ANSWER_HOURS = 8.0


class OrderDeskClarification(models.Model):
    """An open question on a sheet; the sheet waits until it is answered (SPEC A3).

    To create one is to ask it. What was asked and what was answered changes through
    the ``action_*`` methods only.
    """

    _name = "order.desk.clarification"
    _description = "Clarification"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _mail_post_access = "read"

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("state", "not in", ("done", "cancel"))],
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    order_id = fields.Many2one(related="sheet_id.order_id")
    name = fields.Char("Question", required=True, help="The question in one line.")
    description = fields.Text(
        "Details", help="Whatever helps to answer; whoever is asked reads it."
    )
    order_line_id = fields.Many2one(
        "sale.order.line",
        index="btree_not_null",
        ondelete="set null",
        domain="[('order_id', '=', order_id), ('display_type', '=', False)]",
        help="The line the question is about.",
    )
    asked_of = fields.Selection(
        [
            ("customer", "Customer"),
            ("salesperson", "Salesperson"),
            ("sales_manager", "Sales Manager"),
        ],
        required=True,
        default="customer",
        index=True,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer Contact",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        domain="[('id', 'child_of', customer_id)]",
        help="Who at the customer's is asked.",
    )
    customer_id = fields.Many2one(
        "res.partner",
        compute="_compute_customer_id",
        store=True,
        precompute=True,
        index=True,
        help="Whose question it is, even if the order changes hands.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain=[("share", "=", False)],
        help="Who answers, or sees to it that the customer does.",
    )
    asked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    due_on = fields.Datetime(
        required=True,
        compute="_compute_due_on",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        tracking=True,
        help="When the answer is needed; proposed are eight working hours.",
    )
    state = fields.Selection(
        [("open", "Open"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    answer = fields.Text(readonly=True, copy=False)
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.partner", readonly=True, copy=False)
    recorded_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        help="Who wrote down the answer of somebody else, e.g. from a phone call.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_clarification_attachment_rel",
        string="Files of the Answer",
        readonly=True,
        copy=False,
    )
    follow_up = fields.Text(
        "Still Open",
        readonly=True,
        copy=False,
        help="Why the last answer was not enough; whoever is asked reads it.",
    )
    escalated_on = fields.Datetime(readonly=True, copy=False)
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    can_answer = fields.Boolean(compute="_compute_can_answer")
    can_manage = fields.Boolean(compute="_compute_can_answer")

    # ------------------------------------------------------------- computed

    @api.depends("sheet_id")
    def _compute_customer_id(self):
        for question in self:
            customer = question.sheet_id.order_id.partner_id.commercial_partner_id
            question.customer_id = customer

    @api.depends("asked_of", "sheet_id")
    def _compute_partner_id(self):
        for question in self:
            customer = question.sheet_id.order_id.partner_id
            if question.asked_of != "customer":
                question.partner_id = False
            elif question.partner_id.commercial_partner_id != (
                customer.commercial_partner_id
            ):
                question.partner_id = customer

    @api.depends("asked_of", "sheet_id")
    def _compute_user_id(self):
        for question in self:
            sheet = question.sheet_id
            if question.asked_of == "sales_manager":
                owner = sheet._get_sales_managers()[:1]
            else:
                people = sheet.user_id | sheet.clerk_id | self.env.user
                owner = people.filtered("active")[:1]
            question.user_id = owner

    @api.depends("sheet_id")
    def _compute_due_on(self):
        now = fields.Datetime.now()
        for question in self:
            company = question.sheet_id.company_id or self.env.company
            question.due_on = question.due_on or company._order_desk_plan_hours(
                ANSWER_HOURS, now
            )

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for question in self:
            question.is_overdue = bool(
                question.state == "open" and question.due_on and question.due_on < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("state", "=", "open") & Domain(
            "due_on", "<", fields.Datetime.now()
        )
        return overdue if True in value else ~overdue

    @api.depends("state", "user_id", "asked_by_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        own = self._filter_own()
        mine = self._filter_own(asked_too=True)
        for question in self:
            question.can_answer = question in own and question.state == "open"
            question.can_manage = question in mine

    # ------------------------------------------------------------- rules

    @api.constrains("name")
    def _check_name(self):
        if any(not question.name.strip() for question in self):
            raise ValidationError(self.env._("Write the question in one line."))

    @api.constrains("order_line_id", "sheet_id")
    def _check_order_line_id(self):
        for question in self:
            line = question.order_line_id
            if line and line.order_id != question.sheet_id.order_id:
                raise ValidationError(
                    self.env._(
                        "“%(question)s”: the line %(line)s is not a line of %(order)s.",
                        question=question.name,
                        line=line.display_name,
                        order=question.sheet_id.order_id.name,
                    )
                )

    @api.constrains("partner_id", "asked_of", "sheet_id")
    def _check_partner_id(self):
        for question in self:
            customer = question.customer_id
            if question.asked_of == "customer" and (
                question.partner_id.commercial_partner_id != customer
            ):
                raise ValidationError(
                    self.env._(
                        "“%(question)s”: ask a contact of %(customer)s.",
                        question=question.name,
                        customer=customer.name,
                    )
                )

    @api.constrains("user_id")
    def _check_user_id(self):
        for question in self:
            owner = question.user_id
            if not owner:
                raise ValidationError(
                    self.env._(
                        "“%(question)s”: there is nobody to ask. Choose an owner, or"
                        " name the leader of the sales team %(team)s.",
                        question=question.name,
                        team=question.sudo().order_id.team_id.name or "",
                    )
                )
            # the companies chosen by whoever asks may be others than the owner's
            own = question.sudo(False).with_context(allowed_company_ids=[])
            if not own.with_user(owner).has_access("read"):
                raise ValidationError(
                    self.env._(
                        "“%(question)s”: %(user)s has no access to the order desk."
                        " Choose another owner.",
                        question=question.name,
                        user=owner.name,
                    )
                )

    @api.constrains("due_on")
    def _check_due_on(self):
        now = fields.Datetime.now()
        for question in self:
            if question.state == "open" and question.due_on < now:
                raise ValidationError(
                    self.env._(
                        "“%s”: the time for the answer is in the past.", question.name
                    )
                )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "state": "open",
            "asked_by_id": self.env.uid,
            "answer": False,
            "answered_on": False,
            "answered_by_id": False,
            "recorded_by_id": False,
            "attachment_ids": [],
            "follow_up": False,
            "escalated_on": False,
        }

    @api.model
    def _get_fixed_fields(self):
        """Return what stays as it was asked."""
        return {
            "sheet_id",
            "company_id",
            "name",
            "description",
            "order_line_id",
            "asked_of",
            "partner_id",
            "user_id",
        }

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of a question cannot be changed by hand. Use the buttons of the"
            " question, or withdraw it and ask another one.",
            names,
        )

    @api.model_create_multi
    def create(self, vals_list):
        questions = super().create(vals_list)
        questions._check_order_alive()
        questions._ask()
        return questions

    def write(self, vals):
        result = super().write(vals)
        if "due_on" in vals:
            self.sudo().escalated_on = False  # told again if it gets late again
            self._update_todos()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for question in self:
            milestones = question.sheet_id.sudo().milestone_ids
            if "submitted" in milestones.mapped("code"):
                raise UserError(
                    self.env._(
                        "“%s” stays on file. Withdraw the question instead.",
                        question.name,
                    )
                )

    def _get_due_text(self):
        """Return when the answer is needed, as the reader writes it."""
        self.ensure_one()
        return self.company_id._order_desk_moment_text(self.due_on)

    # ------------------------------------------------------------- portal

    def _get_portal_customer(self):
        return self.customer_id

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/order-questions/{self.id}"

    def _is_portal_visible(self):
        return self.asked_of == "customer"
