from odoo import fields, models
from odoo.exceptions import UserError


class OrderDeskRole(models.Model):
    """Material control countersigns with the material statement (SPEC B6)."""

    _inherit = "order.desk.role"

    statement = fields.Selection(
        selection_add=[("material", "Material Statement")],
        ondelete={"material": lambda roles: roles.write({"statement": "text"})},
    )

    def _get_statement_proposals(self, sheets):
        proposals = super()._get_statement_proposals(sheets)
        if self.statement == "material":
            for sheet in sheets:
                # who signs need not have rights on more than the sheet
                statement = sheet.sudo()._get_current_statement()
                statement = statement.with_env(self.env)
                if statement:
                    proposals[sheet] = (False, statement.sudo()._get_hint())
        if self.gives_finish_date and self.statement == "date":
            proposals.update(sheets._get_finish_proposals())
        return proposals

    def _read_statement(self, sheet, statement, attachments):
        """Take the material statement itself: nothing that is typed in counts."""
        if self.statement != "material":
            return super()._read_statement(sheet, statement, attachments)
        current = sheet._get_current_statement()
        if not current:
            raise UserError(
                self.env._(
                    "%(order)s: to sign as %(role)s, open the material statement of the"
                    " sheet (page “Production”) first.",
                    order=sheet.order_id.name,
                    role=self.name,
                )
            )
        if error := current._get_unsigned_error():
            raise UserError(error)
        return current._get_signature_text()
