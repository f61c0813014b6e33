from odoo import fields, models


class OrderDeskInstruction(models.Model):
    """What stands on the printed instruction (SPEC E1)."""

    _inherit = "order.desk.instruction"

    def _get_print_doc(self):
        """Return this instruction to be printed: whoever may read it may have it."""
        self.ensure_one()
        self.check_access("read")
        return self.sudo()  # it names people and reads what was released

    def _get_print_url(self):
        """Return where the QR code on paper leads: to the page of this instruction."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/order-desk-instructions/{self.id}"

    def _get_print_name(self):
        """Return the name of the printed file; it does not tell the customer's."""
        self.ensure_one()
        number = f"{self.name}-{self.version}" if self.version > 1 else self.name
        return self.env._("Production Instruction %s", number)

    def _get_print_note(self, user):
        """Return when and by whom it is printed: two prints can be told apart."""
        self.ensure_one()
        return self.env._(
            "Printed on %(date)s by %(user)s",
            date=self.company_id._order_desk_moment_text(fields.Datetime.now()),
            user=user.name,
        )

    def _get_items(self):
        """Return the lines as they stand on paper, see the point's ``_get_item``."""
        self.ensure_one()
        content = self._get_workshop_content(self.revision_id)
        return [point._get_item(content) for point in self.item_ids]

    def _get_check_points(self):
        """Return the points of the checklist as they stand on paper."""
        self.ensure_one()
        return self.point_ids.filtered("check_item_id")
