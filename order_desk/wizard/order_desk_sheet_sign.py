from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskSheetSign(models.TransientModel):
    _name = "order.desk.sheet.sign"
    _description = "Sign or Refuse Order Configuration Sheets"

    sheet_ids = fields.Many2many(
        "order.desk.sheet", string="Sheets", required=True, readonly=True
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
    statement_kind = fields.Selection(
        [("none", "None"), ("text", "Text"), ("date", "Date")],
        compute="_compute_statement_kind",
    )
    statement_label = fields.Char(related="role_id.statement_label")
    statement_text = fields.Char("Statement")
    statement_date = fields.Date()
    note = fields.Text(help="A remark for the others, or why you refuse.")

    @api.depends("sheet_ids")
    def _compute_available_role_ids(self):
        for wizard in self:
            wizard.available_role_ids = self.env["order.desk.role"].union(
                *(sheet._get_my_roles() for sheet in wizard.sheet_ids._origin)
            )

    @api.depends("available_role_ids")
    def _compute_role_id(self):
        for wizard in self:
            wizard.role_id = wizard.role_id or wizard.available_role_ids[:1]

    @api.depends("role_id", "sheet_ids")
    def _compute_statement_kind(self):
        for wizard in self:
            asked = any(
                wizard.role_id._asks_statement(s) for s in wizard.sheet_ids._origin
            )
            wizard.statement_kind = wizard.role_id.statement if asked else "none"

    def _check_role(self):
        if not self.role_id:
            raise UserError(
                self.env._("There is nothing for you to sign on these sheets now.")
            )

    def action_sign(self):
        """Sign all sheets of the dialog for the chosen role."""
        self.ensure_one()
        self._check_role()
        statement = (
            self.statement_date
            if self.statement_kind == "date"
            else self.statement_text
        )
        self.sheet_ids.action_sign(self.role_id, statement, self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        """Send all sheets of the dialog back, with the note as the reason."""
        self.ensure_one()
        self._check_role()
        self.sheet_ids.action_refuse(self.role_id, self.note)
        return {"type": "ir.actions.act_window_close"}
