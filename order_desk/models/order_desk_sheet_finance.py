from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_desk_sheet import SIGNING_STATES

FINANCE_TODOS = ("confirm_receipt", "money_lost", "money_trouble")


class OrderDeskSheet(models.Model):
    """Finance's signature: a person has seen what has arrived (SPEC F4)."""

    _inherit = "order.desk.sheet"

    can_confirm_receipt = fields.Boolean(
        compute="_compute_can_confirm_receipt", compute_sudo=True
    )

    balance_table = fields.Json(related="order_id.balance_table")

    def _get_finance_roles(self):
        """Return the role of finance in the companies that want its signature."""
        return {
            company: roles.filtered(lambda role: role.step == "finance")
            for company, roles in self._get_roles().items()
            if company.order_desk_finance_confirms
        }

    def _get_unconfirmed(self):
        """Return what finance has yet to confirm: ``{sheet: (received, confirmed)}``.

        In the order's currency, for sheets on which there is something to confirm.
        """
        sheets = self.sudo().filtered(  # the sums are asked for by the desk itself
            lambda sheet: (
                sheet.company_id.order_desk_finance_confirms
                and sheet.state not in ("draft", "cancel")
            )
        )
        received = sheets.order_id._get_received()
        return {
            sheet.with_env(self.env): received[sheet.order_id]
            for sheet in sheets
            if sheet.currency_id.compare_amounts(*received[sheet.order_id]) > 0
        }

    @api.depends("order_id.amount_received", "signature_ids")
    @api.depends_context("uid")
    def _compute_can_confirm_receipt(self):
        roles = self._get_finance_roles()
        unconfirmed = self._get_unconfirmed()
        for sheet in self:
            sheet.can_confirm_receipt = sheet in unconfirmed and bool(
                roles[sheet.company_id]._filter_mine(sheet)
            )

    # ------------------------------------------------------------- confirming

    def action_confirm_receipt(self):
        """Sign for finance that what has arrived for these orders is there.

        :raise UserError: the company wants no such signature, the user may not give
            it, or nothing new has arrived; nothing is confirmed then
        :return: an action that says what was confirmed
        """
        self.check_access("read")
        self._lock()
        roles = self._get_finance_roles()
        unconfirmed = self._get_unconfirmed()
        errors = [
            error
            for sheet in self
            if (error := sheet._get_confirm_receipt_error(roles, unconfirmed))
        ]
        if errors or not self:
            raise UserError(
                "\n".join(errors) or self.env._("Choose the orders to confirm.")
            )
        last = self.sudo().order_id._get_last_reconciliations()
        # nobody has the right to create signatures but by signing
        signatures = (
            self.env["order.desk.signature"]
            .sudo()
            .create(
                [
                    sheet._prepare_receipt_vals(
                        roles[sheet.company_id]._filter_mine(sheet)[:1],
                        unconfirmed[sheet],
                        last,
                    )
                    for sheet in self
                ]
            )
        )
        signatures._post_in_chatter()
        self.sudo()._note_money_moved()  # the gates open by what is confirmed
        self._update_todos()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Confirmed: %s. The orders go on by themselves.",
                    ", ".join(self.sudo().mapped("order_id.name")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_confirm_receipt_error(self, roles, unconfirmed):
        """Return why the current user cannot confirm anything here, or ""."""
        self.ensure_one()
        order = self.sudo().order_id
        if self.company_id not in roles:
            return self.env._(
                "%(order)s: money counts by itself in %(company)s. To have a person of"
                " finance confirm it, set “Finance Confirms Each Receipt” in the"
                " settings of the order desk.",
                order=order.name,
                company=self.company_id.name,
            )
        if not roles[self.company_id]._filter_mine(self):
            names = [role._get_signers_text(self) for role in roles[self.company_id]]
            return self.env._(
                "%(order)s: you cannot confirm receipts. This is done by: %(roles)s.",
                order=order.name,
                roles="; ".join(names) or self.env._("no one assigned"),
            )
        if self not in unconfirmed:
            return self.env._(
                "%(order)s: nothing new has arrived. %(amount)s received for this"
                " order in all.",
                order=order.name,
                amount=order._format_order_money(order.amount_received),
            )
        return ""

    def _prepare_receipt_vals(self, role, money, last):
        """Return the values of finance's signature.

        :param money: what has arrived and what of it was confirmed before
        :param last: see ``_get_last_reconciliations``
        """
        self.ensure_one()
        order = self.sudo().order_id
        received, confirmed = money
        invoices = ", ".join(order._get_paid_invoices().mapped("name"))
        return {
            "sheet_id": self.id,
            "role_id": role.id,
            "user_id": self.env.uid,
            "on_behalf_of_id": role._get_absent_signer(self.env.user).id,
            "decision": "signed",
            "signed_on": fields.Datetime.now(),
            "statement": self.env._(
                "Confirmed %(new)s; received %(received)s in all of %(total)s, deposit"
                " required %(deposit)s. Invoices: %(invoices)s",
                new=order._format_order_money(received - confirmed),
                received=order._format_order_money(received),
                total=order._format_order_money(order.amount_total),
                deposit=order._format_order_money(order.deposit_required),
                invoices=invoices,
            ),
            "revision": self.revision,
            "digests": {},
            "seen_reconcile_id": last[order],
        }

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        todos = super()._get_todos()
        todos.update(self._get_finance_todos())
        return todos

    def _get_finance_todos(self):
        """Return what finance, and others about money, have to do."""
        todos = {}
        no_role = self.env["order.desk.role"].sudo()
        roles = self._get_finance_roles()
        for sheet in self._get_unconfirmed():
            for role in roles[sheet.company_id]:
                for user in role._get_signers():
                    todos[sheet, "confirm_receipt", user] = role
        for sheet in self.filtered("money_lost"):
            for user in sheet._get_money_lost_users():
                todos[sheet, "money_lost", user] = no_role
        for sheet in self.filtered("money_trouble"):
            user = sheet.clerk_id or sheet.user_id
            if user and sheet.state in SIGNING_STATES:
                todos[sheet, "money_trouble", user] = no_role
        return todos

    def _get_money_lost_users(self):
        """Return who is told that money was taken back: finance and sales."""
        self.ensure_one()
        roles = self._get_roles()[self.company_id]
        finance = roles.filtered(lambda role: role.step == "finance")
        signers = self.env["res.users"].union(*(r._get_signers() for r in finance))
        return signers | self.user_id | self.clerk_id

    def _get_todo_summary(self, kind, user, roles):
        if kind not in FINANCE_TODOS:
            return super()._get_todo_summary(kind, user, roles)
        env = self.with_context(lang=user.lang).env
        return {
            "confirm_receipt": env._("Money has arrived: confirm the receipt"),
            "money_lost": env._("Money was taken back: see the message on the sheet"),
            "money_trouble": env._("The money is there, the release failed: see why"),
        }[kind]
