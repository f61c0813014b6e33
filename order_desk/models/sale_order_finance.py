from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

# the steps in which an order may wait for money
WAITING_STATES = ("countersign", "coding", "confirming", "released")
# what an invoice settles at the gates; credit is the customer's as a whole
ORDER_MONEY = ("deposit", "agreed_deposit", "balance")


class SaleOrder(models.Model):
    """Finance's list: the orders that wait for money (SPEC F4)."""

    _inherit = "sale.order"

    order_desk_code = fields.Char(
        "Order Code", related="sheet_id.order_code", groups="base.group_user"
    )
    order_desk_class_id = fields.Many2one(
        "order.desk.customer.class",
        "Class",
        compute="_compute_order_desk_class_id",
        search="_search_order_desk_class_id",
        groups="base.group_user",
        help="The customer class that applies to this order.",
    )
    money_gate = fields.Selection(
        [("production", "Release to production"), ("shipping", "Shipping")],
        "Waits before",
        compute="_compute_money_state",
        compute_sudo=True,
        search="_search_money_gate",
        groups="base.group_user",
        help="The gate that the order comes to next.",
    )
    money_state = fields.Selection(
        [
            ("deposit", "Deposit"),
            ("balance", "Balance"),
            ("credit", "Credit"),
            ("confirm", "Confirmation by finance"),
        ],
        "Waits for",
        compute="_compute_money_state",
        compute_sudo=True,
        search="_search_money_state",
        groups="base.group_user",
        help="What money the order waits for before it goes on.",
    )
    money_due = fields.Monetary(
        "Due Now",
        compute="_compute_money_state",
        compute_sudo=True,
        groups="base.group_user",
        help="What is missing for the order to go on.",
    )
    money_verified = fields.Monetary(
        "Confirmed",
        compute="_compute_money_state",
        compute_sudo=True,
        groups="base.group_user",
        help="What finance has confirmed of the money received.",
    )
    money_to_confirm = fields.Monetary(
        "To Confirm",
        compute="_compute_money_state",
        compute_sudo=True,
        groups="base.group_user",
        help="What has arrived and counts once finance has confirmed it.",
    )
    is_money_to_confirm = fields.Boolean(
        "Money to Confirm",
        compute="_compute_is_money_to_confirm",
        search="_search_is_money_to_confirm",
        groups="base.group_user",
    )
    money_unallocated = fields.Monetary(
        "Unallocated",
        compute="_compute_money_state",
        compute_sudo=True,
        currency_field="money_company_currency_id",
        groups="account.group_account_invoice,account.group_account_readonly"
        ",sales_team.group_sale_salesman",
        help="Money of the customer that is posted and reconciled with no invoice. It"
        " counts for no order until it is registered against one of its invoices.",
    )
    money_company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company's Currency"
    )
    is_money_coverable = fields.Boolean(
        "Could Be Covered",
        compute="_compute_money_state",
        compute_sudo=True,
        search="_search_is_money_coverable",
        groups="base.group_user",
        help="The customer has unallocated money.",
    )
    money_since = fields.Date(
        "Since",
        compute="_compute_money_state",
        compute_sudo=True,
        groups="base.group_user",
        help="Since when the order has been on its way to this gate.",
    )
    money_hint = fields.Char(
        "What to Do",
        compute="_compute_money_state",
        compute_sudo=True,
        groups="base.group_user",
    )

    # ------------------------------------------------------------- the class

    @api.depends(
        "partner_id.commercial_partner_id.order_desk_class_id",
        "partner_id.commercial_partner_id.order_desk_class_id.active",
        "company_id",
    )
    def _compute_order_desk_class_id(self):
        self.order_desk_class_id = False
        known = self.filtered("partner_id")
        for order, customer_class in known._get_customer_classes().items():
            order.order_desk_class_id = customer_class

    def _search_order_desk_class_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = tuple(id_ for id_ in value if id_) or (0,)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._sql_order_desk_class(alias), ids
            )
        )

    def _sql_order_desk_class(self, alias):
        """Return the class of the orders in SQL, see ``_get_order_desk_class``."""
        self.env["res.partner"].flush_model(
            ["commercial_partner_id", "order_desk_class_id"]
        )
        self.env["order.desk.customer.class"].flush_model(["active"])
        strictest = self.env["order.desk.customer.class"]._get_strictest()
        return SQL(
            """COALESCE((
                SELECT class.id
                  FROM res_partner contact
                  JOIN res_partner customer
                    ON customer.id = contact.commercial_partner_id
                  JOIN order_desk_customer_class class
                    ON class.active AND class.id = (
                       customer.order_desk_class_id ->> %s::text)::integer
                 WHERE contact.id = %s), %s)""",
            SQL.identifier(alias, "company_id"),
            SQL.identifier(alias, "partner_id"),
            strictest.id or None,
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists be grouped by class and gate, which are stored nowhere."""
        if field_expr == "order_desk_class_id":
            return self._sql_order_desk_class(alias)
        if field_expr == "money_gate":
            state = self._field_to_sql(alias, "sheet_state", query)
            return SQL(
                "CASE WHEN %(state)s = 'released' THEN 'shipping'"
                " WHEN %(state)s IN %(before)s THEN 'production' END",
                state=state,
                before=WAITING_STATES[:-1],
            )
        return super()._field_to_sql(alias, field_expr, query)

    def _search_money_gate(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = {"production": WAITING_STATES[:-1], "shipping": WAITING_STATES[-1:]}
        wanted = [s for gate in value if gate for s in states.get(gate, ())]
        domain = Domain("sheet_id.state", "in", wanted)
        if False in value:
            domain |= ~Domain("sheet_id.state", "in", WAITING_STATES)
        return domain

    # ------------------------------------------------------------- what waits

    def _get_money_conditions(self):
        """Return the money conditions of the gate each order comes to next."""
        released = self.filtered(lambda order: order.sheet_id.state == "released")
        before = self - released
        return {
            **before._apply_waivers(
                "production", before._get_production_money_conditions()
            ),
            **released._apply_waivers(
                "shipping", released._get_shipping_money_conditions(None)
            ),
        }

    def _get_money_states(self):
        """Return what money these orders wait for: ``{order: dict}``.

        A dict has ``state`` (see ``money_state``, or False), ``due``, ``verified`` and
        ``to_confirm``, in the order's currency. Orders that wait for no money at all,
        as they are not under control or not at a gate, are not in the result.
        """
        orders = self.filtered(
            lambda order: (
                order.state == "sale" and order.sheet_id.state in WAITING_STATES
            )
        )
        received = orders._get_received()
        states = {}
        for order, conditions in orders._get_money_conditions().items():
            arrived, verified = received[order]
            confirms = order.company_id.order_desk_finance_confirms
            to_confirm = max(0.0, arrived - verified) if confirms else 0.0
            to_confirm = order.currency_id.round(to_confirm)
            unmet = {
                c["code"]: c.get("missing", 0.0) for c in conditions if not c["holds"]
            }
            states[order] = {
                "state": order._get_money_state(unmet, to_confirm),
                "due": max(unmet.values(), default=0.0),
                "verified": verified,
                "to_confirm": to_confirm,
            }
        return states

    def _get_money_state(self, unmet, to_confirm):
        """Return what an order waits for.

        :param unmet: ``{code of a money condition: missing amount}``
        :param to_confirm: what has arrived and finance has yet to confirm
        """
        self.ensure_one()
        own = {code: unmet[code] for code in ORDER_MONEY if code in unmet}
        if own and max(own.values()) > to_confirm:
            return "balance" if "balance" in own else "deposit"
        if own:
            return "confirm"
        if "credit" in unmet and self.delivery_status != "full":
            return "credit"
        return "confirm" if to_confirm else False

    @api.depends(
        "amount_total",
        "amount_received",
        "deposit_required",
        "sheet_id.state",
        "sheet_id.signature_ids",
        "invoice_ids.state",
        "invoice_ids.amount_residual",
    )
    @api.depends_context("lang")
    def _compute_money_state(self):
        states = self._get_money_states()
        unallocated = self._get_unallocated()
        for order in self:
            found = states.get(order, {})
            released = order.sheet_id.state == "released"
            customer = order.partner_id.commercial_partner_id
            free = unallocated.get((order.company_id, customer), 0.0)
            waits = found.get("state")
            order.money_state = waits
            order.money_gate = (
                False if not found else "shipping" if released else "production"
            )
            order.money_due = found.get("due", 0.0)
            order.money_verified = found.get("verified", 0.0)
            order.money_to_confirm = found.get("to_confirm", 0.0)
            order.money_unallocated = free
            order.is_money_coverable = bool(waits in ("deposit", "balance") and free)
            order.money_since = found and order._get_money_since()
            order.money_hint = order._get_money_hint() if waits else False

    def _get_money_since(self):
        """Return since when the order has been on its way to its next gate."""
        sheet = self.sheet_id
        start = sheet.step_since if sheet.state == "released" else self.date_order
        return start and self.company_id._order_desk_date(start)

    def _get_money_hint(self):
        """Return what an accountant can do so that the order goes on."""
        self.ensure_one()
        if self.money_state == "confirm":
            return self.env._(
                "%s has arrived: confirm it.",
                self._format_order_money(self.money_to_confirm),
            )
        if self.money_state == "credit":
            return self.env._("The customer is over the credit that the class allows.")
        invoice = self._get_open_invoice()
        if self.is_money_coverable:
            values = {
                "amount": format_amount(
                    self.env, self.money_unallocated, self.company_id.currency_id
                ),
                "invoice": invoice.name,
            }
            if invoice:
                return self.env._(
                    "%(amount)s unallocated could cover this order: register it against"
                    " invoice %(invoice)s.",
                    **values,
                )
            if self.money_state == "deposit":
                return self.env._(
                    "%s unallocated could cover this order, but it has no invoice yet:"
                    " the deposit has to be asked for.",
                    values["amount"],
                )
            return self.env._(
                "%s unallocated could cover this order, but it has no open invoice:"
                " invoice what is still to be paid.",
                values["amount"],
            )
        if invoice:
            return self.env._(
                "Open: invoice %(invoice)s, due on %(date)s.",
                invoice=invoice.name,
                date=format_date(self.env, invoice.invoice_date_due),
            )
        if self.money_state == "deposit":
            return self.env._("No invoice yet: the deposit has to be asked for.")
        return self.env._("No open invoice: invoice what is still to be paid.")

    def _get_open_invoice(self):
        """Return the oldest posted invoice of this order that is not paid."""
        self.ensure_one()
        return self.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.amount_residual > 0
            )
        ).sorted(lambda move: (move.invoice_date_due or move.date, move.id))[:1]

    @api.depends("money_to_confirm")
    def _compute_is_money_to_confirm(self):
        for order in self:
            order.is_money_to_confirm = order.money_to_confirm > 0

    # ------------------------------------------------------------- finding them

    def _get_money_candidates(self):
        """Return the orders that may wait for money, in the user's companies."""
        # whoever searches need not see each of them: their own rules apply as well
        return self.sudo().search(
            [
                ("sheet_id.state", "in", WAITING_STATES),
                ("state", "=", "sale"),
                ("company_id", "in", self.env.companies.ids),
            ]
        )

    def _search_money_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = self._get_money_candidates()._get_money_states()
        waiting = {order.id: found["state"] for order, found in states.items()}
        domain = Domain("id", "in", [i for i, s in waiting.items() if s and s in value])
        if False in value:
            domain |= Domain("id", "not in", [i for i, s in waiting.items() if s])
        return domain

    def _search_is_money_to_confirm(self, operator, value):
        if operator != "in":
            return NotImplemented
        confirming = self._get_money_candidates().filtered(
            lambda order: order.company_id.order_desk_finance_confirms
        )
        states = confirming._get_money_states()
        ids = [order.id for order, found in states.items() if found["to_confirm"]]
        return Domain("id", "in" if True in value else "not in", ids)

    def _search_is_money_coverable(self, operator, value):
        if operator != "in":
            return NotImplemented
        candidates = self._get_money_candidates()
        unallocated = candidates._get_unallocated()
        candidates = candidates.filtered(
            lambda order: unallocated.get(
                (order.company_id, order.partner_id.commercial_partner_id)
            )
        )
        states = candidates._get_money_states()
        ids = [o.id for o, f in states.items() if f["state"] in ("deposit", "balance")]
        return Domain("id", "in" if True in value else "not in", ids)

    # ------------------------------------------------------------- one click away

    def action_view_money_invoices(self):
        """Open the invoices of these orders; over the credit, those overdue."""
        if set(self.mapped("money_state")) == {"credit"}:
            customers = self.partner_id.commercial_partner_id
            action = self.env["ir.actions.actions"]._for_xml_id(
                "account.action_move_out_invoice_type"
            )
            action["domain"] = [
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("commercial_partner_id", "in", customers.ids),
            ]
            action["context"] = {
                "default_move_type": "out_invoice",
                "search_default_unpaid": 1,
            }
            return action
        if not self.invoice_ids:
            raise UserError(
                self.env._(
                    "%s: there is no invoice yet. Sales asks for the deposit with the"
                    " button “Ask for deposit” on the order.",
                    ", ".join(self.mapped("name")),
                )
            )
        return self.action_view_invoice()

    def action_view_money_unallocated(self):
        """Open what these customers have paid and no invoice has used up."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_amounts_to_settle"
        )
        action.update(
            name=self.env._("Unallocated Money"),
            domain=self._get_unallocated_domain(),
        )
        return action

    def action_confirm_receipt(self):
        """Confirm in the name of finance what has arrived for these orders."""
        return self.sheet_id.action_confirm_receipt()
