from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .sale_order_down_payment import ASKING_STATES


class SaleOrder(models.Model):
    """The deposit: asked for with one button, and reminded of (SPEC F1)."""

    _inherit = "sale.order"

    deposit_to_ask = fields.Monetary(
        compute="_compute_deposit_to_ask",
        compute_sudo=True,
        groups="base.group_user",
        help="What of the deposit no invoice has asked for yet.",
    )
    deposit_asked = fields.Monetary(
        compute="_compute_deposit_to_ask",
        compute_sudo=True,
        groups="base.group_user",
        help="What the customer has been asked for and has not paid yet.",
    )

    @api.depends("state", "sheet_id.state", "deposit_required", "amount_received")
    def _compute_deposit_to_ask(self):
        asking = self.filtered(
            lambda order: order._is_asking_step() and order.deposit_required
        )
        missing = asking._get_deposit_missing()
        asked = asking._get_asked()
        for order in self:
            most = missing.get(order, 0.0)
            order.deposit_asked = min(most, sum(asked.get(order, {}).values()))
            order.deposit_to_ask = order.currency_id.round(most - order.deposit_asked)

    def _get_deposit_missing(self):
        """Return what of the deposit has not been received: ``{order: amount}``."""
        return {
            order: order.currency_id.round(max(0.0, order.deposit_required - received))
            for order, (received, _verified) in self._get_received().items()
        }

    # ------------------------------------------------------------- what is in the way

    def _get_deposit_errors(self, via):
        """Return why the deposit cannot be asked for now: ``{order: reason}``."""
        missing = self._get_deposit_missing()
        asked = self._get_asked()
        reasons = {
            order: order._get_deposit_error(missing[order], asked[order])
            or order._get_invoicing_error()
            or order._get_email_error(order.partner_invoice_id, via)
            for order in self
        }
        return {order: reason for order, reason in reasons.items() if reason}

    def _get_deposit_error(self, missing, asked):
        """Return why no deposit is to be asked for, or "" when one is."""
        self.ensure_one()
        if error := self._get_step_error():
            return error
        if not self.deposit_required:
            return self.env._(
                "%s: no deposit is due. The customer class and the order ask for none,"
                " or the order is worth nothing.",
                self.name,
            )
        if not missing:
            return self.env._("%s: the deposit has been received.", self.name)
        if self.currency_id.compare_amounts(missing, sum(asked.values())) > 0:
            return ""
        drafts = [invoice for invoice in asked if invoice.state == "draft"]
        if drafts:
            return self.env._(
                "%(order)s: %(invoice)s asks for the deposit and is a draft. Accounting"
                " posts and sends it, or deletes it.",
                order=self.name,
                invoice=drafts[0].display_name,
            )
        return self.env._(
            "%(order)s: the deposit has been asked for already: %(invoices)s. Use the"
            " button “Send Deposit Invoice Again” for a"
            " reminder.",
            order=self.name,
            invoices=self._get_asked_text(asked),
        )

    # ------------------------------------------------------------- asking

    def action_ask_deposit(self, via="email"):
        """Ask for the deposits: post Odoo's down-payment invoices and send them.

        :param via: "email" or "print"
        :return: a notification, or what is to be printed
        :raise UserError: nothing to ask for, asked for already, or it cannot be
            invoiced or sent; nothing is done then
        """
        self._start_asking()
        if errors := self._get_deposit_errors(via):
            raise UserError("\n".join(errors.values()))
        invoices = self.env["account.move"].sudo()  # see _post_down_payment
        for order in self:
            invoice = order._post_down_payment(order.deposit_to_ask)
            order.sheet_id._message_log(
                body=self.env._(
                    "The deposit was asked for: %(invoice)s over %(amount)s.",
                    invoice=invoice.name,
                    amount=format_amount(
                        self.env, invoice.amount_total, invoice.currency_id
                    ),
                )
            )
            invoices += invoice
        self.sheet_id._add_milestones("deposit_asked")
        return self._hand_over(invoices, via)

    def action_remind_deposit(self, via="email"):
        """Send the invoices that ask for the deposits once more.

        :raise UserError: the deposit has not been asked for, or has been received
        """
        self._start_asking()
        errors = []
        invoices = self.env["account.move"].sudo()  # see _post_down_payment
        for order, asked in self._get_asked().items():
            unpaid = invoices.union(*asked).filtered(
                lambda invoice: invoice.state == "posted" and invoice.amount_residual
            )
            if not unpaid or not order.deposit_asked:
                errors.append(
                    self.env._(
                        "%s: no invoice over the deposit waits for the customer's"
                        " payment.",
                        order.name,
                    )
                )
            elif error := order._get_email_error(order.partner_invoice_id, via):
                errors.append(error)
            invoices |= unpaid
        if errors:
            raise UserError("\n".join(errors))
        for order in self:
            order.sheet_id._message_log(
                body=self.env._("The customer was reminded of the deposit.")
            )
        return self._hand_over(invoices, via)

    # ------------------------------------------------------------- the gate

    def _get_deposit_action(self):
        """Return what the user can do about the deposit with a click, or ""."""
        self.ensure_one()
        sheet = self.sheet_id
        may_ask = sheet.sudo(False).has_access("write")
        if sheet.state not in ASKING_STATES or not may_ask:
            return ""
        if self._was_deposit_asked():
            return self.env._("Remind of deposit")
        return self.env._("Ask for deposit")

    def _was_deposit_asked(self):
        """Tell whether the desk has asked for the deposit before."""
        self.ensure_one()
        return "deposit_asked" in self.sudo().sheet_id.milestone_ids.mapped("code")

    def action_open_condition(self, code):
        if code != "deposit" or not self.sheet_id.has_access("write"):
            return super().action_open_condition(code)
        asked = self.deposit_asked and not self.deposit_to_ask
        if asked and self._was_deposit_asked():
            return self.action_remind_deposit()
        return self.action_ask_deposit()
