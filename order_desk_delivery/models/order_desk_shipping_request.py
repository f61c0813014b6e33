from odoo import api, fields, models
from odoo.exceptions import UserError

# goods may leave under requests in these states
SHIPPING_STATES = ("issued", "shipped")


class OrderDeskShippingRequest(models.Model):
    """The sales admin's order to the shipper to ship; nothing leaves without (SPEC G1).

    For one order of a customer, several, or a part. What has left under it is read from
    Odoo's stock moves, which it links and never makes.
    """

    _name = "order.desk.shipping.request"
    _description = "Shipping Request"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "order_ids.name"]
    _mail_post_access = "read"
    _check_company_auto = True

    number = fields.Char(
        readonly=True, copy=False, index="trigram", help="Given when it is issued."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("draft", "Prepared"),
            ("issued", "Issued"),
            ("shipped", "Shipped"),
            ("received", "Received"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "order.desk.shipping.request.line", "request_id", "Goods", copy=True
    )
    order_ids = fields.Many2many(
        "sale.order",
        "order_desk_shipping_request_order_rel",
        compute="_compute_order_ids",
        store=True,
        string="Sales Orders",
    )
    sheet_ids = fields.Many2many(
        "order.desk.sheet",
        "order_desk_shipping_request_sheet_rel",
        compute="_compute_order_ids",
        store=True,
        string="Configuration Sheets",
    )
    partner_shipping_id = fields.Many2one(
        "res.partner", "Ship to", index="btree_not_null", ondelete="restrict"
    )
    receiver = fields.Char(help="The company or site that takes the goods in.")
    contact = fields.Char(help="Who takes the goods in.")
    phone = fields.Char()
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    freight_payer = fields.Selection(
        [
            ("sender", "We pay"),
            ("receiver", "The customer pays on arrival"),
            ("invoiced", "We pay and invoice it"),
        ],
        "Freight Paid by",
        default="sender",
        required=True,
    )
    issued_on = fields.Datetime(readonly=True, copy=False)
    issued_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    picking_ids = fields.One2many(
        "stock.picking", "shipping_request_id", "Transfers", readonly=True
    )

    _number_uniq = models.UniqueIndex(
        "(number, company_id)", "This company already has a request of this number."
    )

    @api.depends("line_ids.order_id")
    def _compute_order_ids(self):
        for request in self:
            request.order_ids = request.line_ids.order_id
            request.sheet_ids = request.line_ids.order_id.sheet_id

    @api.depends("number", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.number or self.env._(
                "Shipping request for %s", request.partner_id.name or ""
            )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "number": False,
            "state": "draft",
            "issued_on": False,
            "issued_by_id": False,
            "picking_ids": [],
        }

    def action_issue(self):
        """Let the goods of these requests leave (SPEC G1).

        :raise UserError: not prepared any more, or the shipping gate is closed
        """
        self.check_access("write")
        self._lock()
        done = self.filtered(lambda request: request.state != "draft")
        if done:
            raise UserError(
                self.env._(
                    "%s has been issued already.",
                    ", ".join(done.mapped("display_name")),
                )
            )
        for request in self.sudo():  # protected fields, the checks are above
            number = request.company_id._order_desk_next_number(self._name)
            request.write(
                {
                    "number": request.number or number,
                    "state": "issued",
                    "issued_on": fields.Datetime.now(),
                    "issued_by_id": self.env.uid,
                }
            )

    def _get_todos(self):
        """Return who has to do what; each part of shipping adds what is its own."""
        return {}

    def _get_open_lines(self):
        """Return the lines of these requests under which goods may still leave."""
        requests = self.filtered(lambda request: request.state in SHIPPING_STATES)
        return requests.line_ids.filtered(lambda line: line.remaining_quantity > 0)
