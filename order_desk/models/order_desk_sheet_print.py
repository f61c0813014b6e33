from odoo import fields, models

from .order_desk_role import CONTENT_STEPS


class OrderDeskSheet(models.Model):
    """What stands on the printed forms of a sheet (SPEC C3–C5)."""

    _inherit = "order.desk.sheet"

    def _get_print_lines(self):
        """Return the order lines as they stand on paper, sections included."""
        self.ensure_one()
        sections = self.order_id.order_line._filter_content().filtered(
            lambda line: line.display_type in ("line_section", "line_subsection")
        )
        lines = self._get_content_lines() | sections
        return lines.sorted(lambda line: (line.sequence, line.id))

    def _get_print_url(self):
        """Return where the QR code on paper leads: to this sheet."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/order-desk/{self.id}"

    def _get_print_note(self, user):
        """Return when and by whom the form is printed: two prints can be told apart."""
        self.ensure_one()
        return self.env._(
            "Printed on %(date)s by %(user)s",
            date=self.company_id._order_desk_moment_text(fields.Datetime.now()),
            user=user.name,
        )

    def _get_print_ship_to(self):
        """Return the ship-to address for the shop floor, where it may be shown.

        An address gives the customer away as their name does.
        """
        self.ensure_one()
        ship_to = self.partner_shipping_id
        return ship_to.browse() if self.company_id.hide_customer_name else ship_to

    def _get_countersign_rows(self):
        """Return the countersign block, a row per role in the order they sign.

        Besides the roles that this order needs there are those that have decided on
        it anyway. A role that has not decided has a row without a ``decision``.
        """
        self.ensure_one()
        self.check_access("read")
        # who signed stays on file, also whoever has gone to another company since
        sheet = self.sudo()
        last = sheet._get_last_signatures()
        roles = sheet._get_roles()[sheet.company_id].filtered(
            lambda role: role._applies(sheet)
        )
        roles = roles.union(*last).filtered(lambda role: role.step in CONTENT_STEPS)
        steps = dict(roles._fields["step"]._description_selection(self.env))
        no_signature = sheet.signature_ids.browse()
        return [
            {
                "step": steps[role.step],
                "role": role.name,
                "signers": role._get_signers(sheet).mapped("name"),
                "asked": role._asks_statement(sheet)
                and (role.statement_label or role.name),
                **last.get(role, no_signature)._get_print_values(),
            }
            for role in roles.sorted(
                lambda role: (CONTENT_STEPS.index(role.step), role.sequence, role.id)
            )
        ]

    def _get_print_copies(self):
        """Return the copies on the distribution list: all that were not called back."""
        self.ensure_one()
        copies = self.distribution_ids.filtered(lambda copy: copy.state != "cancelled")
        return copies.sorted(lambda copy: (copy.due_on, copy.id))
