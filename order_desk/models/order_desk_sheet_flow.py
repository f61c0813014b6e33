from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from .order_desk_sheet import SIGNING_STATES


class OrderDeskSheet(models.Model):
    """The way of a sheet: submit, approve, countersign, code, release (SPEC C1–C4)."""

    _inherit = "order.desk.sheet"

    # ------------------------------------------------------------- who may sign

    def _get_roles(self):
        """Return the active roles of the sheets' companies: ``{company: roles}``."""
        # signers need not be able to read the set-up of the desk
        roles = self.env["order.desk.role"].sudo()
        return defaultdict(
            lambda: roles,
            roles.search([("company_id", "in", self.company_id.ids)]).grouped(
                "company_id"
            ),
        )

    def _get_last_signatures(self):
        """Return each role's last decision on this sheet: ``{role: signature}``."""
        self.ensure_one()
        last = {}
        for signature in self.signature_ids.sorted("id"):
            if signature.revision >= self.valid_from_revision:
                last[signature.role_id] = signature
        return last

    def _get_pending_roles(self, step):
        """Return the roles of ``step`` that have yet to sign: ``{sheet: roles}``.

        A role whose aspects changed since it signed is pending again (idea 2). After
        the release, roles that had no part in it have none in its changes.
        """
        roles = self._get_roles()
        pending = {}
        for sheet, sheet_sudo in zip(self, self.sudo(), strict=True):
            last = sheet_sudo._get_last_signatures()
            released = sheet_sudo.state in ("released", "done")
            pending[sheet] = roles[sheet_sudo.company_id].filtered(
                lambda role, last=last, released=released: (
                    role.step == step
                    and (role in last or not released)
                    and not (role in last and last[role].is_current)
                )
            )
        return pending

    def _get_my_roles(self):
        """Return the roles in which the current user has to sign this sheet now."""
        self.ensure_one()
        return self._get_roles_to_sign()[self]._filter_mine()

    def _get_roles_to_sign(self):
        """Return the roles each sheet waits for in its present state.

        After the review the general manager is among them again, if what they
        approved has changed.
        """
        review = self._get_pending_roles("review")
        countersign = self._get_pending_roles("countersign")
        none = self.env["order.desk.role"].sudo()
        return {
            sheet: none
            if sheet.state not in SIGNING_STATES
            else review[sheet]
            if sheet.state == "review"
            else review[sheet] | countersign[sheet]
            for sheet in self
        }

    @api.depends("state", "signature_ids", "digests")
    @api.depends_context("uid")
    def _compute_can_sign(self):
        to_sign = self._get_roles_to_sign()
        roles = self._get_roles()
        for sheet in self:
            sheet.can_sign = bool(to_sign[sheet]._filter_mine())
            coders = roles[sheet.company_id].filtered(lambda r: r.step == "coding")
            sheet.can_code = sheet.state == "coding" and bool(coders._filter_mine())

    def action_open_sign(self, role_id=False):
        """Open the dialog in which the current user signs or refuses these sheets.

        :param role_id: the role to propose, else the first one that has to sign
        """
        wizard = self.env["order.desk.sheet.sign"].create({"sheet_ids": self.ids})
        if role_id in wizard.available_role_ids.ids:
            wizard.role_id = role_id
        return self._open_wizard(wizard, self.env._("Sign"))

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

    # ------------------------------------------------------------- transitions

    def _lock(self):
        """Let one person at a time move these sheets on.

        :raise UserError: somebody else is at it right now
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "Somebody else is working on %s at this moment. Look at the sheet"
                    " again in a few seconds.",
                    ", ".join(self.sudo().mapped("order_id.name")),
                )
            ) from error

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
            "\n".join([sheet.order_id.name, *(f"• {text}" for text in texts)])
            for sheet, texts in self._get_missing().items()
            if texts
        ]
        if errors:
            raise UserError(
                self.env._("These things are still missing:\n\n%s", "\n\n".join(errors))
            )
        # `state` is protected: after the checks above the desk itself writes it
        self.sudo().write({"state": "review"})
        self._add_milestones("submitted")
        self._advance()

    def action_approve(self, statement=False, note=False):
        """Sign for every role of the review that the current user fills (SPEC C2).

        The last of them makes the sheet effective and confirms the sales order.
        """
        self._lock()
        self._check_states(["review"])
        roles_by_sheet = self._get_pending_roles("review")
        for role, sheets in self._group_by_role(roles_by_sheet).items():
            sheets._sign(role, "signed", statement, note)
        self._advance()

    def _group_by_role(self, roles_by_sheet):
        """Turn ``{sheet: roles}`` into ``{role: sheets}`` of the current user's roles.

        :raise UserError: there is a sheet on which the user has no role to fill
        """
        sheets_by_role = defaultdict(self.browse)
        for sheet, roles in roles_by_sheet.items():
            mine = roles._filter_mine()
            if not mine:
                raise UserError(self._get_not_signer_error(sheet, roles))
            for role in mine:
                sheets_by_role[role] |= sheet
        return sheets_by_role

    def _get_not_signer_error(self, sheet, roles):
        names = [role._get_signers_text() for role in roles]
        return self.env._(
            "You cannot sign %(order)s now. It waits for: %(roles)s.",
            order=sheet.sudo().order_id.name,
            roles="; ".join(names) or self.env._("no one assigned"),
        )

    def action_sign(self, role, statement=False, note=False):
        """Sign each sheet for ``role``, a record or its id (SPEC C3).

        :param statement: what the role has to state: a text, or a date
            (``date`` or ISO text)
        :raise UserError: wrong step, not one of the role's signers, signed already,
            or the statement is missing
        """
        role = self._browse_role(role)
        self._lock()
        self._check_states(
            SIGNING_STATES if role.step == "review" else SIGNING_STATES[1:]
        )
        pending = self._get_pending_roles(role.step)
        for sheet in self:
            if not role._filter_mine():
                raise UserError(self._get_not_signer_error(sheet, pending[sheet]))
            if role not in pending[sheet]:
                raise UserError(
                    self.env._(
                        "%(order)s is signed for %(role)s already, and nothing has"
                        " changed since.",
                        order=sheet.sudo().order_id.name,
                        role=role.name,
                    )
                )
        self._sign(role, "signed", statement, note)
        self._advance()

    def action_refuse(self, role, reason=False):
        """Send each sheet back to its salesperson, with a reason (SPEC C3).

        What others have signed stays: they sign again only if their part changes.
        """
        role = self._browse_role(role)
        self._lock()
        later = ["countersign", "coding", "confirming"]
        self._check_states(["review", *later] if role.step == "review" else later)
        if not role._filter_mine():
            raise UserError(self._get_not_signer_error(self[:1], role))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why you refuse; the salesperson needs it."))
        self._sign(role, "refused", False, reason.strip())
        for sheet in self.sudo():
            sheet.write({"state": "draft", "revision": sheet.revision + 1})
        self._add_milestones("refused")
        self._update_todos(reason=reason.strip())

    def _browse_role(self, role):
        """Return the role for a record or an id that came over the wire.

        :raise UserError: no such role in the company of these sheets
        """
        role_id = role.id if isinstance(role, models.BaseModel) else role
        if not isinstance(role_id, int):
            role_id = 0
        # which roles there are is no secret, yet only administrators may read them
        role = self.env["order.desk.role"].sudo().browse(role_id).exists()
        if not role or role.step == "coding" or role.company_id != self.company_id:
            raise UserError(
                self.env._("This signer role does not belong to the sheet's company.")
            )
        return role

    def _sign(self, role, decision, statement, note):
        """Append one signature row per sheet; the caller has checked that it may."""
        values = []
        self._take_revisions()
        for sheet in self.sudo():
            stated = False
            if decision == "signed" and role._asks_statement(sheet):
                stated = role._read_statement(sheet, statement)
            values.append(
                {
                    "sheet_id": sheet.id,
                    "role_id": role.id,
                    "user_id": self.env.uid,
                    "on_behalf_of_id": False,
                    "decision": decision,
                    "signed_on": fields.Datetime.now(),
                    "statement": stated and str(stated),
                    "note": note or False,
                    "revision": sheet.revision,
                    "digests": {
                        code: sheet.digests[code]
                        for code in role._get_aspect_codes(sheet.digests)
                    },
                }
            )
            if stated and role.gives_finish_date:
                sheet.finish_date = stated
        # nobody has the right to create signatures but by signing
        signatures = self.env["order.desk.signature"].sudo().create(values)
        signatures._post_in_chatter()
        return signatures

    def _advance(self):
        """Move each sheet as far as its signatures carry it; tell who is next."""
        self._advance_review()
        self._advance_countersign()
        self._advance_released()
        self._update_todos()

    def _advance_review(self):
        reviewed = self.filtered(lambda sheet: sheet.state == "review")
        pending = reviewed._get_pending_roles("review")
        approved = reviewed.filtered(lambda sheet: not pending[sheet])
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
            if not coders._filter_mine():
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
        newly = self.filtered(lambda sheet: sheet.state == "confirming")
        newly.sudo().write({"state": "released"})  # protected, see _advance_review
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
                }
            )
            sheet.order_line.launched_qty = 0
        self._update_todos()
