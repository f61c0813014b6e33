from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .order_desk_sheet_content import get_signed_fields

# changes of these fields may make a signature stale, so somebody has to sign again
SIGNED_FIELDS = get_signed_fields("order_id.")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="An order with a configuration sheet is under the order desk's control.",
    )
    sheet_state = fields.Selection(related="sheet_id.state", string="Order Desk")
    order_desk_line_ids = fields.One2many(
        "sale.order.line",
        "order_id",
        "Lines of the Sheet",
        domain=["|", ("is_downpayment", "=", False), ("product_uom_qty", "!=", 0)],
        help="What is ordered; down payments are not.",
    )

    @api.constrains("sheet_id")
    def _check_sheet_id(self):
        """Nobody takes an order out of control by writing on this field."""
        sheets = self.env["order.desk.sheet"].sudo()  # of whatever owner
        by_order = sheets.search([("order_id", "in", self.ids)]).grouped("order_id")
        for order in self:
            if order.sheet_id != by_order.get(order, sheets):
                raise ValidationError(
                    self.env._(
                        "The configuration sheet of %s cannot be replaced or removed.",
                        order.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        for order in orders:
            if order.team_id.use_order_desk and order.state == "sale":
                raise UserError(
                    self.env._(
                        "Orders of the sales team %s go through the order desk. Create"
                        " a quotation; it is confirmed when its sheet is approved.",
                        order.team_id.name,
                    )
                )
        orders._order_desk_take_over()
        return orders

    def write(self, vals):
        if vals.get("state") == "sale":
            unapproved = self._get_order_desk_unapproved()
            if unapproved:
                raise UserError(unapproved._get_order_desk_unapproved_message())
        watched = {"team_id", "user_id", "state"} & set(vals)
        before = {
            order: (order.team_id, order.state == "cancel") for order in self if watched
        }
        result = super().write(vals)
        self.browse().union(
            *(
                order
                for order, (team, was_cancelled) in before.items()
                if was_cancelled or order.team_id != team
            )
        )._order_desk_take_over()
        if vals.get("state") == "cancel":
            self.sheet_id._action_cancel()
        if SIGNED_FIELDS & set(vals):
            self._order_desk_follow_change()
        return result

    def copy(self, default=None):
        copies = super().copy(default)
        for order, duplicate in zip(self, copies, strict=True):
            if order.sheet_id and not duplicate.sheet_id:
                duplicate._order_desk_make_sheet()
            if order.sheet_id:
                duplicate.sheet_id.other_requirements = (
                    order.sheet_id.other_requirements
                )
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed_sheet(self):
        for order in self:
            if order.sheet_id.sudo().signature_ids:
                raise UserError(
                    self.env._(
                        "%s has a signed configuration sheet and stays on file."
                        " Cancel it instead.",
                        order.name,
                    )
                )

    def unlink(self):
        # a sheet that nobody has signed goes with its quotation
        self.sheet_id.sudo().unlink()
        return super().unlink()

    # ------------------------------------------------------------- under control

    def _order_desk_take_over(self):
        """Make a sheet for each quotation of a team that works with the desk."""
        self.filtered(
            lambda order: (
                order.team_id.use_order_desk
                and order.state in ("draft", "sent")
                and not order.sheet_id
            )
        )._order_desk_make_sheet()

    def _order_desk_make_sheet(self):
        """Make the configuration sheets of these quotations."""
        # whoever makes a quotation gets its sheet: a customer, a connector, a clerk
        return (
            self.env["order.desk.sheet"]
            .sudo()
            .create(
                [
                    {
                        "order_id": order.id,
                        "clerk_id": self.env.uid
                        if self.env.user._is_internal()
                        else order.user_id.id,
                        "channel": "email"
                        if self.env.user._is_internal()
                        else "portal",
                    }
                    for order in self
                ]
            )
        )

    def action_make_sheet(self):
        """Take these quotations under the order desk's control."""
        self.check_access("write")
        self.filtered(lambda order: not order.sheet_id)._order_desk_make_sheet()
        return self.sheet_id._get_records_action()

    def action_view_sheet(self):
        """Open the configuration sheets of these orders."""
        return self.sheet_id._get_records_action()

    def _get_order_desk_unapproved(self):
        """Return the orders that still lack the general manager's approval."""
        return self.filtered(
            lambda order: (
                order.sheet_id
                and order.sudo().sheet_id.state in ("draft", "review", "cancel")
                and order.state != "sale"
            )
        )

    def _get_order_desk_unapproved_message(self):
        return self.env._(
            "%s: the order desk confirms this order when the general manager approves"
            " its configuration sheet. Open the sheet and submit it for review.",
            ", ".join(self.mapped("name")),
        )

    def _confirmation_error_message(self):
        if self._get_order_desk_unapproved():
            return self._get_order_desk_unapproved_message()
        return super()._confirmation_error_message()

    def _validate_order(self):
        """Keep a customer's acceptance until the general manager has approved."""
        unapproved = self._get_order_desk_unapproved()
        unapproved._order_desk_note_acceptance(
            self.env._("The customer has accepted the quotation.")
        )
        return super(SaleOrder, self - unapproved)._validate_order()

    def _order_desk_note_acceptance(self, text):
        """Tell the clerk that the customer has done their part, and what is left."""
        for order in self:
            # a customer or a payment provider may be acting
            sheet = order.sheet_id.sudo()
            sheet.message_post(
                body=Markup("<br/>").join(
                    (
                        text,
                        self.env._(
                            "The order is confirmed when the general manager approves"
                            " this sheet."
                        ),
                    )
                )
            )
            sheet._update_todos()

    def _should_be_locked(self):
        """An order waits unlocked for its release, or nothing would be procured."""
        return not self._get_order_desk_held() and super()._should_be_locked()

    def action_draft(self):
        cancelled = self.filtered(lambda order: order.state == "cancel")
        result = super().action_draft()
        cancelled.sheet_id._action_draft()
        return result

    def _order_desk_follow_change(self):
        """Ask those to sign again whose part of a signed sheet has just changed."""
        # whoever may change the order may cause this
        sheets = self.sheet_id.sudo()
        if sheets:
            sheets._note_entry()
            sheets.filtered("signature_ids")._advance()

    def _order_desk_launch_production(self):
        """Start the procurement of orders whose production gate is open."""
        orders = self.filtered(
            lambda order: (
                order.state == "sale"
                and any(line._is_launch_due() for line in order.order_line)
            )
        )
        orders -= orders._get_order_desk_held()
        locked = orders.filtered("locked")
        locked.action_unlock()
        orders.order_line.filtered(
            lambda line: line._is_launch_due()
        )._action_launch_stock_rule()
        (locked | orders.filtered(lambda o: o._should_be_locked())).action_lock()
