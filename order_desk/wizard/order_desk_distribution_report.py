from odoo import fields, models


class OrderDeskDistributionReport(models.TransientModel):
    _name = "order.desk.distribution.report"
    _description = "Report on Distributed Copies"

    distribution_ids = fields.Many2many(
        "order.desk.distribution", string="Copies", required=True, readonly=True
    )
    remark = fields.Text(help="The sheet's history shows it to the order desk.")

    def action_take_note(self):
        """Take note of the copies, with the remark entered here."""
        self.ensure_one()
        self.distribution_ids.action_take_note(self.remark)
        return {"type": "ir.actions.act_window_close"}

    def action_report_done(self):
        """Report the copies done, with the remark entered here."""
        self.ensure_one()
        self.distribution_ids.action_report_done(self.remark)
        return {"type": "ir.actions.act_window_close"}
