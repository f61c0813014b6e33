from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

# who closes a day's report; where nobody has these roles, the manufacturing managers do
TODO_TYPE = "order_desk_mrp.mail_activity_type_daily_report"
CLOSING_ROLES = ("production_supervisor", "production_manager")


class OrderDeskDailyReport(models.Model):
    """What was made on one day, as Odoo recorded it, with the workshop's remarks.

    It is a numbered document: what was read is kept with it, because it is closed,
    mailed and filed, whatever is booked or corrected later (SPEC E2). Bookings of the
    day that come after the last reading stand on the next report as booked later.
    """

    _name = "order.desk.daily.report"
    _description = "Daily Production Report"
    _inherit = [
        "order.desk.protected.mixin",
        "order.desk.todo.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"
    _rec_names_search = ["name"]
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char("Number", readonly=True, copy=False, index="trigram")
    date = fields.Date("Day", required=True, readonly=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        [("draft", "Being Written"), ("closed", "Closed")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("order.desk.daily.report.line", "report_id", "Orders")
    hours_ids = fields.One2many(
        "order.desk.daily.report.hours", "report_id", readonly=True
    )
    remark = fields.Text(
        "Remarks of the Day", help="What the workshop has to say about the whole day."
    )
    read_on = fields.Datetime(
        readonly=True, help="When it was last read what Odoo has recorded."
    )
    read_until = fields.Datetime(
        readonly=True, help="What was booked until then is on this report."
    )
    followed_by_id = fields.Many2one(
        "order.desk.daily.report",
        "Booked Later, See",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The report with what was booked on this day after this one was read.",
    )
    closed_on = fields.Datetime(readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    line_count = fields.Integer("Number of Orders", compute="_compute_totals")
    late_count = fields.Integer("Late Orders", compute="_compute_totals")
    hours = fields.Float("Working Hours", compute="_compute_totals")
    stopped_hours = fields.Float("Hours Stopped", compute="_compute_totals")
    can_close = fields.Boolean(compute="_compute_can_close")

    _date_uniq = models.UniqueIndex(
        "(company_id, date)", "There is a report for this day already."
    )

    @api.depends("name", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for report in self:
            day = format_date(self.env, report.date)
            report.display_name = (
                f"{report.name} · {day}"
                if report.name
                else self.env._("Report of %s", day)
            )

    @api.depends("line_ids.hours", "line_ids.stopped_hours", "line_ids.is_late")
    def _compute_totals(self):
        for report in self:
            lines = report.line_ids
            report.line_count = len(lines)
            report.late_count = len(lines.filtered("is_late"))
            report.hours = sum(lines.mapped("hours"))
            report.stopped_hours = sum(lines.mapped("stopped_hours"))

    @api.depends("state", "company_id")
    @api.depends_context("uid")
    def _compute_can_close(self):
        closing = self._filter_closing()
        for report in self:
            report.can_close = report.state == "draft" and report in closing

    # ------------------------------------------------------------- protection

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "name": False,
            "state": "draft",
            "hours_ids": [],
            "read_on": False,
            "read_until": False,
            "followed_by_id": False,
            "closed_on": False,
            "closed_by_id": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {"date", "company_id"}

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s of a daily report is what Odoo has recorded. Use the buttons.", names
        )

    def write(self, vals):
        if {"remark", "line_ids"} & set(vals):
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Refuse to change what is closed.

        :raise UserError: names the closed reports
        """
        closed = self.filtered(lambda report: report.state == "closed")
        if closed and not self.env.su:
            raise UserError(
                self.env._(
                    "%s is closed and stays as it is. Write a message on it instead.",
                    ", ".join(closed.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        closed = self.filtered(lambda report: report.state == "closed")
        if closed:
            raise UserError(
                self.env._(
                    "%s is closed and stays on file.",
                    ", ".join(closed.mapped("display_name")),
                )
            )

    def copy_data(self, default=None):
        raise UserError(
            self.env._("A daily report cannot be duplicated: each day has one.")
        )

    # ------------------------------------------------------------- making

    def action_make_today(self):
        """Open today's report of the current company; made now if there is none."""
        company = self.env.company
        report = self._make(company, company._order_desk_date())
        return report._get_records_action()

    @api.model
    def _make(self, company, day):
        """Return the report of ``day``, read just now if it is new.

        :raise AccessError: the user may not write reports
        :raise UserError: a day to come
        """
        self.browse().check_access("write")
        if company not in self.env.user.company_ids and not self.env.su:
            raise AccessError(self.env._("This is another company than yours."))
        if day > company._order_desk_date():
            raise UserError(
                self.env._(
                    "%s is still to come; its report is made when the day is over.",
                    format_date(self.env, day),
                )
            )
        # nobody has the right to create reports but by having them read here
        reports = self.sudo()
        report = reports.search([("company_id", "=", company.id), ("date", "=", day)])
        if not report:
            report = reports.create({"company_id": company.id, "date": day})
            report._read_day()
        return report.sudo(self.env.su)

    def action_read(self):
        """Read again what Odoo has recorded; the remarks stay.

        :raise UserError: closed already
        """
        self._start()
        self.sudo()._read_day()  # the caller need not read all that is recorded

    def _start(self):
        """Let one person at a time move these reports on, if they may at all."""
        self.check_access("write")
        self._lock()
        closed = self.filtered(lambda report: report.state == "closed")
        if closed:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(report)s was closed by %(user)s already.",
                        report=report.display_name,
                        user=report.sudo().closed_by_id.name,
                    )
                    for report in closed
                )
            )

    # ------------------------------------------------------------- closing

    def _filter_closing(self):
        """Return those the current user may close."""
        roles = self.env["order.desk.role"]._get_filled_roles(
            self.company_id, [("code", "in", CLOSING_ROLES)]
        )
        is_manager = self.env.user.has_group("mrp.group_mrp_manager")
        return self.filtered(
            lambda report: (
                bool(roles[report.company_id]._filter_mine())
                if roles[report.company_id]
                else is_manager
            )
        )

    def action_close(self):
        """Freeze these reports, number them and mail them to who wants them.

        What was not read yet of a day that is over is read now.

        :raise AccessError: neither production supervisor nor production manager
        :raise UserError: closed already, or somebody else is at it
        """
        self._start()
        others = self - self._filter_closing()
        if others:
            raise AccessError(
                self.env._(
                    "%s is closed by the production supervisor or the production"
                    " manager.",
                    ", ".join(others.mapped("display_name")),
                )
            )
        now = fields.Datetime.now()
        # protected fields; the checks are above
        reports = self.sudo().sorted("date")
        for report in reports:
            end = report.company_id._order_desk_day_bounds(report.date)[1]
            # what an earlier report has taken on meanwhile does not stand here, too
            others_closed = report._get_earlier().filtered(
                lambda other, report=report: other.closed_on > report.read_on
            )
            if others_closed or report.read_until < end <= now:
                report._read_day()
            report._get_predecessors().followed_by_id = report
            report.write(
                {
                    "name": report.company_id._order_desk_next_number(self._name),
                    "state": "closed",
                    "closed_on": now,
                    "closed_by_id": self.env.uid,
                }
            )
        reports._update_todos()
        reports._mail()

    def _mail(self):
        """Mail the closed reports as PDF: to followers and to who has asked for it."""
        template = self.env.ref("order_desk_mrp.mail_template_daily_report")
        for report in self:
            partners = report.company_id.order_desk_daily_user_ids.filtered(
                lambda user: user.active
            ).partner_id
            if not (partners | report.message_partner_ids):
                continue
            try:
                with self.env.cr.savepoint():
                    report._mail_with(template)
            except UserError as error:
                # no PDF can be made; the day is closed all the same
                report._message_log(
                    body=self.env._("The report could not be mailed: %s", error)
                )

    def _mail_with(self, template):
        self.ensure_one()
        return self.with_context(
            mail_notify_force_send=False, mail_post_autofollow=False
        ).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_layout",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_mail_partners(self):
        """Return who has asked for the reports of this company, for the template."""
        self.ensure_one()
        users = self.sudo().company_id.order_desk_daily_user_ids
        return users.filtered("active").partner_id

    def action_toggle_mail(self):
        """Let the current user get the company's closed reports by mail, or no more."""
        self.browse().check_access("read")
        # everybody decides for themselves; companies are others' to change
        company = self.env.company.sudo()
        user = self.env.user
        wanted = user not in company.order_desk_daily_user_ids
        company.order_desk_daily_user_ids = [(4 if wanted else 3, user.id)]
        message = (
            self.env._(
                "You get the closed reports of %s by mail from now on.", company.name
            )
            if wanted
            else self.env._("You do not get the reports of %s any more.", company.name)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_print(self):
        """Print these reports."""
        report = self.env.ref("order_desk_mrp.action_report_daily_report")
        return report.report_action(self, config=False)

    def action_analyse(self):
        """Open what was made and worked, over these days, as a pivot table."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "order_desk_mrp.order_desk_daily_report_line_action"
            ),
            "domain": Domain("report_id", "in", self.ids),
        }

    def _get_print_url(self):
        """Return where the QR code on paper leads: to this report."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/order-desk-daily-reports/{self.id}"

    def _get_center_rows(self):
        """Return the hours of each work center: ``[(center, hours, stopped)]``."""
        self.ensure_one()
        rows = self.hours_ids.grouped("workcenter_id").items()
        return [
            (center, sum(r.mapped("hours")), sum(r.mapped("stopped_hours")))
            for center, r in rows
        ]

    def _get_pdf_name(self):
        """Return the file name of the document: what was closed stays as it was."""
        self.ensure_one()
        return f"{self.name}.pdf"

    # ------------------------------------------------------------- scheduled

    @api.model
    def _cron_make(self):
        """Make the reports of the days that have ended, each company its own."""
        manufacturing = self.env["mrp.production"]._read_group([], ["company_id"])
        companies = self.env["res.company"].union(*(row[0] for row in manufacturing))
        self.env["ir.cron"]._order_desk_follow(
            companies, lambda some: [self._make_due(company) for company in some], 1
        )

    @api.model
    def _make_due(self, company):
        """Make the reports of this company that are due and lack, a few days back."""
        reports = self.with_company(company)
        today = company._order_desk_date()
        days = [today - timedelta(days=number) for number in range(7, -1, -1)]
        there = reports.search(
            [("company_id", "=", company.id), ("date", "in", days)]
        ).mapped("date")
        first = reports.search(
            [("company_id", "=", company.id)], order="date", limit=1
        ).date
        for day in days:
            # what was before the first report is not made up for
            is_missing = day not in there and (first and day > first or day == today)
            if is_missing and company._order_desk_is_day_over(day):
                report = reports.create({"company_id": company.id, "date": day})
                report._read_day()
                if report._is_worth_keeping():
                    report._update_todos()
                else:
                    report.unlink()

    def _get_todos(self):
        """Let the production supervisor complete and close what waits (SPEC E2)."""
        drafts = self.filtered(lambda report: report.state == "draft")
        roles = self.env["order.desk.role"]._get_step_roles(
            drafts.company_id, "instruction"
        )
        return {
            (report, TODO_TYPE, user): {
                "summary": self.with_context(lang=user.lang).env._(
                    "Complete and close the daily report of %s",
                    format_date(self.env, report.date, user.lang),
                ),
                "date_deadline": report.company_id._order_desk_add_working_days(
                    report.date, 1
                ),
            }
            for report in drafts
            for role in roles[report.company_id].filtered(
                lambda role: role.code == CLOSING_ROLES[0]
            )
            for user in role._get_signers()
        }

    def _get_many_subject(self):
        return self.env._("%s daily production reports wait for you", len(self))

    def _is_worth_keeping(self):
        """Tell whether something was recorded, or on a working day planned."""
        self.ensure_one()
        return any(line._has_bookings() for line in self.line_ids) or (
            bool(self.line_ids) and self.company_id._order_desk_works_on(self.date)
        )
