from collections import defaultdict

from odoo import fields, models


class OrderDeskInspection(models.Model):
    """What the workshop presents, and what the manufacturing order shows of it."""

    _inherit = "order.desk.inspection"

    def _add_presented(self, quantity, rows):
        """Present more with an inspection that has not begun."""
        self.ensure_one()
        by_lot = {row.lot_id.id: row for row in self.lot_ids}
        new = []
        for command in rows:
            vals = command[2]
            row = by_lot.get(vals["lot_id"])
            if row:
                row.quantity += vals["quantity"]
            else:
                new.append(command)
        self.write({"quantity": self.quantity + quantity, "lot_ids": new})
        self._message_log(
            body=self.env._("Presented now: %s.", self._format(self.quantity))
        )

    def _take_back(self, excess, production):
        """Take back what the workshop does not report as made any more.

        Inspections that have begun stay as they are, and so do those after rework.
        """
        for one in self.sorted("id", reverse=True):
            if one.state != "to_inspect" or one._is_begun() or one.previous_id:
                continue
            less = min(excess, one.quantity)
            excess -= less
            left = one.quantity - less
            if one.product_uom_id.is_zero(left):
                one._cancel(self.env._("the workshop has taken back what it reported"))
                continue
            if one.tracking == "serial":
                reported = production._get_inspection_group().lot_producing_ids
                one.lot_ids.filtered(
                    lambda row, lots=reported: row.lot_id not in lots
                ).unlink()
            elif one.tracking == "lot":
                one.lot_ids[-1:].quantity -= less
            one.quantity = left
            one._message_log(body=self.env._("Presented now: %s.", one._format(left)))
            if not excess:
                return

    def _get_present_lots(self):
        """Return the serial numbers that need not be presented again."""
        lots = self.env["stock.lot"]
        for one in self:
            if one.state == "to_inspect":
                lots |= one.lot_ids.lot_id
            elif one.state != "cancelled":
                lots |= one.lot_ids.filtered(
                    lambda row, one=one: (
                        row.quantity_passed or row.quantity_failed
                        # a scrapped piece is gone, its number with it
                    )
                ).lot_id
        return lots

    def _announce(self):
        """Tell inspectors that something waits for them, and the order's history."""
        for one in self:
            one.production_id._message_log(
                body=self.env._(
                    "%(inspection)s: %(quantity)s of %(product)s are presented for"
                    " inspection.",
                    inspection=one.name,
                    quantity=one._format(one.quantity),
                    product=one.product_id.display_name,
                )
            )
        self._update_todos()

    def _needs_disposition(self):
        """Tell whether somebody has to say what becomes of failed goods."""
        self.ensure_one()
        return self.state in ("partly", "failed") and (
            not self.disposition
            or (self.disposition == "waiver" and not self._is_waived())
        )

    def _is_received(self):
        """Tell whether goods of its order, or a back order, are in stock already."""
        self.ensure_one()
        group = self.production_id._get_inspection_group()
        made = sum(group._get_done_quantities(self.product_id).values())
        return self.product_uom_id.compare(made, 0) > 0

    def _note_received_before(self, before):
        """Remember what is in stock already, which nobody can inspect any more.

        :param before: ``{lot, or no lot: quantity}``
        """
        self.ensure_one()
        if not before:
            return
        known = defaultdict(float, self.received_before or {})
        for lot, quantity in before.items():
            known[str(lot.id or 0)] += quantity
        self.write({"received_before": dict(known)})

    def _note_received(self):
        """Let one receive at a time on the strength of these inspections.

        Each of two sees the database as it was when they began. Both write here, so
        the second one's transaction fails and is repeated by Odoo, and then sees what
        the first has done.
        """
        self.write({"received_on": fields.Datetime.now()})
        self.flush_recordset(["received_on"])

    # ------------------------------------------------------------- on the order

    def _get_status(self):
        """Return where the inspection of one order's goods stands."""
        if any(one.state == "to_inspect" for one in self):
            return "waiting"
        if any(one._needs_disposition() for one in self):
            return "failed"
        if any(one.state in ("passed", "partly") or one._is_waived() for one in self):
            return "passed"
        return "ask"

    def _get_status_note(self):
        """Return what the manufacturing order says about these inspections."""
        status = self._get_status()
        names = ", ".join(self.mapped("name"))
        if status == "waiting":
            waiting = self.filtered(lambda one: one.state == "to_inspect")
            return self.env._(
                "Waiting for the inspector: %s", ", ".join(waiting.mapped("name"))
            )
        if status == "failed":
            failed = self.filtered(lambda one: one._needs_disposition())
            return self.env._(
                "Failed goods, rework, scrap or ask for a waiver: %s",
                ", ".join(failed.mapped("name")),
            )
        if status == "passed":
            passed = sum(self._get_released().values())
            return self.env._(
                "%(quantity)s passed and may enter stock: %(names)s",
                quantity=self[:1]._format(passed),
                names=names,
            )
        return self.env._("These goods enter stock only inspected.")

    def _get_waiting_action(self):
        """Return what the screen says instead of marking the order done."""
        waiting = self.filtered(lambda one: one.state == "to_inspect")
        failed = self - waiting
        texts = [
            self.env._(
                "%(order)s: %(quantity)s wait for the inspector (%(inspection)s).",
                order=one.production_id.name,
                quantity=one._format(one.quantity),
                inspection=one.name,
            )
            for one in waiting
        ] + [
            self.env._(
                "%(order)s: %(quantity)s failed %(inspection)s. Rework, scrap or ask"
                " for a waiver, or report only what has passed.",
                order=one.production_id.name,
                quantity=one._format(one.quantity_failed),
                inspection=one.name,
            )
            for one in failed
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not in stock yet"),
                "message": "\n".join(texts),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
