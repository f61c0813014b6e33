from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_desk_sheet_engineering import ANSWER_ASPECT

STATEMENT = "engineering"


class OrderDeskRole(models.Model):
    """Who answers on what is outside the standard, and who signs for it (SPEC B5)."""

    _inherit = "order.desk.role"

    statement = fields.Selection(
        selection_add=[(STATEMENT, "Engineering confirmations")],
        ondelete={STATEMENT: lambda roles: roles.write({"statement": "text"})},
    )

    @api.model
    def _get_engineering_signers(self, companies):
        """Return the roles that sign for engineering's answers: ``{company: roles}``.

        A company without such a role does without engineering confirmations.
        """
        # whoever works need not be able to read the set-up of the desk
        roles = self.sudo()
        return {
            company: roles.browse(roles._get_ids(company.id)).filtered(
                lambda role: role.step == "countersign" and role.statement == STATEMENT
            )
            for company in companies
        }

    @api.model
    def _get_engineers(self, companies):
        """Return the roles that answer: ``{company: roles}``.

        Where nobody fills the role of the engineers, the signers answer themselves.
        """
        engineers = self._get_step_roles(companies, "engineering")
        signers = self._get_engineering_signers(companies)
        return {
            company: engineers[company] or signers[company] for company in companies
        }

    def _get_aspect_codes(self, digests):
        codes = super()._get_aspect_codes(digests)
        if self.is_second_look:
            codes -= {ANSWER_ASPECT}
        elif "engineering" in codes:
            codes |= {ANSWER_ASPECT} & set(digests)
        return codes

    def _read_statement(self, sheet, statement, attachments):
        """Take engineering's answers as the statement.

        :raise UserError: names every line without a feasible answer, and who has it
        """
        self.ensure_one()
        if self.statement != STATEMENT:
            return super()._read_statement(sheet, statement, attachments)
        missing = sheet._get_engineering_missing()
        if missing:
            raise UserError(
                self.env._(
                    "%(order)s: to sign as %(role)s, these lines need engineering's"
                    " answer first:\n%(lines)s",
                    order=sheet.order_id.name,
                    role=self.name,
                    lines="\n".join(
                        f"• {line._get_engineering_label()}: {reason} ({actor})"
                        for line, reason, actor in missing
                    ),
                )
            )
        return sheet._get_engineering_summary()

    def _get_statement_proposals(self, sheets):
        if self.statement != STATEMENT:
            return super()._get_statement_proposals(sheets)
        return {
            # whoever signs reads the answers, and need not read everything behind
            sheet: (False, sheet.sudo()._get_engineering_summary())
            for sheet in sheets
        }
