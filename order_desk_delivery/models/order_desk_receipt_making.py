from datetime import time

from odoo import api, fields, models
from odoo.exceptions import UserError

# working days on the way, where nobody has said when the goods arrive
USUAL_DAYS = 3


class OrderDeskReceipt(models.Model):
    """The desk makes receipts for what has left, nobody else does (SPEC G7)."""

    _inherit = "order.desk.receipt"

    @api.model
    def _make(self, moves):
        """Return new receipts for goods that have left and have none yet.

        One for each advice; without, for each request, else for each transfer.

        :param moves: stock moves; what is on a receipt already is left alone
        """
        # whoever ships need not read orders; nobody has the right to make receipts
        moves = moves.sudo()._filter_without_receipt()
        receipts = self.sudo().create(
            [
                self._prepare_receipt_vals(moves.browse(ids))
                for ids in moves._group_for_receipts()
            ]
        )
        receipts._tell_made()
        return receipts.sudo(self.env.su)

    @api.model
    def _prepare_receipt_vals(self, moves):
        """Return the values of a receipt for these moves of one shipment."""
        advice = moves.shipping_advice_id[:1]
        request = advice.request_id or moves.shipping_request_line_id.request_id[:1]
        order = moves.sale_line_id.order_id[:1]
        company = moves.company_id[:1]
        receiver = (
            request.partner_shipping_id
            or moves.picking_id.partner_id[:1]
            or order.partner_shipping_id
            or advice.partner_id
        )
        customer = request.partner_id or order.partner_id or receiver
        return {
            "number": company._order_desk_next_number(self._name),
            "company_id": company.id,
            "customer_id": customer.commercial_partner_id.id,
            "partner_id": receiver.id,
            "advice_id": advice.id,
            "request_id": request.id,
            "shipped_on": max(moves.mapped("date")),
            "line_ids": self._prepare_line_commands(moves),
        }

    @api.model
    def _prepare_line_commands(self, moves):
        return [
            fields.Command.create({**vals, "sequence": number})
            for number, vals in enumerate(moves._prepare_receipt_lines())
        ]

    def _tell_made(self):
        for receipt in self:
            receipt._message_log(
                body=self.env._(
                    "Waits for the customer's word on what left on %s.",
                    receipt.company_id._order_desk_moment_text(receipt.shipped_on),
                )
            )

    # ------------------------------------------------------------- per advice

    @api.model
    def _make_for_advices(self, advices):
        """Return the receipts of advices that were sent; new ones where there is none.

        An advice that replaces another one keeps its receipt: the code that is printed
        already goes on working.
        """
        kept = self.browse()
        for advice in advices:
            moves = advice.sudo().move_ids  # see _make
            awaited = moves.receipt_line_ids.receipt_id.filtered(
                lambda receipt: receipt.state == "open"
            )
            kept |= awaited[:1]._follow_advice(advice, moves)
        return kept | self._make(advices.sudo().move_ids)

    def _follow_advice(self, advice, moves):
        """Bring this awaited receipt in line with its advice, and what left with it."""
        if not self:
            return self
        self.advice_id = advice
        signed = moves.receipt_line_ids.filtered(lambda line: line.receipt_id._is_in())
        moves -= signed.move_ids
        if moves != self.line_ids.move_ids:
            self.line_ids.unlink()
            self.write(
                {
                    "line_ids": self._prepare_line_commands(moves),
                    "shipped_on": max(moves.mapped("date")),
                }
            )
        self._update_todos()
        return self

    def _get_usual_arrival(self):
        """Return when goods arrive of which nobody has said it (UTC)."""
        self.ensure_one()
        if not self.shipped_on:
            return False
        company = self.company_id
        day = company._order_desk_add_working_days(
            company._order_desk_date(self.shipped_on), USUAL_DAYS
        )
        return company._order_desk_next_end_of_work(
            company._order_desk_to_utc(day, time.min)
        )

    # ------------------------------------------------------------- taken back

    def action_withdraw(self):
        """Take back receipts that nobody will sign: refused at the door, made twice.

        Their goods can be put on a new one.

        :raise UserError: signed, filed or withdrawn already
        """
        self.check_access("write")
        self._lock()
        self.invalidate_recordset(["state"])  # the customer may have been quicker
        closed = [reason for r in self if (reason := r._get_closed_reason())]
        if closed:
            raise UserError("\n".join(closed))
        self.sudo()._withdraw()  # protected fields, the checks are above

    def _withdraw(self):
        self.write({"state": "withdrawn"})
        for receipt in self:
            receipt._message_log(
                body=self.env._("Withdrawn: its link opens nothing any more.")
            )
        # what was refused at the door may have been the last thing
        self.request_id._note_received()
        self.sheet_ids._note_received()
        self._update_todos()
