from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# the steps in which a sheet may wait for a signature
SIGNING_STATES = ("review", "countersign", "coding", "confirming", "released")
# the steps in which the customer may be asked to confirm
CONFIRMING_STATES = ("confirming", "released")
# who reads about the price policy; accountants read sheets without it
POLICY_GROUPS = "sales_team.group_sale_salesman,order_desk.group_order_desk_signer"
# the steps in which a condition can be waived: the contract is formed
WAIVER_STATES = ("countersign", "coding", "confirming", "released")


class OrderDeskSheet(models.Model):
    """The order configuration sheet: what the managers sign for one sales order.

    The sales order and its lines hold what is ordered; the sheet adds the way
    through review, countersigning, coding and the customer's confirmation to release
    (SPEC C, D).
    """

    _name = "order.desk.sheet"
    _description = "Order Configuration Sheet"
    _inherit = ["order.desk.protected.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "order_id"
    _rec_names_search = ["order_id.name", "order_code", "customer_code"]
    _mail_post_access = "read"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order",
        "Sales Order",
        required=True,
        index=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
        domain="[('sheet_id', '=', False), ('state', 'in', ('draft', 'sent'))]",
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("review", "Review"),
            ("countersign", "Countersigning"),
            ("coding", "Coding"),
            ("confirming", "Confirmation"),
            ("released", "Released"),
            ("done", "Done"),
            ("cancel", "Cancelled"),
        ],
        string="Step",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        group_expand="_group_expand_state",
    )
    step_since = fields.Datetime(
        readonly=True, copy=False, help="When the sheet entered the step it is in."
    )
    revision = fields.Integer(default=1, readonly=True, copy=False)
    valid_from_revision = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Signatures of earlier revisions have lapsed: the order was cancelled.",
    )
    released_revision = fields.Integer(
        readonly=True, copy=False, help="What was released to production first."
    )
    clerk_id = fields.Many2one(
        "res.users",
        "Order Clerk",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="Who takes this order through the desk.",
    )
    channel = fields.Selection(
        [
            ("email", "E-mail"),
            ("fax", "Fax"),
            ("phone", "Phone"),
            ("representative", "Sales representative"),
            ("paper", "Paper"),
            ("portal", "Portal or web shop"),
            ("in_person", "Face to face"),
        ],
        default="email",
        help="How the customer's order came in.",
    )
    order_form_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_sheet_order_form_rel",
        string="Customer Order Form",
        copy=False,
        help="The customer's own documents, as they came in.",
    )
    other_requirements = fields.Text(
        help="Packaging, labels and whatever else the customer asks for."
    )
    price_reason = fields.Text(
        groups=POLICY_GROUPS,
        help="Why a price is off the pricelist or below cost; the sales manager and the"
        " general manager read it before they approve.",
    )
    order_code = fields.Char(readonly=True, copy=False)
    customer_code = fields.Char(readonly=True, copy=False)
    finish_date = fields.Date(
        readonly=True,
        copy=False,
        help="When the goods are assembled, as production has stated in writing."
        " It is not the shipping date.",
    )
    gate_used_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When goods last left or money last moved. Of two who do so at the same"
        " moment the second starts over, with what the first has done in view.",
    )
    money_moved = fields.Boolean(
        readonly=True,
        copy=False,
        help="Money has arrived or was taken back, and nobody has been told yet.",
    )
    signature_ids = fields.One2many(
        "order.desk.signature", "sheet_id", "Signatures", readonly=True
    )
    revision_ids = fields.One2many(
        "order.desk.revision", "sheet_id", "Revisions", readonly=True
    )
    milestone_ids = fields.One2many(
        "order.desk.milestone", "sheet_id", "Milestones", readonly=True
    )

    partner_id = fields.Many2one(related="order_id.partner_id")
    partner_shipping_id = fields.Many2one(
        related="order_id.partner_shipping_id", readonly=False
    )
    commitment_date = fields.Datetime(
        related="order_id.commitment_date", readonly=False
    )
    user_id = fields.Many2one(related="order_id.user_id")
    payment_term_id = fields.Many2one(related="order_id.payment_term_id")
    amount_total = fields.Monetary(related="order_id.amount_total")
    currency_id = fields.Many2one(related="order_id.currency_id")
    order_line = fields.One2many(
        related="order_id.order_desk_line_ids", string="Order Lines", readonly=False
    )
    order_state = fields.Selection(related="order_id.state", string="Order Status")
    deposit_percent = fields.Float(related="order_id.deposit_percent")
    deposit_required = fields.Monetary(related="order_id.deposit_required")
    deposit_is_agreed = fields.Boolean(
        related="order_id.deposit_is_agreed", readonly=False
    )
    deposit_agreed_percent = fields.Float(
        related="order_id.deposit_agreed_percent", readonly=False
    )
    cash_on_delivery = fields.Boolean(
        related="order_id.cash_on_delivery", readonly=False
    )
    production_gate = fields.Json(compute="_compute_production_gate")
    shipping_gate = fields.Json(compute="_compute_shipping_gate")
    customer_class_id = fields.Many2one(
        "order.desk.customer.class", compute="_compute_customer_class_id"
    )
    is_non_standard = fields.Boolean(
        compute="_compute_is_non_standard",
        search="_search_is_non_standard",
        help="A line asks for something outside the standard.",
    )
    can_sign = fields.Boolean(compute="_compute_can_sign", compute_sudo=True)
    can_check = fields.Boolean(compute="_compute_can_sign", compute_sudo=True)
    can_code = fields.Boolean(compute="_compute_can_sign", compute_sudo=True)
    is_changed = fields.Boolean(
        "Changed since Signed",
        compute="_compute_is_changed",
        compute_sudo=True,
        help="What a role has signed looks different today; that role signs again.",
    )

    # the list counts the open ones of the user's companies, few among very many
    _state_company_idx = models.Index("(state, company_id)")
    _money_moved_idx = models.Index("(id) WHERE money_moved IS TRUE")
    _order_uniq = models.Constraint(
        "UNIQUE(order_id)", "This sales order already has a configuration sheet."
    )
    _order_code_uniq = models.UniqueIndex(
        "(order_code, company_id) WHERE order_code IS NOT NULL",
        "This order code is already taken.",
    )

    @api.depends("order_id.name", "partner_id.name", "order_code")
    def _compute_display_name(self):
        for sheet in self:
            parts = (sheet.order_id.name, sheet.order_code, sheet.partner_id.name)
            sheet.display_name = " · ".join(part for part in parts if part)

    @api.depends(
        "partner_id.commercial_partner_id.order_desk_class_id.active", "company_id"
    )
    def _compute_customer_class_id(self):
        for sheet in self:
            sheet.customer_class_id = sheet.partner_id._get_order_desk_class(
                sheet.company_id
            )

    @api.depends("order_line.is_non_standard")
    def _compute_is_non_standard(self):
        for sheet in self:
            sheet.is_non_standard = any(sheet.order_line.mapped("is_non_standard"))

    def _search_is_non_standard(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("order_id.order_line.is_non_standard", operator, value)]

    @api.depends("signature_ids", "digests")
    def _compute_is_changed(self):
        for sheet in self:
            sheet.is_changed = any(
                signature.decision == "signed" and signature._get_changed_aspects()
                for signature in sheet._get_last_signatures().values()
            )

    @api.depends("order_id.production_gate")
    def _compute_production_gate(self):
        for sheet in self:
            # the gate is computed for the current user, who need not read the order
            sheet.production_gate = [
                # what is not filled in is filled in right here
                {**condition, "action": ""}
                if condition["code"] == "complete"
                else condition
                for condition in sheet.order_id.sudo().production_gate or []
            ]

    @api.depends("order_id.shipping_gate")
    def _compute_shipping_gate(self):
        for sheet in self:
            # the gate is computed for the current user, who need not read the order
            sheet.shipping_gate = sheet.order_id.sudo().shipping_gate

    @api.model
    def _group_expand_state(self, states, domain):
        """Show every step of the way on the board, and the two ends if asked for."""
        way = ("draft", "review", "countersign", "coding", "confirming", "released")
        return [*way, *(state for state in ("done", "cancel") if state in states)]

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "state": "draft",
            "step_since": fields.Datetime.now(),
            "revision": 1,
            "valid_from_revision": 1,
            "released_revision": 0,
            "order_code": False,
            "customer_code": False,
            "finish_date": False,
            "gate_used_on": False,
            "money_moved": False,
            "signature_ids": [],
            "revision_ids": [],
            "milestone_ids": [],
        }

    @api.model
    def _get_fixed_fields(self):
        return {"order_id", "company_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s cannot be changed by hand. Use the buttons of the order configuration"
            " sheet.",
            names,
        )

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        for sheet in sheets:
            if sheet.order_id.state not in ("draft", "sent"):
                raise ValidationError(
                    self.env._(
                        "%s is not a quotation any more. The order desk takes over"
                        " quotations only; running orders stay as they are.",
                        sheet.order_id.name,
                    )
                )
        # the link is the desk's, the salesperson may lack write access on the order
        for sheet in sheets.sudo():
            sheet.order_id.sheet_id = sheet
        sheets._add_milestones("created")
        sheets._own_order_forms()
        return sheets

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            super().write({"step_since": fields.Datetime.now()})
        if "order_form_ids" in vals:
            self._own_order_forms()
        if {"other_requirements", "price_reason"} & set(vals):
            self.order_id._order_desk_follow_change()
        return result

    def _own_order_forms(self):
        """Let everybody who sees a sheet see the forms uploaded to it."""
        for sheet in self:
            # an upload on a new sheet belongs to no record, thus to its author alone;
            # the author gives it to the sheet, others' files stay theirs
            loose = sheet.order_form_ids.sudo().filtered(
                lambda form: not form.res_id and form.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": sheet.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for sheet in self:
            # deleting a quotation takes its sheet along, as superuser; only that does
            # once the desk has the order
            kept = (
                sheet.sudo().signature_ids
                or not self.env.su
                and (
                    sheet.state != "draft"
                    or sheet.order_id.team_id.use_order_desk
                    or "submitted" in sheet.milestone_ids.mapped("code")
                )
            )
            if kept:
                raise UserError(
                    self.env._(
                        "The configuration sheet of %s stays on file, as the order"
                        " desk works on it. Cancel the order instead.",
                        sheet.order_id.name,
                    )
                )

    def copy_data(self, default=None):
        raise UserError(
            self.env._(
                "A configuration sheet cannot be duplicated. Duplicate the sales"
                " order: the copy gets a sheet of its own."
            )
        )

    def _add_milestones(self, code):
        """Write down that each of these sheets has just reached ``code``."""
        sentence = self._get_milestone_sentence(code)
        if sentence:
            self._message_log_batch(dict.fromkeys(self.ids, sentence))
        # nobody writes milestones by hand, so nobody has the right to create them
        return (
            self.env["order.desk.milestone"]
            .sudo()
            .create(
                [
                    {
                        "sheet_id": sheet.id,
                        "code": code,
                        "user_id": self.env.uid,
                        "reached_on": fields.Datetime.now(),
                    }
                    for sheet in self
                ]
            )
        )

    @api.model
    def _get_milestone_sentence(self, code):
        """Return what the chatter says about a step, unless a signature says it."""
        return {
            "submitted": self.env._("Submitted for review."),
            "approved": self.env._(
                "The review is complete: the sales order is confirmed, the contract is"
                " formed."
            ),
            "countersigned": self.env._("Everybody has countersigned."),
            "coded": self.env._("The codes are given."),
            "deposit_received": self.env._("The deposit has arrived."),
            "balance_received": self.env._("The whole amount has arrived."),
            "released": self.env._("Released to production."),
            "cancelled": self.env._("Cancelled."),
        }.get(code)

    def action_open_order(self):
        """Open the sales order of this sheet."""
        self.ensure_one()
        return self.order_id._get_records_action()

    def action_open_missing(self, entry):
        """Open the form on which ``entry`` of ``_get_missing`` is filled in."""
        self.ensure_one()
        return self.order_id.action_open_missing(entry)

    def action_open_condition(self, code):
        """Open what has to be done about one of the conditions, see ``sale.order``."""
        self.ensure_one()
        return self.order_id.action_open_condition(code)
