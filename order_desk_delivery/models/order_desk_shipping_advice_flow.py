from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

# an arrival later than this is a slip of the finger
MOST_DAYS = 365


class OrderDeskShippingAdvice(models.Model):
    """The shipper fills an advice in and hands it in (SPEC G3)."""

    _inherit = "order.desk.shipping.advice"

    def _start(self, step, states):
        """Let one person at a time move these on, if they may and it is the time.

        :param step: the step of the roles whose work it is
        :raise UserError: somebody else's work, or not in one of ``states``
        """
        self.check_access("read")
        self._lock()
        self.invalidate_recordset(["state"])  # the other one may have been quicker
        self.env["order.desk.role"]._check_fills(self.company_id, step)
        others = self.filtered(lambda advice: advice.state not in states)
        if others:
            raise UserError("\n".join(advice._get_state_error() for advice in others))

    def _get_state_error(self):
        """Return where this advice stands, for who expected it elsewhere."""
        self.ensure_one()
        values = {"number": self.display_name}
        return {
            "draft": self.env._(
                "%(number)s is with the shipper, who hands it in first.", **values
            ),
            "submitted": self.env._(
                "%(number)s has been handed in; the sales admin checks and sends it.",
                **values,
            ),
            "sent": self.env._(
                "%(number)s has been sent. Correct or withdraw it instead.", **values
            ),
            "arrived": self.env._(
                "%(number)s: the goods have arrived already.", **values
            ),
            "withdrawn": self.env._("%(number)s has been withdrawn.", **values),
        }[self.state]

    def _format_on_screen(self, moment):
        """Return a moment as the fields beside it show it: by the reader's clock.

        Where that is not the company's, whose days are promised, the zone is named.
        """
        here = self.company_id._order_desk_tz().zone
        zone = self.env.context.get("tz") or self.env.user.tz or here
        text = format_datetime(self.env, moment, tz=zone, dt_format="short")
        return f"{text} ({zone})" if moment and zone != here else text

    # ------------------------------------------------------------- what has left

    def _take_moves(self, moves):
        """Let this advice tell of ``moves``; its lines follow."""
        self.ensure_one()
        moves.write({"shipping_advice_id": self.id})
        known = self.line_ids.sale_line_id
        new = (moves.sale_line_id - known).sorted(
            lambda line: (line.order_id.id, line.sequence, line.id)
        )
        self.env["order.desk.shipping.advice.line"].create(
            [
                {
                    "advice_id": self.id,
                    "sale_line_id": line.id,
                    "sequence": len(known) + number,
                }
                for number, line in enumerate(new, 1)
            ]
        )
        self.write({"shipped_on": max(self.move_ids.mapped("date"))})

    def action_take_in(self):
        """Let these drafts tell of what has left under their request since, too.

        :raise UserError: not a draft, or nothing more has left
        """
        self._start("shipping", ("draft",))
        for advice in self.sudo():  # moves and orders; whoever ships may write it
            moves = advice.request_id._get_unadvised_moves()
            if not moves:
                raise UserError(
                    self.env._(
                        "%s: nothing more has left under this request.",
                        advice.display_name,
                    )
                )
            vals = advice.request_id._prepare_advice_vals(moves)
            advice._take_moves(moves)
            advice.write(
                {
                    "package_count": advice.package_count + vals["package_count"],
                    "weight": advice.weight + vals["weight"],
                }
            )
        self.request_id._update_todos()

    def action_discard(self):
        """Throw these drafts away; what has left waits for another advice.

        :raise UserError: handed in before
        """
        self._start("shipping", ("draft",))
        if numbered := self.filtered("number"):
            numbered._unlink_except_handed_in()
        requests = self.request_id
        self.sudo().unlink()  # nobody deletes advices but the shipper his own drafts
        requests._update_todos()
        return requests[:1]._open_to_ship()

    # ------------------------------------------------------------- handing in

    def action_submit(self):
        """Hand these advices in; the sales admin checks and sends them.

        :raise UserError: names everything that is missing, of all of them at once
        """
        self._start("shipping", ("draft",))
        advices = self.sudo()  # protected fields, orders and transfers
        errors = [
            advice._get_incomplete_error(missing)
            for advice in advices
            if (missing := advice._get_missing() + advice._get_missing_briefing())
        ]
        if errors:
            raise UserError("\n".join(errors))
        now = fields.Datetime.now()
        for advice in advices:
            company = advice.company_id
            advice.write(
                {
                    "number": advice.number
                    or company._order_desk_next_number(self._name),
                    "state": "submitted",
                    "submitted_on": now,
                    "submitted_by_id": self.env.uid,
                    "sent_back_note": False,
                    "briefing_note": advice._get_briefing_note(),
                }
            )
            advice._tell_transfers()
        advices._refresh_checks()
        advices._update_todos()
        advices.request_id._update_todos()

    def _get_incomplete_error(self, missing):
        self.ensure_one()
        return self.env._(
            "%(advice)s is not complete: %(missing)s.",
            advice=self.display_name,
            missing="; ".join(missing),
        )

    def _get_missing(self):
        """Return what has to be filled in or put right, a text for each."""
        self.ensure_one()
        missing = []
        if not self.move_ids:
            missing.append(self.env._("nothing has left that it tells of"))
        if not self.carrier_id and not (self.vehicle or "").strip():
            missing.append(self.env._("the carrier or the vehicle"))
        if self.package_count < 1:
            missing.append(self.env._("the number of packages"))
        if error := self._get_arrival_error():
            missing.append(error)
        return missing

    def _get_arrival_error(self):
        """Return what is wrong with the expected arrival, or ""."""
        self.ensure_one()
        arrival, left = self.expected_arrival, self.shipped_on
        if not arrival:
            return self.env._("the expected arrival")
        if left and arrival < left:
            return self.env._(
                "the expected arrival (%(arrival)s) is before the goods left"
                " (%(left)s)",
                arrival=self._format_on_screen(arrival),
                left=self._format_on_screen(left),
            )
        if left and arrival > left + timedelta(days=MOST_DAYS):
            return self.env._(
                "the expected arrival (%s) is more than a year away",
                self._format_on_screen(arrival),
            )
        return ""

    def _get_missing_briefing(self):
        """Return that points of the briefing are open, if some are."""
        self.ensure_one()
        titles = self.request_id._get_unconfirmed()
        if not titles:
            return []
        return [
            self.env._(
                "points of the briefing that no shipper has confirmed: %s",
                ", ".join(titles),
            )
        ]

    def _get_briefing_note(self):
        """Return the points of the briefing as they were confirmed, a line each."""
        self.ensure_one()
        return "\n".join(
            self.env._(
                "%(point)s: %(text)s (%(user)s, %(moment)s)",
                point=point.title,
                text=", ".join((point.text or "").split("\n")),
                user=point.confirmed_by_id.name,
                moment=self.company_id._order_desk_moment_text(point.confirmed_on),
            )
            for point in self.request_id.point_ids
            if point.confirmed_on
        )

    def _tell_transfers(self):
        """Let Odoo's own transfers know the tracking number, where they have none."""
        self.ensure_one()
        if self.tracking_ref:
            pickings = self.move_ids.picking_id
            pickings.filtered(
                lambda picking: (
                    not picking.carrier_tracking_ref
                    and picking.carrier_id == self.carrier_id
                )
            ).carrier_tracking_ref = self.tracking_ref

    # ------------------------------------------------------------- the way back

    def action_send_back(self, note=False):
        """Give these advices back to the shipper, who is told what is wrong.

        :raise UserError: not to be checked now, or no note
        """
        self._start("shipping_request", ("submitted",))
        note = str(note or "").strip()
        if not note:
            raise UserError(self.env._("Say what the shipper has to put right."))
        advices = self.sudo()  # protected fields, the checks are above
        advices.write({"state": "draft", "sent_back_note": note})
        for advice in advices:
            advice._message_log(body=self.env._("Sent back to the shipper: %s", note))
        advices._update_todos()

    def action_withdraw(self, reason=False):
        """Take these advices back; a customer who was told is told that, too.

        What has left waits for another advice.

        :raise UserError: a draft, arrived or withdrawn already, or no reason
        """
        self._start("shipping_request", ("submitted", "sent"))
        reason = str(reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why it is withdrawn; a customer who was told reads it.")
            )
        told = self.filtered(lambda advice: advice.state == "sent")
        advices = self.sudo()  # protected fields, the checks are above
        advices.write({"state": "withdrawn"})
        for advice in advices:
            advice._tell(
                self.env._(
                    "%(number)s was withdrawn: %(reason)s",
                    number=advice.display_name,
                    reason=reason,
                )
            )
        told._tell_withdrawn(reason)
        advices._note_withdrawn()
        advices._update_todos()
        advices.request_id._update_todos()

    def _note_withdrawn(self):
        """Take back what followed from the advice: tracking, the receipt."""
