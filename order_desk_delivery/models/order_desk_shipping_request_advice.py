from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.order_desk.quantity import format_quantity

from .order_desk_shipping_request import SHIPPING_STATES

BRIEF_TYPE = "order_desk_delivery.mail_activity_type_briefing"
WRITE_TYPE = "order_desk_delivery.mail_activity_type_write_advice"


class OrderDeskShippingRequest(models.Model):
    """The advices of a request: one for each departure (SPEC G3, G4)."""

    _inherit = "order.desk.shipping.request"

    advice_ids = fields.One2many(
        "order.desk.shipping.advice", "request_id", "Shipping Advices", readonly=True
    )
    advice_count = fields.Integer(compute="_compute_advice_count")
    has_unadvised_moves = fields.Boolean(
        compute="_compute_has_unadvised_moves",
        search="_search_has_unadvised_moves",
        compute_sudo=True,
        help="Goods have left of which no shipping advice tells yet.",
    )
    left_text = fields.Char(
        "Has Left",
        compute="_compute_has_unadvised_moves",
        compute_sudo=True,
        help="What has left and is on no shipping advice yet.",
    )

    is_to_ship = fields.Boolean(
        compute="_compute_is_to_ship",
        search="_search_is_to_ship",
        compute_sudo=True,
        help="Goods may leave under it, or the customer is not told of them yet.",
    )
    can_make_advice = fields.Boolean(compute="_compute_can_make_advice")

    @api.depends("advice_ids")
    def _compute_advice_count(self):
        for request in self:
            request.advice_count = len(request.advice_ids)

    @api.depends("line_ids.move_ids.state", "line_ids.move_ids.shipping_advice_id")
    @api.depends_context("lang")
    def _compute_has_unadvised_moves(self):
        for request in self:
            moves = request._get_unadvised_moves()
            request.has_unadvised_moves = bool(moves)
            request.left_text = ", ".join(
                f"{format_quantity(quantity, line.product_uom_id)}"
                f" × {line.product_id.name}"
                for line, quantity in moves._get_line_quantities().items()
            )

    @api.model
    def _search_has_unadvised_moves(self, operator, value):
        if operator != "in":
            return NotImplemented
        untold = Domain("shipping_advice_id", "=", False) | Domain(
            "shipping_advice_id.state", "=", "withdrawn"
        )
        domain = Domain(
            "line_ids.move_ids", "any!", Domain("state", "=", "done") & untold
        )
        return domain if True in value else ~domain

    @api.depends("state", "has_unadvised_moves", "advice_ids.state")
    def _compute_is_to_ship(self):
        for request in self:
            request.is_to_ship = (
                request.state == "issued"
                or request.has_unadvised_moves
                or "draft" in request.advice_ids.mapped("state")
            )

    @api.model
    def _search_is_to_ship(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = (
            Domain("state", "=", "issued")
            | Domain("has_unadvised_moves", "=", True)
            | Domain("advice_ids.state", "=", "draft")
        )
        return domain if True in value else ~domain

    @api.depends("has_unadvised_moves", "advice_ids.state")
    @api.depends_context("uid")
    def _compute_can_make_advice(self):
        roles = self.env["order.desk.role"]
        mine = roles._get_own_companies(self.company_id, "shipping")
        for request in self:
            request.can_make_advice = request.company_id in mine and (
                request.has_unadvised_moves
                or "draft" in request.sudo().advice_ids.mapped("state")
            )

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "advice_ids": []}

    def _get_unadvised_moves(self):
        """Return what has left under these requests and no advice tells of yet."""
        return self.line_ids.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move._is_leaving()
                and move.shipping_advice_id.state in (False, "withdrawn")
            )
        )

    # ------------------------------------------------------------- making advices

    def action_make_advice(self):
        """Open the advice for what has left: a new one for what none tells of yet.

        Each departure has its own; without a new one the draft there is goes on.

        :return: the action that opens the drafts
        :raise UserError: not the user's to do, or nothing has left
        """
        self.check_access("read")
        self._lock()
        self.env["order.desk.role"]._check_fills(self.company_id, "shipping")
        advices = self.env["order.desk.shipping.advice"]
        requests = self.sudo()  # moves and orders; whoever ships may make the advice
        for request in requests:
            moves = request._get_unadvised_moves()
            drafts = request.advice_ids.filtered(lambda a: a.state == "draft")
            if not moves and not drafts:
                raise UserError(
                    self.env._(
                        "%s: nothing has left under this request yet. Validate the"
                        " transfer first.",
                        request.display_name,
                    )
                )
            advices |= moves._make_shipping_advice(request) if moves else drafts[:1]
        self._refresh_briefing()
        return advices.with_env(self.env)._open()

    def _prepare_advice_vals(self, moves):
        """Return what is known of an advice from the request and the transfers.

        :param moves: what has left
        """
        self.ensure_one()
        pickings = moves.picking_id
        refs = dict.fromkeys(filter(None, pickings.mapped("carrier_tracking_ref")))
        partners = moves.sale_line_id.order_id.partner_id
        is_whole = not (
            pickings.move_ids.filtered(lambda move: move.state == "done") - moves
        )
        carrier = (pickings.carrier_id or self.carrier_id)[:1]
        return {
            "request_id": self.id,
            "partner_id": partners.id if len(partners) == 1 else self.partner_id.id,
            "carrier_id": carrier.id,
            "tracking_ref": ", ".join(refs),
            "package_count": len(moves.move_line_ids.result_package_id),
            "weight": sum(pickings.mapped("shipping_weight"))
            if is_whole
            else sum(moves.mapped("weight")),
            "expected_arrival": self._get_usual_arrival(
                carrier, max(moves.mapped("date"))
            ),
        }

    def _get_usual_arrival(self, carrier, left):
        """Return when this carrier usually brings what has left, False if not known.

        :param left: the moment, UTC as the result
        """
        self.ensure_one()
        company, days = self.company_id, carrier.order_desk_days
        if not days:
            return False
        day = company._order_desk_add_working_days(company._order_desk_date(left), days)
        return company._order_desk_get_end_of_day(day)

    def action_to_ship(self):
        """Open the shipper's view of this request, its briefing up to date."""
        self.ensure_one()
        self.check_access("read")
        self._refresh_briefing()
        return self._open_to_ship()

    def _open_to_ship(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "order_desk_delivery.order_desk_to_ship_action"
        )
        view = self.env.ref(
            "order_desk_delivery.order_desk_shipping_request_view_form_to_ship"
        )
        return {
            **action,
            "views": [(view.id, "form")],
            "view_mode": "form",
            "res_id": self.id,
            "context": {},
        }

    def action_view_to_ship_pickings(self):
        """Open the transfers by which the goods of these requests leave."""
        self.check_access("read")
        requests = self.sudo()  # Odoo checks who may read the transfers
        pickings = requests.picking_ids | (
            requests.line_ids.sale_line_id.move_ids.picking_id
        )
        waiting = pickings.filtered(lambda p: p.state not in ("done", "cancel"))
        pickings = waiting or pickings
        action = self.env["ir.actions.actions"]._for_xml_id(
            "stock.action_picking_tree_all"
        )
        if len(pickings) == 1:
            form = {"views": [(False, "form")], "res_id": pickings.id}
            return {**action, **form, "context": {}}
        return {**action, "domain": [("id", "in", pickings.ids)], "context": {}}

    def action_view_advices(self):
        """Open the shipping advices of these requests."""
        self.check_access("read")
        return self.advice_ids._open()

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        """Have the shippers confirm the briefing, then write the advice."""
        todos = super()._get_todos()
        roles = self.env["order.desk.role"]._get_step_roles(self.company_id, "shipping")
        for request in self:
            kind, since = request._get_shipper_task()
            if kind:
                todos.update(
                    roles[request.company_id]._get_shipping_todos(request, kind, since)
                )
        return todos

    def _get_shipper_task(self):
        """Return what the shippers have to do, and since when."""
        self.ensure_one()
        if self.state not in SHIPPING_STATES:
            return False, False
        if moves := self._get_unadvised_moves():
            return WRITE_TYPE, max(moves.mapped("date"))
        if self._is_briefing_open() and self._get_unconfirmed():
            return BRIEF_TYPE, self.issued_on
        return False, False
