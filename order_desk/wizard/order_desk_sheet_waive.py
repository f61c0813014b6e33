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
    make_good = fields.Text(
        "To Make Good",
        help="What has to be there later; left empty, what each condition asks.",
    )
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
                    "make_good": self._get_make_good(sheet, condition),
                    # of many each is a decision of its own
                    "is_chosen": bool(code),
                },
            )
            for (sheet, found_gate), conditions in waivable.items()
            for condition in conditions
            if (found_gate, condition["code"]) == (gate, code)
            # what is not made yet need not ship
            or (not code and (found_gate == "production" or sheet.state == "released"))
        ]
        if not self.line_ids:
            raise UserError(
                self.env._("There is nothing for you to waive on these orders now.")
            )
        if len(self.line_ids) == 1:
            self.make_good = self.line_ids.make_good
            self.line_ids.is_chosen = True
        self.make_good_by = self._get_proposed_date()

    @api.model
    def _get_make_good(self, sheet, condition):
        """Return what is to be made good when nothing else is said."""
        if not condition.get("missing"):
            return condition["label"]
        labels = dict(self.env["order.desk.waiver"]._selection_condition())
        return self.env._(
            "%(condition)s: %(missing)s",
            condition=labels[condition["code"]],
            missing=sheet.currency_id.format(condition["missing"]),
        )

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
        own_text = (self.make_good or "").strip()
        for (gate, condition, text), lines in chosen.grouped(
            lambda line: (line.gate, line.condition, own_text or line.make_good)
        ).items():
            lines.sheet_id.action_waive(
                gate, condition, self.reason, text, self.make_good_by
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
    make_good = fields.Text(readonly=True)
    is_chosen = fields.Boolean("Waive")

    @api.model
    def _selection_gate(self):
        return self.env["order.desk.waiver"]._selection_gate()
