from odoo import models
from odoo.tools import plaintext2html


class OrderDeskSheet(models.Model):
    """Trouble with an order that somebody has to deal with (SPEC H2)."""

    _inherit = "order.desk.sheet"

    def _report_trouble(self, kind, name, description=False, **values):
        """Hand trouble with this order to those who deal with it.

        Here the order clerk gets a to-do; a module that keeps incidents raises one.

        :param kind: production, material, quality, transport or other
        :param name: what happened, in one line
        :param description: plain text
        :param values: what else is known, by name of the field of an incident
        """
        self.ensure_one()
        # whoever notices it need not be able to read the order
        sheet = self.sudo()
        sheet.activity_schedule(
            "order_desk.mail_activity_type_trouble",
            user_id=(sheet.clerk_id or sheet.user_id or self.env.user).id,
            summary=name,
            note=plaintext2html(description) if description else False,
        )
