from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .order_desk_engineering import ANSWER_FIELDS


class OrderDeskEngineering(models.Model):
    """Asking, answering, insisting, confirming in writing (SPEC B5)."""

    _inherit = "order.desk.engineering"

    def _lock(self):
        """Let one person at a time settle these confirmations.

        :raise UserError: somebody else is at it right now
        """
        result = super()._lock()
        self.invalidate_recordset(["state", "proposal_state"])  # they were quicker
        return result

    def _check_states(self, *states):
        """Refuse unless each confirmation is in one of ``states``."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        errors = []
        for engineering in self:
            if engineering.state in states:
                continue
            if engineering.state in ("answered", "confirmed"):
                errors.append(engineering._get_answered_error())
                continue
            errors.append(
                self.env._(
                    "%(name)s has the status “%(state)s”, so this cannot be done.",
                    name=engineering.display_name,
                    state=labels[engineering.state],
                )
            )
        if errors:
            raise UserError("\n".join(errors))

    def _get_answered_error(self):
        self.ensure_one()
        return self.env._(
            "%(name)s is answered already, by %(user)s on %(date)s: %(answer)s.",
            name=self.display_name,
            user=(self.confirmed_by_id or self.answered_by_id).name,
            date=format_datetime(
                self.env, self.confirmed_on or self.answered_on, dt_format="short"
            ),
            answer=self._get_answer_label(),
        )

    def _tell(self, sentence, text=False):
        """Tell the story on the sheet in plain sentences."""
        for engineering in self.sudo():  # whoever answers need not write on sheets
            lines = [sentence, *(text or "").splitlines()]
            engineering.sheet_id._message_log(
                body=Markup("<br/>").join(line for line in lines if line),
                author_id=self.env.user.partner_id.id,
            )

    # ------------------------------------------------------------- asking

    @api.model
    def _ask(self, lines, values, previous):
        """Ask engineering about these lines.

        :param values: what each question holds, see ``_prepare_engineering_values``
        :param previous: ``{line: confirmation}`` that were answered before
        """
        roles = self.env["order.desk.role"]._get_engineers(lines.company_id)
        due_on = {
            company: company._order_desk_plan_hours(
                min(found.mapped("deadline_hours"), default=8.0)
            )
            for company, found in roles.items()
        }
        asked = self.create(
            [
                {
                    "sheet_id": line.order_id.sheet_id.id,
                    "sale_line_id": line.id,
                    "due_on": due_on[line.company_id],
                    **values[line],
                }
                for line in lines
            ]
        )
        for engineering in asked:
            engineering._tell(
                self.env._(
                    "Engineering is asked about %(line)s: %(requirement)s",
                    line=engineering.sale_line_id._get_engineering_label(),
                    requirement=engineering.special_requirement,
                )
            )
            if engineering.sale_line_id in previous:
                engineering._message_log(
                    body=self.env._(
                        "The line has changed since the last answer, which stays on"
                        " file."
                    )
                )
        return asked

    def _follow_line(self, values):
        """Bring open questions in line with the line; answers given become history.

        :param values: see ``_prepare_engineering_values``
        """
        for engineering in self.filtered(lambda e: e.state == "asked"):
            engineering.write(values[engineering.sale_line_id])
            engineering._message_log(
                body=self.env._(
                    "The line was changed before it was answered; this is how it is"
                    " now."
                )
            )
        self.filtered(lambda e: e.state != "asked")._end(
            "outdated", self.env._("The line has changed since.")
        )

    def _end_gone(self):
        """Close confirmations of lines that are within the standard now, or gone."""
        unanswered = self.filtered(lambda e: e.state == "asked")
        reason = self.env._("The line asks for nothing outside the standard any more.")
        unanswered._end("cancelled", reason)
        (self - unanswered)._end("outdated", reason)

    def _end(self, state, reason, with_drawings=True):
        """Make these confirmations history, and with them what is drawn for them."""
        if not self:
            return
        self.write({"state": state, "closing_note": reason})
        self.flush_recordset(["state"])  # only one is current at a time
        # lists of what is current do not follow a state by themselves
        self.sheet_id.invalidate_recordset(["engineering_ids"])
        self.sale_line_id.invalidate_recordset(["engineering_ids"])
        if with_drawings:
            self.drawing_ids._end()
        for engineering in self:
            engineering._message_log(body=reason)
        self._update_todos()

    # ------------------------------------------------------------- answering

    def action_answer(self):
        """Give the answer that is typed (SPEC B5).

        :raise UserError: answered by somebody else meanwhile, or something is missing;
            nothing is answered then
        """
        self.check_access("read")
        self._check_engineer()
        self._lock()
        self._check_states("asked")
        errors = [error for e in self if (error := e._get_answer_error())]
        if errors:
            raise UserError("\n".join(errors))
        for engineering in self.sudo():  # protected, the checks are above
            engineering.write(engineering._prepare_answer_vals())
            engineering._tell(
                self.env._(
                    "%(user)s on %(line)s: %(answer)s.",
                    user=self.env.user.name,
                    line=engineering.sale_line_id._get_engineering_label(),
                    answer=engineering._get_answer_label(),
                ),
                "\n".join(engineering._get_texts()[1:]),
            )
        self.filtered(lambda e: e.answer == "not_feasible")._notify_infeasible()
        self._settle()

    def _prepare_answer_vals(self):
        self.ensure_one()
        roles = self._get_engineer_roles()[self.company_id]._filter_mine()
        vals = {
            "state": "answered",
            "answered_on": fields.Datetime.now(),
            "answered_by_id": self.env.uid,
            "on_behalf_of_id": roles[:1]._get_absent_signer(self.env.user).id
            if roles
            else False,
            "proposal_state": "open" if self.answer == "not_feasible" else False,
        }
        # what belongs to another answer than the one that was chosen in the end
        if self.answer != "changed":
            vals |= {"bom_id": False, "operation_ids": [(5,)]}
            vals |= {"process": False, "formula": False}
        if self.answer != "not_feasible":
            vals |= {"reason": False, "proposal": False, "proposed_product_id": False}
            vals |= {"proposed_requirement": False, "drops_requirement": False}
        return vals

    def _get_answer_error(self):
        """Return what is missing before this answer can be given, or ""."""
        self.ensure_one()
        name = self.display_name
        if not self.answer:
            return self.env._("%s: say whether it is feasible.", name)
        if self.answer == "changed":
            if not (self.bom_id or self.process or self.formula):
                return self.env._(
                    "%s: say what changes: the bill of materials, the process or the"
                    " formula.",
                    name,
                )
            return self._get_bom_error()
        if self.answer == "not_feasible":
            if not (self.reason or "").strip():
                return self.env._("%s: say why it is not feasible.", name)
            if not self._get_proposal_text():
                return self.env._(
                    "%s: propose something instead: a product, another special"
                    " requirement, or a text.",
                    name,
                )
            if self.drops_requirement and self.proposed_requirement:
                return self.env._(
                    "%s: propose either another special requirement or none.", name
                )
        return ""

    def _get_bom_error(self):
        """Return why the line cannot be made by the chosen bill of materials, or ""."""
        self.ensure_one()
        bom = self.bom_id
        if not bom:
            return ""
        values = {"name": self.display_name, "bom": bom.display_name}
        if bom.type != "normal":
            return self.env._(
                "%(name)s: %(bom)s is not for manufacturing; nothing is made by it.",
                **values,
            )
        if not bom.active:
            return self.env._("%(name)s: %(bom)s is archived.", **values)
        if self.product_id not in (
            bom.product_id or bom.product_tmpl_id.product_variant_ids
        ):
            return self.env._(
                "%(name)s: %(bom)s is the bill of materials of another product.",
                **values,
            )
        if bom.order_desk_sale_line_id not in (
            self.sale_line_id,
            self.env["sale.order.line"],
        ):
            return self.env._("%(name)s: %(bom)s was made for another line.", **values)
        if self.operation_ids - bom.operation_ids:
            return self.env._(
                "%(name)s: these operations are not of %(bom)s: %(operations)s.",
                **values,
                operations=", ".join(
                    (self.operation_ids - bom.operation_ids).mapped("name")
                ),
            )
        return ""

    def action_open_revise(self):
        """Open the dialog in which engineering takes its answer back."""
        return self._open_reply("revise")

    def action_revise(self, reason=False):
        """Take the answer back, to give another one; the old one stays on file."""
        self.check_access("read")
        self._check_engineer()
        self._lock()
        self._check_answered()
        reason = self._read_text(reason, self.env._("Say why you answer anew."))
        renewed = self.browse()
        for engineering in self.sudo():  # protected, the checks are above
            line = engineering.sale_line_id
            typed, drawings = engineering.copy_data()[0], engineering.drawing_ids
            engineering._tell(
                self.env._(
                    "%(user)s answers anew on %(line)s:",
                    user=self.env.user.name,
                    line=line._get_engineering_label(),
                ),
                reason,
            )
            # the line is the same, so its drawings go on
            engineering._end("outdated", reason, with_drawings=False)
            asked = self.sudo()._ask(line, line._prepare_engineering_values(), {})
            asked.write({name: typed[name] for name in ANSWER_FIELDS if name in typed})
            drawings.write({"engineering_id": asked.id})
            renewed |= asked.sudo(False)
        renewed._settle()
        return renewed._get_records_action()

    def _check_answered(self):
        unanswered = self.filtered(lambda e: e.state not in ("answered", "confirmed"))
        if unanswered:
            raise UserError(
                self.env._(
                    "%s: there is no answer to take back.",
                    ", ".join(unanswered.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------- what happens then

    def _settle(self):
        """Give new to-dos, and let the sheets go on with what has been said."""
        self._update_todos()
        # whoever answers need not have rights on the order
        sheets = self.sudo().sheet_id
        sheets.filtered(
            lambda sheet: (
                sheet.engineering_ids & self.sudo()
                and all(e._is_settled() for e in sheet.engineering_ids)
            )
        )._add_milestones("engineering_answered")
        sheets.filtered("signature_ids")._advance()

    def _open_reply(self, kind):
        self.check_access("read")
        wizard = self.env["order.desk.engineering.reply"].create(
            {"engineering_ids": self.ids, "kind": kind}
        )
        return wizard._get_records_action(name=wizard._get_title(), target="new")

    def action_open(self):
        """Open this confirmation."""
        self.ensure_one()
        return self._get_records_action()

    def action_open_sheet(self):
        """Open the configuration sheet of this confirmation."""
        self.ensure_one()
        return self.sheet_id._get_records_action()

    def _is_in_force(self):
        """Tell whether what was answered is what the workshop goes by."""
        return bool(self) and self._is_settled()

    def _get_gap(self):
        """Return why the line cannot be built yet, and who has it, or nothing."""
        self.ensure_one()
        if self._is_settled():
            if self._get_bom() and not self.bom_id.active:
                return (
                    self.env._("%s is archived", self.bom_id.display_name),
                    self._get_engineers_text(),
                )
            return ()
        if self.state == "asked":
            return self.env._("not answered yet"), self._get_engineers_text()
        if self.state == "insisted":
            return (
                self.env._(
                    "the customer insists, the process is not confirmed in writing"
                ),
                self._get_engineers_text(),
            )
        sheet = self.sudo().sheet_id
        return (
            self.env._("not feasible"),
            (sheet.user_id or sheet.clerk_id).name or self.env._("no one assigned"),
        )

    def _get_drawing_gap(self):
        """Return which drawing is not approved, and who has it; nothing if all are."""
        self.ensure_one()
        for drawing in self.drawing_ids.sorted("id"):
            if gap := drawing._get_gap():
                return gap
        return ()
