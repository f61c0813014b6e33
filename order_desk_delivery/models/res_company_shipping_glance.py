from odoo import api, fields, models
from odoo.fields import Domain

# the figures a manager sees at one glance: what is counted, and which action lists it
TILES = {
    "ready": ("order.desk.sheet", "order_desk_sheet_action_ready"),
    "ship": ("order.desk.shipping.request", "order_desk_shipping_request_action"),
    "way": ("order.desk.shipping.advice", "order_desk_shipping_advice_action"),
    "receipt": ("order.desk.receipt", "order_desk_receipt_action"),
    "claim": ("order.desk.claim", "order_desk_claim_action"),
    "left": ("order.desk.sheet", "order_desk_sheet_action_left"),
}


class ResCompany(models.Model):
    """What is open and what is late in shipping, as far as the reader may see it."""

    _inherit = "res.company"

    order_desk_ready_count = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_ready_late = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_ship_count = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_ship_late = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_way_count = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_way_late = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_receipt_count = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_receipt_late = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_claim_count = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_claim_late = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_left_count = fields.Integer(compute="_compute_order_desk_glance")
    order_desk_left_late = fields.Integer(compute="_compute_order_desk_glance")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_order_desk_glance(self):
        """Count what the lists behind the figures show, with the reader's rights."""
        for tile, (model, _action) in TILES.items():
            records = self.env[model]
            may_read = records.has_access("read")
            for company in self:  # one or two companies
                for kind in ("count", "late"):
                    domain = company._order_desk_get_glance_domain(tile, kind)
                    company[f"order_desk_{tile}_{kind}"] = (
                        records.search_count(domain) if may_read else 0
                    )

    def _order_desk_get_glance_domain(self, tile, kind):
        """Return what a figure of this company counts.

        :param kind: ``count`` for what is open, ``late`` for what should be over
        """
        self.ensure_one()
        domain = self._order_desk_get_open_domain(tile)
        if kind == "late":
            domain &= self._order_desk_get_late_domains()[tile]
        return domain & Domain("company_id", "=", self.id)

    def _order_desk_get_open_domain(self, tile):
        if tile == "left":
            return Domain("order_id", "in", self._order_desk_get_left_orders().ids)
        return {
            "ready": Domain("is_ready_to_ship", "=", True),
            "ship": Domain("is_to_ship", "=", True),  # or to be told of
            "way": Domain("state", "=", "sent"),
            "receipt": Domain("state", "=", "open"),
            "claim": Domain("state", "in", ("new", "working", "settled")),
        }[tile]

    def _order_desk_get_left_orders(self):
        """Return the orders of which goods have left that nobody has requested yet.

        Those of which goods may have left by a transfer that names no order, too.
        """
        moves = self.env["stock.move"].sudo()  # managers need not read stock moves
        own = Domain("company_id", "=", self.id)
        owed = moves.search(
            own
            & Domain("left_without_request", "=", True)
            & Domain("shipping_request_line_id", "=", False)
            & Domain("state", "=", "done")
        )
        unnamed = moves.search(own & Domain("is_unnamed", "=", True))
        return owed.sale_line_id.order_id | unnamed.resembled_line_id.order_id

    def _order_desk_get_late_domains(self):
        today = self._order_desk_date()
        return {
            "ready": Domain("promise_date", "<", today),
            "ship": Domain("state", "=", "issued")
            & Domain("due_pick_date", "<", today),
            "way": Domain("expected_arrival", "<", fields.Datetime.now()),
            "receipt": Domain("is_overdue", "=", True),
            "claim": Domain("is_overdue", "=", True),
            "left": Domain.TRUE,
        }

    def action_order_desk_view_open(self):
        """Open the list of what is open, of the figure that was chosen."""
        return self._order_desk_open_glance("count")

    def action_order_desk_view_late(self):
        """Open the list of what is late, of the figure that was chosen."""
        return self._order_desk_open_glance("late")

    def _order_desk_open_glance(self, kind):
        self.ensure_one()
        # the figure that was chosen; it opens a list and gives no right
        tile = self.env.context.get("order_desk_tile")
        tile = tile if tile in TILES else "ship"
        model, action = TILES[tile]
        self.check_access("read")
        self.env[model].check_access("read")
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                f"order_desk_delivery.{action}"
            ),
            "domain": list(self._order_desk_get_glance_domain(tile, kind)),
            "context": {},
        }
