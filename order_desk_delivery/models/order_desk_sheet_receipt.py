from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class OrderDeskSheet(models.Model):
    """An order is done when all of it has left and was received (SPEC G7)."""

    _inherit = "order.desk.sheet"

    receipt_ids = fields.Many2many(
        "order.desk.receipt",
        string="Delivery Receipts",
        compute="_compute_receipt_ids",
        compute_sudo=True,
    )

    @api.depends("order_line.receipt_line_ids.receipt_id")
    def _compute_receipt_ids(self):
        for sheet in self:
            sheet.receipt_ids = sheet.order_id.order_line.receipt_line_ids.receipt_id

    lacks_receipt = fields.Boolean(
        compute="_compute_lacks_receipt",
        compute_sudo=True,
        help="Something has left of which the customer is not asked to sign.",
    )

    @api.depends(
        "order_line.move_ids.state", "order_line.receipt_line_ids.receipt_id.state"
    )
    def _compute_lacks_receipt(self):
        for sheet in self:
            moves = sheet.order_id.order_line.move_ids
            sheet.lacks_receipt = bool(moves._filter_without_receipt())

    def _get_way(self):
        way = super()._get_way()
        roles = self._get_roles()[self.company_id]
        ships = roles.filtered(lambda role: role.step == "shipping_request").signer_ids
        return [*way, "received"] if ships or self.receipt_ids else way

    def action_make_receipts(self):
        """Make the receipts for what has left without a request or an advice.

        :raise UserError: nothing has left that is on no receipt
        """
        self.check_access("write")
        moves = self.sudo().order_id.order_line.move_ids  # the clerk need not read them
        receipts = self.env["order.desk.receipt"]._make(moves)
        if not receipts:
            raise UserError(
                self.env._(
                    "%s: nothing has left for which there is no delivery receipt yet.",
                    ", ".join(self.sudo().order_id.mapped("name")),
                )
            )
        return receipts._get_records_action(name=self.env._("Delivery Receipts"))

    def _follow_money(self):
        """Note what of it was not collected on delivery and has come now (SPEC G9)."""
        result = super()._follow_money()
        sheets = self.sudo()  # accounting has moved the money, the desk follows it
        sheets.receipt_ids._filter_uncollected()._update_todos()
        return result

    # ------------------------------------------------------------- closing

    def _note_received(self):
        """Note which orders have been received in full, and close them."""
        received = self.sudo().filtered(  # whoever signs has no rights of their own
            lambda sheet: (
                sheet.state == "released"
                and "received" not in sheet._get_passed_milestones()
                and sheet._is_all_delivered()
            )
        )
        if received:
            received._add_milestones("received")
        self._close_delivered()

    @api.model
    def _get_received_sheets(self):
        """Return the released orders that were received and wait for something else."""
        return self.search(
            Domain("state", "=", "released")
            & Domain("milestone_ids.code", "=", "received")
        )

    def _close_delivered(self):
        """Set those orders to done of which everything has left and is received.

        Not while the desk itself waits for something: a waiver to make good, money that
        was asked for or taken back, an answer. What a customer owes on invoices is
        accounting's to follow, and is followed on orders that are done, too.
        """
        closing = self.sudo().filtered(  # see _note_received
            lambda sheet: (
                sheet.state == "released"
                and not sheet._get_unfinished()
                and sheet._is_all_delivered()
            )
        )
        if closing:
            closing.write({"state": "done"})
            closing._update_todos()

    def _get_unfinished(self):
        """Return what the desk still waits for, a text for each; modules add theirs."""
        self.ensure_one()
        texts = []
        if self._get_open_waivers():
            texts.append(self.env._("A waiver is to be made good."))
        if self.money_lost:
            texts.append(self.env._("Money was taken back."))
        if {"draft", "sent"} & set(self.balance_notice_ids.mapped("state")):
            texts.append(self.env._("The customer was asked for the balance."))
        if "open" in self.clarification_ids.mapped("state"):
            texts.append(self.env._("A question is open."))
        if self._get_roles_to_sign()[self]:
            texts.append(self.env._("A change is to be signed."))
        return texts

    def _is_all_delivered(self):
        """Tell whether all that is ordered has left, and was signed for."""
        self.ensure_one()
        moves = self.order_id.order_line.move_ids
        return self._has_all_left() and moves._is_all_received()

    def _has_all_left(self):
        """Tell whether nothing of this order is still to leave.

        What was brought back has left all the same; what is brought back, and what was
        cancelled, is not waited for.
        """
        self.ensure_one()
        lines = self.order_id.order_line
        still = lines.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and not move.location_id._order_desk_is_outgoing()
            )
        )
        if still:
            return False
        gone = lines.move_ids.filtered(
            lambda move: move.state == "done" and move._is_leaving()
        )
        shipped = gone._get_line_quantities()
        return any(shipped.values()) and all(
            line.product_uom_id.compare(shipped.get(line, 0.0), line.product_uom_qty)
            >= 0
            or "cancel" in line.move_ids.mapped("state")
            for line in lines
            if line._is_goods()
        )

    def _reopen_undelivered(self):
        """Take orders up again that are done, but have something to deliver again."""
        undone = self.sudo().filtered(  # whoever causes it need not read sheets
            lambda sheet: sheet.state == "done" and not sheet._is_all_delivered()
        )
        if not undone:
            return
        undone.write({"state": "released"})
        undone._message_log_batch(
            bodies=dict.fromkeys(
                undone.ids,
                self.env._(
                    "Taken up again: something of this order is to be delivered."
                ),
            )
        )
        undone._update_todos()

    def _advance(self):
        """Take up again what is done and has been changed since."""
        self._reopen_undelivered()
        return super()._advance()
