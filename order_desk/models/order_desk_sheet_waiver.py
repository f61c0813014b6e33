from odoo import api, fields, models
from odoo.exceptions import UserError

from .order_desk_sheet import WAIVER_STATES


class OrderDeskSheet(models.Model):
    """Waivers: named people pass unmet conditions, to be made good later."""

    _inherit = "order.desk.sheet"

    waiver_ids = fields.One2many(
        "order.desk.waiver", "sheet_id", "Waivers", readonly=True
    )
    open_waiver_count = fields.Integer(
        "Open Waivers", compute="_compute_open_waivers", compute_sudo=True
    )
    waiver_note = fields.Text(
        "What Is Waived", compute="_compute_open_waivers", compute_sudo=True
    )
    is_confirmation_waived = fields.Boolean(
        compute="_compute_open_waivers",
        compute_sudo=True,
        help="The order may go on before the customer has confirmed it.",
    )

    @api.depends("waiver_ids.state")
    @api.depends_context("lang")
    def _compute_open_waivers(self):
        for sheet in self:
            waivers = sheet._get_open_waivers()
            sheet.open_waiver_count = len(waivers)
            sheet.waiver_note = "\n".join(w._get_text() for w in waivers) or False
            sheet.is_confirmation_waived = sheet._is_waived("confirmation")

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "waiver_ids": []}

    def action_view_waivers(self):
        """Open the waivers of these sheets."""
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "order_desk.order_desk_waiver_action"
            ),
            "domain": [("sheet_id", "in", self.ids)],
            "context": {},
        }

    def _get_open_waivers(self):
        """Return the waivers of these sheets that are still to be made good."""
        return self.waiver_ids.filtered(lambda waiver: waiver.state == "open")

    # ------------------------------------------------------------- waiving

    def action_open_waive(self, gate=False, code=False):
        """Open the dialog in which the user waives conditions of these sheets.

        :param gate: with ``code`` the only condition to propose, else all of them
        """
        wizard = self.env["order.desk.sheet.waive"].create({"sheet_ids": self.ids})
        wizard._propose(gate, code)
        return self._open_wizard(wizard, self.env._("Waive"))

    def _get_waivable(self):
        """Return what the current user may waive: ``{(sheet, gate): conditions}``."""
        orders = self.sudo().order_id  # who may waive need not read orders
        waivable = {}
        for gate, _label in self.env["order.desk.waiver"]._selection_gate():
            for order, conditions in orders._get_gate_conditions(gate).items():
                mine = [c for c in conditions if c.get("waive")]
                if mine:
                    waivable[order.sheet_id.sudo(self.env.su), gate] = mine
        return waivable

    def action_waive(
        self, gate, condition, reason=False, make_good=False, make_good_by=False
    ):
        """Pass an unmet condition of these sheets, to be made good later.

        :param gate: "production" or "shipping"
        :param condition: the condition's code
        :param make_good: what is to be made good, a text
        :param make_good_by: a date or its ISO text
        :raise UserError: the user may not, it holds already, more is missing than the
            user may waive, a text or the date is missing; no sheet is waived then
        """
        self.check_access("read")
        self._lock()
        self._check_states(WAIVER_STATES)
        reason = str(reason or "").strip()
        make_good = str(make_good or "").strip()
        if not reason:
            raise UserError(self.env._("Say why you waive it; everybody reads it."))
        if not make_good:
            raise UserError(self.env._("Say what has to be made good later."))
        vals = {
            "gate": str(gate),
            "condition": str(condition),
            "reason": reason,
            "make_good": make_good,
            "make_good_by": self._read_make_good_by(make_good_by),
        }
        self._waive(vals)

    def _read_make_good_by(self, date):
        """Return the date for what came over the wire.

        :raise UserError: no date, or one in the past of a sheet's company
        """
        try:
            date = fields.Date.to_date(date)
        except (ValueError, TypeError):
            date = None
        if not date:
            raise UserError(self.env._("Give the date by which it is made good."))
        if any(date < company._order_desk_date() for company in self.company_id):
            raise UserError(self.env._("The date to make it good is in the past."))
        return date

    def _waive(self, vals):
        """Append a waiver for each sheet, after checking that the user may."""
        gate, code = vals["gate"], vals["condition"]
        waivers = self.env["order.desk.waiver"].sudo()
        rights = self.env["order.desk.waiver.right"]._get_mine(self.company_id, gate)
        conditions = {}
        if gate in dict(waivers._selection_gate()):
            # who may waive need not read orders
            conditions = self.sudo().order_id._get_gate_conditions(gate)
        counted = self.sudo().order_id._get_counted()
        errors, values = [], []
        for sheet in self.sudo():
            found = [c for c in conditions.get(sheet.order_id, ()) if c["code"] == code]
            mine = rights.get((sheet.company_id, code))
            error = sheet._get_waive_error(code, found, mine)
            if error:
                errors.append(error)
            else:
                right = mine._filter_reaching(sheet.order_id, found[0].get("missing"))
                money = counted[sheet.order_id]
                values.append(
                    {
                        **vals,
                        **sheet._prepare_waiver_vals(found[0], right[:1], money),
                    }
                )
        if errors:
            raise UserError("\n".join(errors))
        revisions = self._take_revisions()
        for sheet, sheet_vals in zip(self, values, strict=True):
            sheet_vals["revision_id"] = revisions[sheet].id
        self._start_over_if_second()
        # a waiver that has ceased to cover the order makes place for the new one
        outdated = waivers.search(
            [
                ("sheet_id", "in", self.ids),
                ("gate", "=", gate),
                ("condition", "=", code),
                ("state", "=", "open"),
            ]
        )
        outdated.state = "lapsed"
        outdated.flush_recordset(["state"])  # only one is open at a time
        # nobody has the right to create waivers but by waiving here
        given = waivers.create(values)
        given._tell("_get_given_sentence")
        self._advance()

    def _get_waive_error(self, code, conditions, rights):
        """Return why the current user cannot waive a condition of this sheet, or "".

        :param conditions: the sheet's condition of this code, in a list
        :param rights: those of the current user for it
        """
        self.ensure_one()
        order = self.order_id
        labels = dict(self.env["order.desk.waiver.right"]._selection_condition())
        if not conditions:
            return self.env._("%s has no such condition at this gate.", order.name)
        condition = conditions[0]
        values = {"order": order.name, "condition": condition["label"]}
        if code not in labels:
            return self.env._(
                "%(order)s: “%(condition)s” has to be met, nobody can waive it.",
                **values,
            )
        if not rights:
            return self.env._("%(order)s: you may not waive “%(condition)s”.", **values)
        if condition.get("waiver"):
            return self.env._(
                "%(order)s: “%(condition)s” is waived already, by %(user)s.",
                **values,
                user=condition["waiver"]["user"],
            )
        if condition["holds"]:
            return self.env._(
                "%(order)s: “%(condition)s” is met, there is nothing to waive.",
                **values,
            )
        if not rights._filter_reaching(order, condition.get("missing")):
            return self._get_limit_error(condition, rights)
        return ""

    def _get_limit_error(self, condition, rights):
        if self.order_id._get_company_amount(condition["missing"]) is None:
            return self.env._(
                "%(order)s: %(currency)s has no exchange rate, so nobody knows whether"
                " you may waive that much. Enter the rate first.",
                order=self.order_id.name,
                currency=self.currency_id.name,
            )
        limit = max(rights, key=lambda right: right.max_amount)
        return self.env._(
            "%(order)s: you may waive “%(condition)s” up to %(limit)s only; %(missing)s"
            " is missing.",
            order=self.order_id.name,
            condition=condition["label"],
            limit=limit.currency_id.format(limit.max_amount),
            missing=self.currency_id.format(condition["missing"]),
        )

    def _prepare_waiver_vals(self, condition, right, counted):
        self.ensure_one()
        order = self.order_id
        missing = condition.get("missing") or 0.0
        return {
            "sheet_id": self.id,
            "partner_id": order.partner_id.commercial_partner_id.id,
            "user_id": self.env.uid,
            "role_id": right.role_id.id,
            "on_behalf_of_id": right._get_absent(self.env.user).id,
            "given_on": fields.Datetime.now(),
            "covers_money": "missing" in condition,
            "currency_id": order.currency_id.id,
            "covered_total": order.amount_total,
            "covered_missing": missing,
            "make_good_amount": order._get_money_to_make_good(condition, counted),
            "company_missing": order._get_company_amount(missing) or 0.0,
        }

    # ------------------------------------------------------------- making good

    def _make_good_waivers(self):
        """Close the open waivers whose condition has come to hold by itself.

        Called when money has moved, and daily.
        """
        waivers = self.env["order.desk.waiver"].sudo()  # nobody may write them by hand
        open_waivers = waivers.search(
            [("sheet_id", "in", self.ids), ("state", "=", "open")]
        )
        met = open_waivers._filter_paid()
        for gate, same_gate in (open_waivers - met).grouped("gate").items():
            conditions = same_gate.order_id._order_desk_conditions(gate)
            holds = {
                # while little is ready to ship little is due; that settles nothing
                (order, condition["code"]): condition["holds"]
                and condition["code"] != "balance"
                for order, found in conditions.items()
                for condition in found
            }
            met |= same_gate.filtered(
                lambda waiver, holds=holds: holds.get(
                    # a money condition that is not asked any more needs no money
                    (waiver.order_id, waiver.condition),
                    waiver.covers_money,
                )
            )
        met._close("made_good", made_good_on=fields.Datetime.now())

    def _is_waived(self, condition):
        """Tell whether a production waiver in force covers this sheet as it is.

        :param condition: the code of one that is not about money
        """
        self.ensure_one()
        return any(
            waiver.is_in_force
            and (waiver.gate, waiver.condition) == ("production", condition)
            and not waiver._get_gap({})
            for waiver in self.sudo().waiver_ids  # whoever reads the sheet reads them
        )

    def _get_todos(self):
        todos = super()._get_todos()
        none = self.env["order.desk.role"].sudo()
        for waiver in self.waiver_ids.filtered("is_overdue"):
            for user in waiver._get_reminded():
                todos[waiver.sheet_id, "make_good", user] = none
        return todos

    def _get_todo_summary(self, kind, user, roles):
        if kind != "make_good":
            return super()._get_todo_summary(kind, user, roles)
        waivers = self.waiver_ids.filtered("is_overdue").with_context(lang=user.lang)
        names = [waiver._get_label() for waiver in waivers]
        return waivers.env._("Make the waiver good: %s", ", ".join(names))

    def _get_confirmation_todos(self):
        """Let the clerk release what need not wait for the customer."""
        todos = super()._get_confirmation_todos()
        for sheet in todos:
            if sheet.state == "confirming" and sheet._is_waived("confirmation"):
                todos[sheet] = "release"
        return todos

    def _needs_confirmation(self):
        return super()._needs_confirmation() or (
            self.state in ("released", "done") and self._is_waived("confirmation")
        )

    def _action_cancel(self):
        result = super()._action_cancel()
        # what has left unpaid is still to be made good
        self.sudo().filtered(
            lambda sheet: not any(sheet.order_line.mapped("qty_delivered"))
        )._get_open_waivers()._close("lapsed")
        return result
