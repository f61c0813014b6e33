from odoo import models


class OrderDeskClaimOutcome(models.Model):
    _inherit = "order.desk.claim.outcome"

    def _get_customer_text(self):
        """Return what is done, as the customer reads it."""
        self.ensure_one()
        if self.kind == "other":
            return self.text or ""
        line = {
            "return": self.env._("We take back: %s", self.goods),
            "exchange": self.env._("We exchange: %s", self.goods),
            "credit": self.env._("You get a credit note for: %s", self.goods),
            "resend": self.env._("We send anew: %s", self.goods),
            "repair": self.env._("We repair: %s", self.goods),
        }.get(self.kind, "")
        return f"{line}\n{self.text}" if self.text else line

    def action_open_drop(self):
        """Open the dialog in which this outcome is dropped."""
        self.ensure_one()
        return self.claim_id._open_dialog("reason", kind="drop", outcome_id=self.id)

    def action_open_carrier(self):
        """Open the dialog in which it is noted what the carrier has paid."""
        self.ensure_one()
        dialog = self.env["order.desk.claim.carrier"].create({"outcome_id": self.id})
        return dialog._get_records_action(
            name=self.env._("The Carrier's Answer"), target="new"
        )

    def action_open_cost(self):
        """Open the dialog in which freight and other cost are entered."""
        self.ensure_one()
        view = self.env.ref("order_desk_delivery.order_desk_claim_outcome_view_cost")
        return {
            **self._get_records_action(name=self.env._("Cost"), target="new"),
            "views": [(view.id, "form")],
        }
