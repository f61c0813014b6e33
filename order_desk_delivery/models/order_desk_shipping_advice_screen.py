from odoo import fields, models

from .order_desk_shipping_advice_send import CORRECTED_FIELDS, REPORT


class OrderDeskShippingAdvice(models.Model):
    """What the screens of an advice show, and the dialogs they open."""

    _inherit = "order.desk.shipping.advice"

    has_more_left = fields.Boolean(related="request_id.has_unadvised_moves")
    more_left_text = fields.Char(related="request_id.left_text")

    def _open(self):
        """Open these advices: one as a form, several as a list."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "order_desk_delivery.order_desk_shipping_advice_action"
        )
        if len(self) == 1:
            form = {"views": [(False, "form")], "view_mode": "form", "res_id": self.id}
            return {**action, **form, "context": {}}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}

    def action_open_request(self):
        """Open the briefing of the shipping request of this advice."""
        self.ensure_one()
        return self.request_id._open_to_ship()

    def action_view_pickings(self):
        """Open the transfers by which the goods of these advices have left."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "stock.action_picking_tree_all"
        )
        pickings = self.sudo().move_ids.picking_id  # Odoo checks who may read them
        return {**action, "domain": [("id", "in", pickings.ids)], "context": {}}

    def action_print(self):
        """Print these advices as the customers have got them."""
        self.check_access("read")
        return self.env.ref(REPORT).report_action(self, config=False)

    # ------------------------------------------------------------- dialogs

    def action_open_correct(self):
        """Open the dialog in which what was sent is put right."""
        self.ensure_one()
        vals = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in CORRECTED_FIELDS
        }
        return self._open_dialog(
            "order.desk.shipping.advice.correct",
            self.env._("Correct and Send Again"),
            {**vals, "via": self.sent_via or "email"},
        )

    def action_open_send_back(self):
        """Open the dialog that says what the shipper has to put right."""
        return self._open_dialog(
            "order.desk.shipping.advice.reason",
            self.env._("Send Back to the Shipper"),
            {"kind": "send_back"},
        )

    def action_open_withdraw(self):
        """Open the dialog that says why the advice is withdrawn."""
        return self._open_dialog(
            "order.desk.shipping.advice.reason",
            self.env._("Withdraw the Advice"),
            {"kind": "withdraw"},
        )

    def action_open_receipt(self):
        """Open the dialog in which the clear receipt is noted."""
        return self._open_dialog(
            "order.desk.shipping.advice.receipt",
            self.env._("Received Clearly"),
            {"name": not self.partner_id.is_company and self.partner_id.name},
        )

    def _open_dialog(self, model, title, vals):
        self.ensure_one()
        wizard = self.env[model].create({"advice_id": self.id, **vals})
        return wizard._get_records_action(name=title, target="new")
