from datetime import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

SHIFTS_AT_ONCE = 50  # confirmations in one transaction of the scheduler


class OrderDeskDateShift(models.Model):
    """One move of the dates the customer was told: written once, never changed."""

    _name = "order.desk.date.shift"
    _description = "Shift of the Finish or Promise Date"
    _order = "shifted_on desc, id desc"
    _rec_name = "reason"

    sheet_id = fields.Many2one(
        "order.desk.sheet", required=True, readonly=True, index=True, ondelete="cascade"
    )
    confirmation_id = fields.Many2one(
        "order.desk.confirmation", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(
        [("no_return_copy", "No return copy"), ("relaxed", "Promise relaxed")],
        required=True,
        readonly=True,
    )
    shifted_on = fields.Date(
        "For", required=True, readonly=True, help="The working day that has passed."
    )
    old_finish_date = fields.Date(readonly=True)
    finish_date = fields.Date("New Finish Date", readonly=True)
    old_promise_date = fields.Date(readonly=True)
    promise_date = fields.Date("New Promise Date", readonly=True)
    reason = fields.Text(readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True)

    _day_uniq = models.UniqueIndex(
        "(confirmation_id, shifted_on) WHERE kind = 'no_return_copy'",
        "The dates have been shifted for this day already.",
    )

    def write(self, vals):
        if set(vals) - {"company_id"}:
            raise UserError(
                self.env._("A date shift is written once and never changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A date shift is written once and never deleted."))


class OrderDeskConfirmation(models.Model):
    """No return copy by the end of the day: the finish date moves (SPEC D3)."""

    _inherit = "order.desk.confirmation"

    shift_ids = fields.One2many(
        "order.desk.date.shift", "confirmation_id", "Date Shifts", readonly=True
    )
    shift_days = fields.Integer(
        "Shifted by (Days)",
        readonly=True,
        help="By how many working days the finish date has moved because the return"
        " copy did not come.",
    )
    shift_due_on = fields.Datetime(
        "Next Shift",
        readonly=True,
        help="The end of the working day at which the finish date moves unless the"
        " return copy is there.",
    )

    def _await_return_copy(self):
        """Count the working days from now on."""
        now = fields.Datetime.now()
        for confirmation in self.sudo():  # protected fields; the caller has checked
            confirmation.shift_due_on = confirmation._get_shift_due_on(now)

    def _get_shift_due_on(self, start):
        """Return the first end of a working day after ``start`` not counted yet."""
        self.ensure_one()
        company = self.company_id
        counted = self.shift_ids.filtered(lambda shift: shift.kind == "no_return_copy")
        if counted:
            # a day counts once, even if its working hours have changed meanwhile
            day = max(counted.mapped("shifted_on"))
            start = max(start, company._order_desk_to_utc(day, time.max))
        return company._order_desk_next_end_of_work(start)

    @api.model
    def _cron_shift_finish_dates(self):
        """Move the finish dates of those who have not returned their copy (SPEC D3).

        Running it twice shifts once; after a pause all days that passed are counted.
        """
        due = self.search(
            [("state", "=", "sent"), ("shift_due_on", "<=", fields.Datetime.now())],
            order="shift_due_on",
        )
        by_sheet = due.grouped("sheet_id")
        self.env["ir.cron"]._order_desk_follow(
            due.sheet_id,
            lambda sheets: due.union(*map(by_sheet.get, sheets))._shift_due(),
            size=SHIFTS_AT_ONCE,
        )

    def _shift_due(self):
        """Shift for each end of a working day since; the caller has locked."""
        self.invalidate_recordset(["state", "shift_due_on"])
        now = fields.Datetime.now()
        for confirmation in self.filtered(
            lambda c: c.state == "sent" and c.shift_due_on and c.shift_due_on <= now
        ):
            if confirmation._get_closed_reason():
                # nobody can confirm it at present, so nobody is late
                confirmation.shift_due_on = confirmation._get_shift_due_on(now)
                continue
            confirmation._shift_until(now)

    def _shift_until(self, now):
        self.ensure_one()
        company = self.company_id
        # holidays and hours may have changed since the end of the day was noted
        day = company._order_desk_date(self.shift_due_on)
        due = self._get_shift_due_on(company._order_desk_to_utc(day, time.min))
        while due <= now:
            self._in_desk_language()._shift_one_day(company._order_desk_date(due))
            due = self._get_shift_due_on(due)
        self.shift_due_on = due

    def _shift_one_day(self, day):
        """Move the dates by one working day, because ``day`` brought no return copy."""
        self.ensure_one()
        sheet, company = self.sheet_id, self.company_id
        sheet._move_dates(
            "no_return_copy",
            company._order_desk_add_working_days(sheet.finish_date, 1)
            if sheet.finish_date
            else False,
            company._order_desk_add_working_days(sheet.promise_date, 1)
            if sheet.promise_date
            else False,
            self.env._(
                "No return copy of %(number)s by the end of %(day)s.",
                number=self.name,
                day=format_date(self.env, day),
            ),
            day,
        )
        self.shift_days += 1
