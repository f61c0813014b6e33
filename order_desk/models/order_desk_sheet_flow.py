from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskSheet(models.Model):
    """The way of a sheet: submit, approve, countersign, code, release (SPEC C1–C4)."""

    _inherit = "order.desk.sheet"

    def action_open_code(self):
        """Open the dialog that gives this sheet its codes."""
        self.ensure_one()
        wizard = self.env["order.desk.sheet.code"].create({"sheet_id": self.id})
        return self._open_wizard(wizard, self.env._("Give Codes"))

    @api.model
    def _open_wizard(self, wizard, name):
        # The web client shows a new record as it was the last time until the server
        # has answered; whoever is quick would sign in the role of last time.
        return wizard._get_records_action(name=name, target="new")

    def _start_over_if_second(self, **vals):
        """Let one go first of two who ship, or move money, at the same moment.

        Each sees the database as it was when they began. Both write on the sheet, so
        the second one's transaction fails and is repeated by Odoo, and then sees what
        the first has done.

        :param vals: what else to write
        """
        if not self:
            return
        sheets = self.sudo()  # the warehouse and the accountants do this
        sheets.write({"gate_used_on": fields.Datetime.now(), **vals})
        sheets.flush_recordset(["gate_used_on", *vals])

    # ------------------------------------------------------------- transitions

    def _get_busy_message(self):
        return self.env._(
            "Somebody else is working on %s at this moment. Look at the sheet"
            " again in a few seconds.",
            ", ".join(self.sudo().mapped("order_id.name")),
        )

    def _check_states(self, states):
        """Refuse unless each sheet is in one of ``states``; name those that are not."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        errors = [
            self.env._(
                "The configuration sheet of %(order)s is in the step “%(step)s”, so"
                " this cannot be done now.",
                order=sheet.sudo().order_id.name,
                step=labels[sheet.state],
            )
            for sheet in self
            if sheet.state not in states
        ]
        if errors:
            raise UserError("\n".join(errors))

    def action_submit(self):
        """Submit for review; everything that is missing is named at once (SPEC B1, C1).

        :raise UserError: something is missing; no sheet is submitted then
        """
        self.check_access("write")
        self._lock()
        self._check_states(["draft"])
        errors = [
            "\n".join([sheet.order_id.name, *(f"• {e['text']}" for e in entries)])
            for sheet, entries in self._get_missing().items()
            if entries
        ]
        if errors:
            raise UserError(
                self.env._("These things are still missing:\n\n%s", "\n\n".join(errors))
            )
        # `state` is protected: after the checks above the desk itself writes it
        self.sudo().write({"state": "review"})
        self._note_entry()
        self._add_milestones("submitted")
        self._advance()

    def _advance(self):
        """Move each sheet as far as its signatures carry it; tell who is next."""
        self._advance_review()
        self._advance_countersign()
        self._advance_released()
        self._distribute_changes()
        self._update_todos()

    def _advance_review(self):
        reviewed = self.filtered(lambda sheet: sheet.state == "review")
        pending = reviewed._get_pending_roles("review")
        approved = reviewed.filtered(
            lambda sheet: not pending[sheet] and sheet._is_approved()
        )
        if not approved:
            return
        # `state` is protected; the signatures in place are the authority
        approved.sudo().write({"state": "countersign"})
        approved._add_milestones("approved")
        # the general manager's word confirms the order, whatever their rights in Sales
        quotations = approved.sudo().order_id.filtered(
            lambda order: order.state in ("draft", "sent")
        )
        quotations.action_confirm()

    def _is_approved(self):
        """Tell whether somebody has said yes; a role that is gone says nothing."""
        self.ensure_one()
        return any(
            role.step == "review" and not role.is_second_look and signature.is_current
            for role, signature in self.sudo()._get_last_signatures().items()
        )

    def _advance_countersign(self):
        signing = self.filtered(lambda sheet: sheet.state == "countersign")
        pending = signing._get_roles_to_sign()
        complete = signing.filtered(lambda sheet: not pending[sheet])
        if not complete:
            return
        complete.sudo().write({"state": "coding"})  # protected, see _advance_review
        complete._add_milestones("countersigned")
        # a sheet that comes back after a refusal has its codes already
        complete.filtered("order_code")._finish_coding()

    def _advance_released(self):
        """Start procurement of what was changed after the release and signed again."""
        released = self.filtered(lambda sheet: sheet.state == "released")
        # whoever gives the last signature need not have rights in Sales
        released.sudo().order_id._order_desk_launch_production()

    def action_code(self, order_code=False, customer_code=False):
        """Give the countersigned sheets their order code and customer code (SPEC C4).

        :param order_code: left out, the company's sequence gives it
        :param customer_code: left out, the customer's own code is used
        :raise UserError: wrong step, no right to give codes, code missing or taken
        """
        self._lock()
        self._check_states(["coding"])
        if order_code and len(self) > 1:
            raise UserError(self.env._("Each sheet needs an order code of its own."))
        roles = self._get_roles()
        for sheet in self.sudo():
            coders = roles[sheet.company_id].filtered(lambda r: r.step == "coding")
            if not coders._filter_mine(sheet):
                raise UserError(self._get_not_signer_error(sheet, coders))
            sheet._give_codes((order_code or "").strip(), (customer_code or "").strip())
        self._finish_coding()
        self._update_todos()

    def _give_codes(self, order_code, customer_code):
        """Write both codes on this sheet, and the customer's code on the customer."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        customer_code = customer_code or customer.customer_code
        if not customer_code:
            raise UserError(
                self.env._(
                    "%(customer)s has no customer code yet. Enter one for %(order)s.",
                    customer=customer.name,
                    order=self.order_id.name,
                )
            )
        other = self.env["res.partner"].search(
            [
                ("customer_code", "=", customer_code),
                ("commercial_partner_id", "!=", customer.id),
            ],
            limit=1,
        )
        if other:
            raise UserError(
                self.env._(
                    "The customer code %(code)s belongs to %(customer)s.",
                    code=customer_code,
                    customer=other.commercial_partner_id.name,
                )
            )
        if order_code and self._is_order_code_taken(order_code):
            raise UserError(
                self.env._("The order code %s is already taken.", order_code)
            )
        if customer.customer_code != customer_code:
            customer.customer_code = customer_code
        self.write(
            {
                "order_code": order_code or self._make_order_code(customer_code),
                "customer_code": customer_code,
            }
        )

    def _finish_coding(self):
        if not self:
            return
        self.sudo().write({"state": "confirming"})  # protected, see _advance_review
        self._add_milestones("coded")
        self._distribute()

    def action_release(self):
        """Release to production: procurement starts now (SPEC D5, E1).

        :raise UserError: a condition of the production gate does not hold
        """
        self.check_access("write")
        self._lock()
        self._check_states(["confirming", "released"])
        self.order_id._check_order_desk_gate("production")
        self._action_release()

    def _action_release(self):
        """Release these sheets, whose conditions hold, and start procurement."""
        newly = self.filtered(lambda sheet: sheet.state == "confirming")
        for sheet, revision in newly._take_revisions().items():
            # protected, see _advance_review
            sheet.sudo().write(
                {"state": "released", "released_revision": revision.number}
            )
        newly._add_milestones("released")
        self.order_id._order_desk_launch_production()
        self._update_todos()

    def action_cancel(self):
        """Cancel the orders of these sheets, and the sheets with them."""
        self.check_access("write")
        self.order_id.action_cancel()

    def _action_cancel(self):
        """Follow the cancellation of the sales orders."""
        # whoever may cancel the order need not see its sheet; the state is protected
        open_sheets = self.sudo().filtered(lambda sheet: sheet.state != "cancel")
        open_sheets.write({"state": "cancel"})
        open_sheets._end_notices()
        open_sheets.confirmation_ids._replace()
        open_sheets._add_milestones("cancelled")
        open_sheets._update_todos()
        open_sheets.distribution_ids._filter_open()._cancel()

    def _action_draft(self):
        """Follow the sales orders back to quotation: what was signed has lapsed."""
        for sheet in self.sudo():  # protected fields; Odoo has checked the order
            sheet.write(
                {
                    "state": "draft",
                    "revision": sheet.revision + 1,
                    "valid_from_revision": sheet.revision + 1,
                    "finish_date": False,
                    "promise_date": False,
                }
            )
            sheet.order_line.launched_qty = 0
            sheet.confirmation_ids._replace()  # of orders cancelled before, too
        self._update_todos()
