from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount


class OrderDeskReceipt(models.Model):
    """Whether what is paid on delivery was collected (SPEC G9).

    It is the shipper's note, not a payment: that is entered in accounting.
    """

    _inherit = "order.desk.receipt"

    collect_on_delivery = fields.Char(
        "To Collect",
        compute="_compute_collect_on_delivery",
        compute_sudo=True,
        help="What the customer pays before these goods are handed over.",
    )
    collection = fields.Selection(
        [
            ("collected", "Collected"),
            ("missing", "Not Collected"),
            ("paid", "Paid Since"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        help="What the shipper says. The payment itself is entered in accounting, and"
        " ends the asking for what was not collected.",
    )
    collection_by_id = fields.Many2one(
        "res.users", "Noted by", readonly=True, copy=False, ondelete="restrict"
    )
    collection_on = fields.Datetime("Noted on", readonly=True, copy=False)
    collection_reason = fields.Char("Why Not Collected", readonly=True, copy=False)

    @api.depends("state", "line_ids.move_ids.picking_id.collect_amounts")
    @api.depends_context("lang")
    def _compute_collect_on_delivery(self):
        for receipt in self:
            receipt.collect_on_delivery = " + ".join(
                format_amount(self.env, amount, order.currency_id)
                for order, amount in receipt._get_collect_amounts().items()
            )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "collection": False,
            "collection_by_id": False,
            "collection_on": False,
            "collection_reason": False,
        }

    def _get_collect_amounts(self):
        """Return what is to be collected of each order: ``{order: amount}``.

        As it was worked out when the goods left. Where what left of an order by one
        transfer stands on several receipts, the first of them tells the amount. What
        was refused at the door is not paid.
        """
        self.ensure_one()
        amounts = defaultdict(float)
        moves = self.sudo().line_ids.move_ids  # the receiver need not read transfers
        for picking in moves.picking_id.filtered("collect_amounts"):
            moves_by_order = picking.move_ids.grouped(
                lambda move: move.sale_line_id.order_id.id
            )
            for order_id, amount in picking.collect_amounts.items():
                left = moves_by_order.get(int(order_id), moves.browse())
                if left._get_receipts().sorted("id")[:1] == self:
                    amounts[int(order_id)] += amount
        orders = self.env["sale.order"].sudo().browse(amounts).exists()
        return {
            order: amounts[order.id]
            for order in orders
            if order.currency_id.compare_amounts(amounts[order.id], 0.0) > 0
        }

    def _filter_uncollected(self):
        """Return those not collected, and those that came in without a word of it."""
        return self.filtered(
            lambda receipt: (
                receipt.collection == "missing"
                or (receipt._is_in() and not receipt.collection)
            )
        ).filtered("collect_on_delivery")

    # ------------------------------------------------------------- noting

    def action_collected(self):
        """Note that what was to be collected is there.

        :raise AccessError: neither shipping nor finance is the user's work
        :raise UserError: nothing to collect, or it was noted already
        """
        self._note_collection("collected")

    def action_not_collected(self, reason=False):
        """Note that the goods were handed over without the payment, and why.

        :raise AccessError: neither shipping nor finance is the user's work
        :raise UserError: nothing to collect, noted already, or no reason
        """
        reason = str(reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why it was not collected."))
        self._note_collection("missing", reason)

    def _note_collection(self, collection, reason=False):
        self.check_access("read")
        self._lock()
        self.invalidate_recordset()
        self._check_collection(collection)
        receipts = self.sudo()  # protected fields, the checks are above
        receipts.write(
            {
                "collection": collection,
                "collection_by_id": self.env.uid,
                "collection_on": fields.Datetime.now(),
                "collection_reason": reason,
            }
        )
        receipts._log_collection()
        receipts._update_todos()

    def _note_paid(self):
        """Note for which of these the money has come by now, as accounting says.

        That is when nothing is owed any more for all that has left of their orders.
        """
        uncollected = self.sudo()._filter_uncollected()  # accounting has its own rights
        if not uncollected:
            return
        money = uncollected._get_cash_orders()._get_money_to_ask({})
        owing = self.env["sale.order"].union(
            *(order for order, values in money.items() if values["to_ask"] > 0)
        )
        paid = uncollected.filtered(
            lambda receipt: not receipt._get_cash_orders() & owing
        )
        paid.write(
            {
                "collection": "paid",
                "collection_by_id": False,
                "collection_on": fields.Datetime.now(),
            }
        )
        paid._log_collection()

    def _log_collection(self):
        """Say in the stories of these receipts and of their orders what was noted."""
        for receipt in self:
            body = receipt._in_desk_language()._get_collection_text()
            receipt._message_log(body=body)
            sheets = receipt._get_cash_orders().sheet_id
            sheets._message_log_batch(bodies=dict.fromkeys(sheets.ids, body))

    def _check_collection(self, collection):
        """Refuse who may not say so, and what is said already or makes no sense."""
        roles = self.env["order.desk.role"]._get_step_roles(self.company_id, "finance")
        for receipt in self:
            mine = roles[receipt.company_id]._filter_mine()
            if not (mine or receipt.has_access("write")):
                raise AccessError(
                    self.env._(
                        "%s: the shipper, the sales admin or finance notes what was"
                        " collected.",
                        receipt.number,
                    )
                )
            if not receipt.collect_on_delivery:
                raise UserError(
                    self.env._("%s: nothing is to be collected.", receipt.number)
                )
            if receipt.collection == collection:
                raise UserError(receipt._get_collection_text())

    def _get_collection_text(self):
        """Return what was noted, by whom, as a sentence."""
        self.ensure_one()
        values = {
            "number": self.number,
            "amount": self.collect_on_delivery,
            "name": self.sudo().collection_by_id.name,
        }
        if self.collection == "collected":
            return self.env._(
                "%(number)s: %(amount)s was collected on delivery, says %(name)s.",
                **values,
            )
        if self.collection == "paid":
            return self.env._(
                "%(number)s: %(amount)s was to be collected on delivery; by now all"
                " that has left is paid, says accounting.",
                **values,
            )
        return self.env._(
            "%(number)s: %(amount)s was not collected on delivery, says %(name)s:"
            " %(reason)s",
            reason=self.collection_reason,
            **values,
        )

    def action_open_not_collected(self):
        """Open the dialog that asks why it was not collected."""
        self.ensure_one()
        self._check_collection("missing")
        wizard = self.env["order.desk.receipt.reason"].create({"receipt_id": self.id})
        name = self.env._("Not Collected")
        return wizard._get_records_action(name=name, target="new")

    def _get_cash_orders(self):
        """Return the orders that are paid with these deliveries."""
        return self.env["sale.order"].union(
            *(order for receipt in self for order in receipt._get_collect_amounts())
        )
