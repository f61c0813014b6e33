from odoo import api, fields, models
from odoo.exceptions import AccessError

# what the desk alone writes on the transfers of orders under its control
KEPT_FIELDS = {
    "is_unnamed",
    "left_without_request",
    "resembled_line_id",
    "shipping_request_line_id",
}


class StockMove(models.Model):
    """The door: goods of controlled orders leave under a shipping request (SPEC G1)."""

    _inherit = "stock.move"

    shipping_request_line_id = fields.Many2one(
        "order.desk.shipping.request.line",
        "Line of the Shipping Request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Under which these goods have left.",
    )
    shipping_advice_id = fields.Many2one(
        "order.desk.shipping.advice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The shipping advice that tells of these goods.",
    )
    left_without_request = fields.Boolean(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="These goods left in an emergency, before there was a shipping request.",
    )

    _left_without_request_index = models.Index(
        "(sale_line_id) WHERE left_without_request IS TRUE"
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_kept(
            {name for name in KEPT_FIELDS for vals in vals_list if vals.get(name)}
        )
        if any(f"default_{name}" in self.env.context for name in KEPT_FIELDS):
            # given here, they win over the defaults of a context
            nothing = dict.fromkeys(KEPT_FIELDS, False)
            vals_list = [{**nothing, **vals} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        self._check_kept(KEPT_FIELDS & set(vals))
        return super().write(vals)

    @api.model
    def _check_kept(self, names):
        """Refuse what a client says about how goods have left."""
        if names and not self.env.su:
            raise AccessError(
                self.env._(
                    "Under which request goods leave is noted by the order desk and"
                    " cannot be entered."
                )
            )

    # ------------------------------------------------------------- leaving

    def _note_leaving(self):
        """Link what has left to the request under which it left."""
        result = super()._note_leaving()
        # the warehouse need not be able to read orders; nobody links by hand
        moves = self.sudo().filtered("sale_line_id.order_id.sheet_id")
        exceeded = moves.shipping_request_line_id.filtered(
            lambda line: line._is_exceeded()
        )
        # corrected since: these goods need a request that lets so many of them leave
        (moves & exceeded.move_ids).shipping_request_line_id = False
        new = moves.filtered(lambda move: not move.shipping_request_line_id)
        new._leave_under_requests()
        return result

    def _leave_under_requests(self):
        """Find a request for each of these moves that have left, as superuser.

        What finds none is marked; the shipping gate is asked next and sends it back,
        unless somebody has waived the condition.
        """
        lines = self.sale_line_id.shipping_request_line_ids._filter_open()
        found = lines._cover(self - self._filter_beyond_order())
        moves_by_line = {}
        for move, line in found.items():
            moves_by_line[line] = moves_by_line.get(line, self.browse()) | move
        for line, moves in moves_by_line.items():
            moves.shipping_request_line_id = line
        rest = self - self.browse().union(*found)
        asking = self.env["sale.order"].union(
            *rest.sale_line_id.order_id._get_shipping_roles()
        )
        rest = rest.filtered(lambda move: move.sale_line_id.order_id in asking)
        rest.left_without_request = True
        rest.sale_line_id.order_id.sheet_id._update_todos()
        lines.browse().union(*moves_by_line).request_id._note_left()

    def _filter_beyond_order(self):
        """Return those of these that are parts of kits, more than were ordered in all.

        A kit may be requested anew when some of its parts have left already and the
        rest was given up: these parts do not leave once more.
        """
        parts = self.filtered(
            lambda move: move.product_id != move.sale_line_id.product_id
        )
        done = parts.sale_line_id.move_ids.filtered(lambda move: move.state == "done")
        left = done._get_line_parts()
        to_exchange = parts.sale_line_id.order_id._get_quantities_to_exchange()

        def is_beyond(move):
            line, product = move.sale_line_id, move.product_id
            kits = line._get_quantity_of_parts({product: left[line][product]})
            most = line._get_most_to_ship() + to_exchange.get(line, 0.0)
            return line.product_uom_id.compare(kits, most) > 0

        return parts.filtered(is_beyond)

    def _get_own_quantity(self):
        """Return what is moved, in the unit of the product."""
        self.ensure_one()
        return self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )

    def _get_moved_quantity(self):
        """Return how much of their order line these moves are, in its unit."""
        parts = {}
        for move in self:
            parts[move.product_id] = (
                parts.get(move.product_id, 0.0) + move._get_own_quantity()
            )
        return self.sale_line_id._get_quantity_of_parts(parts) if parts else 0.0

    def _is_heading_out(self):
        """Tell whether goods are on their way to a customer by this earlier step."""
        self.ensure_one()
        final = self.location_final_id
        return (
            bool(final) and final._order_desk_is_outgoing() and not self._is_leaving()
        )

    # ------------------------------------------------------------- the transfers

    def _assign_picking_post_process(self, new=False):
        result = super()._assign_picking_post_process(new=new)
        # the warehouse need not be able to read orders; nobody links by hand
        self.sudo()._link_shipping_request()
        return result

    def _link_shipping_request(self):
        """Link transfers that come into being to the request that waits for them.

        As superuser. A transfer that is linked already stays so.
        """
        moves = self.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.sale_line_id.order_id.sheet_id
                and not move.picking_id.shipping_request_id
                and move.picking_id
                and move._is_leaving()
            )
        )
        lines = moves.sale_line_id.shipping_request_line_ids._filter_open()
        lines = lines.sorted(lambda line: (line.request_id.issued_on, line.id))
        for picking, own in moves.grouped("picking_id").items():
            waiting = lines.filtered(
                lambda line, own=own: line.sale_line_id in own.sale_line_id
            )
            if waiting:
                picking.shipping_request_id = waiting[0].request_id
