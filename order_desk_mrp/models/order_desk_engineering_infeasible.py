from odoo import fields, models
from odoo.exceptions import UserError


class OrderDeskEngineering(models.Model):
    """What becomes of a line that is not feasible (SPEC B5).

    The salesperson takes the proposal over, or declines it, or notes that the customer
    insists; then engineering confirms process and estimated result in writing.
    """

    _inherit = "order.desk.engineering"

    def _check_infeasible(self):
        """Refuse what is not about an infeasible line that waits for a decision."""
        self._check_states("answered", "insisted")
        for engineering in self:
            if engineering.state == "insisted":
                raise UserError(
                    self.env._(
                        "%s: the customer insists already; engineering confirms the"
                        " process in writing.",
                        engineering.display_name,
                    )
                )
            if engineering.answer != "not_feasible":
                raise UserError(
                    self.env._(
                        "%s is feasible, there is nothing to decide.",
                        engineering.display_name,
                    )
                )

    def action_take_over(self):
        """Take what engineering proposes over into the order line (SPEC B5).

        :raise UserError: no such proposal, decided already, or in production already
        """
        self.check_access("read")
        self._check_sales()
        self._lock()
        self._check_infeasible()
        errors = [error for e in self if (error := e._get_take_over_error())]
        if errors:
            raise UserError("\n".join(errors))
        for engineering in self.sudo():  # protected, the checks are above
            label = engineering.sale_line_id._get_engineering_label()
            engineering._settle_proposal("taken")
            # as the salesperson, whose rights on the order count
            line = engineering.sale_line_id.sudo(False)
            line.write(engineering._prepare_take_over_vals())
            engineering._tell(
                self.env._(
                    "%(user)s took engineering's proposal over for %(line)s:",
                    user=self.env.user.name,
                    line=label,
                ),
                engineering._get_proposal_text(),
            )
        self._settle()

    def _prepare_take_over_vals(self):
        self.ensure_one()
        vals = {}
        if self.proposed_product_id:
            vals["product_id"] = self.proposed_product_id.id
        if self.drops_requirement:
            vals["special_requirement"] = False
        elif self.proposed_requirement:
            vals["special_requirement"] = self.proposed_requirement
        return vals

    def _get_take_over_error(self):
        self.ensure_one()
        line = self.sudo().sale_line_id
        if self.proposal_state == "taken":
            return self.env._("%s is taken over already.", self.display_name)
        if not self._prepare_take_over_vals():
            return self.env._(
                "%s: the proposal is a text. Change the order line by hand.",
                self.display_name,
            )
        if self.proposed_product_id and line.launched_qty:
            return self.env._(
                "%s is in production already; another product needs a line of its own.",
                self.display_name,
            )
        return ""

    def action_open_decline(self):
        """Open the dialog in which the proposal is declined."""
        return self._open_reply("decline")

    def action_decline(self, reason=False):
        """Decline the proposal; the line is changed, goes, or the customer insists."""
        self.check_access("read")
        self._check_sales()
        self._lock()
        self._check_infeasible()
        decided = self.filtered(lambda e: e.proposal_state != "open")
        if decided:
            raise UserError(
                self.env._(
                    "%s: the proposal has been decided on already.",
                    ", ".join(decided.mapped("display_name")),
                )
            )
        reason = self._read_text(
            reason, self.env._("Say why; engineering may have another proposal.")
        )
        for engineering in self.sudo():  # protected, the checks are above
            engineering._settle_proposal("declined", reason)
            engineering._tell(
                self.env._(
                    "%(user)s declined engineering's proposal for %(line)s:",
                    user=self.env.user.name,
                    line=engineering.sale_line_id._get_engineering_label(),
                ),
                reason,
            )
            engineering._notify_engineers(reason)
        self._settle()

    def _settle_proposal(self, proposal_state, reason=False):
        self.ensure_one()
        self.write(
            {
                "proposal_state": proposal_state,
                "settled_on": fields.Datetime.now(),
                "settled_by_id": self.env.uid,
                "settle_reason": reason or self.settle_reason,
            }
        )

    def action_open_insist(self):
        """Open the dialog that notes what the customer insists on."""
        return self._open_reply("insist")

    def action_insist(self, reason=False):
        """Note that the customer wants it nevertheless (SPEC B5).

        Engineering then confirms the process and the estimated result in writing.
        """
        self.check_access("read")
        self._check_sales()
        self._lock()
        self._check_infeasible()
        reason = self._read_text(
            reason, self.env._("Write down what the customer insists on.")
        )
        roles = self.env["order.desk.role"]._get_engineers(self.company_id)
        for engineering in self.sudo():  # protected, the checks are above
            engineering._settle_proposal("declined", reason)
            hours = min(
                roles[engineering.company_id].mapped("deadline_hours"), default=8.0
            )
            engineering.write(
                {
                    "state": "insisted",
                    "due_on": engineering.company_id._order_desk_plan_hours(hours),
                }
            )
            engineering._tell(
                self.env._(
                    "The customer insists on %(line)s, says %(user)s:",
                    user=self.env.user.name,
                    line=engineering.sale_line_id._get_engineering_label(),
                ),
                reason,
            )
        self._settle()

    def action_confirm_process(self):
        """Confirm in writing how it is built and what is to be expected (SPEC B5)."""
        self.check_access("read")
        self._check_engineer()
        self._lock()
        self._check_states("insisted")
        errors = [error for e in self if (error := e._get_process_error())]
        if errors:
            raise UserError("\n".join(errors))
        for engineering in self.sudo():  # protected, the checks are above
            engineering.write(
                {
                    "state": "confirmed",
                    "confirmed_on": fields.Datetime.now(),
                    "confirmed_by_id": self.env.uid,
                }
            )
            engineering._tell(
                self.env._(
                    "%(user)s confirms the process for %(line)s in writing.",
                    user=self.env.user.name,
                    line=engineering.sale_line_id._get_engineering_label(),
                ),
                "\n".join(engineering._get_texts()[1:]),
            )
        self._settle()

    def _get_process_error(self):
        """Return what is missing before the process is confirmed, or ""."""
        self.ensure_one()
        for name in ("confirmed_process", "estimated_result"):
            if not (self[name] or "").strip():
                return self.env._(
                    "%(name)s: fill in “%(field)s”; the customer relies on it.",
                    name=self.display_name,
                    field=self._fields[name]._description_string(self.env),
                )
        return self._get_bom_error()
