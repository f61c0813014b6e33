from odoo import api, fields, models

from .order_desk_sheet import WAIVER_STATES


class SaleOrder(models.Model):
    """Waivers at the gates: who has passed what, and who may."""

    _inherit = "sale.order"

    waiver_note = fields.Text(
        "Waivers",
        compute="_compute_waiver_note",
        compute_sudo=True,
        groups="base.group_user",
        help="The open waivers of this order.",
    )

    @api.depends("sheet_id.waiver_note")
    @api.depends_context("lang")
    def _compute_waiver_note(self):
        for order in self:
            order.waiver_note = order.sheet_id.waiver_note

    def _apply_waivers(self, gate, conditions):
        """Let waivers stand for unmet conditions; say which ones the user may waive.

        A condition that is passed holds and has ``waiver``: id, user, reason,
        make_good, make_good_by (ISO date), made_good and overdue. One that the
        current user may waive has ``waive``: sheet_id and gate.

        :param conditions: ``{order: [condition]}``, changed in place and returned
        """
        unmet = [
            (order.sudo(), condition)  # who meets a gate need not read the sheet
            for order, found in conditions.items()
            for condition in found
            if not condition["holds"]
        ]
        if not unmet:
            return conditions
        sheets = self.env["order.desk.sheet"].sudo()
        sheets = sheets.union(*(order.sheet_id for order, _condition in unmet))
        waivers = self.env["order.desk.waiver"].sudo()
        in_force = waivers._get_in_force(sheets, gate)
        rights = self.env["order.desk.waiver.right"]._get_mine(sheets.company_id, gate)
        for order, condition in unmet:
            key = (order.sheet_id, condition["code"])
            order._apply_waiver(condition, in_force.get(key, waivers))
            mine = rights.get((order.company_id, condition["code"]))
            if (
                mine
                and not condition["holds"]
                and order.sheet_id.state in WAIVER_STATES
                and mine._filter_reaching(order, condition.get("missing"))
            ):
                condition["waive"] = {"sheet_id": order.sheet_id.id, "gate": gate}
        return conditions

    def _apply_waiver(self, condition, waivers):
        """Let the first of these waivers that covers the condition stand for it."""
        self.ensure_one()
        gaps = {}
        for waiver in waivers:
            gaps[waiver] = waiver._get_gap(condition)
            if not gaps[waiver]:
                condition.update(holds=True, waiver=waiver._get_condition_values())
                return
        for waiver in waivers[:1]:
            gap = self.env._(
                "%(user)s has waived less: %(gap)s.",
                user=waiver.user_id.name,
                gap=gaps[waiver],
            )
            condition["reason"] = f"{condition['reason']}\n{gap}"

    def _get_company_amount(self, amount):
        """Return an amount of this order in its company's currency.

        :return: None when the order's currency has no rate: any amount would be a guess
        """
        self.ensure_one()
        currency, company = self.currency_id, self.company_id
        if currency != company.currency_id and not any(
            not rate.company_id or rate.company_id == company.root_id
            for rate in currency.sudo().rate_ids  # whatever the user sees of accounting
        ):
            return None
        return currency._convert(
            amount, company.currency_id, company, company._order_desk_date()
        )

    def _get_money_to_make_good(self, condition, counted):
        """Return what must have been received to make an unmet condition good.

        :param counted: what the gates count as received
        :return: in the order's currency; zero where it is no matter of one sum, so
            that the condition itself has to tell
        """
        self.ensure_one()
        missing = condition.get("missing") or 0.0
        if condition["code"] in ("deposit", "balance"):
            return self.currency_id.round(counted + missing)
        if condition["code"] == "agreed_deposit":
            return self.currency_id.round(self.deposit_required + missing)
        return 0.0
