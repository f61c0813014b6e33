from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .order_desk_balance_notice import SENT_VIA


class OrderDeskBalanceNotice(models.Model):
    """The way of a notice: prepared, sent, paid or withdrawn (SPEC F3)."""

    _inherit = "order.desk.balance.notice"

    def _start(self):
        """Let one person at a time move these notices on, if they may at all."""
        sheets = self.sheet_id
        sheets.check_access("write")
        sheets._lock()
        sheets._start_over_if_second()
        self.invalidate_recordset(["state"])  # the other one may have been quicker

    def _tell(self, body):
        """Tell the story on the sheet."""
        for notice in self:
            notice.sheet_id._message_log(body=body)

    # ------------------------------------------------------------- preparing

    @api.model
    def _prepare(self, orders):
        """Return a notice for each of ``orders``, up to date with what is finished.

        The one that is being prepared goes on; else there is a new one.
        """
        ready = orders._get_ready_quantities()
        shipped = orders._get_shipped_quantities()
        drafts = {
            order: order.sheet_id.balance_notice_ids.filtered(
                lambda notice: notice.state == "draft"
            )
            for order in orders
        }
        for draft in drafts.values():
            if draft:
                draft._refresh_lines(ready, shipped)
        missing = [order for order, draft in drafts.items() if not draft]
        created = self.create(
            [self._prepare_vals(order, ready, shipped) for order in missing]
        )
        notices = created.union(*drafts.values())
        notices._refresh_amounts()
        return notices

    @api.model
    def _prepare_vals(self, order, ready, shipped):
        older = order.sheet_id.balance_notice_ids.filtered(lambda n: n.state == "sent")
        return {
            "sheet_id": order.sheet_id.id,
            "partner_id": order.partner_invoice_id.id,
            "finished_on": older.finished_on or fields.Datetime.now(),
            "pay_until": order.company_id._order_desk_pay_until(),
            "line_ids": [
                (
                    0,
                    0,
                    {
                        "sequence": number,
                        "sale_line_id": line.id,
                        "shipped_qty": shipped.get(line, 0.0),
                        "ready_qty": ready.get(line, 0.0),
                        "quantity": ready.get(line, 0.0),
                    },
                )
                for number, line in enumerate(order.order_line)
                if line._is_goods() or line in ready
            ],
        }

    def _refresh_lines(self, ready, shipped):
        """Bring the lines in line with what is finished; what people chose stays."""
        self.ensure_one()
        vals = self._prepare_vals(self.order_id, ready, shipped)
        known = {line.sale_line_id.id: line for line in self.line_ids}
        commands = []
        for command in vals["line_ids"]:
            new = command[2]
            line = known.pop(new["sale_line_id"], None)
            if not line:
                commands.append(command)
                continue
            chosen = line.product_uom_id.compare(line.quantity, line.ready_qty) < 0
            if chosen:
                new["quantity"] = min(line.quantity, new["ready_qty"])
            commands.append((1, line.id, new))
        commands += [(2, line.id) for line in known.values()]
        self.write({"line_ids": commands})

    def _refresh_amounts(self):
        """Work out what these notices ask for, from the goods on them."""
        leaving = {
            line.sale_line_id: line.quantity for line in self.line_ids if line.quantity
        }
        money = self.order_id._get_finished_money(leaving)
        for notice in self:
            values = money.get(notice.order_id) or {}
            notice.write(
                {
                    "shipped_value": values.get("shipped_value", 0.0),
                    "leaving_value": values.get("leaving_value", 0.0),
                    "amount_needed": values.get("needed", 0.0),
                    "amount_asked": values.get("to_ask", 0.0),
                }
            )

    # ------------------------------------------------------------- sending

    def action_send(self, via="email"):
        """Send these notices to the customers, or remind them with the same ones.

        :param via: "email", "print", "fax" or "phone"
        :return: what is to be printed, if anything
        :raise UserError: nothing finished or due, no e-mail address, or it cannot be
            invoiced; nothing is done then
        """
        if via not in dict(SENT_VIA):
            raise UserError(self.env._("A notice cannot be sent this way."))
        self._start()
        drafts = self.filtered(lambda notice: notice.state == "draft")
        # protected fields, and what is invoiced: the caller may write on the sheet
        drafts_sudo = drafts.sudo()
        drafts_sudo._refresh_amounts()
        errors = [error for notice in self if (error := notice._get_send_error(via))]
        if errors:
            raise UserError("\n".join(errors))
        for notice in drafts_sudo:
            notice._send_first(via)
        for notice in self - drafts:
            notice._tell(
                self.env._("The customer was reminded of %s.", notice.display_name)
            )
        (self - drafts).sudo()._note_followed()
        if via == "email":
            self._mail_to_customer("order_desk.mail_template_balance_notice")
        self.sheet_id._update_todos()
        if via in ("print", "fax"):
            report = self.env.ref("order_desk.action_report_balance_notice")
            return report.report_action(self, config=False)
        return True

    def _get_send_error(self, via):
        """Return why this notice cannot be sent ``via`` now, or ""."""
        self.ensure_one()
        order = self.order_id
        if self.state == "paid":
            return self.env._("%s has been paid.", self.display_name)
        if self.state == "withdrawn":
            return self.env._("%s has been withdrawn.", self.display_name)
        if error := order._get_email_error(self.partner_id, via):
            return error
        if self.state == "sent":
            return ""
        return (
            order._get_finished_error()
            or self._get_quantity_error()
            or self._get_nothing_due_error()
            or self._get_invoice_error()
        )

    def _get_quantity_error(self):
        ready = self.order_id.sudo()._get_ready_quantities()
        for line in self.line_ids:
            now = ready.get(line.sudo().sale_line_id, 0.0)
            if line.product_uom_id.compare(line.quantity, now) > 0:
                return line._get_too_much_error(now)
        return ""

    def _get_nothing_due_error(self):
        if self.amount_asked:
            return ""
        return self.env._(
            "%s: nothing is due for these goods; what has been received covers them.",
            self.order_id.name,
        )

    def _get_invoice_error(self):
        """Return why no invoice can be made over what none asks for, or ""."""
        if not self._get_amount_to_invoice():
            return ""
        drafts = self.order_id.sudo().invoice_ids.filtered(
            lambda invoice: (
                invoice.state == "draft" and invoice.move_type == "out_invoice"
            )
        )
        if drafts:
            return self.env._(
                "%(order)s: %(invoice)s is a draft. Accounting posts it, or deletes it;"
                " otherwise the customer would be asked twice.",
                order=self.order_id.name,
                invoice=drafts[0].display_name,
            )
        return self.order_id._get_invoicing_error()

    def _get_amount_to_invoice(self):
        """Return what no posted invoice of the order asks for yet.

        Cash on delivery needs no invoice beforehand.
        """
        self.ensure_one()
        if self.is_cash_on_delivery:
            return 0.0
        asked = self.order_id._get_asked()[self.order_id]
        posted = sum(a for invoice, a in asked.items() if invoice.state == "posted")
        return self.currency_id.round(max(0.0, self.amount_asked - posted))

    def _send_first(self, via):
        """Number this notice, make it payable, and let it replace the older one."""
        self.ensure_one()
        order, sheet = self.order_id, self.sheet_id
        today = self.company_id._order_desk_date()
        pay_until = max(
            self.pay_until or self.company_id._order_desk_pay_until(), today
        )
        older = sheet.balance_notice_ids.filtered(lambda notice: notice.state == "sent")
        older._withdraw(self.env._("A newer notice replaces it."))
        missing = self._get_amount_to_invoice()
        invoice = order._post_down_payment(missing, pay_until) if missing else False
        self.write(
            {
                "name": self.company_id._order_desk_next_number(self._name),
                "state": "sent",
                "sent_on": fields.Datetime.now(),
                "sent_by_id": self.env.uid,
                "sent_via": via,
                "pay_until": pay_until,
                "invoice_id": invoice and invoice.id,
            }
        )
        sheet._add_milestones("balance_asked")
        way = dict(self._fields["sent_via"]._description_selection(self.env))[via]
        self._tell(
            self.env._(
                "%(number)s asks %(customer)s to pay %(amount)s until %(date)s"
                " (%(way)s).",
                number=self.name,
                customer=self.partner_id.name,
                amount=format_amount(self.env, self.amount_asked, self.currency_id),
                date=format_date(self.env, pay_until),
                way=way,
            )
        )

    def _get_mail_button_title(self):
        return (
            self.env._("Look at the notice")
            if self.is_cash_on_delivery
            else self.env._("Look at the notice and pay")
        )

    # ------------------------------------------------------------- withdrawing

    def action_withdraw(self):
        """Take these notices back; the invoices stay accounting's.

        :raise UserError: already paid or withdrawn
        """
        self._start()
        closed = self.filtered(lambda notice: notice.state in ("paid", "withdrawn"))
        if closed:
            raise UserError(
                "\n".join(notice._get_send_error("print") for notice in closed)
            )
        drafts = self.filtered(lambda notice: notice.state == "draft")
        sheets = self.sheet_id
        # protected fields, the checks are above
        (self - drafts).sudo()._withdraw(self.env._("Taken back by the order desk."))
        drafts.sudo().unlink()
        sheets._update_todos()
        return sheets._get_records_action() if drafts else True

    def _withdraw(self, reason):
        """Take these notices out of the way, and say why."""
        for notice in self.filtered(lambda n: n.state not in ("paid", "withdrawn")):
            notice.write({"state": "withdrawn"})
            notice._message_log(body=reason)
            invoice = notice.invoice_id
            if invoice.state == "posted" and invoice.amount_residual:
                notice._tell(
                    self.env._(
                        "%(number)s was withdrawn. %(invoice)s still asks for the"
                        " money; accounting credits it if it is not owed.",
                        number=notice.name,
                        invoice=invoice.name,
                    )
                )
        self._update_todos()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        sent = self.filtered(lambda notice: notice.state != "draft")
        if sent:
            raise UserError(
                self.env._(
                    "%s has been sent and stays on file. Withdraw it instead.",
                    ", ".join(sent.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------- the accounts

    def _follow_payment(self):
        """Bring the status in line with the accounts (SPEC F4)."""
        watched = self.filtered(lambda notice: notice.state in ("sent", "paid"))
        watched.invalidate_recordset(["amount_open"])
        paid = watched.filtered(lambda n: n.state == "sent" and not n.amount_open)
        for notice in paid:
            notice.write({"state": "paid"})
            notice._tell(self.env._("%s has been paid.", notice.name))
        reopened = watched.filtered(
            lambda n: n.state == "paid" and n not in paid and n._is_open_again()
        )
        for notice in reopened:
            notice.write({"state": "sent"})
            notice._tell(
                self.env._(
                    "%s is open again: money that had been received was taken back.",
                    notice.name,
                )
            )
        (watched.filtered(lambda n: n.state == "sent") | paid)._update_todos()

    def _is_open_again(self):
        """Tell whether a paid notice is owed again and no newer one asks for it."""
        self.ensure_one()
        return self.amount_open and not any(
            other.id > self.id and other.state in ("sent", "paid")
            for other in self.sheet_id.balance_notice_ids
        )

    # ------------------------------------------------------------- on the screen

    def action_open_sheet(self):
        """Open the configuration sheet of this notice."""
        self.ensure_one()
        return self.sheet_id._get_records_action()

    def action_open_promise(self):
        """Open the dialog in which the customer's promise is noted."""
        self.ensure_one()
        wizard = self.env["order.desk.balance.promise"].create({"notice_id": self.id})
        return self.sheet_id._open_wizard(wizard, self.env._("Note a Promise"))
