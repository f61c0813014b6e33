import base64

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.order_desk.models.ir_attachment import FILE_TYPES, IMAGE_TYPES

from .order_desk_engineering import CURRENT_STATES, SHEET_GROUPS

# drawings by which something may be built
IN_FORCE_STATES = ("approved", "issued")
# given out of engineering's hands, and not replaced since
GIVEN_OUT_STATES = ("sent", "marked_up", *IN_FORCE_STATES)
# what the beginning of a CAD file tells, by the ending of its name
CAD_SIGNS = {"dwg": b"AC10", "dxf": b"SECTION"}


class OrderDeskDrawing(models.Model):
    """One version of a drawing, approved or marked up by the customer (SPEC B5).

    A new version replaces the one before; both stay on file.
    """

    _name = "order.desk.drawing"
    _description = "Drawing"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "order.desk.portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "engineering_id desc, name, version desc, id desc"
    _mail_post_access = "read"

    engineering_id = fields.Many2one(
        "order.desk.engineering",
        "Engineering Confirmation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="engineering_id.company_id", store=True, precompute=True, index=True
    )
    sheet_id = fields.Many2one(related="engineering_id.sheet_id", groups=SHEET_GROUPS)
    order_id = fields.Many2one(related="engineering_id.order_id", groups=SHEET_GROUPS)
    user_id = fields.Many2one(related="engineering_id.user_id", groups=SHEET_GROUPS)
    product_id = fields.Many2one(related="engineering_id.product_id")
    special_requirement = fields.Text(related="engineering_id.special_requirement")
    name = fields.Char(
        "Drawing",
        required=True,
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        help="What is drawn; the customer reads it.",
    )
    version = fields.Integer(readonly=True, default=1)
    previous_id = fields.Many2one(
        "order.desk.drawing", "Earlier Version", readonly=True, ondelete="restrict"
    )
    next_ids = fields.One2many("order.desk.drawing", "previous_id", "Later Versions")
    change_note = fields.Text(
        "What Changed", help="Since the version before; the customer reads it."
    )
    attachment_id = fields.Many2one(
        "ir.attachment", readonly=True, copy=False, ondelete="restrict"
    )
    file = fields.Binary(
        compute="_compute_file",
        inverse="_inverse_file",
        compute_sudo=True,
        help="PDF, picture, DWG or DXF. A PDF or a picture is what the customer can"
        " look at on the phone.",
    )
    file_name = fields.Char(copy=False)
    file_kind = fields.Selection(
        [("image", "Picture"), ("pdf", "PDF"), ("cad", "CAD file")],
        compute="_compute_file_kind",
        compute_sudo=True,
    )
    needs_approval = fields.Boolean(
        "Customer Approves It",
        default=True,
        help="Nothing is made before the customer has approved this drawing.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer Contact",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        groups=SHEET_GROUPS,
        help="Who at the customer's looks at the drawing.",
    )
    customer_id = fields.Many2one(
        "res.partner",
        compute="_compute_customer_id",
        store=True,
        precompute=True,
        index=True,
        groups=SHEET_GROUPS,
        help="Whose drawing it is, even if the order changes hands.",
    )
    state = fields.Selection(
        [
            ("draft", "In Preparation"),
            ("sent", "With the Customer"),
            ("marked_up", "Marked Up"),
            ("approved", "Approved"),
            ("issued", "Given Out"),
            ("replaced", "Replaced"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Given out: it needs no approval by the customer.",
    )
    is_current = fields.Boolean(compute="_compute_is_current")
    sent_on = fields.Datetime(readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Datetime("Decided on", readonly=True, copy=False)
    decided_by_name = fields.Char("Decided by", readonly=True, copy=False)
    decided_by_id = fields.Many2one(
        "res.partner", "As", readonly=True, copy=False, groups=SHEET_GROUPS
    )
    decided_via = fields.Selection(
        [
            ("link", "Link in an e-mail"),
            ("login", "Portal, logged in"),
            ("noted", "Noted by sales"),
        ],
        "Decided via",
        readonly=True,
        copy=False,
    )
    noted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    markup = fields.Text("The Customer's Remarks", readonly=True, copy=False)
    reply_file_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_drawing_reply_rel",
        string="The Customer's Files",
        readonly=True,
        copy=False,
    )
    can_draw = fields.Boolean(compute="_compute_rights")
    can_send = fields.Boolean(compute="_compute_rights")
    can_note = fields.Boolean(compute="_compute_rights")

    # ------------------------------------------------------------- computed

    @api.depends("name", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for drawing in self:
            drawing.display_name = self.env._(
                "%(name)s, version %(version)s",
                name=drawing.name or self.env._("Drawing"),
                version=drawing.version,
            )

    @api.depends("engineering_id")
    def _compute_name(self):
        for drawing in self:
            drawing.name = drawing.name or drawing.engineering_id.product_id.name

    @api.depends("engineering_id")
    def _compute_partner_id(self):
        for drawing in self:
            order = drawing.engineering_id.sheet_id.order_id
            drawing.partner_id = drawing.partner_id or order.partner_id

    @api.depends("engineering_id")
    def _compute_customer_id(self):
        for drawing in self:
            order = drawing.engineering_id.sheet_id.order_id
            drawing.customer_id = order.partner_id.commercial_partner_id

    @api.depends("attachment_id")
    def _compute_file(self):
        for drawing in self:
            drawing.file = drawing.attachment_id.datas

    def _inverse_file(self):
        """Keep the file as an attachment of the drawing, under its own name."""
        for drawing in self:
            drawing._check_draft()
            old = drawing.attachment_id
            raw = base64.b64decode(drawing.file or b"")
            attachment = drawing._make_file(drawing.file_name, raw) if raw else old
            # kept by the desk alone; whoever draws has been checked
            drawing_sudo = drawing.sudo()
            drawing_sudo.attachment_id = attachment if raw else False
            old.sudo().unlink()

    @api.depends("attachment_id.mimetype")
    def _compute_file_kind(self):
        for drawing in self:
            mimetype = drawing.attachment_id.mimetype
            drawing.file_kind = drawing.attachment_id and (
                "image"
                if mimetype in IMAGE_TYPES
                else "pdf"
                if mimetype == "application/pdf"
                else "cad"
            )

    @api.depends("state", "engineering_id.state")
    def _compute_is_current(self):
        for drawing in self:
            drawing.is_current = (
                drawing.state != "replaced"
                and drawing.engineering_id.state in CURRENT_STATES
            )

    @api.depends("state", "needs_approval", "engineering_id.state")
    @api.depends_context("uid")
    def _compute_rights(self):
        engineers = self.engineering_id._filter_engineer()
        sales = self.engineering_id._filter_sales()
        for drawing in self:
            current = drawing.is_current or not drawing.id
            drawing.can_draw = current and drawing.engineering_id in engineers
            drawing.can_send = current and drawing.engineering_id in engineers | sales
            drawing.can_note = (
                drawing.state == "sent" and current and drawing.engineering_id in sales
            )

    # ------------------------------------------------------------- rules

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "state": "draft",
            "version": 1,
            "attachment_id": False,
            "sent_on": False,
            "sent_by_id": False,
            "decided_on": False,
            "decided_by_name": False,
            "decided_by_id": False,
            "decided_via": False,
            "noted_by_id": False,
            "markup": False,
            "reply_file_ids": [],
        }

    @api.model
    def _get_fixed_fields(self):
        return {"engineering_id", "company_id", "customer_id", "previous_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of a drawing cannot be changed by hand. Use the buttons, or make a new"
            " version.",
            names,
        )

    @api.model_create_multi
    def create(self, vals_list):
        drawings = super().create(vals_list)
        drawings._check_drawing()
        for drawing in drawings.filtered("previous_id"):
            drawing.sudo().version = drawing.previous_id.version + 1
        drawings._update_todos()
        return drawings

    def write(self, vals):
        typed = {"name", "file", "file_name", "change_note", "needs_approval"}
        if (typed | {"partner_id"}) & set(vals) and not self.env.su:
            self._check_drawing()
            self._check_draft()
        return super().write(vals)

    def _check_drawing(self):
        """Refuse drawings by others than engineers, and for what is history.

        :raise UserError: names what is wrong
        """
        engineering = self.engineering_id
        engineering._check_engineer()
        over = engineering.filtered(lambda e: e.state not in CURRENT_STATES)
        if over:
            raise UserError(
                self.env._(
                    "%s is history. Draw for the present question on the line.",
                    ", ".join(over.mapped("display_name")),
                )
            )
        for drawing in self.filtered("previous_id"):
            earlier = drawing.previous_id.engineering_id
            if earlier.sale_line_id != drawing.engineering_id.sale_line_id:
                raise UserError(
                    self.env._(
                        "%(drawing)s cannot follow a drawing of another line.",
                        drawing=drawing.display_name,
                    )
                )

    def _check_draft(self):
        """Let a drawing stay as it was given out."""
        given_out = self.filtered(lambda drawing: drawing.state != "draft")
        if given_out:
            raise UserError(
                self.env._(
                    "%s was given out and stays as it is. Make a new version instead.",
                    ", ".join(given_out.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given_out(self):
        if not self.env.su:  # they go with a sheet that was never signed
            self.engineering_id._check_engineer()
            self._check_draft()

    # ------------------------------------------------------------- files

    def _make_file(self, name, raw):
        """Return the attachment for an uploaded file, checked."""
        self.ensure_one()
        name = name or self.display_name
        self._check_file(name, raw)
        # visitors have no rights of their own; a file belongs to its drawing
        attachments = self.env["ir.attachment"].sudo()
        return attachments.create(
            {"name": name, "raw": raw, "res_model": self._name, "res_id": self.id}
        )

    @api.model
    def _check_file(self, name, raw):
        """Refuse what is neither a picture, a PDF nor a CAD file.

        :raise UserError: names the file and what is wrong
        """
        sign = CAD_SIGNS.get((name or "").lower().rpartition(".")[2])
        is_cad = sign and sign in raw[:2048]
        self.env["ir.attachment"]._order_desk_check_file(
            name, raw, (guess_mimetype(raw),) if is_cad else FILE_TYPES
        )

    # ------------------------------------------------------------- which count

    def _filter_in_force(self):
        """Return those by which the line may be built, in their order."""
        return self.filtered(lambda d: d.state in IN_FORCE_STATES).sorted("id")

    def _filter_given_out(self):
        """Return those that engineering has given out last, in their order."""
        return self.filtered(lambda d: d.state in GIVEN_OUT_STATES).sorted("id")

    def _get_gap(self):
        """Return what this drawing lacks, and who has it; nothing if it counts."""
        self.ensure_one()
        if self.state in ("approved", "issued", "replaced"):
            return ()
        name = self.display_name
        if self.state == "sent":
            # whoever reads the gate need not read customers
            customer = self.sudo().partner_id.name or ""
            return self.env._("%s is not approved by the customer", name), customer
        engineers = self.engineering_id._get_engineers_text()
        if self.state == "marked_up":
            return (
                self.env._(
                    "%s is marked up by the customer, a new version is due", name
                ),
                engineers,
            )
        return self.env._("%s is not given out yet", name), engineers

    @api.model
    def _get_waiting_domain(self):
        """Return which drawings wait for the customer."""
        return Domain("state", "=", "sent") & Domain(
            "engineering_id.state", "in", CURRENT_STATES
        )

    # ------------------------------------------------------------- messages

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Keep letters to and from the customer from those who know a code alone."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if self.env["order.desk.sheet"]._is_customer_shown():
            return operations
        return dict.fromkeys(operations, "write")

    # ------------------------------------------------------------- portal

    def _get_portal_customer(self):
        return self.customer_id

    def _get_portal_path(self):
        self.ensure_one()
        return f"/my/drawings/{self.id}"

    def _is_portal_visible(self):
        self.ensure_one()
        return bool(self.sent_on)

    def _get_mail_button_title(self):
        return self.env._("Look at the drawing")
