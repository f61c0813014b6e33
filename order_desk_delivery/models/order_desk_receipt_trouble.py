from urllib.parse import urlencode

from odoo import api, fields, models

from .order_desk_claim import DEAD_STATES, OPEN_STATES


class OrderDeskReceipt(models.Model):
    """What did not come well is claimed once the customer has said so (SPEC G7)."""

    _inherit = "order.desk.receipt"

    claim_ids = fields.One2many(
        "order.desk.claim", "receipt_id", "Claims", readonly=True
    )
    claim_count = fields.Integer(compute="_compute_claim_count", compute_sudo=True)

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        counts = dict(
            self.env["order.desk.claim"]._read_group(
                [("receipt_id", "in", self.ids)], ["receipt_id"], ["__count"]
            )
        )
        for receipt in self:
            receipt.claim_count = counts.get(receipt, 0)

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "claim_ids": []}

    def _close(self):
        result = super()._close()
        self.env["order.desk.claim"]._open_from_receipt(self)
        return result

    def _get_reopen_error(self):
        claims = self.sudo().claim_ids.filtered(  # of colleagues
            lambda claim: claim.state not in ("new", *DEAD_STATES)
        )
        if self.state == "filed" and claims:
            return self.env._(
                "%(number)s: the claim %(claims)s has come of it and is dealt with."
                " Have that withdrawn first.",
                number=self.number,
                claims=", ".join(claims.mapped("number")),
            )
        return super()._get_reopen_error()

    def action_reopen(self):
        """Take claims back with the filing that they have come of."""
        result = super().action_reopen()
        claims = self.sudo().claim_ids.filtered(  # nobody has begun to deal with them
            lambda claim: claim.state == "new" and claim.source in ("receipt", "portal")
        )
        if claims:
            claims.action_withdraw(
                self.env._("The filing of the delivery receipt was taken back.")
            )
        return result

    def _get_claim_url(self, partner, access_token=False):
        """Return the page on which ``partner`` opens another claim, or "".

        A receiver of another company has not ordered, so it is not theirs to claim.
        """
        self.ensure_one()
        customer = self.customer_id.commercial_partner_id
        if not self._is_in() or partner.commercial_partner_id != customer:
            return ""
        query = f"?{urlencode({'access_token': access_token})}" if access_token else ""
        return f"/my/claims/new/receipt/{self.id}{query}"

    def action_open_claim(self):
        """Open the claim about this delivery, or the form for one (SPEC I1)."""
        self.ensure_one()
        claims = self.claim_ids.filtered(lambda claim: claim.state in OPEN_STATES)
        if claims:
            return claims._get_records_action(name=self.env._("Claims"))
        claims.check_access("create")
        sheets = self.sheet_ids
        return claims._get_open_action(
            receipt_id=self.id,
            sheet_id=sheets.id if len(sheets) == 1 else False,
            contact=self.signed_name,
        )

    def action_view_claims(self):
        """Open the claims that have come of these receipts."""
        return self.claim_ids._get_records_action(name=self.env._("Claims"))
