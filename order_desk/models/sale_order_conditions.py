from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_desk_role import CONTENT_STEPS
from .order_desk_sheet import CONFIRMING_STATES


class SaleOrder(models.Model):
    """The gates: one list of conditions that every screen and message reads."""

    _inherit = "sale.order"

    production_gate = fields.Json(
        compute="_compute_order_desk_gates",
        compute_sudo=True,
        groups="base.group_user",
        help="Conditions to meet before the release to production.",
    )
    shipping_gate = fields.Json(
        compute="_compute_order_desk_gates",
        compute_sudo=True,
        groups="base.group_user",
        help="Conditions to meet before shipping.",
    )

    @api.depends(
        "sheet_id.state",
        "sheet_id.digests",
        "sheet_id.signature_ids.is_current",
        "sheet_id.order_code",
        "sheet_id.customer_code",
        "sheet_id.channel",
        "sheet_id.clarification_ids.state",
        "sheet_id.confirmation_state",
        "sheet_id.waiver_ids.state",
    )
    @api.depends_context("lang", "uid")
    def _compute_order_desk_gates(self):
        production = self._get_gate_conditions("production")
        shipping = self._get_gate_conditions("shipping")
        for order in self:
            order.production_gate = production.get(order, [])
            order.shipping_gate = shipping.get(order, [])

    def _get_gate_conditions(self, gate, leaving=None):
        """Return the conditions of a gate as everybody reads them, waivers included.

        The parameters are those of ``_order_desk_conditions``.
        """
        return self._apply_waivers(gate, self._order_desk_conditions(gate, leaving))

    def _order_desk_conditions(self, gate, leaving=None):
        """Return the conditions of a gate: ``{order: [condition]}``.

        Modules extend this method. Orders without a sheet are not in the result.
        A condition is a dict: ``code`` (stable), ``label``, ``holds`` (bool),
        ``reason`` (why it does not hold, else ""), ``actor`` (who must act, else ""),
        ``action`` (what the current user can do about it with a click, else ""),
        and maybe ``entries``, the single things that are missing, see the sheet's
        ``_get_missing``.

        :param gate: "production" or "shipping"
        :param leaving: at the shipping gate, ``{line: quantity}`` of what is about to
            leave; left out, what is ready to
        """
        controlled = self.sudo().filtered("sheet_id")
        if gate == "shipping":
            return {order: [order._get_release_condition()] for order in controlled}
        missing = controlled.sheet_id._get_missing()
        roles = controlled.sheet_id._get_roles()
        to_sign = controlled.sheet_id._get_roles_to_sign()
        return {
            order: [
                order._get_complete_condition(missing[order.sheet_id]),
                *order._get_signature_conditions(
                    roles[order.company_id], to_sign[order.sheet_id]
                ),
                order._get_codes_condition(roles[order.company_id]),
                *order._get_confirmation_conditions(),
            ]
            for order in controlled
        }

    @api.model
    def _make_condition(self, code, label, reason, actor, action="", **details):
        """Return a condition; it holds when there is no reason why not."""
        return {
            "code": code,
            "label": label,
            "holds": not reason,
            "reason": reason,
            "actor": actor if reason else "",
            "action": action if reason else "",
            **details,
        }

    def _get_complete_condition(self, missing):
        desk_user = self.user_id or self.sheet_id.clerk_id
        return self._make_condition(
            "complete",
            self.env._("All entries"),
            "\n".join(entry["text"] for entry in missing),
            desk_user.name or "",
            self.env._("Fill in")
            if self.env["order.desk.sheet"].sudo(False).has_access("write")
            else "",
            entries=missing,
        )

    def _get_signature_conditions(self, roles, to_sign):
        last = self.sheet_id._get_last_signatures()
        mine = to_sign._filter_mine(self.sheet_id)
        return [
            self._make_condition(
                f"sign:{role.code}",
                self.env._("Second look by %s", role.name)
                if role.is_second_look
                else self.env._("Approval by %s", role.name)
                if role.step == "review"
                else self.env._("Countersignature by %s", role.name),
                self._get_unsigned_reason(last.get(role)),
                ", ".join(role._get_signers(self.sheet_id).mapped("name"))
                or self.env._("no one assigned"),
                ""
                if role not in mine
                else self.env._("Check")
                if role.is_second_look
                else self.env._("Sign"),
            )
            for role in roles.sorted(
                lambda role: (role.step != "review", role.sequence)
            )
            if role.step in CONTENT_STEPS and self.sheet_id._needs_role(role, last)
        ]

    def _get_unsigned_reason(self, signature):
        """Return why a role's last decision does not count, or "" if it does."""
        if not signature:
            return self.env._("Not signed yet.")
        if signature.decision == "refused":
            return self.env._("Refused: %s", signature.note or "")
        changed = signature._get_changed_aspects()
        if not changed:
            return ""
        names = self.env["order.desk.aspect"].search([("code", "in", changed)])
        return self.env._(
            "Changed since it was signed: %s.", ", ".join(names.mapped("name"))
        )

    def _get_codes_condition(self, roles):
        sheet = self.sheet_id
        coders = roles.filtered(lambda role: role.step == "coding")
        return self._make_condition(
            "codes",
            self.env._("Order code and customer code"),
            ""
            if sheet.order_code and sheet.customer_code
            else self.env._("Not given yet.")
            if sheet.state == "coding"
            else self.env._("The codes are given after the last countersignature."),
            ", ".join(user.name for role in coders for user in role._get_signers()),
            self.env._("Give codes") if sheet.can_code else "",
        )

    def _get_confirmation_conditions(self):
        """Return whether the customer has confirmed what is to be made (SPEC D5)."""
        sheet = self.sheet_id
        if sheet.state in ("released", "done") and not sheet._needs_confirmation():
            return []
        current = sheet.confirmation_id
        desk_user = sheet.clerk_id or self.user_id
        may_act = sheet.state in CONFIRMING_STATES and sheet.sudo(False).has_access(
            "write"
        )
        actions = {
            "sent": self.env._("File return copy"),
            "returned": self.env._("Verify"),
        }
        return [
            self._make_condition(
                "confirmation",
                self.env._("Order confirmation by the customer"),
                sheet._get_confirmation_reason(),
                current.partner_id.display_name
                if current.state == "sent"
                else desk_user.name or "",
                actions.get(current.state, self.env._("Send")) if may_act else "",
            )
        ]

    def _get_release_condition(self):
        sheet = self.sheet_id
        return self._make_condition(
            "released",
            self.env._("Release to production"),
            ""
            if sheet.state in ("released", "done")
            else self.env._("The order is not released to production yet."),
            sheet.clerk_id.name or "",
        )

    def _get_order_desk_held(self):
        """Return the orders that may not go into production now."""
        controlled = self.filtered("sheet_id")
        released = controlled.filtered(
            lambda order: order.sudo().sheet_id.state in ("released", "done")
        )
        conditions = released._get_gate_conditions("production")
        return controlled - released.filtered(
            lambda order: all(c["holds"] for c in conditions[order])
        )

    def _check_order_desk_gate(self, gate, leaving=None):
        """Refuse unless every condition of the gate holds for each order.

        The parameters are those of ``_order_desk_conditions``.

        :raise UserError: names all orders with all unmet conditions and who must act
        """
        errors = []
        for order, conditions in self._get_gate_conditions(gate, leaving).items():
            unmet = [
                self.env._(
                    "• %(condition)s — %(reason)s (%(actor)s)",
                    condition=condition["label"],
                    reason=condition["reason"],
                    actor=condition["actor"] or self.env._("no one assigned"),
                )
                for condition in conditions
                if not condition["holds"]
            ]
            if unmet:
                errors.append("\n".join([order.name, *unmet]))
        if errors:
            raise UserError(
                self.env._(
                    "These conditions are not met yet:\n\n%s", "\n\n".join(errors)
                )
            )

    def action_open_condition(self, code):
        """Open what has to be done about a condition: a form, or the signing dialog.

        :param code: the condition's code; an unknown one opens the sheet
        """
        self.ensure_one()
        sheet = self.sheet_id
        kind, _colon, role_code = (code or "").partition(":")
        mine = sheet._get_my_roles() if sheet else self.env["order.desk.role"]
        if kind == "sign" and role_code in mine.mapped("code"):
            role = mine.filtered(lambda r: r.code == role_code)[:1]
            return sheet.action_open_sign(role.id)
        if kind == "codes" and sheet.can_code:
            return sheet.action_open_code()
        if kind == "confirmation" and sheet.has_access("write"):
            return sheet._open_confirmation()
        return sheet._get_records_action()

    def action_open_missing(self, entry):
        """Open the form on which something that is missing is filled in.

        :param entry: one of those that the sheet's ``_get_missing`` returns
        """
        self.ensure_one()
        models = (
            "res.partner",
            "sale.order.line",
            "order.desk.role",
            "order.desk.clarification",
        )
        record = self.sheet_id
        if entry.get("model") in models:
            record = self.env[entry["model"]].browse(entry.get("res_id") or []).exists()
        action = record._get_records_action()
        if record and record._name == "sale.order.line":
            view = self.env.ref("order_desk.sale_order_line_view_form")
            action.update(
                views=[(view.id, "form")], name=record.product_id.display_name
            )
        pages = ("order.desk.sheet", "order.desk.clarification")
        if record and record._name not in pages:
            action["target"] = "new"
        return action
