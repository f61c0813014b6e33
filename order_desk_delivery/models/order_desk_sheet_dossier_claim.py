from odoo import models

from .order_desk_claim import OPEN_STATES


class OrderDeskSheet(models.Model):
    """What claims add to the dossier of an order (SPEC I2)."""

    _inherit = "order.desk.sheet"

    def _get_dossier_documents(self):
        claims = self.claim_ids.sorted("id")
        return [
            *super()._get_dossier_documents(),
            self._make_dossier_chapter(
                930,
                self.env._("Claims"),
                claims,
                report="order_desk_delivery.action_report_claim",
                goes_along=True,
                files=claims.attachment_ids,
                missing=[
                    self.env._("The claim %s is still open.", claim.number)
                    for claim in claims
                    if claim.state in OPEN_STATES
                ],
            ),
        ]
