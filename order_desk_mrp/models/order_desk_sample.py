from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .order_desk_engineering import SHEET_GROUPS

RETURN_FIELDS = {"return_condition", "return_note"}


class OrderDeskSample(models.Model):
    """A housing that shows the customer's variant: looked up, lent, returned (SPEC C6).

    The follow-up clerk keeps the list of an order. To look a housing up, to lend it
    and to take it back are steps of their own; each leaves a sentence in the history.
    """

    _name = "order.desk.sample"
    _description = "Shell Sample"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "image.mixin",
    ]
    _order = "state, due_back, id desc"
    _rec_names_search = [
        "housing",
        "product_id",
        "sheet_id.order_id.name",
        "sheet_id.order_code",
    ]
    _mail_post_access = "read"
    _check_company_auto = True

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
    partner_id = fields.Many2one(
        related="sheet_id.partner_id", string="Customer", groups=SHEET_GROUPS
    )
    user_id = fields.Many2one(
        "res.users",
        "Follow-up Clerk",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        domain=[("share", "=", False)],
        tracking=True,
        help="Who looks the housing up and sees to it that it comes back.",
    )
    product_id = fields.Many2one(
        "product.product", "Housing (Product)", check_company=True, ondelete="restrict"
    )
    housing = fields.Char(
        help="Which housing is wanted, where it is no product: model, colour, print."
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    needed_by = fields.Date(help="When it is to be at hand.")
    image_1920 = fields.Image("Photo")
    location_id = fields.Many2one(
        "stock.location",
        "Found in",
        check_company=True,
        domain=[("usage", "=", "internal")],
        ondelete="restrict",
    )
    found_where = fields.Char(help="Shelf, room, or with whom.")
    is_made = fields.Boolean(
        "Made for This Order", readonly=True, copy=False, help="None was found."
    )
    state = fields.Selection(
        [
            ("wanted", "Wanted"),
            ("not_found", "Not Found"),
            ("found", "At Hand"),
            ("lent", "Lent"),
            ("returned", "Returned"),
            ("cancelled", "Not Needed"),
        ],
        string="Status",
        required=True,
        default="wanted",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    lent_to_id = fields.Many2one(
        "res.partner",
        "Lent to",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        help="A customer, a colleague, a fair: who has it.",
    )
    due_back = fields.Date(copy=False)
    lent_on = fields.Date(readonly=True, copy=False)
    lent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    returned_on = fields.Date(readonly=True, copy=False)
    returned_to_id = fields.Many2one(
        "res.users", "Taken Back by", readonly=True, copy=False
    )
    return_condition = fields.Selection(
        [("good", "Good"), ("damaged", "Damaged"), ("lost", "Lost")],
        "Returned in Condition",
        copy=False,
    )
    return_note = fields.Char(copy=False, help="What is damaged, or why it is lost.")
    note = fields.Text("Remarks")
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of a shell sample is more than zero."
    )

    # ------------------------------------------------------------- computed

    @api.depends("product_id", "housing", "sheet_id")
    def _compute_display_name(self):
        for sample in self:
            # a colleague who has a to-do need not read the order
            order = sample.sudo().order_id.name
            parts = (order, sample._get_housing_text())
            sample.display_name = " · ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        # whoever reads a sample finds it by its order, and need not read orders
        domain = super()._search_display_name(operator, value)
        return Domain("id", "in", self.sudo()._search(domain))

    @api.depends("sheet_id")
    def _compute_user_id(self):
        for sample in self:
            sheet = sample.sheet_id
            people = sample.user_id | sheet.clerk_id | sheet.user_id
            sample.user_id = people.filtered("active")[:1]

    @api.depends("state", "due_back")
    def _compute_is_overdue(self):
        for sample in self:
            sample.is_overdue = bool(
                sample.state == "lent"
                and sample.due_back
                and sample.due_back < sample.company_id._order_desk_date()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self.env["res.company"]._order_desk_past_domain(
            self, Domain("state", "=", "lent"), "due_back"
        )
        return overdue if True in value else ~overdue

    def _get_housing_text(self):
        """Return which housing it is, in one line."""
        self.ensure_one()
        return ", ".join(
            text for text in (self.product_id.display_name, self.housing) if text
        )

    # ------------------------------------------------------------- rules

    @api.constrains("product_id", "housing")
    def _check_housing(self):
        for sample in self:
            if not sample.product_id and not (sample.housing or "").strip():
                raise ValidationError(
                    self.env._(
                        "%s: say which housing is wanted, a product or a description.",
                        sample.sheet_id.order_id.name,
                    )
                )

    @api.constrains("due_back", "lent_on")
    def _check_due_back(self):
        for sample in self:
            if sample.due_back and sample.lent_on and sample.due_back < sample.lent_on:
                raise ValidationError(
                    self.env._(
                        "%(sample)s: it cannot be due back (%(due)s) before it was lent"
                        " (%(lent)s).",
                        sample=sample.display_name,
                        due=sample.due_back,
                        lent=sample.lent_on,
                    )
                )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "state": "wanted",
            "is_made": False,
            "lent_on": False,
            "lent_by_id": False,
            "returned_on": False,
            "returned_to_id": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"sheet_id", "company_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of a shell sample cannot be changed by hand. Use the buttons.", names
        )

    @api.model_create_multi
    def create(self, vals_list):
        samples = super().create(vals_list)
        samples._update_todos()
        return samples

    def write(self, vals):
        if not self.env.su:
            self._check_kept(vals)
        result = super().write(vals)
        if {"user_id", "due_back", "needed_by"} & set(vals):
            self._update_todos()
        return result

    def _check_kept(self, vals):
        """Keep what a loan says as long as the sample is lent."""
        if "lent_to_id" in vals and "lent" in self.mapped("state"):
            lent = self.filtered(lambda sample: sample.state == "lent")
            raise UserError(
                self.env._(
                    "%s is lent. Take it back first, then lend it to somebody else.",
                    ", ".join(lent.mapped("display_name")),
                )
            )
        if RETURN_FIELDS & set(vals):
            closed = self.filtered(lambda sample: sample.state != "lent")
            if closed:
                raise UserError(
                    self.env._(
                        "%s is not lent, so it cannot come back.",
                        ", ".join(closed.mapped("display_name")),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.env.su:  # they go with a sheet that was never signed
            return
        used = self.filtered(lambda s: s.state not in ("wanted", "not_found"))
        if used:
            raise UserError(
                self.env._(
                    "%s stays on the list, as somebody has worked with it.",
                    ", ".join(used.mapped("display_name")),
                )
            )
