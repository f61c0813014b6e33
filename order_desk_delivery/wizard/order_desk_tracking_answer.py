from odoo import api, fields, models


class OrderDeskTrackingAnswer(models.TransientModel):
    """What a tracking check has found that takes a word: delayed, or trouble."""

    _name = "order.desk.tracking.answer"
    _description = "What a Tracking Check Has Found"

    check_ids = fields.Many2many(
        "order.desk.tracking.check",
        "order_desk_tracking_answer_check_rel",
        string="Shipments",
        required=True,
        readonly=True,
    )
    outcome = fields.Selection(
        [("delayed", "Delayed"), ("trouble", "Trouble")], required=True, readonly=True
    )
    new_date = fields.Date(
        "New Day of Arrival",
        compute="_compute_new_date",
        store=True,
        precompute=True,
        readonly=False,
    )
    reason = fields.Char()
    description = fields.Text("Details")
    tell_customer = fields.Boolean("Tell the Customer by E-mail")

    @api.depends("check_ids")
    def _compute_new_date(self):
        """Propose the next working day after the one that was expected so far."""
        # anybody can name a check here; who may not read it gets nothing of it
        self.check_ids.sudo(False).check_access("read")
        for dialog in self:
            company = dialog.check_ids.company_id[:1] or self.env.company
            days = [
                check.advice_id._get_arrival_day() for check in dialog.check_ids._origin
            ]
            today = company._order_desk_date()
            dialog.new_date = company._order_desk_add_working_days(
                max([today, *days]), 1
            )

    def action_answer(self):
        """Write down what was found."""
        self.ensure_one()
        if self.outcome == "delayed":
            self.check_ids.action_delay(self.new_date, self.reason, self.tell_customer)
        else:
            self.check_ids.action_trouble(self.reason, self.description)
        return {"type": "ir.actions.act_window_close"}
