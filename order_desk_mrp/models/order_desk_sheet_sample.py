from odoo import fields, models


class OrderDeskSheet(models.Model):
    """The sheet's list of shell samples (SPEC C6)."""

    _inherit = "order.desk.sheet"

    sample_ids = fields.One2many("order.desk.sample", "sheet_id", "Shell Samples")

    def unlink(self):
        # with their to-dos and messages, which the database knows nothing of
        self.sudo().sample_ids.unlink()
        return super().unlink()

    def _action_cancel(self):
        result = super()._action_cancel()
        # what is lent is still to come back
        self.sudo().sample_ids._update_todos()
        return result

    def action_view_samples(self):
        """Open the shell samples of this sheet, to look up, lend or add some."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "order_desk_mrp.order_desk_sample_action"
            ),
            "domain": [("sheet_id", "in", self.ids)],
            "context": {"default_sheet_id": self.id},
        }
