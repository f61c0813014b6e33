from odoo import api, fields, models
from odoo.exceptions import AccessError

# outcomes whose goods this transaction divides, so that the parts stay with them
DIVIDED = "order_desk_divided_outcomes"


class OrderDeskClaimDocumentMixin(models.AbstractModel):
    """Documents of Odoo's own that an outcome of a claim has made (SPEC I1).

    What a claim costs is read from them, so nobody makes others its documents.
    """

    _name = "order.desk.claim.document.mixin"
    _description = "Document of a Claim"

    claim_outcome_id = fields.Many2one(
        "order.desk.claim.outcome",
        "Outcome of a Claim",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )

    @api.model_create_multi
    def create(self, vals_list):
        given = {vals.get("claim_outcome_id") for vals in vals_list} - {None, False}
        divided = self.env.cr.precommit.data.get(DIVIDED, set())
        self._check_claim_outcome(given - divided)
        # given here, it wins over the defaults of a context
        return super().create(
            [{"claim_outcome_id": False, **vals} for vals in vals_list]
        )

    def write(self, vals):
        self._check_claim_outcome("claim_outcome_id" in vals)
        return super().write(vals)

    @api.model
    def _check_claim_outcome(self, is_given):
        """Refuse what a client says about the claim of a document.

        :raise AccessError:
        """
        if is_given and not self.env.su:
            raise AccessError(
                self.env._(
                    "To which claim a document belongs is noted by the order desk and"
                    " cannot be entered. Decide about the claim instead."
                )
            )

    def _pass_claim_outcome_on(self):
        """Return the outcome for what takes over from this one in this transaction."""
        # whoever divides a transfer need not be able to read claims
        outcome = self.sudo().claim_outcome_id
        if outcome:
            self.env.cr.precommit.data.setdefault(DIVIDED, set()).add(outcome.id)
        return outcome.id
