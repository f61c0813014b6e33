from odoo import api, models
from odoo.tools import format_date


class SaleOrder(models.Model):
    """The condition “material” of the production gate (SPEC B6)."""

    _inherit = "sale.order"

    @api.depends(
        "sheet_id.material_statement_ids.state",
        "sheet_id.material_statement_ids.purchasing_on",
        "sheet_id.material_statement_ids.valid_until",
        "sheet_id.material_statement_ids.digest",
    )
    def _compute_order_desk_gates(self):
        return super()._compute_order_desk_gates()

    def _order_desk_conditions(self, gate, leaving=None):
        conditions = super()._order_desk_conditions(gate, leaving)
        if gate == "production":
            for order, found in conditions.items():
                if order._asks_material():
                    found.append(order._get_material_condition())
        return conditions

    def _asks_material(self):
        """Tell whether a material statement was made for this order.

        Orders that ran before there were any are not stopped.
        """
        self.ensure_one()
        sheet = self.sheet_id
        return bool(sheet.material_statement_ids) and bool(
            sheet._get_material_roles().get(sheet.company_id)
        )

    def _get_material_condition(self):
        sheet = self.sheet_id
        statement = sheet._get_current_statement()
        signed = sheet._get_signed_statement()
        reason, roles = "", sheet._get_material_roles()[sheet.company_id]
        if not signed or signed.is_outdated:
            reason = self._get_unsigned_material_reason(statement, signed)
        elif signed.is_expired and sheet.state != "released":
            reason = self.env._(
                "%(number)s held until %(date)s.",
                number=signed.name,
                date=format_date(self.env, signed.valid_until),
            )
        if statement._awaits_purchasing():
            roles = statement._get_purchasing_roles()
        names = ", ".join(user.name for role in roles for user in role._get_signers())
        mine = statement.with_user(self.env.user).can_renew if statement else False
        return self._make_condition(
            "material",
            self.env._("Material statement"),
            reason,
            names or self.env._("no one assigned"),
            self.env._("Open") if mine else "",
        )

    def _get_unsigned_material_reason(self, statement, signed):
        """Return why no signed statement counts."""
        if not statement:
            return self.env._("Not made yet.")
        if statement.is_impossible:
            return statement.problem
        if statement._awaits_purchasing():
            return self.env._(
                "%s waits for the signature of purchasing.", statement.name
            )
        if signed.is_outdated:
            return self.env._(
                "The order or its bills of materials have changed since %s was made.",
                signed.name,
            )
        return self.env._("%s is not signed for material control yet.", statement.name)

    def action_open_condition(self, code):
        self.ensure_one()
        if code == "material" and self.sheet_id:
            return self.sheet_id.action_open_material()
        return super().action_open_condition(code)
