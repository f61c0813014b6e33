from odoo import models


class OrderDeskClaim(models.Model):
    """The dialogs in which a claim is dealt with."""

    _inherit = "order.desk.claim"

    def _open_dialog(self, name, title=False, **values):
        self.ensure_one()
        dialog = self.env[f"order.desk.claim.{name}"].create(
            {"claim_id": self.id, **values}
        )
        return dialog._get_records_action(
            name=title or dialog._get_title(), target="new"
        )

    def action_open_decide(self):
        """Open the dialog in which it is decided what is done."""
        return self._open_dialog("decide", self.env._("What Is Done"))

    def action_open_answer(self):
        """Open the dialog in which the customer is answered."""
        return self._open_dialog("answer", kind="answer")

    def action_open_settle(self):
        """Open the dialog in which the customer is told what is done."""
        return self._open_dialog("answer", kind="settle")

    def action_open_refuse(self):
        """Open the dialog in which the claim is refused."""
        return self._open_dialog("answer", kind="refuse")

    def action_open_withdraw(self):
        """Open the dialog in which the claim is taken back."""
        return self._open_dialog("reason", kind="withdraw")

    def action_open_reopen(self):
        """Open the dialog in which the claim is opened again."""
        return self._open_dialog("reason", kind="reopen")

    def action_open_hand_over(self):
        """Open the dialog in which somebody else is chosen."""
        return self._open_dialog("hand.over", self.env._("Hand Over"))

    def action_open_responsible(self):
        """Open the dialog in which it is said who was responsible."""
        return self._open_dialog("responsible", self.env._("Who Was Responsible"))

    def _get_settlement_proposal(self):
        """Return what was decided, in the customer's language, a line each."""
        self.ensure_one()
        claim = self.with_context(lang=self.partner_id.lang)
        # what the carrier pays is between them and us
        outcomes = claim._get_live_outcomes().filtered(
            lambda outcome: outcome.kind != "compensation"
        )
        return "\n".join(outcome._get_customer_text() for outcome in outcomes)
