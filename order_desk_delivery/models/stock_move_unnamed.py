from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.order_desk.models.stock_move import DOING

UNNAMED_TYPE = "order_desk_delivery.mail_activity_type_left_unnamed"
# how far back goods are looked at that left; they are looked at every hour
DAYS_BACK = 7


class StockMove(models.Model):
    """Goods that left for a customer and name no order, while one waits for them.

    A delivery that is entered by hand is none of the desk's business and is not held
    back. It is told of, as it may be that of a controlled order (SPEC G1).
    """

    _inherit = "stock.move"

    is_unnamed = fields.Boolean(
        "Names No Order",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="These goods left without naming an order, while an order of the same"
        " customer waits for such goods. Somebody has to say whether they are its.",
    )
    resembled_line_id = fields.Many2one(
        "sale.order.line",
        "May Belong to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )

    _is_unnamed_index = models.Index("(resembled_line_id) WHERE is_unnamed IS TRUE")

    def write(self, vals):
        result = super().write(vals)
        if vals.get("sale_line_id") and not self.env.su:
            self._note_named_later()
        return result

    def _note_named_later(self):
        """Note goods that are said to be a controlled order's after they have left."""
        if self.env.cr.precommit.data.get(DOING):
            return  # they leave right now, and meet the gate
        # the warehouse need not be able to read sales orders
        moves = self.sudo().filtered(
            lambda move: (
                move.state == "done"
                and move.sale_line_id.order_id.sheet_id
                and not move.shipping_request_line_id
                and move._is_leaving()
            )
        )
        orders = moves.sale_line_id.order_id
        asking = orders.union(*orders._get_shipping_roles())
        moves = moves.filtered(lambda move: move.sale_line_id.order_id in asking)
        if moves:
            moves.left_without_request = True
            moves._settle_unnamed()

    # ------------------------------------------------------------- found

    @api.model
    def _follow_unnamed(self):
        """Find what left for customers lately and may be a controlled order's."""
        moves = self.search(self._get_unnamed_domain())
        # all at once: each order is asked about once
        self.env["ir.cron"]._order_desk_follow(
            moves, lambda some: some._note_unnamed(), size=len(moves) or 1, lock=False
        )

    def _note_unnamed(self):
        """Note which of these moves resemble an order, and ask about them."""
        roles = self.env["order.desk.role"]._get_step_roles(
            self.company_id, "shipping_request"
        )
        moves = self.filtered(lambda move: roles[move.company_id])
        found = {}
        for (company, partner), same in moves.grouped(
            lambda move: (move.company_id, move._get_receiver())
        ).items():
            if partner:
                found.update(same._find_resembled(company, partner))
        for move, line in found.items():
            move.write({"resembled_line_id": line.id, "is_unnamed": True})
        for sheet, lines in (
            self.env["sale.order.line"]
            .union(*found.values())
            .grouped(lambda line: line.order_id.sheet_id)
            .items()
        ):
            own = self.union(*(m for m, line in found.items() if line in lines))
            own._tell_unnamed(sheet, roles[sheet.company_id].signer_ids)

    @api.model
    def _get_unnamed_domain(self):
        since = fields.Datetime.now() - timedelta(days=DAYS_BACK)
        return (
            Domain("state", "=", "done")
            & Domain("date", ">=", since)
            & Domain("sale_line_id", "=", False)
            & Domain("resembled_line_id", "=", False)
            & Domain("location_dest_id.usage", "=", "customer")
            & Domain("location_id.usage", "!=", "customer")
        )

    def _get_receiver(self):
        """Return the customer these goods went to, as far as the transfer says."""
        self.ensure_one()
        partner = self.picking_id.partner_id or self.partner_id
        return partner.commercial_partner_id

    def _find_resembled(self, company, partner):
        """Return which controlled order of the customer waits for these goods.

        :return: ``{move: order line}`` of those moves that find one
        """
        # goods may go to the customer's customer at once
        customers = Domain("order_id.partner_id", "child_of", partner.ids) | Domain(
            "order_id.partner_shipping_id", "child_of", partner.ids
        )
        lines = self.env["sale.order.line"].search(
            customers
            & Domain("company_id", "=", company.id)
            & Domain("order_id.sheet_id.state", "not in", ("draft", "done", "cancel"))
            & Domain("display_type", "=", False),
            order="id",
        )
        waiting = lines.filtered(
            lambda line: (
                line._is_goods()
                and line.product_uom_id.compare(
                    line.qty_delivered, line.product_uom_qty
                )
                < 0
            )
        )
        found = {}
        for move in self:
            meant = waiting.filtered(
                lambda line, move=move: (
                    move.product_id in line.product_id | line.move_ids.product_id
                    and line.order_id.create_date <= move.date
                )
            )
            if meant:
                found[move] = meant[0]
        return found

    def _tell_unnamed(self, sheet, users):
        """Ask the people of shipping requests whether these are the order's goods."""
        sheet._message_log(body=self._get_unnamed_text(sheet))
        for user in users:
            summary = self.with_context(lang=user.lang)._get_unnamed_text(sheet)
            sheet.activity_schedule(UNNAMED_TYPE, user_id=user.id, summary=summary)

    def _get_unnamed_text(self, sheet):
        """Return the question whether these are the goods of the order."""
        return self.env._(
            "Left without naming an order: %(goods)s with %(transfers)s. Is it of"
            " %(order)s?",
            goods=", ".join(self.product_id.mapped("display_name")),
            transfers=", ".join(self._get_slips()),
            order=sheet.order_id.name,
        )

    # ------------------------------------------------------------- settled

    def action_take_to_order(self):
        """Say that these goods were those of the order; the request is made later."""
        moves = self._start_settling()
        for line, same in moves.grouped("resembled_line_id").items():
            same.write({"sale_line_id": line.id, "left_without_request": True})
        moves._settle_unnamed()

    def action_leave_unnamed(self):
        """Say that these goods have nothing to do with the order."""
        self._start_settling()._settle_unnamed()

    def _start_settling(self):
        """Check who settles it; return those that are to be settled, as superuser.

        :raise UserError: there is nothing to settle, or somebody else settles it
        """
        self.check_access("read")
        self.env["order.desk.shipping.request"]._check_role_in(self.company_id)
        # the desk alone writes on what has left
        moves = self.sudo().filtered("is_unnamed")
        if not moves:
            raise UserError(
                self.env._("Choose goods that left without naming an order.")
            )
        return moves

    def _settle_unnamed(self):
        """Note, as superuser, that somebody has said whose goods these are."""
        self.is_unnamed = False
        lines = self.resembled_line_id | self.sale_line_id
        sheets = lines.order_id.sheet_id
        waiting = self.search(
            [
                ("is_unnamed", "=", True),
                ("resembled_line_id.order_id.sheet_id", "in", sheets.ids),
            ]
        ).resembled_line_id.order_id.sheet_id
        (sheets - waiting).activity_feedback([UNNAMED_TYPE])
        sheets._update_todos()
