from odoo import models
from odoo.exceptions import UserError


class OrderDeskEngineering(models.Model):
    """What an engineer makes for the answer: a bill of materials, drawings."""

    _inherit = "order.desk.engineering"

    def action_make_bom(self):
        """Make a bill of materials for this line alone and open it (SPEC B5).

        One that was chosen already and is made for this line is opened instead.
        """
        self.ensure_one()
        self.check_access("read")
        self._check_engineer()
        self._lock()
        self._check_states("asked", "insisted")
        line = self.sale_line_id
        bom = self.bom_id
        if not bom or bom.order_desk_sale_line_id != line:
            self._check_no_kit()
            bom = self.env["mrp.bom"]._order_desk_make_special(line)
            answer = {"answer": "changed"} if self.state == "asked" else {}
            self.write({"bom_id": bom.id, **answer})
        return bom._get_records_action()

    def _check_no_kit(self):
        """Refuse a bill of materials for what is never made, but put together."""
        kit = self.env["mrp.bom"]._bom_find(
            self.product_id, company_id=self.company_id.id, bom_type="phantom"
        )[self.product_id]
        if kit:
            raise UserError(
                self.env._(
                    "%s is a kit: its parts are delivered, nothing is made by a bill of"
                    " materials. Describe what changes, or propose another product.",
                    self.product_id.display_name,
                )
            )

    def action_add_drawing(self):
        """Open the form of a new drawing for this line."""
        self.ensure_one()
        self._check_engineer()
        return self._open_new_drawing()

    def _open_new_drawing(self, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Drawing"),
            "res_model": "order.desk.drawing",
            "views": [(False, "form")],
            "context": {"default_engineering_id": self.id, **context},
        }

    def action_reuse_drawings(self):
        """Draft new versions from the drawings of the answer before, files included."""
        self.ensure_one()
        self.check_access("read")
        self._check_engineer()
        self._lock()
        earlier = self.history_ids.drawing_ids.filtered(
            lambda drawing: drawing.sent_on or drawing.attachment_id
        )
        last = earlier.filtered(lambda drawing: not drawing.next_ids)
        if not last:
            raise UserError(
                self.env._(
                    "%s: there are no earlier drawings to go on with.",
                    self.display_name,
                )
            )
        for drawing in last:
            renewed = self.env["order.desk.drawing"].create(
                {
                    "engineering_id": self.id,
                    "previous_id": drawing.id,
                    "name": drawing.name,
                    "needs_approval": drawing.needs_approval,
                    "file_name": drawing.attachment_id.name,
                    "change_note": self.env._(
                        "The order line has changed; the drawing is the same."
                    ),
                }
            )
            # the file of a drawing of this line, which the engineer may read
            renewed.sudo().attachment_id = renewed._make_file(
                drawing.attachment_id.name, drawing.attachment_id.sudo().raw
            )
        return self._get_records_action()
