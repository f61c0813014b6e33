from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskSignature(models.Model):
    """What one person decided for one role, and what exactly they saw.

    Rows are appended by ``order.desk.sheet.action_sign`` and ``action_refuse``
    and are never changed or deleted, by anybody (SPEC C3).
    """

    _name = "order.desk.signature"
    _description = "Signature on an Order Configuration Sheet"
    _order = "signed_on desc, id desc"
    _rec_name = "role_id"

    sheet_id = fields.Many2one(
        "order.desk.sheet",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    role_id = fields.Many2one(
        "order.desk.role", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="restrict"
    )
    on_behalf_of_id = fields.Many2one(
        "res.users",
        readonly=True,
        ondelete="restrict",
        help="Whom the stand-in signed for.",
    )
    decision = fields.Selection(
        [("signed", "Signed"), ("refused", "Refused")], required=True, readonly=True
    )
    signed_on = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    statement = fields.Char(
        readonly=True, help="What the role had to state, e.g. the finish date."
    )
    note = fields.Text(readonly=True)
    revision = fields.Integer(readonly=True)
    digests = fields.Json(
        readonly=True,
        help="Digest of each of the role's aspects as it was when it was signed.",
    )
    is_current = fields.Boolean(
        compute="_compute_is_current",
        compute_sudo=True,
        help="The role's last decision, on content that has not changed since.",
    )

    @api.depends("digests", "decision", "sheet_id.digests", "sheet_id.signature_ids")
    def _compute_is_current(self):
        for signature in self:
            sheet = signature.sheet_id
            signature.is_current = (
                signature.decision == "signed"
                and sheet._get_last_signatures().get(signature.role_id) == signature
                and signature._get_changed_aspects() == []
            )

    def _get_changed_aspects(self):
        """Return the codes of the signed aspects that look different today."""
        self.ensure_one()
        now, signed = self.sheet_id.digests or {}, self.digests or {}
        codes = {*signed, *self.role_id._get_aspect_codes(now)}
        return sorted(code for code in codes if now.get(code) != signed.get(code))

    def _get_changes(self):
        """Return in words what has changed since, see ``order.desk.revision``."""
        self.ensure_one()
        aspects = self._get_changed_aspects()
        revision = self.sheet_id.revision_ids.filtered(
            lambda revision: revision.number == self.revision
        )
        if not aspects or not revision:
            return []
        return revision._get_changes(
            revision.content, self.sheet_id._get_contents()[self.sheet_id], aspects
        )

    def write(self, vals):
        if set(vals) - {"company_id"}:
            raise UserError(
                self.env._("A signature cannot be changed. Sign again instead.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A signature cannot be deleted."))

    def _post_in_chatter(self):
        """Tell the story on the sheet in a plain sentence."""
        for signature in self:
            values = {"role": signature.role_id.name, "user": signature.user_id.name}
            if signature.decision == "signed":
                body = self.env._("%(user)s signed as %(role)s.", **values)
            else:
                body = self.env._("%(user)s refused as %(role)s.", **values)
            lines = [body, signature.statement, signature.note]
            signature.sheet_id.message_post(
                body=Markup("<br/>").join(line for line in lines if line),
                author_id=signature.user_id.partner_id.id,
            )
