import logging

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..quantity import format_quantity

_logger = logging.getLogger(__name__)

MONEY_CODES = ("deposit", "agreed_deposit", "credit", "balance")
# few at a time: an accountant who books for the same order waits that long
FOLLOWED_AT_ONCE = 10


class OrderDeskSheet(models.Model):
    """Following the money: what it opens, who is told, and what was taken back."""

    _inherit = "order.desk.sheet"

    told_reconcile_id = fields.Integer(
        readonly=True,
        copy=False,
        help="Sales has been told of the money of this reconciliation and of all before"
        " it. The sums stay in the accounts.",
    )
    money_stood = fields.Boolean(
        readonly=True,
        copy=False,
        help="When last looked at, the money was there for all that this order has"
        " passed.",
    )
    money_lost = fields.Boolean(
        "Money Taken Back",
        readonly=True,
        copy=False,
        help="Money on which the order was released or shipped is not there any more.",
    )
    money_trouble = fields.Text(
        "Why the Release Failed",
        readonly=True,
        copy=False,
        help="The money is there, but the order could not be released by itself.",
    )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "told_reconcile_id": 0,
            "money_stood": False,
            "money_lost": False,
            "money_trouble": False,
        }

    def _get_way(self):
        """Show the steps that money takes where the order has them."""
        way = super()._get_way()
        order = self.sudo().order_id  # amounts are asked for by the desk itself
        if order.deposit_required > 0:
            way.insert(way.index("released"), "deposit_received")
        if order._get_customer_classes()[order].ship_on == "balance":
            way.append("balance_received")
        return way

    def _action_release(self):
        self.sudo().filtered("money_trouble").money_trouble = False  # protected
        return super()._action_release()

    # ------------------------------------------------------------- following

    @api.model
    def _cron_follow_money(self):
        """Do what the money that has moved calls for, a few orders at a time."""
        # those with trouble stay marked and are tried with the next money that moves
        self.env["ir.cron"]._order_desk_follow(
            self.search([("money_moved", "=", True)]),
            lambda sheets: sheets._follow_money(),
            size=FOLLOWED_AT_ONCE,
            again="order_desk.ir_cron_follow_money",
        )

    def _follow_money(self):
        """Open what the money on these orders opens, and tell who has to know.

        One order's trouble does not stop the others: it is told in its chatter.
        """
        sheets = self.sudo()  # accounting has moved the money, the desk follows it
        sheets.write({"money_moved": False})
        arrived = sheets._get_arrived()
        sheets._note_money_milestones()
        sheets._make_good_waivers()
        sheets._note_money_lost()
        for sheet in sheets:
            sheet._follow_money_in_savepoint(arrived.get(sheet, 0.0))
        sheets._update_todos()

    def _follow_money_in_savepoint(self, arrived):
        """Release this order or go on with it; keep what went wrong.

        :param arrived: what the gates count since sales was told last
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                released = self._release_by_money()
        except OperationalError:
            raise  # two at the same moment: Odoo starts over
        except Exception as error:
            released = False
            if isinstance(error, UserError):
                reason = str(error)
            else:
                _logger.exception("Order %s could not be released", self.order_id.name)
                reason = self.env._(
                    "An unexpected error; the administrator finds it in"
                    " the server's log."
                )
            self._note_money_trouble(reason)
        else:
            self.money_trouble = False
        if arrived > 0 or released:
            self._tell_money(arrived, released)

    def _release_by_money(self):
        """Release this sheet if money was the last thing; start what was held back.

        :return: whether it was released just now
        """
        self.ensure_one()
        if self.state == "released":
            self.order_id._order_desk_launch_production()
            return False
        if self.state != "confirming":
            return False
        conditions = self.order_id._get_gate_conditions("production")[self.order_id]
        if not all(condition["holds"] for condition in conditions) or not any(
            condition["code"] in MONEY_CODES for condition in conditions
        ):
            return False
        self._action_release()
        return True

    def _note_money_trouble(self, reason):
        """Keep why an order could not be released by itself; its clerk gets a to-do."""
        self.ensure_one()
        if self.money_trouble == reason:
            return
        self.money_trouble = reason
        self.message_post(
            body=Markup("%s<br/>%s")
            % (
                self.env._(
                    "The money is there, but the order could not be released by itself:"
                ),
                reason,
            )
        )

    # ------------------------------------------------------------- what has arrived

    def _get_arrived(self):
        """Return what counts since sales was told last: ``{sheet: amount}``.

        What was told is not kept as a sum but as the last reconciliation.
        """
        orders = self.order_id
        told = {sheet.order_id: sheet.told_reconcile_id for sheet in self}
        counted = orders._get_counted()
        before = orders._get_received(seen=told)
        last = orders._get_last_counted()
        arrived = {}
        for sheet in self:
            order = sheet.order_id
            arrived[sheet] = order.currency_id.round(counted[order] - before[order][1])
            if last[order] > sheet.told_reconcile_id:
                sheet.told_reconcile_id = last[order]
        return arrived

    def _note_money_milestones(self):
        """Write down when deposit and balance were there for the first time."""
        counted = self.order_id._get_counted()
        none = self.browse()
        deposit, balance = none, none
        for sheet in self.filtered(lambda sheet: sheet.state != "cancel"):
            order, passed = sheet.order_id, sheet._get_passed_milestones()
            compare = order.currency_id.compare_amounts
            if (
                "deposit_received" not in passed
                and order.deposit_required > 0
                and compare(counted[order], order.deposit_required) >= 0
            ):
                deposit |= sheet
            if (
                "balance_received" not in passed
                and order.amount_total > 0
                and compare(counted[order], order.amount_total) >= 0
            ):
                balance |= sheet
        for sheets, code in (
            (deposit, "deposit_received"),
            (balance, "balance_received"),
        ):
            if sheets:
                sheets._add_milestones(code)

    def _tell_money(self, arrived, released):
        """Tell the salesperson, else the clerk, what has arrived and what it opened."""
        self.ensure_one()
        user = self.user_id or self.clerk_id
        sheet = self.with_context(lang=user.lang or self.env.lang)
        lines = sheet._get_money_news(arrived, released)
        sheet.message_post(
            body=Markup("<br/>").join(lines),
            subject=sheet.env._("%s: money has arrived", sheet.order_id.name),
            partner_ids=user.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )

    def _get_money_news(self, arrived, released):
        """Return the lines that say what has arrived and what is still open."""
        order = self.order_id
        lines = []
        if arrived > 0:
            lines.append(
                self.env._(
                    "%(arrived)s has arrived for %(order)s. Received in all:"
                    " %(received)s of %(total)s.",
                    arrived=order._format_order_money(arrived),
                    order=order.name,
                    received=order._format_order_money(order._get_counted()[order]),
                    total=order._format_order_money(order.amount_total),
                )
            )
        if released:
            lines.append(self.env._("The order is released to production."))
        if self.money_trouble:
            lines.append(self.money_trouble)
        gate = "shipping" if self.state in ("released", "done") else "production"
        conditions = order._get_gate_conditions(gate)[order]
        unmet = [condition for condition in conditions if not condition["holds"]]
        if unmet:
            lines.append(
                self.env._("Before it may be shipped:")
                if gate == "shipping"
                else self.env._("Before the release to production:")
            )
            lines += [self._get_unmet_text(condition) for condition in unmet]
        elif gate == "shipping" and not released:
            lines.append(self.env._("Its shipping gate is open."))
        return lines

    def _get_unmet_text(self, condition):
        return self.env._(
            "• %(condition)s — %(reason)s (%(actor)s)",
            condition=condition["label"],
            reason=condition["reason"],
            actor=condition["actor"] or self.env._("no one assigned"),
        )

    # ------------------------------------------------------------- what was taken back

    def _note_money_stands(self):
        """Look whether the money is there for all that these orders have passed.

        What is missing as the order has grown, or a waiver has ended, is no money that
        was taken back. What was made good or waived is not missing any more.

        :return: ``{sheet: missing amount}``
        """
        sheets = self.sudo()  # flags of the desk itself
        lost = sheets.order_id._get_money_lost()
        short = sheets.filtered(lambda sheet: sheet.order_id in lost)
        (sheets - short).filtered("money_lost").money_lost = False
        (sheets - short).filtered(lambda s: not s.money_stood).money_stood = True
        short.filtered(
            # where money has moved, that is looked at first
            lambda sheet: sheet.money_stood and not sheet.money_moved
        ).money_stood = False
        return {sheet: lost[sheet.order_id] for sheet in short}

    def _note_money_lost(self):
        """Raise the alarm where money was taken back after it had opened a gate."""
        stood = self.filtered(lambda sheet: sheet.money_stood and not sheet.money_lost)
        missing = self._note_money_stands()
        for sheet in stood:
            if sheet in missing:
                sheet.write({"money_lost": True, "money_stood": False})
                sheet._post_money_lost(missing[sheet])

    def _post_money_lost(self, missing):
        """Say on this sheet what is missing, what has left and what is still held."""
        self.ensure_one()
        order = self.order_id
        body = Markup("<b>%s</b>") % self.env._(
            "Money was taken back: %(missing)s is missing for what %(order)s has passed"
            " already. Its gates are closed again.",
            missing=order._format_order_money(missing),
            order=order.name,
        )
        for title, rows in (
            (self.env._("Has left already:"), self._get_left_rows()),
            (self.env._("Still here, held back now:"), self._get_held_rows()),
        ):
            if rows:
                items = Markup().join(Markup("<li>%s</li>") % row for row in rows)
                body += Markup("<p>%s</p><ul>%s</ul>") % (title, items)
        if not self._get_left_rows():
            body += Markup("<p>%s</p>") % self.env._("Nothing has left yet.")
        self.message_post(body=body, subtype_xmlid="mail.mt_note")

    def _get_left_rows(self):
        """Return what has left of this order: transfers, and products with values."""
        order = self.order_id
        shipped = order._get_shipped_quantities()
        rows = [
            self._get_goods_row(line, quantity)
            for line, quantity in shipped.items()
            if line.product_uom_id.compare(quantity, 0.0) > 0
        ]
        if not rows:
            return []
        transfers = order.order_line.move_ids.filtered(
            lambda move: move.state == "done" and move._is_leaving()
        ).picking_id
        value = order._get_goods_value(shipped)
        return [
            self.env._(
                "Worth %(value)s in all, with %(transfers)s",
                value=order._format_order_money(value),
                transfers=", ".join(transfers.mapped("name")),
            ),
            *rows,
        ]

    def _get_held_rows(self):
        """Return what has not left yet."""
        shipped = self.order_id._get_shipped_quantities()
        return [
            self._get_goods_row(line, left)
            for line in self.order_line
            if line._is_goods()
            and line.product_uom_id.compare(
                left := line.product_uom_qty - shipped.get(line, 0.0), 0.0
            )
            > 0
        ]

    def _get_goods_row(self, line, quantity):
        """Return in words how much of a line, and what it is worth."""
        value = self.order_id._get_goods_value({line: quantity})
        return self.env._(
            "%(quantity)s of %(product)s, worth %(value)s",
            quantity=format_quantity(quantity, line.product_uom_id),
            product=line.product_id.display_name,
            value=self.order_id._format_order_money(value),
        )

    def _update_todos(self, reason=False):
        self._note_money_stands()
        return super()._update_todos(reason=reason)
