from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount

from .order_desk_sheet import POLICY_GROUPS, SIGNING_STATES


class OrderDeskSheet(models.Model):
    """What the review looks at: the second look, prices, terms and credit (SPEC B)."""

    _inherit = "order.desk.sheet"

    entered_by_ids = fields.Many2many(
        "res.users",
        "order_desk_sheet_entered_by_rel",
        string="Entered by",
        readonly=True,
        copy=False,
        help="Who entered, changed or submitted what the next second look is about;"
        " somebody else takes it.",
    )
    has_price_exception = fields.Boolean(
        "Price Exception",
        compute="_compute_has_price_exception",
        compute_sudo=True,
        search="_search_has_price_exception",
        groups=POLICY_GROUPS,
        help="A price is off the pricelist or below cost.",
    )
    is_held_by_money = fields.Boolean(
        "Held by Money",
        compute="_compute_is_held_by_money",
        compute_sudo=True,
        search="_search_is_held_by_money",
        help="The customer has overdue invoices or is over the credit limit.",
    )
    credit_note = fields.Text(
        "Credit",
        compute="_compute_credit_note",
        compute_sudo=True,
        help="What the customer owes, how much of it is overdue, and the credit limit.",
    )
    exceptions = fields.Json(
        compute="_compute_exceptions", compute_sudo=True, groups=POLICY_GROUPS
    )
    noted_exceptions = fields.Json(readonly=True, copy=False, groups=POLICY_GROUPS)
    resigning_user_ids = fields.Json(readonly=True, copy=False)
    card_exceptions = fields.Json(
        compute="_compute_card_exceptions", groups=POLICY_GROUPS
    )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "entered_by_ids": [],
            "noted_exceptions": False,
            "resigning_user_ids": False,
        }

    @api.model_create_multi
    def create(self, vals_list):
        sheets = super().create(vals_list)
        for sheet in sheets:
            order = sheet.order_id
            sheet._note_entry(
                order.create_uid | order.order_line.create_uid | self.env.user
            )
        return sheets

    def _note_entry(self, users=None):
        """Remember who had a hand in the content (SPEC B1)."""
        users = users or self.env.user
        for sheet in self.sudo():  # protected: kept by the desk alone
            if users - sheet.entered_by_ids:
                sheet.entered_by_ids |= users

    @api.depends("order_line.price_exception")
    def _compute_has_price_exception(self):
        for sheet in self:
            sheet.has_price_exception = any(sheet.order_line.mapped("price_exception"))

    def _search_has_price_exception(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain("order_id.order_line.price_exception", "!=", False)
        return domain if True in value else ~domain

    # ------------------------------------------------------------- credit

    def _get_overdue(self):
        """Return overdue amounts, ``{(company, customer): amount}``, company currency.

        Customers who owe nothing overdue are not in the result.
        """
        return {
            key: amount
            for key, days in self.order_id._read_overdue().items()
            if (amount := sum(days.values())) > 0
        }

    def _get_credit_excess(self):
        """Return by how much the customer is over the credit limit, 0 if not."""
        self.ensure_one()
        return self.order_id._get_credit_excess()

    @api.depends("partner_id", "company_id")
    def _compute_is_held_by_money(self):
        overdue = self._get_overdue()
        for sheet in self:
            customer = sheet.partner_id.commercial_partner_id
            sheet.is_held_by_money = bool(
                (sheet.company_id, customer) in overdue or sheet._get_credit_excess()
            )

    def _search_is_held_by_money(self, operator, value):
        if operator != "in":
            return NotImplemented
        open_sheets = self.search(
            [("state", "not in", ("draft", "released", "done", "cancel"))]
        )
        held = open_sheets.filtered("is_held_by_money")
        return Domain("id", "in" if True in value else "not in", held.ids)

    @api.depends("partner_id", "company_id", "payment_term_id")
    @api.depends_context("lang")
    def _compute_credit_note(self):
        overdue = self._get_overdue()
        for sheet in self:
            company = sheet.company_id
            customer = sheet.partner_id.commercial_partner_id.with_company(company)
            lines = [self.env._("Owed: %s", sheet._format_money(customer.credit))]
            if amount := overdue.get((company, customer)):
                lines.append(self.env._("Overdue: %s", sheet._format_money(amount)))
            if company.account_use_credit_limit and customer.credit_limit:
                lines.append(
                    self.env._(
                        "Credit limit: %s", sheet._format_money(customer.credit_limit)
                    )
                )
            sheet.credit_note = "\n".join(lines)

    def _format_money(self, amount):
        return format_amount(self.env, amount, self.company_id.currency_id)

    # ------------------------------------------------------------- what is unusual

    def _get_exceptions(self):
        """Return what is unusual about each order: ``{sheet: [code]}``.

        The codes of the customer class are followed by a colon and the class.
        """
        strictest = self.env["order.desk.customer.class"]._get_strictest()
        overdue = self._get_overdue()
        found = {}
        for sheet in self:
            customer = sheet.partner_id.commercial_partner_id
            customer_class = sheet.customer_class_id
            prices = sheet.order_line.mapped("price_exception")
            unclassified = not sheet._has_class_of_its_own()
            applies = {
                "below_cost": "below_cost" in prices,
                "off_list": "off_list" in prices,
                "non_standard": sheet.is_non_standard,
                f"unclassified:{customer_class.code}": strictest and unclassified,
                f"class:{customer_class.code}": strictest
                and customer_class == strictest
                and not unclassified,
                "overdue": (sheet.company_id, customer) in overdue,
                "credit": sheet._get_credit_excess(),
                "no_payment_term": not sheet.payment_term_id,
                "payment_term": sheet.payment_term_id and sheet._has_unusual_terms(),
                "pricelist": sheet._has_unusual_pricelist(),
                "late_finish": sheet._is_finished_late(),
                "short_date": sheet._has_short_date(),
            }
            found[sheet] = [code for code, holds in applies.items() if holds]
        return found

    @api.model
    def _get_exception_badges(self, codes):
        """Return codes as badges for people: ``[{"code", "label", "level"}]``."""
        details = dict(code.partition(":")[::2] for code in codes)
        badges = self._get_exception_labels(details)
        return [
            {"code": kind, "label": badges[kind][0], "level": badges[kind][1]}
            for kind in details
        ]

    @api.model
    def _get_exception_labels(self, details):
        """Return what each code says and how bad it is; modules add theirs.

        :param details: ``{code: what follows its colon}`` of those that apply
        """
        return {
            "below_cost": (self.env._("Price below cost"), "danger"),
            "off_list": (self.env._("Price off the pricelist"), "warning"),
            "non_standard": (self.env._("Non-standard line"), "warning"),
            "unclassified": (
                self.env._("No class: %s applies", details.get("unclassified")),
                "warning",
            ),
            "class": (self.env._("Class %s", details.get("class")), "warning"),
            "overdue": (self.env._("Overdue invoices"), "danger"),
            "credit": (self.env._("Over the credit limit"), "danger"),
            "no_payment_term": (self.env._("No payment terms"), "warning"),
            "payment_term": (self.env._("Unusual payment terms"), "warning"),
            "pricelist": (self.env._("Unusual pricelist"), "warning"),
            "late_finish": (self.env._("Finished after the delivery date"), "danger"),
            "short_date": (self.env._("Short date"), "warning"),
            "changed": (self.env._("Changed since you signed"), "info"),
        }

    @api.depends(
        "order_line.price_exception",
        "order_line.is_non_standard",
        "order_id.payment_term_id",
        "commitment_date",
        "finish_date",
        "customer_class_id",
    )
    @api.depends_context("lang", "uid")
    def _compute_exceptions(self):
        """What is unusual about the order, shown before anybody signs."""
        found = self._get_exceptions()
        for sheet in self:
            changed = ["changed"] if sheet._get_my_stale() else []
            sheet.exceptions = self._get_exception_badges(found[sheet] + changed)

    @api.depends("noted_exceptions", "resigning_user_ids")
    @api.depends_context("lang", "uid")
    def _compute_card_exceptions(self):
        """The same as noted at the last step, for lists of very many cards."""
        for sheet in self:
            changed = self.env.uid in (sheet.resigning_user_ids or ())
            sheet.card_exceptions = self._get_exception_badges(
                [*(sheet.noted_exceptions or ()), *(["changed"] if changed else ())]
            )

    def _note_exceptions(self, todos):
        """Keep what the cards show, see ``card_exceptions``.

        :param todos: what there is to do, see ``_get_todos``
        """
        resigning = defaultdict(set)
        for (sheet, _kind, user), roles in todos.items():
            last = sheet._get_last_signatures()
            if any(role in last and last[role].decision == "signed" for role in roles):
                resigning[sheet].add(user.id)
        for sheet, codes in self._get_exceptions().items():
            users = sorted(resigning[sheet])
            if (sheet.noted_exceptions or []) != codes:
                sheet.noted_exceptions = codes
            if (sheet.resigning_user_ids or []) != users:
                sheet.resigning_user_ids = users

    def _has_class_of_its_own(self):
        """Tell whether somebody has put the customer into a class (SPEC A2, F1)."""
        self.ensure_one()
        # whoever works on an order may know what applies to it
        customer = self.partner_id.commercial_partner_id.sudo()
        return customer.with_company(self.company_id).order_desk_class_id.active

    def _has_unusual_terms(self):
        """Tell whether the payment terms differ from those agreed (SPEC B4)."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id.with_company(self.company_id)
        usual = customer.property_payment_term_id
        return bool(usual) and self.payment_term_id != usual

    def _has_unusual_pricelist(self):
        """Tell whether the prices are checked against another customer's pricelist."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id.with_company(self.company_id)
        usual = customer.property_product_pricelist
        return bool(usual) and self.order_id.pricelist_id != usual

    def _is_finished_late(self):
        """Tell whether production finishes after the delivery date."""
        self.ensure_one()
        return bool(
            self.finish_date
            and self.commitment_date
            and self.finish_date
            > self.company_id._order_desk_date(self.commitment_date)
        )

    def _has_short_date(self):
        """Tell whether the delivery date follows the order too soon."""
        self.ensure_one()
        if not self.commitment_date:
            return False
        company = self.company_id
        delivery = company._order_desk_date(self.commitment_date)
        ordered = company._order_desk_date(self.order_id.date_order)
        return (delivery - ordered).days < company.order_desk_short_days

    def _get_my_stale(self):
        """Return the user's own last signatures whose content has changed since."""
        self.ensure_one()
        return [
            signature
            for role, signature in self._get_last_signatures().items()
            if signature.decision == "signed"
            and self.env.user in role._get_signers(self)
            and signature._get_changed_aspects()
        ]

    # ------------------------------------------------------------- second look

    def action_check(self, check_items=None, note=False):
        """Take the second look at these sheets (SPEC B1).

        :param check_items: ``order.desk.check.item`` or ids of what was looked at;
            left out, the caller states that it was everything on the checklist
        :raise UserError: wrong step, no right to, entered by the same person, or
            something has not been looked at
        """
        self._lock()
        self._check_states(SIGNING_STATES)
        looked_at = self._browse_check_items(check_items, "review")
        to_sign = {
            sheet: roles.filtered("is_second_look")
            for sheet, roles in self._get_roles_to_sign().items()
        }
        for role, sheets in self._group_by_role(to_sign).items():
            sheets._sign(role, "signed", note=note, check_items=looked_at)
        pending = self._get_pending_roles("review")
        # what is entered from now on is for the next second look
        self.sudo().filtered(
            lambda sheet: not any(pending[sheet].mapped("is_second_look"))
        ).entered_by_ids = False
        self._advance()

    @api.model
    def _browse_check_items(self, check_items, usage):
        """Return the checklist if all of it was looked at.

        :raise UserError: names what has not been
        """
        # whoever checks may do so without access to the set-up of the desk
        every = self.env["order.desk.check.item"].sudo().search([("usage", "=", usage)])
        if check_items is None:
            return every
        ids = getattr(check_items, "ids", check_items)
        left = every.filtered(lambda item: item.id not in ids)
        if left:
            raise UserError(
                self.env._(
                    "Look at these as well, then tick them:\n%s",
                    "\n".join(f"• {item.name}" for item in left),
                )
            )
        return every
