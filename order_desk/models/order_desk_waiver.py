from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from .order_desk_protected_mixin import keep_rows

# conditions that money meets: accounting tells when their waivers are made good
SELF_SETTLING = ("deposit", "credit", "balance")
# conditions that never hold by themselves: their waivers count once made good, too
STANDING = ("agreed_deposit",)
# what a waiver says; the other columns tell what became of it
GIVEN_COLUMNS = (
    "sheet_id",
    "gate",
    "condition",
    "reason",
    "make_good",
    "make_good_by",
    "user_id",
    "on_behalf_of_id",
    "role_id",
    "given_on",
    "revision_id",
    "covers_money",
    "covered_total",
    "covered_missing",
    "make_good_amount",
    "currency_id",
)
CLOSING_FIELDS = {
    "state",
    "made_good_on",
    "made_good_by_id",
    "withdrawn_on",
    "withdrawn_by_id",
    "closing_note",
    "reminded_on",
    "company_id",  # follows the sheet
}


class OrderDeskWaiver(models.Model):
    """One person's decision to pass an unmet condition, and what is to be made good.

    Rows are appended by ``order.desk.sheet.action_waive``. What they say is never
    changed or deleted, by anybody; they are made good or withdrawn.
    """

    _name = "order.desk.waiver"
    _description = "Waiver of a Condition"
    _order = "given_on desc, id desc"
    _rec_name = "condition"

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        "Configuration Sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(related="sheet_id.order_id")
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    gate = fields.Selection("_selection_gate", required=True, readonly=True)
    condition = fields.Selection("_selection_condition", required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    make_good = fields.Text("To Make Good", required=True, readonly=True)
    make_good_by = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Waived by", required=True, readonly=True, ondelete="restrict"
    )
    on_behalf_of_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="restrict",
        help="Whom the stand-in acted for.",
    )
    role_id = fields.Many2one(
        "order.desk.role", "As", readonly=True, ondelete="restrict"
    )
    given_on = fields.Datetime(required=True, readonly=True)
    revision_id = fields.Many2one(
        "order.desk.revision", required=True, readonly=True, ondelete="restrict"
    )
    covers_money = fields.Boolean(
        readonly=True, help="Counts as long as no more money is missing than was then."
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    covered_total = fields.Monetary("Order Total", readonly=True)
    covered_missing = fields.Monetary("Missing Amount", readonly=True)
    make_good_amount = fields.Monetary(
        "Needed",
        readonly=True,
        help="It is made good when this has been received for the order in all.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    company_missing = fields.Monetary(
        "Missing in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "To make good"),
            ("made_good", "Made good"),
            ("withdrawn", "Withdrawn"),
            ("lapsed", "Lapsed"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
        help="Lapsed: asked for again, or the order was cancelled.",
    )
    made_good_on = fields.Datetime(readonly=True)
    made_good_by_id = fields.Many2one(
        "res.users",
        "Made Good According to",
        readonly=True,
        help="Empty when the condition has come to hold by itself.",
    )
    withdrawn_on = fields.Datetime(readonly=True)
    withdrawn_by_id = fields.Many2one("res.users", readonly=True)
    closing_note = fields.Text("Remark", readonly=True)
    reminded_on = fields.Date(
        readonly=True, help="The last day its author and their superior were reminded."
    )
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_in_force = fields.Boolean(
        compute="_compute_is_in_force",
        search="_search_is_in_force",
        help="Lets the condition pass as long as it covers what is asked.",
    )
    can_make_good = fields.Boolean(compute="_compute_can_close", compute_sudo=True)
    can_withdraw = fields.Boolean(compute="_compute_can_close", compute_sudo=True)

    _open_uniq = models.UniqueIndex(
        "(sheet_id, gate, condition) WHERE state = 'open'",
        "Somebody has just waived this condition. Look at the order again.",
    )

    def init(self):
        """Let the database itself refuse to change or delete what was decided."""
        keep_rows(self, GIVEN_COLUMNS, "A waiver cannot be changed or deleted.")

    @api.model
    def _selection_condition(self):
        return self.env["order.desk.waiver.right"]._selection_condition()

    @api.model
    def _selection_gate(self):
        return self.env["order.desk.waiver.right"]._selection_gate()

    @api.depends("condition", "order_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._selection_condition())
        for waiver in self:
            # whoever reads the waiver need not read the order
            order = waiver.sudo().order_id.name
            label = labels.get(waiver.condition, waiver.condition)
            waiver.display_name = f"{order} · {label}"

    @api.depends("state", "make_good_by")
    def _compute_is_overdue(self):
        for waiver in self:
            waiver.is_overdue = (
                waiver.state == "open"
                and waiver.make_good_by < waiver.company_id._order_desk_date()
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = self.env["res.company"]._order_desk_past_domain(
            self, Domain("state", "=", "open"), "make_good_by"
        )
        return overdue if True in value else ~overdue

    @api.depends("state", "made_good_by_id", "condition")
    def _compute_is_in_force(self):
        for waiver in self:
            waiver.is_in_force = waiver.state == "open" or (
                waiver.state == "made_good"
                # the condition itself holds where money has made it good
                and (bool(waiver.made_good_by_id) or waiver.condition in STANDING)
            )

    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        in_force = Domain("state", "=", "open") | (
            Domain("state", "=", "made_good")
            & (
                Domain("made_good_by_id", "!=", False)
                | Domain("condition", "in", STANDING)
            )
        )
        return in_force if True in value else ~in_force

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_close(self):
        is_supervisor = self.env.user.has_group(
            "order_desk.group_order_desk_supervisor"
        )
        for waiver in self:
            own = waiver._is_own()
            waiver.can_withdraw = own and waiver.is_in_force
            waiver.can_make_good = (
                (own or is_supervisor)
                and waiver.state == "open"
                and not waiver._get_settled_reason()
            )

    def _is_own(self):
        """Tell whether it is the current user's, or of somebody they answer for."""
        self.ensure_one()
        mine = self.user_id | self.on_behalf_of_id | self._get_superior()
        return self.env.user in mine

    def _get_superior(self):
        """Return who is told when the waiver's author does not see to it, maybe empty.

        The role's superior, else the sales manager, else the clerk or the salesperson.
        """
        self.ensure_one()
        sheet = self.sheet_id
        superiors = self.role_id.superior_id | sheet._get_sales_managers()
        superiors |= sheet.clerk_id | sheet.user_id
        return (superiors.filtered("active") - self.user_id)[:1]

    # ------------------------------------------------------------- written once

    def write(self, vals):
        self.check_access("write")
        if set(vals) - CLOSING_FIELDS:
            raise UserError(
                self.env._(
                    "A waiver cannot be changed. Withdraw it, and the condition can be"
                    " waived anew."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A waiver stays on file and cannot be deleted."))

    # ------------------------------------------------------------- what it covers

    @api.model
    def _get_in_force(self, sheets, gate):
        """Return those in force, last first: ``{(sheet, condition): waivers}``."""
        waivers = self.search(
            [
                ("sheet_id", "in", sheets.ids),
                ("gate", "=", gate),
                ("is_in_force", "=", True),
            ]
        )
        return waivers.grouped(lambda waiver: (waiver.sheet_id, waiver.condition))

    def _get_gap(self, condition):
        """Return why it does not cover what the condition asks today, or "".

        It covers the state it was given for (SPEC F: the order grows, it is asked
        again): money the total and the missing amount, all else what the customer is
        to get.

        :param condition: see ``sale.order._order_desk_conditions``
        """
        self.ensure_one()
        sheet, order = self.sheet_id, self.order_id
        if self.revision_id.number < sheet.valid_from_revision:
            return self.env._("the order was cancelled meanwhile")
        if self.partner_id != order.partner_id.commercial_partner_id:
            return self.env._("the order has another customer now")
        if not self.covers_money:
            return (
                ""
                if sheet._is_same_for_customer(self.revision_id)
                else self.env._("the content has changed since")
            )
        if self.currency_id != order.currency_id:
            return self.env._("the order has another currency now")
        if self.currency_id.compare_amounts(order.amount_total, self.covered_total) > 0:
            return self.env._(
                "the order was %(old)s then and is %(new)s now",
                old=self._format(self.covered_total),
                new=self._format(order.amount_total),
            )
        missing = condition.get("missing") or 0.0
        if self.currency_id.compare_amounts(missing, self.covered_missing) > 0:
            return self.env._(
                "%(old)s was missing then and %(new)s is missing now",
                old=self._format(self.covered_missing),
                new=self._format(missing),
            )
        return ""

    def _filter_paid(self):
        """Return those for which all the money that was missing has been received."""
        asked = self.filtered("make_good_amount")
        counted = asked.order_id._get_counted()
        return asked.filtered(
            lambda waiver: (
                waiver.currency_id == waiver.order_id.currency_id
                and waiver.currency_id.compare_amounts(
                    counted[waiver.order_id],
                    min(waiver.make_good_amount, waiver.order_id.amount_total),
                )
                >= 0
            )
        )

    def _format(self, amount):
        self.ensure_one()
        return format_amount(self.env, amount, self.currency_id)

    def _get_condition_values(self):
        """Return what a condition that is passed says about its waiver."""
        self.ensure_one()
        return {
            "id": self.id,
            "user": self.user_id.name,
            "reason": self.reason,
            "make_good": self.make_good,
            "make_good_by": fields.Date.to_string(self.make_good_by),
            "made_good": self.state == "made_good",
            "overdue": self.is_overdue,
        }

    # ------------------------------------------------------------- in words

    def _get_label(self):
        """Return the waived condition in the reader's language."""
        self.ensure_one()
        return dict(self._selection_condition()).get(self.condition, self.condition)

    def _get_short_text(self):
        """Return what the shipping papers say: what, who, by when; no reason."""
        self.ensure_one()
        values = {
            "condition": self._get_label(),
            "user": self.user_id.name,
            "date": format_date(self.env, self.make_good_by),
        }
        if self.is_overdue:
            return self.env._(
                "%(condition)s: waived by %(user)s, OVERDUE, to be made good by"
                " %(date)s",
                **values,
            )
        return self.env._(
            "%(condition)s: waived by %(user)s, to be made good by %(date)s", **values
        )

    def _get_text(self):
        """Return what the order's own screens say: also why, and what is owed."""
        self.ensure_one()
        return self.env._(
            "%(short)s: %(make_good)s. Reason: %(reason)s",
            short=self._get_short_text(),
            make_good=self.make_good.rstrip(". "),
            reason=self.reason,
        )
