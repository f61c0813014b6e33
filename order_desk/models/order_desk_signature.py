from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .order_desk_protected_mixin import keep_rows

# what a signature says; the other columns are the ORM's own
SIGNED_COLUMNS = (
    "sheet_id",
    "role_id",
    "user_id",
    "on_behalf_of_id",
    "decision",
    "signed_on",
    "statement",
    "note",
    "drawn_signature",
    "revision",
    "digests",
    "seen_reconcile_id",
)


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
    check_item_ids = fields.Many2many(
        "order.desk.check.item",
        string="Looked at",
        readonly=True,
        ondelete="restrict",
        help="What the second look went through, item by item.",
    )
    drawn_signature = fields.Binary(readonly=True, attachment=False)
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "order_desk_signature_attachment_rel",
        string="Attachments",
        readonly=True,
        ondelete="restrict",
    )
    revision = fields.Integer(readonly=True)
    digests = fields.Json(
        readonly=True,
        help="Digest of each of the role's aspects as it was when it was signed.",
    )
    seen_reconcile_id = fields.Integer(
        readonly=True,
        help="The last reconciliation that finance has seen: what came after it is not"
        " confirmed. The sums stay in the accounts (SPEC F4).",
    )
    is_current = fields.Boolean(
        compute="_compute_is_current",
        compute_sudo=True,
        help="The role's last decision, on content that has not changed since.",
    )

    def init(self):
        """Let the database itself refuse to change or delete what was signed."""
        keep_rows(self, SIGNED_COLUMNS, "A signature cannot be changed or deleted.")

    @api.depends("digests", "decision", "sheet_id.digests", "sheet_id.signature_ids")
    def _compute_is_current(self):
        sheets = self.sheet_id.with_prefetch(self.sheet_id._prefetch_ids)
        last = {sheet: sheet._get_last_signatures() for sheet in sheets}
        for signature in self:
            signature.is_current = (
                signature.decision == "signed"
                and last[signature.sheet_id].get(signature.role_id) == signature
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
        """Tell the story on the sheets in a plain sentence.

        All of ``self`` is signed by one person, each sheet once.
        """
        bodies = {}
        for signature in self:
            lines = [
                signature._get_sentence(),
                signature.statement,
                ", ".join(signature.check_item_ids.mapped("name")),
                signature.note,
            ]
            bodies[signature.sheet_id.id] = Markup("<br/>").join(
                line for line in lines if line
            )
        self.sheet_id._message_log_batch(bodies, author_id=self.user_id.partner_id.id)

    def _get_sentence(self):
        """Return who decided what in which role, for whom."""
        self.ensure_one()
        values = {"role": self.role_id.name, "user": self.user_id.name}
        if self.on_behalf_of_id:
            values["away"] = self.on_behalf_of_id.name
            if self.decision == "signed":
                return self.env._(
                    "%(user)s signed as %(role)s on behalf of %(away)s.", **values
                )
            return self.env._(
                "%(user)s refused as %(role)s on behalf of %(away)s.", **values
            )
        if self.decision == "signed":
            return self.env._("%(user)s signed as %(role)s.", **values)
        return self.env._("%(user)s refused as %(role)s.", **values)

    # ------------------------------------------------------------- on paper

    def _get_print_values(self):
        """Return this signature as the countersign block shows it, in texts.

        Without a signature there is nothing but the keys.
        """
        if not self:
            return dict.fromkeys(
                ("decision", "is_current", "name", "away", "date", "statement")
                + ("note", "picture", "changed")
            )
        self.ensure_one()
        changed = self._get_changed_aspects() if self.decision == "signed" else []
        aspects = self.env["order.desk.aspect"].search([("code", "in", changed)])
        return {
            "decision": self.decision,
            "is_current": self.is_current,
            "name": self.user_id.name,
            "away": self.on_behalf_of_id
            and self.env._("on behalf of %s", self.on_behalf_of_id.name),
            "date": self.company_id._order_desk_moment_text(self.signed_on),
            "statement": self._get_statement_text(),
            "note": self.note,
            "picture": self.drawn_signature,
            "changed": ", ".join(aspects.mapped("name")),
        }

    def _get_statement_text(self):
        """Return the statement as the reader writes it: a date is not ISO text."""
        self.ensure_one()
        if self.role_id.statement != "date":
            return self.statement
        try:
            return format_date(self.env, self.statement)
        except ValueError:  # the role asked for a text when this was signed
            return self.statement
