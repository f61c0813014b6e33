from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

# somebody still has to do something
OPEN_STATES = ("new", "working", "settled")
# what the customer claims may still be completed
ENTRY_STATES = ("new", "working")
# it was no claim after all; what it claimed can be claimed again
DEAD_STATES = ("refused", "withdrawn")
# these are not about goods
SERVICE_KINDS = ("late", "service")
ENTERED_FIELDS = {
    "attachment_ids",
    "contact",
    "description",
    "kind",
    "line_ids",
    "name",
    "partner_id",
    "phone",
}


class OrderDeskClaim(models.Model):
    """What a customer complains about after the goods have left (SPEC I1, H2).

    To create one is to open it; those who deal with claims are told at once. What is
    done about it changes through the ``action_*`` methods only.
    """

    _name = "order.desk.claim"
    _description = "Claim"
    _inherit = [
        "order.desk.number.mixin",
        "order.desk.case.mixin",
        "order.desk.portal.mixin",
        "rating.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["number", "name", "order_id.name"]
    _mail_post_access = "read"
    _check_company_auto = True
    _open_states = OPEN_STATES

    name = fields.Char("What Is Wrong", required=True, help="In one line.")
    kind = fields.Selection(
        [
            ("quality", "Quality"),
            ("damage", "Damage"),
            ("shortage", "Shortage"),
            ("wrong", "Wrong Goods"),
            ("late", "Late Delivery"),
            ("service", "Service"),
        ],
        required=True,
        default="quality",
        index=True,
        tracking=True,
        help="Late deliveries and service need no goods; the others name them.",
    )
    source = fields.Selection(
        [
            ("phone", "Phone"),
            ("email", "E-mail"),
            ("visit", "Face to Face"),
            ("portal", "Portal"),
            ("receipt", "Delivery Receipt"),
        ],
        "Came by",
        required=True,
        default="phone",
        index=True,
    )
    description = fields.Text(
        "Details", help="What the customer says. The customer reads it too."
    )
    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Of the order that the claim is about.",
    )
    # to search by: the warehouse reads no sheets
    order_code = fields.Char(related="sheet_id.order_code")
    order_id = fields.Many2one(
        related="sheet_id.order_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_partner_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
        ondelete="restrict",
        help="Who claims, at the customer's; gets our answers.",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Customer's Company",
        store=True,
        index=True,
    )
    contact = fields.Char("Spoke with", help="Who has called or written.")
    phone = fields.Char(
        compute="_compute_phone", store=True, precompute=True, readonly=False
    )
    line_ids = fields.One2many("order.desk.claim.line", "claim_id", "Goods")
    claimable_line_ids = fields.Many2many(
        "sale.order.line",
        compute="_compute_claimable_line_ids",
        compute_sudo=True,
        string="What Has Left",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_claim_attachment_rel",
        string="Photos",
        copy=False,
        help="Photos, or documents as PDF. The customer sees them too.",
    )
    state = fields.Selection(
        [
            ("new", "New"),
            ("working", "In Work"),
            ("settled", "Settled"),
            ("closed", "Closed"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="new",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand="_group_expand_state",
        help="Settled: the customer knows what is done about it. Closed: it is done.",
    )
    opened_by_id = fields.Many2one(
        "res.users", "Opened by", readonly=True, index=True, ondelete="restrict"
    )
    opened_on = fields.Datetime(readonly=True, index=True)
    owner_id = fields.Many2one(
        "res.users",
        "Dealt with by",
        readonly=True,
        index=True,
        tracking=True,
        ondelete="restrict",
    )

    _number_uniq = models.UniqueIndex(
        "(number, company_id)", "This company already has a claim of this number."
    )

    @api.depends("sheet_id")
    def _compute_partner_id(self):
        for claim in self:
            customer = claim.sheet_id.partner_id
            known = claim.partner_id.commercial_partner_id
            if not known or known != customer.commercial_partner_id:
                claim.partner_id = customer

    @api.depends("partner_id")
    def _compute_phone(self):
        for claim in self:
            claim.phone = claim.partner_id.phone or claim.phone

    @api.depends("sheet_id")
    def _compute_claimable_line_ids(self):
        for claim in self:
            lines = claim.sheet_id.order_line
            shipped = lines._get_claimable_quantities()
            claim.claimable_line_ids = lines.filtered(
                lambda line, shipped=shipped: shipped[line].shipped > 0
            )

    def _read_group_select(self, aggregate_spec, query):
        """Leave claims that nobody has rated out of the average."""
        if aggregate_spec == "rating_last_value:avg":
            value = self._field_to_sql(self._table, "rating_last_value", query)
            return SQL("AVG(NULLIF(%s, 0))", value)
        return super()._read_group_select(aggregate_spec, query)

    @api.constrains("name")
    def _check_name(self):
        if any(not claim.name.strip() for claim in self):
            raise ValidationError(self.env._("Say in one line what is wrong."))

    @api.constrains("partner_id", "sheet_id")
    def _check_partner_id(self):
        for claim in self.sudo():  # of an order the user need not be able to read
            customer = claim.sheet_id.partner_id.commercial_partner_id
            if claim.partner_id.commercial_partner_id != customer:
                raise ValidationError(
                    self.env._(
                        "%(claim)s: %(partner)s does not belong to %(customer)s, who"
                        " has ordered. Choose a contact of that customer.",
                        claim=claim.display_name,
                        partner=claim.partner_id.display_name,
                        customer=customer.display_name,
                    )
                )

    # ------------------------------------------------------------- protection

    @api.model
    def _get_entered_lines(self):
        return ("line_ids",)

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "number": False,
            "state": "new",
            # what customers open themselves has been opened by nobody here
            "opened_by_id": self.env.user._is_internal() and self.env.uid,
            "opened_on": fields.Datetime.now(),
            "owner_id": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"sheet_id", "source"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of a claim cannot be entered by hand. Use the buttons.", names
        )

    def _check_editing(self, names):
        """Refuse what is not for the user to change, or not any more.

        :raise AccessError: somebody else opened it or deals with it
        :raise UserError: it is settled, closed, refused or withdrawn
        """
        if self.env.su or not names & ENTERED_FIELDS:
            return
        self._check_states(*ENTRY_STATES)
        others = self - self._filter_managed()
        others = others.filtered(
            lambda claim: claim.opened_by_id != self.env.user or claim.state != "new"
        )
        if others:
            raise AccessError(
                self.env._(
                    "%s: whoever opened it completes it until somebody takes it, then"
                    " whoever deals with it. Write a message instead.",
                    ", ".join(others.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------- on the screen

    @api.model
    def _get_open_action(self, **defaults):
        """Return the form in which somebody opens a claim."""
        action = self._get_records_action(name=self.env._("New Claim"))
        return {
            **action,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in defaults.items()},
        }

    def _get_state_text(self, lang=None):
        """Return the status as the screen shows it."""
        self.ensure_one()
        claim = self.with_context(lang=lang) if lang else self
        return dict(claim._fields["state"]._description_selection(claim.env))[
            claim.state
        ]
