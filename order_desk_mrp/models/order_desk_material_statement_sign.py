from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class OrderDeskMaterialStatement(models.Model):
    """Purchasing and material control sign; nothing else counts (SPEC B6)."""

    _inherit = "order.desk.material.statement"

    def action_sign_purchasing(self):
        """Sign for purchasing: what is missing comes when the statement says.

        :raise UserError: not one of purchasing, nothing to sign, or outdated
        """
        self.check_access("read")
        self._lock()
        errors = [e for s in self if (e := s._get_purchasing_error())]
        if errors:
            raise UserError("\n".join(errors))
        for statement in self:
            role = statement.sudo()._get_purchasing_roles()._filter_mine()[:1]
            # protected fields, the checks are above
            statement.sudo().write(
                {
                    "purchasing_by_id": self.env.uid,
                    "purchasing_on": fields.Datetime.now(),
                    "purchasing_for_id": role._get_absent_signer(self.env.user).id,
                }
            )
            statement._tell(
                self.env._(
                    "%(user)s signed the material statement %(number)s for purchasing.",
                    user=self.env.user.name,
                    number=statement.name,
                ),
                statement.summary,
            )
        self._update_todos()

    def _get_purchasing_error(self):
        """Return why the user cannot sign for purchasing now, or ""."""
        self.ensure_one()
        if error := self._get_closed_error() or self._get_unsound_error():
            return error
        if self.can_sign_purchasing:
            return ""
        if self._awaits_purchasing():
            roles = self.sudo()._get_purchasing_roles()
            return self.env._(
                "%(statement)s waits for: %(roles)s.",
                statement=self.display_name,
                roles="; ".join(role._get_signers_text() for role in roles),
            )
        if self.purchasing_on:
            return self.env._(
                "%(statement)s is signed for purchasing already, by %(user)s.",
                statement=self.display_name,
                user=self.sudo().purchasing_by_id.name,
            )
        return self.env._(
            "%s needs no signature of purchasing: nothing is missing or late.",
            self.display_name,
        )

    def action_sign_material(self, note=False):
        """Countersign the sheets of these statements for material control.

        :raise UserError: not one of material control, purchasing has to sign first,
            outdated, or impossible
        """
        self.check_access("read")
        self._lock()
        errors = [e for s in self if (e := s._get_material_error())]
        if errors:
            raise UserError("\n".join(errors))
        for statement in self:
            sheet = statement.sheet_id
            roles = statement.sudo()._get_my_material_roles()
            waiting = roles & sheet._get_roles_to_sign()[sheet]
            for role in waiting or roles[:1]:
                if role in waiting:
                    sheet.action_sign(role, note=note)
                else:  # the sheet is as it was signed, the material is not
                    sheet._sign(role, "signed", note=note)
                    sheet._advance()

    def _get_my_material_roles(self):
        self.ensure_one()
        roles = self.sheet_id._get_material_roles()[self.company_id]
        return roles._filter_mine(self.sheet_id)

    def _get_material_error(self):
        """Return why the user cannot sign for material control now, or ""."""
        self.ensure_one()
        if error := self._get_closed_error():
            return error
        if self.state == "signed":
            return self.env._(
                "%(statement)s is signed already, by %(user)s on %(date)s. Read the"
                " stock again to state it anew.",
                statement=self.display_name,
                user=self.sudo().signed_by_id.name,
                date=format_date(
                    self.env, self.company_id._order_desk_date(self.signed_on)
                ),
            )
        if not self.sudo()._get_my_material_roles():
            roles = self.sudo().sheet_id._get_material_roles()[self.company_id]
            return self.env._(
                "%(statement)s is signed by: %(roles)s.",
                statement=self.display_name,
                roles="; ".join(role._get_signers_text() for role in roles),
            )
        return self._get_unsigned_error()

    def _get_unsound_error(self):
        """Return why nobody can sign this statement as it is, or ""."""
        self.ensure_one()
        if self.is_impossible:
            return self.env._(
                "%(statement)s cannot be signed.\n%(problem)s\nThen read the stock"
                " again.",
                statement=self.display_name,
                problem=self.problem,
            )
        if self.is_outdated:
            return self.env._(
                "%s is outdated: the order or its bills of materials have changed since"
                " the stock was read. Read the stock again, then sign.",
                self.display_name,
            )
        return ""

    def _get_unsigned_error(self):
        """Return why this statement cannot stand for a countersignature, or ""."""
        self.ensure_one()
        if error := self._get_unsound_error():
            return error
        if self._awaits_purchasing():
            roles = self.sudo()._get_purchasing_roles()
            return self.env._(
                "%(statement)s: something is missing or late, so purchasing signs"
                " first: %(roles)s.",
                statement=self.display_name,
                roles="; ".join(role._get_signers_text() for role in roles),
            )
        if self.is_expired:
            return self.env._(
                "%(statement)s held until %(date)s. Read the stock again, then sign.",
                statement=self.display_name,
                date=format_date(self.env, self.valid_until),
            )
        return ""

    def _get_signature_text(self):
        """Return what the signature on the sheet states."""
        self.ensure_one()
        return f"{self.name}: {self._get_summary()}"

    def _take_signature(self, signature):
        """Hold from today on: material control has just countersigned the sheet."""
        self.ensure_one()
        company = self.company_id
        today = company._order_desk_date()
        older = self.sheet_id.material_statement_ids.filtered(
            lambda statement: statement.state == "signed"
        )
        older._replace()
        older.flush_recordset(["state"])  # one signed statement per sheet at a time
        self.write(
            {
                "state": "signed",
                "signed_by_id": signature.user_id.id,
                "signed_on": signature.signed_on,
                "signed_for_id": signature.on_behalf_of_id.id,
                "valid_from": today,
                "valid_until": company._order_desk_add_working_days(
                    today, company.order_desk_material_days
                ),
            }
        )
        self._update_todos()

    def _replace(self):
        """Take these out of the way; they stay on file."""
        self.write({"state": "replaced", "alert": False, "alerted_on": False})
        self._update_todos()

    def _tell(self, *texts):
        """Tell the story on the statement and on the sheet."""
        body = Markup("<br/>").join(text for text in texts if text)
        for statement in self.sudo():  # who signs need not write on the sheet
            author_id = self.env.user.partner_id.id
            statement._message_log(body=body, author_id=author_id)
            statement.sheet_id._message_log(body=body, author_id=author_id)
