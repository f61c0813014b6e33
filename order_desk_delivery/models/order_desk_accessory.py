from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.order_desk.quantity import format_quantity

# somebody has to prepare or pack it
OPEN_STATES = ("wanted", "prepared")
# from here on an addition is seen as one
RELEASED_STATES = ("released", "done")
# whoever reads the customer's name; the dock reads accessories without it
SHEET_GROUPS = "sales_team.group_sale_salesman,order_desk.group_order_desk_signer"


class OrderDeskAccessory(models.Model):
    """What travels free with an order: spare parts, manuals, extras (SPEC C6).

    Something that is charged, or counted in stock, is a line of the order (at price
    zero, if it is a present): Odoo reserves, moves and invoices it. Accessories are
    prepared and packed by the follow-up clerk and move no stock of their own.
    """

    _name = "order.desk.accessory"
    _description = "Accessory of an Order"
    _inherit = [
        "order.desk.number.mixin",
        "order.desk.protected.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "image.mixin",
    ]
    _order = "sheet_id desc, sequence, id"
    _rec_names_search = [
        "description",
        "product_id",
        "order_id.name",
        "order_code",
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
    # to search by: the warehouse reads no sheets
    order_code = fields.Char(related="sheet_id.order_code")
    order_id = fields.Many2one(related="sheet_id.order_id")
    sheet_state = fields.Selection(related="sheet_id.state", string="Step of the Sheet")
    partner_id = fields.Many2one(
        related="sheet_id.partner_id", string="Customer", groups=SHEET_GROUPS
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="A product that is charged or counted in stock goes on the order as a line"
        " of its own; what is listed here travels free and moves no stock.",
    )
    description = fields.Char(
        help="What it is, where it is no product: manual, label, tool bag.",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    product_uom_id = fields.Many2one(
        "uom.uom",
        "Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "For Line",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('order_id', '=', order_id), ('display_type', '=', False)]",
        help="The order line it belongs to. Left empty, it is for the whole order.",
    )
    line_product_id = fields.Many2one(
        related="sale_line_id.product_id", string="For Product"
    )
    travels = fields.Selection(
        [
            ("line", "With its line"),
            ("first", "With the first shipment"),
            ("last", "With the last shipment"),
            ("apart", "On its own"),
        ],
        compute="_compute_travels",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="With which goods it leaves. These goods wait until it is packed; what"
        " travels on its own holds nothing back.",
    )
    needed_by = fields.Date(
        compute="_compute_needed_by",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="When it is to be packed: by the order's delivery date, if not before.",
    )
    note = fields.Char("Remark", help="Where it is to be found, how it is packed.")
    image_1920 = fields.Image("Photo")
    state = fields.Selection(
        [
            ("wanted", "Wanted"),
            ("prepared", "Prepared"),
            ("packed", "Packed"),
            ("shipped", "Shipped"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        default="wanted",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_signed = fields.Boolean(
        "Signed with the Sheet",
        default=True,
        readonly=True,
        copy=False,
        help="It is part of what the managers sign; additions after the release are"
        " not, and are marked.",
    )
    is_late_addition = fields.Boolean(
        "Added after Release", compute="_compute_is_late_addition"
    )
    prepared_on = fields.Datetime(readonly=True, copy=False)
    prepared_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    packing = fields.Selection(
        [("bulk", "Bulk"), ("small", "Small batch")],
        readonly=True,
        copy=False,
        help="How it is packed: in bulk, or sorted into small batches.",
    )
    package_count = fields.Integer("Packages", readonly=True, copy=False)
    packed_on = fields.Datetime(readonly=True, copy=False)
    packed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    request_id = fields.Many2one(
        "order.desk.shipping.request",
        "Shipping Request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="With which it leaves.",
    )
    picking_id = fields.Many2one(
        "stock.picking",
        "Transfer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="With which it has left.",
    )
    shipped_on = fields.Datetime(readonly=True, copy=False)
    reason = fields.Char(readonly=True, copy=False, tracking=True)
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    is_counted = fields.Boolean(related="product_id.is_storable")

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity of an accessory is more than zero."
    )

    # ------------------------------------------------------------- computed

    @api.depends("product_id", "description", "sheet_id")
    def _compute_display_name(self):
        for accessory in self:
            # whoever packs it need not read the order
            order = accessory.sudo().order_id.name
            parts = (order, accessory._get_what())
            accessory.display_name = " · ".join(part for part in parts if part)

    @api.model
    def _search_display_name(self, operator, value):
        # whoever reads an accessory finds it by its order, and need not read orders
        domain = super()._search_display_name(operator, value)
        return Domain("id", "in", self.sudo()._search(domain))

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        unit = self.env.ref("uom.product_uom_unit")
        for accessory in self:
            accessory.product_uom_id = (
                accessory.product_id.uom_id or accessory.product_uom_id or unit
            )

    @api.depends("sale_line_id")
    def _compute_travels(self):
        for accessory in self:
            if accessory.sale_line_id:
                accessory.travels = "line"
            elif accessory.travels in (False, "line"):
                accessory.travels = "first"

    @api.depends("sheet_id.order_id.commitment_date")
    def _compute_needed_by(self):
        for accessory in self:
            day = accessory.sheet_id.order_id.commitment_date
            accessory.needed_by = day and accessory.company_id._order_desk_date(day)

    @api.depends("is_signed", "state")
    def _compute_is_late_addition(self):
        for accessory in self:
            accessory.is_late_addition = (
                not accessory.is_signed and accessory.state != "cancelled"
            )

    @api.depends("state", "needed_by", "sheet_id.state")
    def _compute_is_late(self):
        for accessory in self:
            accessory.is_late = bool(
                accessory.state in OPEN_STATES
                and accessory.needed_by
                and accessory.sheet_id.state in RELEASED_STATES
                and accessory.needed_by < accessory.company_id._order_desk_date()
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self.env["res.company"]._order_desk_past_domain(
            self, self._get_waiting_domain(), "needed_by"
        )
        return late if True in value else ~late

    @api.model
    def _get_waiting_domain(self):
        """Return which accessories somebody has to prepare or pack now."""
        return Domain("state", "in", OPEN_STATES) & Domain(
            "sheet_id.state", "in", RELEASED_STATES
        )

    def _get_what(self):
        """Return what it is, in one line."""
        self.ensure_one()
        return ", ".join(
            text for text in (self.product_id.display_name, self.description) if text
        )

    def _get_text(self):
        """Return what it is and how much, for messages and papers."""
        self.ensure_one()
        quantity = format_quantity(self.quantity, self.product_uom_id)
        return f"{self._get_what()} × {quantity}"

    def _get_packed_text(self):
        """Return how it is packed, for the papers."""
        self.ensure_one()
        if not self.packing:
            return self.env._("Not packed yet")
        kinds = dict(self._fields["packing"]._description_selection(self.env))
        return self.env._(
            "%(kind)s, packages: %(count)s",
            kind=kinds[self.packing],
            count=self.package_count,
        )

    def _get_packing_text(self):
        """Return how it is packed and where it is, for whoever loads it."""
        self.ensure_one()
        return "\n".join(text for text in (self._get_packed_text(), self.note) if text)

    # ------------------------------------------------------------- rules

    @api.constrains("product_id", "description")
    def _check_what(self):
        for accessory in self:
            if not accessory.product_id and not (accessory.description or "").strip():
                raise ValidationError(
                    self.env._(
                        "%s: say what the accessory is, a product or a description.",
                        accessory.sheet_id.order_id.name,
                    )
                )

    @api.constrains("sale_line_id", "travels", "sheet_id")
    def _check_sale_line(self):
        for accessory in self:
            line = accessory.sale_line_id
            if line and line.order_id != accessory.sheet_id.order_id:
                raise ValidationError(
                    self.env._(
                        "%(accessory)s: %(line)s is a line of another order.",
                        accessory=accessory.display_name,
                        line=line.display_name,
                    )
                )
            if accessory.travels == "line" and not line:
                raise ValidationError(
                    self.env._(
                        "%s: to let it travel with its line, choose the line.",
                        accessory.display_name,
                    )
                )

    @api.model
    def _get_entered_numbers(self):
        return ("quantity", "package_count")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "state": "wanted",
            "is_signed": True,
            "prepared_on": False,
            "prepared_by_id": False,
            "packing": False,
            "package_count": 0,
            "packed_on": False,
            "packed_by_id": False,
            "request_id": False,
            "picking_id": False,
            "shipped_on": False,
            "reason": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"sheet_id", "company_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of an accessory cannot be changed by hand. Use the buttons.", names
        )
