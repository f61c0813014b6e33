from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

LOOK_UP_TODO = "order_desk_mrp.mail_activity_type_sample"
OVERDUE_TODO = "order_desk_mrp.mail_activity_type_sample_overdue"
# the days after which the salesperson is told as well
TOLD_AFTER_DAYS = 3


class OrderDeskSample(models.Model):
    """Looking samples up, lending them and taking them back (SPEC C6)."""

    _inherit = "order.desk.sample"

    def _start(self, *states):
        """Let one person at a time move these samples on, if they may at all.

        :raise UserError: somebody else is at it, or a sample is not in ``states``
        """
        self.check_access("write")
        self._lock()
        self.invalidate_recordset(["state"])  # the other one may have been quicker
        errors = [s._get_state_error() for s in self if s.state not in states]
        if errors:
            raise UserError("\n".join(errors))

    def _get_state_error(self):
        """Return what has become of this sample, as why something cannot be done."""
        self.ensure_one()
        values = {"sample": self.display_name}
        if self.state == "lent":
            return self.env._(
                "%(sample)s is lent to %(who)s since %(date)s.",
                **values,
                who=self.lent_to_id.name,
                date=format_date(self.env, self.lent_on),
            )
        if self.state == "returned":
            return self.env._(
                "%(sample)s was returned on %(date)s already.",
                **values,
                date=format_date(self.env, self.returned_on),
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(sample)s has the status “%(state)s”, so this cannot be done.",
            **values,
            state=labels[self.state],
        )

    def _move(self, sentence, **vals):
        """Write the step, which the caller has checked, and keep it in the history."""
        self.sudo().write(vals)  # protected
        self._message_log_batch(dict.fromkeys(self.ids, sentence))
        self._update_todos()

    def action_found(self):
        """Note that these housings are at hand; where and the photo stand on them."""
        self._start("wanted", "not_found")
        nowhere = self.filtered(lambda s: not s.location_id and not s.found_where)
        if nowhere:
            raise UserError(
                self.env._(
                    "%s: say where it was found, so that others find it too.",
                    ", ".join(nowhere.mapped("display_name")),
                )
            )
        self._move(self.env._("Found."), state="found")

    def action_not_found(self):
        """Note that these housings are nowhere; they are made, or not needed."""
        self._start("wanted")
        self._move(self.env._("Not found."), state="not_found")

    def action_made(self):
        """Note that these housings were made for the order."""
        self._start("wanted", "not_found")
        self._move(self.env._("Made for this order."), state="found", is_made=True)

    def action_cancel(self):
        """Take these housings off the list of what is wanted."""
        self._start("wanted", "not_found", "found")
        self._move(self.env._("Not needed any more."), state="cancelled")

    def action_reopen(self):
        """Want these housings after all."""
        self._start("not_found", "cancelled")
        self._move(self.env._("Wanted again."), state="wanted")

    def action_lend(self):
        """Hand these samples over to whom they are lent (SPEC C6).

        :raise UserError: lent already, lost, or it is not said to whom and until when
        """
        self._start("found", "returned")
        errors = [error for s in self if (error := s._get_lend_error())]
        if errors:
            raise UserError("\n".join(errors))
        for sample in self:
            sample._move(
                self.env._(
                    "Lent to %(who)s, due back on %(date)s.",
                    who=sample.lent_to_id.name,
                    date=format_date(self.env, sample.due_back),
                ),
                state="lent",
                lent_on=sample.company_id._order_desk_date(),
                lent_by_id=self.env.uid,
                returned_on=False,
                returned_to_id=False,
                return_condition=False,
                return_note=False,
            )

    def _get_lend_error(self):
        """Return why this sample cannot be lent, or ""."""
        self.ensure_one()
        name = self.display_name
        if self.return_condition == "lost":
            return self.env._("%s is lost, so it cannot be lent.", name)
        if not self.lent_to_id:
            return self.env._("%s: say to whom it is lent.", name)
        if not self.due_back:
            return self.env._("%s: say when it is due back.", name)
        if self.due_back < self.company_id._order_desk_date():
            return self.env._(
                "%(sample)s: %(date)s is in the past, so it cannot be due back then.",
                sample=name,
                date=format_date(self.env, self.due_back),
            )
        return ""

    def action_return(self):
        """Take these samples back in the condition that is noted on them.

        :raise UserError: not lent, returned already, or the condition is missing
        """
        self._start("lent")
        errors = [error for s in self if (error := s._get_return_error())]
        if errors:
            raise UserError("\n".join(errors))
        conditions = dict(
            self._fields["return_condition"]._description_selection(self.env)
        )
        for sample in self:
            condition = conditions[sample.return_condition]
            sample._move(
                self.env._(
                    "Returned by %(who)s: %(condition)s. %(note)s",
                    who=sample.lent_to_id.name,
                    condition=condition,
                    note=sample.return_note or "",
                ),
                state="returned",
                returned_on=sample.company_id._order_desk_date(),
                returned_to_id=self.env.uid,
            )

    def _get_return_error(self):
        """Return what is missing before this sample is back, or ""."""
        self.ensure_one()
        name = self.display_name
        if not self.return_condition:
            return self.env._("%s: say in which condition it came back.", name)
        if self.return_condition != "good" and not (self.return_note or "").strip():
            return self.env._("%s: say what is damaged, or how it was lost.", name)
        return ""

    def action_open_sheet(self):
        """Open the configuration sheet of this sample."""
        self.ensure_one()
        return self.sheet_id._get_records_action()

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        todos = {}
        for sample in self.filtered("user_id"):
            user = sample.user_id
            if sample.state == "wanted" and sample.sheet_id.state != "cancel":
                todos[sample, LOOK_UP_TODO, user] = sample._prepare_look_up_todo(user)
            if sample.is_overdue:
                for told in user | sample._get_superiors():
                    todos[sample, OVERDUE_TODO, told] = sample._prepare_overdue_todo(
                        told
                    )
        return todos

    def _get_superiors(self):
        """Return who is told as well, once a sample is overdue for days (SPEC J2)."""
        self.ensure_one()
        company = self.company_id
        told_on = company._order_desk_add_working_days(self.due_back, TOLD_AFTER_DAYS)
        if company._order_desk_date() < told_on:
            return self.env["res.users"]
        sheet = self.sheet_id
        others = sheet.user_id | sheet._get_sales_managers()
        return (others - self.user_id)[:1]

    def _prepare_look_up_todo(self, user):
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        company = self.company_id
        return {
            "summary": env._("Look the housing up: %s", self._get_housing_text()),
            "date_deadline": self.needed_by
            or company._order_desk_date(
                company._order_desk_plan_hours(8, self.create_date)
            ),
        }

    def _prepare_overdue_todo(self, user):
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        return {
            "summary": env._(
                "Overdue with %(who)s: %(housing)s",
                who=self.lent_to_id.name,
                housing=self._get_housing_text(),
            ),
            "date_deadline": self.due_back,
        }

    @api.model
    def _cron_remind(self):
        """Remind of samples that are due back, and tell superiors after days."""
        overdue = self.search([("is_overdue", "=", True)])
        self.env["ir.cron"]._order_desk_follow(
            overdue, lambda samples: samples._update_todos()
        )
