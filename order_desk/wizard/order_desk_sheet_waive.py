from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskSheetWaive(models.TransientModel):
    """The dialog in which one person waives conditions of one or many orders."""

    _name = "order.desk.sheet.waive"
    _description = "Waive Conditions of Orders"

    sheet_ids = fields.Many2many(
        "order.desk.sheet", string="Chosen Sheets", required=True, readonly=True
    )
    line_ids = fields.One2many(
        "order.desk.sheet.waive.line", "wizard_id", "Conditions to Waive"
    )
    reason = fields.Text(help="Everybody who works on the order reads it.")
    make_good = fields.Text("To Make Good", help="What has to be there later.")
    make_good_by = fields.Date()

    def _propose(self, gate, code):
        """Fill in what the user may waive on the sheets.

        :param gate: with ``code`` the only condition to propose, else all of them
        :raise UserError: there is nothing for the user to waive
        """
        self.ensure_one()
        waivable = self.sheet_ids._get_waivable()
        self.line_ids = [
            (
                0,
                0,
                {
                    "sheet_id": sheet.id,
                    "gate": found_gate,
                    "condition": condition["code"],
                    "label": condition["label"],
                    "why": condition["reason"],
                },
            )
            for (sheet, found_gate), conditions in waivable.items()
            for condition in conditions
            if not code or (found_gate, condition["code"]) == (gate, code)
        ]
        if not self.line_ids:
            raise UserError(
                self.env._("There is nothing for you to waive on these orders now.")
            )
        self.make_good = "\n".join(dict.fromkeys(self.line_ids.mapped("label")))
        self.make_good_by = self._get_proposed_date()

    def _get_proposed_date(self):
        """Return the earliest deadline that the user's rights give."""
        rights = self.env["order.desk.waiver.right"].sudo()  # the set-up of the desk
        dates = []
        for gate, lines in self.line_ids.grouped("gate").items():
            mine = rights._get_mine(lines.sheet_id.company_id, gate)
            for line in lines:
                company = line.sheet_id.company_id
                days = min(mine[company, line.condition].mapped("make_good_days"))
                dates.append((company, days))
        return min(
            company._order_desk_add_working_days(company._order_desk_date(), days)
            for company, days in set(dates)
        )

    def action_confirm(self):
        """Waive what is ticked."""
        self.ensure_one()
        chosen = self.line_ids.filtered("is_chosen")
        if not chosen:
            raise UserError(self.env._("Tick at least one condition to waive."))
        for (gate, condition), lines in chosen.grouped(
            lambda line: (line.gate, line.condition)
        ).items():
            lines.sheet_id.action_waive(
                gate, condition, self.reason, self.make_good, self.make_good_by
            )
        names = ", ".join(chosen.sheet_id.sudo().mapped("order_id.name"))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Waived: %s", names),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class OrderDeskSheetWaiveLine(models.TransientModel):
    _name = "order.desk.sheet.waive.line"
    _description = "Condition to Waive"

    wizard_id = fields.Many2one(
        "order.desk.sheet.waive", required=True, index=True, ondelete="cascade"
    )
    sheet_id = fields.Many2one(
        "order.desk.sheet", "Order", required=True, readonly=True
    )
    gate = fields.Selection("_selection_gate", required=True, readonly=True)
    condition = fields.Char(required=True, readonly=True)
    label = fields.Char("Condition to Pass", readonly=True)
    why = fields.Text("Why It Is Not Met", readonly=True)
    is_chosen = fields.Boolean("Waive", default=True)

    @api.model
    def _selection_gate(self):
        return self.env["order.desk.waiver"]._selection_gate()
