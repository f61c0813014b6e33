from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .order_desk_sheet import CONFIRMING_STATES

# what the customer reads on the confirmation
CUSTOMER_ASPECTS = ("commercial", "schedule", "engineering", "shipping")
# what these aspects hold beside, for our own eyes
INTERNAL_KEYS = ("price_reason", "pricelist")


class OrderDeskSheet(models.Model):
    """The customer's confirmation of what the sheet says (SPEC D)."""

    _inherit = "order.desk.sheet"

    confirmation_ids = fields.One2many(
        "order.desk.confirmation", "sheet_id", "Order Confirmations", readonly=True
    )
    confirmation_id = fields.Many2one(
        "order.desk.confirmation",
        "Order Confirmation",
        compute="_compute_confirmation_id",
        compute_sudo=True,
        help="The confirmation of what the sheet says today.",
    )
    confirmation_state = fields.Selection(
        "_get_confirmation_states",
        "Confirmation Status",
        compute="_compute_confirmation_id",
        compute_sudo=True,
    )
    shift_ids = fields.One2many(
        "order.desk.date.shift", "sheet_id", "Date Shifts", readonly=True
    )
    promise_date = fields.Date(
        readonly=True,
        copy=False,
        tracking=True,
        help="When shipping is promised to the customer. The clerk may relax it"
        " according to payment terms and urgency.",
    )

    @api.model
    def _get_confirmation_states(self):
        """Return the states of a confirmation in the reader's language."""
        field = self.env["order.desk.confirmation"]._fields["state"]
        return field._description_selection(self.env)

    @api.depends("confirmation_ids.is_current", "confirmation_ids.state")
    def _compute_confirmation_id(self):
        for sheet in self:
            current = sheet.confirmation_ids.filtered("is_current").sorted("id")[-1:]
            sheet.confirmation_id = current
            sheet.confirmation_state = current.state

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "promise_date": False,
            "confirmation_ids": [],
            "shift_ids": [],
        }

    # ------------------------------------------------------------- what is confirmed

    def _is_same_for_customer(self, revision):
        """Tell whether the customer reads the same today as in ``revision``."""
        self.ensure_one()
        now, then = self.digests or {}, revision.digests or {}
        if all(now.get(code) == then.get(code) for code in CUSTOMER_ASPECTS):
            return True
        return self._get_customer_content(
            self._get_contents()[self]
        ) == self._get_customer_content(revision.content)

    @api.model
    def _get_customer_content(self, content):
        """Return what the customer reads of a content: ``{line id, 0 for the order}``.

        :param content: by aspect code, see ``_get_contents``
        """
        merged = self.env["order.desk.revision"]._merge_aspects(
            content, CUSTOMER_ASPECTS
        )
        order = {
            key: value
            for key, value in merged["order"].items()
            if key not in INTERNAL_KEYS
        }
        return {
            0: order,
            **{int(line_id): values for line_id, values in merged["lines"].items()},
        }

    # ------------------------------------------------------------- making and sending

    def action_send_confirmation(self, via="email"):
        """Send the order confirmation, as soon as it is proof-read (SPEC D1).

        :param via: "email", "print", "fax" or "in_person"
        :return: an action that opens what is still to be proof-read, or shows what
            is to be printed
        :raise UserError: wrong step, signatures missing, or it cannot be sent this way
        """
        confirmations = self.action_make_confirmation()
        unread = confirmations.filtered(lambda c: c.state == "draft" and c.unread_count)
        if unread:
            return unread._get_records_action()
        return confirmations.action_send(via)

    def action_make_confirmation(self):
        """Return the confirmation of what each sheet says today; make those missing.

        :raise UserError: wrong step, or somebody has yet to sign what it says
        """
        self.check_access("write")
        self._lock()
        self._check_states(CONFIRMING_STATES)
        self._check_signed()
        missing = self.sudo().filtered(lambda sheet: not sheet.confirmation_id)
        for sheet in missing:
            sent = sheet.confirmation_ids.filtered(lambda c: c.state != "draft")
            # for the customer another finish date alone makes another revision
            if sheet.revision in sent.mapped("revision"):
                sheet.revision += 1
        revisions = missing._take_revisions()
        drafts = {
            sheet: sheet.confirmation_ids.filtered(lambda c: c.state == "draft")[:1]
            for sheet in missing
        }
        for sheet, draft in drafts.items():
            if draft:
                draft._follow_content(revisions[sheet])
        # nobody has the right to make confirmations but by asking for one here
        self.env["order.desk.confirmation"].sudo().create(
            [
                sheet._prepare_confirmation_vals(revisions[sheet])
                for sheet, draft in drafts.items()
                if not draft
            ]
        )
        return self.confirmation_id

    def _check_signed(self):
        """Refuse unless everybody has signed what these sheets say now."""
        errors = [
            self.env._(
                "%(order)s still waits for: %(roles)s. The customer confirms what has"
                " been signed.",
                order=sheet.sudo().order_id.name,
                roles="; ".join(role._get_signers_text(sheet) for role in roles),
            )
            for sheet, roles in self._get_roles_to_sign().items()
            if roles
        ]
        if errors:
            raise UserError("\n".join(errors))

    def _prepare_confirmation_vals(self, revision):
        self.ensure_one()
        lines = self._get_content_lines()
        return {
            "name": self._get_confirmation_name(revision),
            "sheet_id": self.id,
            "revision_id": revision.id,
            "partner_id": self.order_id.partner_id.id,
            "finish_date": self.finish_date,
            "line_ids": [
                (0, 0, {"sequence": number, "sale_line_id": line_id})
                for number, line_id in enumerate([False, *lines.ids])
            ],
        }

    def _get_confirmation_name(self, revision):
        self.ensure_one()
        return f"{self.order_id.name}-R{revision.number}"

    def _open_confirmation(self):
        """Open the confirmation of what this sheet says today, made if missing."""
        self.ensure_one()
        if self.state not in CONFIRMING_STATES:
            return self._get_records_action()
        return self.action_make_confirmation()._get_records_action()

    def action_view_confirmations(self):
        """Open the order confirmations of these sheets."""
        return self.confirmation_ids._get_records_action(
            name=self.env._("Order Confirmations")
        )

    # ------------------------------------------------------------- the promise

    def action_open_relax(self):
        """Open the dialog in which the promise to the customer is relaxed."""
        self.ensure_one()
        wizard = self.env["order.desk.sheet.relax"].create({"sheet_id": self.id})
        return self._open_wizard(wizard, self.env._("Relax the Promise"))

    def action_relax_promise(self, date, reason=False):
        """Promise a later shipping date, for a reason the customer sees (SPEC D4).

        :param date: a date or its ISO text
        :raise UserError: no later date, before the finish date, past, or no reason
        """
        self.check_access("write")
        self._lock()
        self._check_states(CONFIRMING_STATES)
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why the promise is relaxed; the customer reads it.")
            )
        try:
            date = fields.Date.to_date(date)
        except (ValueError, TypeError):
            date = None
        errors = [error for sheet in self if (error := sheet._get_relax_error(date))]
        if errors:
            raise UserError("\n".join(errors))
        for sheet in self.sudo():  # the promise is protected; checked above
            sheet._move_dates("relaxed", sheet.finish_date, date, reason)

    def _get_relax_error(self, date):
        """Return why shipping cannot be promised for ``date``, or ""."""
        self.ensure_one()
        order = self.sudo().order_id.name
        present = self.promise_date or self.finish_date
        if not date:
            return self.env._("%s: give the new date.", order)
        if date < self.company_id._order_desk_date():
            return self.env._("%s: the new date is in the past.", order)
        if self.finish_date and date < self.finish_date:
            return self.env._(
                "%(order)s: the goods are finished on %(date)s; shipping cannot be"
                " promised for an earlier day.",
                order=order,
                date=format_date(self.env, self.finish_date),
            )
        if present and date <= present:
            return self.env._(
                "%(order)s: %(date)s is promised already. The new date must be later.",
                order=order,
                date=format_date(self.env, present),
            )
        return ""

    def _move_dates(self, kind, finish_date, promise_date, reason, day=False):
        """Move the dates of this sheet and of what the customer was told; log it."""
        self.ensure_one()
        confirmation = self.confirmation_id.filtered(lambda c: c.state != "draft")
        self.env["order.desk.date.shift"].create(
            {
                "sheet_id": self.id,
                "confirmation_id": confirmation.id,
                "kind": kind,
                "shifted_on": day or self.company_id._order_desk_date(),
                "old_finish_date": self.finish_date,
                "finish_date": finish_date,
                "old_promise_date": self.promise_date,
                "promise_date": promise_date,
                "reason": reason,
                "user_id": self.env.uid,
            }
        )
        dates = {"finish_date": finish_date, "promise_date": promise_date}
        # one sentence says it all, a line for each field would say it again
        self.with_context(mail_notrack=True).write(dates)
        confirmation.write(dates)
        self.message_post(
            body=Markup("<br/>").join([reason, self._get_dates_text(kind)])
        )

    def _get_dates_text(self, kind):
        self.ensure_one()
        finish, promise = (
            day and format_date(self.env, day)
            for day in (self.finish_date, self.promise_date)
        )
        if kind == "relaxed" or not finish:
            return self.env._("Shipping is promised for %s now.", promise)
        return self.env._(
            "The goods are finished on %(finish)s now; shipping is promised for"
            " %(promise)s.",
            finish=finish,
            promise=promise,
        )

    # ------------------------------------------------------------- what comes next

    def _get_confirmation_todos(self):
        """Return what the clerk has to do about the confirmation: ``{sheet: kind}``.

        Nothing while somebody has yet to sign what the customer shall confirm.
        """
        confirming = self.filtered(lambda sheet: sheet._needs_confirmation())
        to_sign = confirming._get_roles_to_sign()
        kinds = {
            "sent": "ask_return_copy",
            "returned": "verify_return_copy",
            "verified": "release",
        }
        todos = {
            sheet: kinds.get(sheet.confirmation_state, "send_confirmation")
            for sheet in confirming
            if not to_sign[sheet]
        }
        return {
            sheet: kind
            for sheet, kind in todos.items()
            if kind != "release" or sheet.state == "confirming"
        }

    def _needs_confirmation(self):
        """Tell whether the customer's confirmation is due at this step.

        What went into production without one has none in its changes.
        """
        self.ensure_one()
        return self.state == "confirming" or (
            self.state in ("released", "done") and bool(self.confirmation_ids)
        )

    def _get_confirmation_reason(self):
        """Return why the customer's confirmation does not count yet, or ""."""
        self.ensure_one()
        current = self.confirmation_id
        if current.state == "verified":
            return ""
        if current.state == "returned":
            return self.env._("The return copy of %s is to be verified.", current.name)
        if current.state == "sent":
            return self.env._(
                "No return copy of %(number)s yet; it was sent on %(date)s.",
                number=current.name,
                date=format_date(
                    self.env, self.company_id._order_desk_date(current.sent_on)
                ),
            )
        sent = self.confirmation_ids.filtered("sent_on").sorted("id")[-1:]
        if sent and sent.returned_on:
            return self.env._(
                "The customer has confirmed revision %s; the content or the finish date"
                " has changed since: send the new confirmation.",
                sent.revision,
            )
        if sent:
            return self.env._(
                "The content or the finish date has changed since revision %s was sent:"
                " send the new confirmation.",
                sent.revision,
            )
        if self.state not in CONFIRMING_STATES:
            return self.env._("It is sent after the codes are given.")
        return self.env._("Not sent yet.")
