from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskSheetSign(models.TransientModel):
    """The dialog in which one person signs, checks or refuses one or many sheets."""

    _name = "order.desk.sheet.sign"
    _description = "Sign or Refuse Order Configuration Sheets"

    sheet_ids = fields.Many2many(
        "order.desk.sheet", string="Chosen Sheets", required=True, readonly=True
    )
    decision = fields.Selection(
        [("signed", "Sign"), ("refused", "Refuse")],
        required=True,
        default="signed",
        readonly=True,
    )
    available_role_ids = fields.Many2many(
        "order.desk.role",
        string="Available Roles",
        compute="_compute_available_role_ids",
    )
    role_id = fields.Many2one(
        "order.desk.role",
        "Sign as",
        compute="_compute_role_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', available_role_ids)]",
    )
    signable_sheet_ids = fields.Many2many(
        "order.desk.sheet",
        string="Sheets",
        compute="_compute_signable_sheet_ids",
        help="The sheets that wait for this role, the unusual ones first.",
    )
    left_out = fields.Text(
        compute="_compute_signable_sheet_ids",
        help="Chosen sheets that do not wait for this role.",
    )
    is_second_look = fields.Boolean(related="role_id.is_second_look")
    asks_drawing = fields.Boolean(
        "Asks for a Drawn Signature", related="role_id.drawn_signature"
    )
    statement_kind = fields.Selection(
        "_selection_statement_kind", compute="_compute_statement_kind"
    )
    statement_label = fields.Char(related="role_id.statement_label")
    statement_hint = fields.Text(
        "How It Came About",
        compute="_compute_statement_hint",
        help="What the proposed statement of each sheet is made of.",
    )
    statement_text = fields.Char(
        "Statement", compute="_compute_statement_value", store=True, readonly=False
    )
    statement_date = fields.Date(
        compute="_compute_statement_value", store=True, readonly=False
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", "order_desk_sheet_sign_attachment_rel", string="Attachments"
    )
    drawn_signature = fields.Binary(attachment=False)
    check_item_ids = fields.Many2many(
        "order.desk.check.item",
        string="Looked at",
        domain=[("usage", "=", "review")],
        help="Tick what you have compared with the customer's order.",
    )
    note = fields.Text(help="A remark for the others, or why you refuse.")

    @api.model
    def _selection_statement_kind(self):
        field = self.env["order.desk.role"]._fields["statement"]
        return field._description_selection(self.env)

    @api.depends("sheet_ids")
    def _compute_available_role_ids(self):
        for wizard in self:
            wizard.available_role_ids = self.env["order.desk.role"].union(
                *wizard._get_my_roles().values()
            )

    def _get_my_roles(self):
        """Return the roles in which the user has to sign each chosen sheet now."""
        sheets = self.sheet_ids._origin.with_prefetch()
        return {
            sheet: roles._filter_mine(sheet)
            for sheet, roles in sheets._get_roles_to_sign().items()
        }

    @api.depends("available_role_ids")
    def _compute_role_id(self):
        for wizard in self:
            wizard.role_id = wizard.role_id or wizard.available_role_ids[:1]

    @api.depends("role_id", "sheet_ids")
    def _compute_signable_sheet_ids(self):
        for wizard in self:
            roles = wizard._get_my_roles()
            sheets = wizard.sheet_ids._origin.filtered(
                lambda sheet, roles=roles, role=wizard.role_id._origin: (
                    role in roles[sheet]
                )
            )
            wizard.signable_sheet_ids = sheets.sorted(
                lambda sheet: -len(sheet.exceptions or [])
            )
            wizard.left_out = ", ".join(
                (wizard.sheet_ids._origin - sheets).mapped("display_name")
            )

    @api.depends("role_id", "signable_sheet_ids")
    def _compute_statement_kind(self):
        for wizard in self:
            asked = any(
                wizard.role_id._asks_statement(sheet)
                for sheet in wizard.signable_sheet_ids._origin
            )
            wizard.statement_kind = wizard.role_id.statement if asked else "none"

    def _get_proposals(self):
        """Return what the role may state on each sheet: ``{sheet: (value, hint)}``."""
        sheets = self.signable_sheet_ids._origin.with_prefetch()
        role = self.role_id._origin
        return role._get_statement_proposals(sheets) if role and sheets else {}

    @api.depends("role_id", "signable_sheet_ids")
    def _compute_statement_hint(self):
        for wizard in self:
            hints = [
                (sheet.sudo().order_id.name, hint)
                for sheet, (_value, hint) in wizard._get_proposals().items()
                if hint
            ]
            wizard.statement_hint = "\n\n".join(
                f"{name}: {hint}" if len(wizard.signable_sheet_ids) > 1 else hint
                for name, hint in hints
            )

    @api.depends("role_id", "signable_sheet_ids")
    def _compute_statement_value(self):
        """Propose what holds for all sheets: the same text, or the latest date."""
        for wizard in self:
            values = [value for value, _hint in wizard._get_proposals().values()]
            complete = values and all(values)
            kind = wizard.role_id.statement
            wizard.statement_date = (
                max(values) if complete and kind == "date" else wizard.statement_date
            )
            wizard.statement_text = (
                values[0]
                if complete and kind == "text" and len(set(values)) == 1
                else wizard.statement_text
            )

    def _get_title(self):
        """Return what the dialog is called."""
        if self.decision == "refused":
            return self.env._("Refuse")
        return self.env._("Check") if self.is_second_look else self.env._("Sign")

    def _get_sheets(self):
        """Return the sheets to sign.

        :raise UserError: none of them waits for the user
        """
        if not self.signable_sheet_ids:
            raise UserError(self._get_nothing_error())
        return self.signable_sheet_ids.with_prefetch()

    def _get_nothing_error(self):
        """Return why there is nothing to sign: who has decided already, and when.

        Whoever lost the connection before the answer came confirms the dialog again.
        """
        errors = [
            error
            for sheet in self.sheet_ids
            if (error := sheet._get_decided_error(self.role_id))
        ]
        return "\n".join(errors) or self.env._(
            "There is nothing for you to sign on these sheets now."
        )

    def action_confirm(self):
        """Do what the dialog is for: check, sign or refuse all sheets in it."""
        self.ensure_one()
        sheets = self._get_sheets()
        if self.decision == "refused":
            sheets.action_refuse(self.role_id, self.note)
        elif self.is_second_look:
            sheets.action_check(self.check_item_ids, self.note)
        else:
            sheets.action_sign(
                self.role_id,
                self.statement_date
                if self.statement_kind == "date"
                else self.statement_text,
                self.note,
                drawn_signature=self.drawn_signature,
                attachments=self.attachment_ids,
            )
        return self._get_done_action(sheets)

    def _get_done_action(self, sheets):
        """Close the dialog and say what has been done."""
        names = ", ".join(sheets.sudo().mapped("order_id.name"))
        message = (
            self.env._("%s goes back to the salesperson.", names)
            if self.decision == "refused"
            else self.env._("Signed: %s", names)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_turn_down(self):
        """Turn the dialog into the one that refuses, with what is written in it."""
        self.ensure_one()
        self.decision = "refused"
        return self.sheet_ids._open_wizard(self, self._get_title())
