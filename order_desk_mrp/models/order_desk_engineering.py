from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# the answer of a line is in one of these; the others are history
CURRENT_STATES = ("asked", "answered", "insisted", "confirmed")
# engineering has to do something
OPEN_STATES = ("asked", "insisted")
# what an engineer types before the answer is given
ANSWER_FIELDS = {
    "answer",
    "bom_id",
    "operation_ids",
    "process",
    "formula",
    "reason",
    "proposal",
    "proposed_product_id",
    "proposed_requirement",
    "drops_requirement",
}
# what an engineer types when the customer insists
PROCESS_FIELDS = {
    "bom_id",
    "operation_ids",
    "confirmed_process",
    "estimated_result",
    "risk",
}
# whoever reads the customer's name; the workshop reads confirmations without it
SHEET_GROUPS = "sales_team.group_sale_salesman,order_desk.group_order_desk_signer"


class OrderDeskEngineering(models.Model):
    """Engineering's answer on one line outside the standard (SPEC B5).

    It is given for the line as it is then. When product, configuration, special
    requirement or tolerance change, it stays on file and a new one is asked for.
    """

    _name = "order.desk.engineering"
    _description = "Engineering Confirmation"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "due_on desc, id desc"
    _rec_names_search = ["sheet_id.order_id.name", "sheet_id.order_code", "product_id"]
    _mail_post_access = "read"
    _check_company_auto = True

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        index=True,
        ondelete="cascade",
        groups=SHEET_GROUPS,
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    order_id = fields.Many2one(related="sheet_id.order_id", groups=SHEET_GROUPS)
    partner_id = fields.Many2one(
        related="sheet_id.partner_id", string="Customer", groups=SHEET_GROUPS
    )
    user_id = fields.Many2one(
        related="sheet_id.user_id", string="Salesperson", groups=SHEET_GROUPS
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        index="btree_not_null",
        ondelete="set null",
        groups=SHEET_GROUPS,
    )
    quantity = fields.Float(
        related="sale_line_id.product_uom_qty", digits="Product Unit"
    )
    product_uom_id = fields.Many2one(
        related="sale_line_id.product_uom_id", string="Unit"
    )
    # as it was when the question was asked, for the file
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    special_requirement = fields.Text(readonly=True)
    configuration = fields.Text(readonly=True)
    tolerance = fields.Char(readonly=True)
    digest = fields.Char(
        readonly=True, help="Of the line as it was when the question was asked."
    )
    state = fields.Selection(
        [
            ("asked", "To Answer"),
            ("answered", "Answered"),
            ("insisted", "Customer Insists"),
            ("confirmed", "Process Confirmed"),
            ("outdated", "Outdated"),
            ("cancelled", "Not Needed"),
        ],
        string="Status",
        required=True,
        default="asked",
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
        help="Outdated: the line has changed since, or engineering has answered anew."
        " Not needed: the line is within the standard or gone.",
    )
    due_on = fields.Datetime("Due", readonly=True)
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_mine = fields.Boolean(
        "Waiting for Me", compute="_compute_rights", search="_search_is_mine"
    )
    can_answer = fields.Boolean(compute="_compute_rights")
    can_settle = fields.Boolean(compute="_compute_rights")

    answer = fields.Selection(
        [
            ("feasible", "Feasible"),
            ("changed", "Feasible with changed process"),
            ("not_feasible", "Not feasible"),
        ],
        tracking=True,
    )
    bom_id = fields.Many2one(
        "mrp.bom",
        "Bill of Materials",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('product_tmpl_id.product_variant_ids', '=', product_id),"
        " ('product_id', 'in', (product_id, False)), ('type', '=', 'normal'),"
        " ('order_desk_sale_line_id', 'in', (sale_line_id, False))]",
        help="What this line is made of; without one, the usual bill of materials.",
    )
    operation_ids = fields.Many2many(
        "mrp.routing.workcenter",
        "order_desk_engineering_operation_rel",
        string="Changed Operations",
        domain="[('bom_id', '=', bom_id)]",
    )
    process = fields.Text(
        help="What is done otherwise than usual; the workshop reads it."
    )
    formula = fields.Text(help="Mixture, material or dimensions, where they differ.")
    reason = fields.Text("Why Not", help="The salesperson explains it to the customer.")
    proposal = fields.Text(
        help="What could be built instead, in words for the salesperson."
    )
    proposed_product_id = fields.Many2one(
        "product.product",
        domain=[("sale_ok", "=", True)],
        check_company=True,
        ondelete="restrict",
    )
    proposed_requirement = fields.Text(
        "Proposed Special Requirement",
        help="Replaces the special requirement of the line when it is taken over.",
    )
    drops_requirement = fields.Boolean(
        "Without Special Requirement",
        help="Taken over, the line asks for nothing outside the standard any more.",
    )
    answered_on = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    on_behalf_of_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="restrict",
        help="Whom the stand-in answered for.",
    )

    proposal_state = fields.Selection(
        [
            ("open", "Open"),
            ("taken", "Taken over"),
            ("declined", "Declined"),
        ],
        string="Proposal Is",
        readonly=True,
        tracking=True,
    )
    settled_on = fields.Datetime("Decided on", readonly=True)
    settled_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, ondelete="restrict"
    )
    settle_reason = fields.Text(
        "What the Customer Says",
        readonly=True,
        help="Why the proposal was declined, or what the customer insists on.",
    )

    confirmed_process = fields.Text(help="How it is built although it is not advised.")
    estimated_result = fields.Text(help="What is to be expected of it.")
    risk = fields.Text(help="What may go wrong, and who bears it.")
    confirmed_on = fields.Datetime("Process Confirmed on", readonly=True)
    confirmed_by_id = fields.Many2one(
        "res.users", "Process Confirmed by", readonly=True, ondelete="restrict"
    )
    closing_note = fields.Char(
        "Why It Ended", readonly=True, help="Why this answer is history."
    )
    drawing_ids = fields.One2many("order.desk.drawing", "engineering_id", "Drawings")
    drawing_state = fields.Char("Drawings at", compute="_compute_drawing_state")
    history_ids = fields.One2many(
        "order.desk.engineering",
        compute="_compute_history_ids",
        string="Earlier Answers",
    )
    has_earlier_drawings = fields.Boolean(compute="_compute_history_ids")
    has_proposal = fields.Boolean(
        compute="_compute_has_proposal",
        help="There is something that can be taken over into the line with one click.",
    )
    summary = fields.Text(compute="_compute_summary")

    _current_uniq = models.UniqueIndex(
        "(sale_line_id) WHERE state IN ('asked', 'answered', 'insisted', 'confirmed')",
        "Engineering has just been asked about this line. Look at it again.",
    )

    # ------------------------------------------------------------- computed

    @api.depends("product_id", "sale_line_id")
    def _compute_display_name(self):
        for engineering in self:
            # the workshop reads confirmations and need not read orders
            engineering_sudo = engineering.sudo()
            line = engineering_sudo.sale_line_id
            label = (
                line._get_engineering_label()
                if line.product_id == engineering_sudo.product_id
                else engineering_sudo.product_id.display_name
            )
            engineering.display_name = f"{engineering_sudo.order_id.name} · {label}"

    @api.model
    def _search_display_name(self, operator, value):
        # whoever reads a confirmation finds it by its order, and need not read orders
        domain = super()._search_display_name(operator, value)
        return Domain("id", "in", self.sudo()._search(domain))

    @api.depends("state", "due_on")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for engineering in self:
            engineering.is_overdue = bool(
                engineering.state in OPEN_STATES
                and engineering.due_on
                and engineering.due_on < now
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("state", "in", OPEN_STATES) & Domain(
            "due_on", "<", fields.Datetime.now()
        )
        return overdue if True in value else ~overdue

    @api.depends("state", "proposal_state")
    @api.depends_context("uid")
    def _compute_rights(self):
        engineers = self._filter_engineer()
        sales = self._filter_sales()
        for engineering in self:
            engineering.can_answer = engineering in engineers
            engineering.can_settle = (
                engineering in sales
                and engineering.state == "answered"
                and engineering.answer == "not_feasible"
            )
            engineering.is_mine = (
                engineering.state in OPEN_STATES and engineering.can_answer
            ) or (
                engineering.can_settle and engineering.sudo().user_id == self.env.user
            )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        roles = self.env["order.desk.role"]._get_engineers(self.env.companies)
        companies = [
            company.id for company, found in roles.items() if found._filter_mine()
        ]
        mine = (
            Domain("state", "in", OPEN_STATES) & Domain("company_id", "in", companies)
        ) | (
            Domain("state", "=", "answered")
            & Domain("answer", "=", "not_feasible")
            & Domain("sheet_id.order_id.user_id", "=", self.env.uid)
        )
        # the workshop may look for its own, too, and reads no sheets
        mine = Domain("id", "in", self.sudo()._search(mine))
        return mine if True in value else ~mine

    @api.depends("drawing_ids.state", "drawing_ids.version", "drawing_ids.name")
    @api.depends_context("lang")
    def _compute_drawing_state(self):
        states = dict(
            self.env["order.desk.drawing"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        for engineering in self:
            current = engineering.drawing_ids.filtered("is_current")
            engineering.drawing_state = ", ".join(
                f"{drawing.display_name}: {states[drawing.state]}"
                for drawing in current.sorted("id")
            )

    @api.depends("sale_line_id")
    def _compute_history_ids(self):
        # one after the other reads the same line, whoever may read it
        groups = self.sudo()._read_group(
            [("sale_line_id", "in", self.sudo().sale_line_id.ids)],
            ["sale_line_id"],
            ["id:recordset"],
        )
        by_line = dict(groups)
        for engineering in self:
            line = engineering.sudo().sale_line_id
            others = by_line.get(line, self.sudo())
            history = (others - engineering).sorted("id")
            engineering.history_ids = history.sudo(False)
            engineering.has_earlier_drawings = bool(history.drawing_ids.attachment_id)

    @api.depends("proposed_product_id", "proposed_requirement", "drops_requirement")
    def _compute_has_proposal(self):
        for engineering in self:
            engineering.has_proposal = bool(engineering._prepare_take_over_vals())

    @api.depends(*ANSWER_FIELDS, *PROCESS_FIELDS, "state", "drawing_ids.state")
    @api.depends_context("lang")
    def _compute_summary(self):
        for engineering in self:
            engineering.summary = "\n".join(engineering._get_texts())

    # ------------------------------------------------------------- rules

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "state": "asked",
            "due_on": False,
            "digest": False,
            "answered_on": False,
            "answered_by_id": False,
            "on_behalf_of_id": False,
            "proposal_state": False,
            "settled_on": False,
            "settled_by_id": False,
            "settle_reason": False,
            "confirmed_on": False,
            "confirmed_by_id": False,
            "closing_note": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {
            "sheet_id",
            "company_id",
            "sale_line_id",
            "product_id",
            "special_requirement",
            "configuration",
            "tolerance",
        }

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of an engineering confirmation cannot be changed by hand. Use the"
            " buttons.",
            names,
        )

    def write(self, vals):
        typed = (ANSWER_FIELDS | PROCESS_FIELDS) & set(vals)
        if typed and not self.env.su:
            self._check_typing(typed)
        return super().write(vals)

    def _check_typing(self, names):
        """Let engineers alone type their answer, and only before it is given.

        :raise AccessError: not an engineer
        :raise UserError: the answer is given already
        """
        self._check_engineer()
        for engineering in self:
            open_fields = {"asked": ANSWER_FIELDS, "insisted": PROCESS_FIELDS}
            if names - open_fields.get(engineering.state, set()):
                raise UserError(
                    self.env._(
                        "%s is answered, and what was answered stays as it is. Use"
                        " “Answer Anew” to correct it.",
                        engineering.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:  # they go with a sheet that was never signed
            raise UserError(self.env._("An engineering confirmation stays on file."))
