from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .order_desk_instruction import OPEN_STATES

ACKNOWLEDGE_TYPE = "order_desk_mrp.mail_activity_type_instruction"
NOTE_TYPE = "order_desk_mrp.mail_activity_type_instruction_note"
LATE_TYPE = "order_desk_mrp.mail_activity_type_instruction_late"


class OrderDeskInstruction(models.Model):
    """An instruction goes out, is acknowledged by name, noted, replaced (SPEC E1)."""

    _inherit = "order.desk.instruction"

    # ------------------------------------------------------------- going out

    @api.model
    def _issue(self, revisions):
        """Give each sheet its instruction, or the next version of it.

        :param revisions: ``{sheet: order.desk.revision}``, what was released
        """
        # whoever releases or gives the last signature makes no instruction by hand
        instructions = self.sudo()
        sheets = self.env["order.desk.sheet"].sudo().union(*revisions)
        previous = sheets._get_last_instructions()
        vals_list = []
        for sheet, revision in revisions.items():
            last = previous.get(sheet.sudo(), instructions)
            company = sheet.sudo().company_id
            vals_list.append(
                {
                    "name": last.name
                    or company._order_desk_next_number("order.desk.instruction"),
                    "version": last.version + 1,
                    "previous_id": last.id,
                    "sheet_id": sheet.id,
                    "revision_id": revision.id,
                }
            )
        sheets.instruction_ids.filtered(lambda i: i.state in OPEN_STATES)._replace()
        created = instructions.with_context(mail_create_nolog=True).create(vals_list)
        created._set_due()
        created._make_points()
        created._update_todos()
        created._tell_issued()
        return created

    def _set_due(self):
        """Count the supervisor's hours, once for each company."""
        roles = self._get_supervisor_roles(self.company_id)
        for company, instructions in self.grouped("company_id").items():
            hours = min(roles[company].mapped("deadline_hours"), default=8.0)
            instructions.due_on = company._order_desk_plan_hours(hours)

    def _make_points(self):
        """Make the points of these instructions: their lines, then the checklist."""
        items = self.env["order.desk.check.item"].search(
            [("usage", "=", "instruction")]
        )
        vals_list = []
        for instruction in self:
            content = self._get_workshop_content(instruction.revision_id)
            known = instruction.sheet_id.order_id.order_line
            lines = known.browse(map(int, content["lines"])) & known
            lines = lines.sorted(lambda line: (line.sequence, line.id))
            keys = [str(line.id) for line in lines]
            concerns = instruction._get_applying_concerns(lines)
            applying = items.filtered(lambda i, c=concerns: i.concerns in c)
            points = [{"content_key": key, "sale_line_id": int(key)} for key in keys]
            points += [{"check_item_id": item.id} for item in applying]
            vals_list += [
                {"instruction_id": instruction.id, "sequence": number, **point}
                for number, point in enumerate(points, 1)
            ]
        self.env["order.desk.instruction.point"].create(vals_list)

    def _tell_issued(self):
        """Say in the sheets' chatter which instruction went out."""
        bodies = {}
        for instruction in self:
            if instruction.version > 1:
                body = self.env._(
                    "Production instruction %(number)s went out again, version"
                    " %(version)s: it has to be acknowledged anew.",
                    number=instruction.name,
                    version=instruction.version,
                )
            else:
                body = self.env._(
                    "Production instruction %s went out.", instruction.name
                )
            bodies[instruction.sheet_id.id] = body
        self.sheet_id._message_log_batch(bodies)

    def _replace(self):
        """Mark these as replaced by a later version; nothing is done with them."""
        self.sudo().write({"state": "replaced"})  # protected, the release decides
        self._update_todos()

    def _cancel(self):
        """Take the instructions of cancelled orders back."""
        # protected; whoever may cancel the order need not see its instruction
        open_ones = self.sudo().filtered(lambda i: i.state in OPEN_STATES)
        open_ones.write({"state": "cancelled"})
        open_ones._update_todos()

    # ------------------------------------------------------------- rules

    def _get_busy_message(self):
        return self.env._(
            "Somebody else is reporting on %s at this moment. Look at it again"
            " in a few seconds.",
            ", ".join(self.mapped("display_name")),
        )

    def _check_may_acknowledge(self):
        """Refuse unless the current user may acknowledge each of these now."""
        errors = []
        for instruction in self:
            if instruction.state != "to_acknowledge":
                errors.append(instruction._get_closed_error())
            elif self.env.user not in instruction._get_supervisors():
                errors.append(
                    self.env._(
                        "%(instruction)s is acknowledged by: %(roles)s.",
                        instruction=instruction.display_name,
                        roles=instruction.waits_for or self.env._("no one assigned"),
                    )
                )
        if errors:
            raise UserError("\n".join(errors))

    def _get_closed_error(self):
        """Return why nothing can be reported on this instruction any more."""
        self.ensure_one()
        if self.state == "acknowledged":
            return self.env._(
                "%(user)s acknowledged %(instruction)s on %(moment)s already.",
                user=self.sudo().acknowledged_by_id.name,  # a colleague's name
                instruction=self.display_name,
                moment=self.company_id._order_desk_moment_text(self.acknowledged_on),
            )
        if self.state == "replaced":
            return self.env._(
                "%s was replaced by a later version: acknowledge that one.",
                self.display_name,
            )
        return self.env._(
            "%s was taken back: the order is cancelled.", self.display_name
        )

    # ------------------------------------------------------------- actions

    def action_acknowledge(self):
        """Acknowledge these instructions by name, all their points being ticked.

        :raise UserError: not a supervisor, closed already, or points are open
        """
        self.check_access("read")
        self._lock()
        self._check_may_acknowledge()
        errors = [
            self.env._(
                "%(instruction)s: these points are not ticked yet: %(points)s.",
                instruction=instruction.display_name,
                points=", ".join(open_points.mapped("title")),
            )
            for instruction in self
            if (open_points := instruction.point_ids.filtered(lambda p: not p.done_on))
        ]
        if errors:
            raise UserError("\n".join(errors))
        roles = self._get_supervisor_roles(self.company_id)
        for instruction in self:
            role = roles[instruction.company_id]._filter_mine()[:1]
            # protected; after the checks above it is the supervisor's own word
            instruction.sudo().write(
                {
                    "state": "acknowledged",
                    "acknowledged_by_id": self.env.uid,
                    "acknowledged_for_id": role._get_absent_signer(self.env.user).id,
                    "acknowledged_on": fields.Datetime.now(),
                }
            )
        self.sudo().sheet_id._add_milestones("instruction_acknowledged")
        self._update_todos()

    def action_take_note(self):
        """Take note of the copies for engineering.

        :raise UserError: not one of engineering, noted already, or closed
        """
        self.check_access("read")
        self._lock()
        errors = [error for i in self if (error := i._get_note_error())]
        if errors:
            raise UserError("\n".join(errors))
        # protected; after the checks above it is the engineer's own word
        self.sudo().write(
            {"noted_by_id": self.env.uid, "noted_on": fields.Datetime.now()}
        )
        self._update_todos()

    def _get_note_error(self):
        """Return why the current user cannot take note of this copy, or nothing."""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return self._get_closed_error()
        if self.env.user not in self._get_engineers():
            roles = self._get_engineer_roles(self.company_id)[self.company_id]
            return self.env._(
                "The copy of %(instruction)s is for: %(roles)s.",
                instruction=self.display_name,
                roles="; ".join(role._get_signers_text() for role in roles)
                or self.env._("no one assigned"),
            )
        if self.noted_on:
            return self.env._(
                "%(user)s took note of %(instruction)s on %(moment)s already.",
                user=self.sudo().noted_by_id.name,  # a colleague's name
                instruction=self.display_name,
                moment=self.company_id._order_desk_moment_text(self.noted_on),
            )
        return ""

    def action_print(self):
        """Print these instructions as the workshop gets them."""
        self.check_access("read")
        report = self.env.ref("order_desk_mrp.order_desk_instruction_report")
        return report.report_action(self, config=False)

    def action_view_productions(self):
        """Open the manufacturing orders that these instructions are for."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mrp.mrp_production_action"
        )
        # the workshop reads no sheets, but the orders made for them
        sheets = self.sudo().sheet_id
        return {**action, "domain": [("sheet_id", "in", sheets.ids)], "context": {}}

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        supervisors = self._get_supervisor_roles(self.company_id)
        engineers = self._get_engineer_roles(self.company_id)
        todos = {}
        for instruction in self:
            company = instruction.company_id
            if instruction.state == "to_acknowledge":
                todos.update(instruction._get_acknowledge_todos(supervisors[company]))
            if instruction.state in OPEN_STATES and not instruction.noted_on:
                deadline = company._order_desk_date(
                    instruction.due_on or instruction.issued_on
                )
                for user in engineers[company].signer_ids:
                    todos[instruction, NOTE_TYPE, user] = {
                        "summary": self.with_context(lang=user.lang).env._(
                            "Take note of the production instruction"
                        ),
                        "date_deadline": deadline,
                    }
        return todos

    def _get_acknowledge_todos(self, roles):
        """Return who acknowledges this one, and whom to tell when they are late."""
        self.ensure_one()
        day = self.company_id._order_desk_date
        todos = {}
        for user in roles.signer_ids:
            todos[self, ACKNOWLEDGE_TYPE, user] = {
                "summary": self.with_context(lang=user.lang).env._(
                    "Acknowledge the production instruction"
                ),
                "date_deadline": day(self.due_on or self.issued_on),
            }
        if not self.is_overdue:
            return todos
        for role in roles:
            superior = role.superior_id or self.sheet_id.clerk_id
            for user in superior - role.signer_ids:
                todos[self, LATE_TYPE, user] = {
                    "summary": self.with_context(lang=user.lang).env._(
                        "Not acknowledged in time: %s", role._get_signers_text()
                    ),
                    "date_deadline": day(self.due_on),
                }
        return todos

    @api.model
    def _get_followed_domain(self):
        """Return the domain of the instructions that somebody has to report on."""
        return Domain("state", "=", "to_acknowledge") | (
            Domain("state", "=", "acknowledged") & Domain("noted_on", "=", False)
        )

    @api.model
    def _cron_follow(self):
        """Follow stand-ins, and tell the superiors of those who are late (SPEC J2)."""
        self.env["ir.cron"]._order_desk_follow(
            self.search(self._get_followed_domain(), order="due_on"),
            lambda instructions: instructions._update_todos(),
        )
