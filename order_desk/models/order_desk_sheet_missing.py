from odoo import models

from .order_desk_role import CONTENT_STEPS, NEEDED_STEPS


class OrderDeskSheet(models.Model):
    """Completeness: what a sheet lacks, and where to fill it in (SPEC B1)."""

    _inherit = "order.desk.sheet"

    def _get_missing(self):
        """Return what each sheet lacks before it can be submitted (SPEC B1).

        An entry is a dict: ``text``, and where to fill it in: ``model``, ``res_id`` and
        ``field``, see ``_make_missing``.

        :return: ``{sheet: [entry]}`` with an empty list for a complete sheet
        """
        roles = self._get_roles()
        return {
            sheet: [
                *sheet._get_missing_header(),
                *sheet._get_missing_prices(),
                *sheet._get_missing_lines(),
                *sheet._get_missing_clarifications(),
                *(
                    sheet._get_missing_roles(roles[sheet.company_id])
                    if sheet.state not in ("released", "done")
                    else ()
                ),
            ]
            for sheet in self
        }

    def _make_missing(self, text, field, record=None):
        """Return an entry that leads to ``field`` of ``record``, else of the sheet."""
        record = self if record is None else record
        return {
            "text": text,
            "model": record._name,
            "res_id": record.id,
            "field": field,
        }

    def _get_missing_header(self):
        self.ensure_one()
        order = self.order_id
        missing = []
        customer = order.partner_id
        if not customer.phone and not customer.email:
            text = self.env._(
                "Customer %s: a phone number or an e-mail address", customer.name
            )
            missing.append(self._make_missing(text, "phone", customer))
        ship_to = order.partner_shipping_id
        for name in ("street", "city", "country_id"):
            if not ship_to[name]:
                text = self.env._(
                    "Ship-to address %(address)s: %(field)s",
                    address=ship_to.display_name,
                    field=ship_to._fields[name]._description_string(self.env),
                )
                missing.append(self._make_missing(text, name, ship_to))
        if not order.commitment_date:
            text = self.env._("Delivery date")
            missing.append(self._make_missing(text, "commitment_date"))
        if not self.channel:
            text = self.env._("How the order came in")
            missing.append(self._make_missing(text, "channel"))
        return missing

    def _get_missing_prices(self):
        self.ensure_one()
        if not self.has_price_exception or (self.price_reason or "").strip():
            return []
        lines = self.order_line.filtered("price_exception")
        text = self.env._(
            "Why the price is off the pricelist or below cost: %s",
            ", ".join(line.product_id.display_name for line in lines),
        )
        return [self._make_missing(text, "price_reason")]

    def _get_missing_lines(self):
        self.ensure_one()
        lines = self._get_content_lines().filtered(lambda line: not line.display_type)
        if not lines:
            return [
                self._make_missing(self.env._("At least one order line"), "order_id")
            ]
        return [
            self._make_missing(
                self.env._(
                    "Line %(line)s: %(missing)s",
                    line=line.product_id.display_name or line.name,
                    missing=", ".join(missing),
                ),
                "configuration",
                line,
            )
            for line in lines
            if (missing := line._get_missing_entries())
        ]

    def _get_missing_roles(self, roles):
        self.ensure_one()
        needed = list(NEEDED_STEPS)
        if self.company_id.order_desk_finance_confirms:
            needed.append("finance")
        roles = roles.filtered(lambda role: role.step in (*CONTENT_STEPS, *needed))
        missing = [
            self._make_missing(self._get_no_signer_text(role), "user_ids", role)
            for role in roles
            if role._applies(self) and not role._get_signers(self)
        ]
        steps = self.env["order.desk.role"]._fields["step"]
        labels = dict(steps._description_selection(self.env))
        there = roles.filtered(lambda role: role.applies_to == "all").mapped("step")
        for step in needed:
            if step not in there:
                text = self.env._("A signer role for the step %s", labels[step])
                missing.append(self._make_missing(text, "step", roles.browse()))
        return missing

    def _get_no_signer_text(self, role):
        """Return why nobody can sign for ``role``."""
        if role._get_signers():
            return self.env._(
                "Role %s: somebody who has not entered the order", role.name
            )
        return self.env._("Role %s: no signer assigned", role.name)
