import base64
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from .ir_attachment import IMAGE_TYPES
from .order_desk_role import CONTENT_STEPS
from .order_desk_sheet import SIGNING_STATES


class OrderDeskSheet(models.Model):
    """Who has to sign a sheet, and signing and refusing it (SPEC C2, C3)."""

    _inherit = "order.desk.sheet"

    def _get_roles(self):
        """Return the active roles of the sheets' companies: ``{company: roles}``."""
        # signers need not be able to read the set-up of the desk
        roles = self.env["order.desk.role"].sudo()
        ids = {company: roles._get_ids(company.id) for company in self.company_id}
        prefetch = [role_id for role_ids in ids.values() for role_id in role_ids]
        return defaultdict(
            lambda: roles,
            {
                company: roles.browse(role_ids).with_prefetch(prefetch)
                for company, role_ids in ids.items()
            },
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

        A role whose aspects changed since it signed is pending again (idea 2). Roles
        that this order does not need are not pending, see ``_needs_role``.
        """
        roles = {
            company: roles.filtered(lambda role: role.step == step).with_prefetch(
                roles._prefetch_ids
            )
            for company, roles in self._get_roles().items()
        }
        none = self.env["order.desk.role"].sudo()
        pending = {}
        for sheet, sheet_sudo in zip(self, self.sudo(), strict=True):
            last = sheet_sudo._get_last_signatures()
            asked = roles.get(sheet_sudo.company_id, none)
            pending[sheet] = asked.filtered(
                lambda role, sheet=sheet_sudo, last=last: (
                    sheet._needs_role(role, last)
                    and not (role in last and last[role].is_current)
                )
            ).with_prefetch(asked._prefetch_ids)
        return pending

    def _needs_role(self, role, last):
        """Tell whether ``role`` has a part in this sheet, whether it has signed or not.

        After the release, roles that had no part in it have none in its changes, but
        for those that a change itself calls in, e.g. with a price off the pricelist.

        :param last: see ``_get_last_signatures``
        """
        self.ensure_one()
        return role._applies(self) and (
            role in last
            or self.state not in ("released", "done")
            or (role.applies_to != "all" and self._is_changed_since_release())
        )

    def _is_changed_since_release(self):
        """Tell whether the content is not what has been released."""
        self.ensure_one()
        released = self.revision_ids.filtered(
            lambda revision: revision.number == self.released_revision
        )
        return bool(released) and released.digests != self.digests

    def _get_my_roles(self):
        """Return the roles in which the current user has to sign this sheet now."""
        self.ensure_one()
        return self._get_roles_to_sign()[self]._filter_mine(self)

    def _get_roles_to_sign(self):
        """Return the roles each sheet waits for in its present state.

        In the review one role acts after the other. Later the roles of the review are
        among the others again, if what they approved has changed.
        """
        review = self._get_pending_roles("review")
        countersign = self._get_pending_roles("countersign")
        none = self.env["order.desk.role"].sudo()
        return {
            sheet: none
            if sheet.state not in SIGNING_STATES
            else review[sheet].sorted("sequence")[:1]
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
            mine = to_sign[sheet]._filter_mine(sheet)
            sheet.can_check = any(mine.mapped("is_second_look"))
            sheet.can_sign = not all(mine.mapped("is_second_look"))
            coders = roles[sheet.company_id].filtered(lambda r: r.step == "coding")
            sheet.can_code = sheet.state == "coding" and bool(coders._filter_mine())

    def action_open_sign(self, role_id=False, decision="signed"):
        """Open the dialog in which the current user signs or refuses these sheets.

        :param role_id: the role to propose, else the first one that has to sign
        :param decision: "signed" or "refused", what the user is about to do
        """
        wizard = self.env["order.desk.sheet.sign"].create(
            {"sheet_ids": self.ids, "decision": decision}
        )
        if role_id in wizard.available_role_ids.ids:
            wizard.role_id = role_id
        return self._open_wizard(wizard, wizard._get_title())

    def action_open_refuse(self):
        """Open the dialog that sends these sheets back with a reason."""
        return self.action_open_sign(decision="refused")

    def action_approve(self, statement=False, note=False):
        """Sign in the review for the role whose turn it is (SPEC C2).

        A user who fills the roles after it as well signs for them, too. The last one
        makes the sheet effective and confirms the sales order.
        """
        self._lock()
        self._check_states(["review"])
        waiting = self
        while waiting:
            roles = waiting._get_roles_to_sign()
            for role, sheets in waiting._group_by_role(roles).items():
                if role.is_second_look:
                    raise UserError(self._get_second_look_error(sheets))
                sheets._sign(role, "signed", statement, note)
            pending = waiting._get_roles_to_sign()
            waiting = waiting.filtered(
                lambda sheet, pending=pending: pending[sheet]._filter_mine(sheet)
            )
        self._advance()

    def _get_second_look_error(self, sheets):
        return self.env._(
            "%s: go through the checklist first (button “Check”).",
            ", ".join(sheets.sudo().mapped("order_id.name")),
        )

    def _group_by_role(self, roles_by_sheet):
        """Turn ``{sheet: roles}`` into ``{role: sheets}`` of the current user's roles.

        :raise UserError: there is a sheet on which the user has no role to fill
        """
        sheets_by_role = defaultdict(self.browse)
        for sheet, roles in roles_by_sheet.items():
            mine = roles._filter_mine(sheet)
            if not mine:
                raise UserError(self._get_not_signer_error(sheet, roles))
            for role in mine:
                sheets_by_role[role] |= sheet
        return sheets_by_role

    def _get_not_signer_error(self, sheet, roles):
        names = [role._get_signers_text(sheet) for role in roles]
        reason = self.env._(
            "You cannot sign %(order)s now. It waits for: %(roles)s.",
            order=sheet.sudo().order_id.name,
            roles="; ".join(names) or self.env._("no one assigned"),
        )
        away = self.env["order.desk.stand.in"].sudo()._get_inactive(roles)
        if away:
            reason += "\n" + self.env._(
                "You stand in for %(away)s from %(first)s until %(last)s only.",
                away=away.user_id.name,
                first=format_date(self.env, away.date_from),
                last=format_date(self.env, away.date_to),
            )
        if any(roles.mapped("is_second_look")) and self.env.user in (
            sheet.sudo().entered_by_ids
        ):
            reason += "\n" + self.env._(
                "You entered this order, so somebody else takes the second look."
            )
        return reason

    def action_sign(
        self, role, statement=False, note=False, drawn_signature=False, attachments=()
    ):
        """Sign each sheet for ``role``, a record or its id (SPEC C3).

        :param statement: what the role has to state: a text, or a date
            (``date`` or ISO text)
        :param drawn_signature: a picture (base64), where the role asks for one
        :param attachments: files of the current user, where the role asks for some
        :raise UserError: wrong step, not one of the role's signers, signed already,
            or the statement is missing
        """
        role = self._browse_role(role)
        self._lock()
        self._check_states(
            SIGNING_STATES if role.step == "review" else SIGNING_STATES[1:]
        )
        pending = self._get_pending_roles(role.step)
        turns = self._get_roles_to_sign()
        for sheet in self:
            if not role._filter_mine(sheet):
                raise UserError(self._get_not_signer_error(sheet, pending[sheet]))
            if role not in pending[sheet]:
                raise UserError(self._get_not_pending_error(sheet, role))
            if role not in turns[sheet]:
                raise UserError(self._get_not_signer_error(sheet, turns[sheet]))
            if role.is_second_look:
                raise UserError(self._get_second_look_error(sheet))
        self._sign(
            role,
            "signed",
            statement,
            note,
            drawn_signature=drawn_signature,
            attachments=attachments,
        )
        self._advance()

    def _get_decided_error(self, role):
        """Return who has decided for ``role`` already, or nothing if it is open."""
        self.ensure_one()
        last = self.sudo()._get_last_signatures().get(role.sudo())
        if last and last.decision == "signed" and last.is_current:
            return self._get_not_pending_error(self, role)
        if last and last.decision == "refused" and self.state == "draft":
            return self.env._(
                "%(order)s is refused for %(role)s already, by %(user)s on %(date)s.",
                order=self.sudo().order_id.name,
                role=role.name,
                user=last.user_id.name,
                date=format_datetime(self.env, last.signed_on, dt_format="short"),
            )
        return ""

    def _get_not_pending_error(self, sheet, role):
        """Return why a role has nothing to sign: by whom and when it was signed."""
        last = sheet.sudo()._get_last_signatures().get(role)
        if not last:
            return self.env._(
                "%(order)s does not need the signature of %(role)s.",
                order=sheet.sudo().order_id.name,
                role=role.name,
            )
        return self.env._(
            "%(order)s is signed for %(role)s already, by %(user)s on %(date)s, and"
            " nothing has changed since.",
            order=sheet.sudo().order_id.name,
            role=role.name,
            user=last.user_id.name,
            date=format_datetime(self.env, last.signed_on, dt_format="short"),
        )

    def action_refuse(self, role, reason=False):
        """Send each sheet back to its salesperson, with a reason (SPEC C3).

        What others have signed stays: they sign again only if their part changes.
        """
        role = self._browse_role(role)
        self._lock()
        later = ["countersign", "coding", "confirming"]
        self._check_states(["review", *later] if role.step == "review" else later)
        for sheet in self:
            if not role._filter_mine(sheet):
                raise UserError(self._get_not_signer_error(sheet, role))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why you refuse; the salesperson needs it."))
        self._sign(role, "refused", note=reason.strip())
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
        roles = self._get_roles()
        roles = roles[self.company_id[:1]]
        role = roles.filtered(
            lambda role: role.id == role_id and role.step in CONTENT_STEPS
        ).with_prefetch(roles._prefetch_ids)
        if not role or len(self.company_id) > 1:
            raise UserError(
                self.env._("This signer role does not belong to the sheet's company.")
            )
        return role

    def _sign(
        self,
        role,
        decision,
        statement=False,
        note=False,
        drawn_signature=False,
        attachments=(),
        check_items=(),
    ):
        """Append one signature row per sheet; the caller has checked that it may."""
        signed = decision == "signed"
        attachments = self._browse_attachments(attachments if signed else ())
        if signed and role.drawn_signature and not drawn_signature:
            raise UserError(self.env._("Draw your signature to sign as %s.", role.name))
        shared = {
            "role_id": role.id,
            "user_id": self.env.uid,
            "on_behalf_of_id": role._get_absent_signer(self.env.user).id,
            "decision": decision,
            "signed_on": fields.Datetime.now(),
            "note": note or False,
            "drawn_signature": self._read_drawn_signature(drawn_signature),
            "check_item_ids": [item.id for item in check_items],
        }
        self._take_revisions()
        values = []
        for sheet in self.sudo():
            stated = False
            if signed and role._asks_statement(sheet):
                stated = role._read_statement(sheet, statement, attachments)
            # each signature has files of its own, whoever may read the others
            files = attachments.sudo().copy() if values else attachments
            values.append(
                {
                    **shared,
                    **sheet._prepare_signature_vals(role, stated),
                    "attachment_ids": files.ids,
                }
            )
            if stated and role.gives_finish_date:
                sheet.finish_date = stated
        # nobody has the right to create signatures but by signing
        signatures = self.env["order.desk.signature"].sudo().create(values)
        # whoever reads the signature reads its files from now on; nobody changes them
        for signature in signatures if attachments else ():
            signature.attachment_ids.write(
                {"res_model": signature._name, "res_id": signature.id}
            )
        signatures._post_in_chatter()
        return signatures

    def _prepare_signature_vals(self, role, stated):
        self.ensure_one()
        return {
            "sheet_id": self.id,
            "statement": stated and str(stated),
            "revision": self.revision,
            "digests": {
                code: self.digests[code]
                for code in role._get_aspect_codes(self.digests)
            },
        }

    def _browse_attachments(self, attachments):
        """Return the signer's own files for records or ids.

        :raise UserError: a file of somebody else, or no proper file
        """
        ids = getattr(attachments, "ids", attachments)
        files = self.env["ir.attachment"].browse(ids).exists()
        for file in files.sudo():  # a file that is not yet linked is its author's alone
            if file.create_uid != self.env.user or file.res_id:
                raise UserError(
                    self.env._("%s is not a file you have just uploaded.", file.name)
                )
            file._order_desk_check_file(file.name, file.raw)
        return files

    def _read_drawn_signature(self, picture):
        """Return a drawn signature (base64) if it is a picture.

        :raise UserError: it is not
        """
        if not picture:
            return False
        try:
            raw = base64.b64decode(picture, validate=True)
        except ValueError:
            raw = b"?"
        name = self.env._("The drawn signature")
        self.env["ir.attachment"]._order_desk_check_file(name, raw, IMAGE_TYPES)
        return picture
