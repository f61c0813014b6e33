from odoo import api, fields, models


class OrderDeskSheet(models.Model):
    """The claims of an order (SPEC I1)."""

    _inherit = "order.desk.sheet"

    claim_ids = fields.One2many("order.desk.claim", "sheet_id", "Claims", readonly=True)
    claim_count = fields.Integer(compute="_compute_claim_count", compute_sudo=True)

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        groups = self.env["order.desk.claim"]._read_group(
            [("sheet_id", "in", self.ids)], ["sheet_id"], ["__count"]
        )
        counts = dict(groups)
        for sheet in self:
            sheet.claim_count = counts.get(sheet, 0)

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "claim_ids": []}

    def action_open_claim(self):
        """Open the form in which a claim about this order is taken down."""
        self.ensure_one()
        return self.env["order.desk.claim"]._get_open_action(sheet_id=self.id)

    def action_view_claims(self):
        """Open the claims of these orders."""
        return self.claim_ids._get_records_action(name=self.env._("Claims"))
