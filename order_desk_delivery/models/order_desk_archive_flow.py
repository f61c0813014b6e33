from odoo import api, fields, models
from odoo.exceptions import UserError

HAND_OVER_TYPE = "order_desk_delivery.mail_activity_type_archive"
SIGN_TYPE = "order_desk_delivery.mail_activity_type_archive_sign"
# the superior is told when it is late for so many working days
TOLD_AFTER_DAYS = 3


class OrderDeskArchive(models.Model):
    """Handing the month's papers over, and signing them off (SPEC G5)."""

    _inherit = "order.desk.archive"

    def _get_people(self, step):
        """Return who fills the role of a step in this company, maybe nobody."""
        self.ensure_one()
        roles = self.env["order.desk.role"]._get_step_roles(self.company_id, step)
        return roles[self.company_id].signer_ids

    def _get_filing_people(self):
        """Return who files papers and hands them over: sales admin and shipper."""
        people = self._get_people("shipping_request")
        # where nobody is asked for requests, whoever may file hands over
        return people and people | self._get_people("shipping")

    def _get_hand_over_error(self):
        """Return why the current user cannot hand this archive over, or ""."""
        self.ensure_one()
        if self.state != "open":
            return self.env._("%s was handed over already.", self.display_name)
        people = self._get_filing_people()
        if people and self.env.user not in people:
            return self.env._(
                "%(archive)s is handed over by %(people)s.",
                archive=self.display_name,
                people=", ".join(people.mapped("name")),
            )
        return ""

    def _get_sign_error(self):
        """Return why the current user cannot sign this archive off, or ""."""
        self.ensure_one()
        if self.state != "handed_over":
            return (
                self.env._("%s is archived already.", self.display_name)
                if self.state == "signed"
                else self.env._("%s was not handed over yet.", self.display_name)
            )
        people = self._get_people("claim")
        if people and self.env.user not in people:
            return self.env._(
                "%(archive)s is signed off by %(people)s.",
                archive=self.display_name,
                people=", ".join(people.mapped("name")),
            )
        return ""

    def action_hand_over(self):
        """Hand the papers of these months over to customer service.

        :raise UserError: the month is not over, or others hand over
        """
        self._start("_get_hand_over_error")
        running = self.filtered(lambda a: a._get_period()[1] > fields.Datetime.now())
        if running:
            raise UserError(
                self.env._(
                    "%s is not over yet.", ", ".join(running.mapped("display_name"))
                )
            )
        self._refresh()
        self.sudo().write(  # protected
            {
                "state": "handed_over",
                "handed_over_on": fields.Datetime.now(),
                "handed_over_by_id": self.env.uid,
            }
        )
        self._update_todos()

    def action_sign_off(self):
        """Archive these months for good; what is missing was accepted before.

        :raise UserError: names the shipments of which something is missing
        """
        self._start("_get_sign_error")
        errors = [
            self.env._(
                "• %(shipment)s: %(missing)s",
                shipment=line.display_name,
                missing=line._get_missing_text(),
            )
            for line in self.line_ids
            if line.missing and not line.accepted_reason
        ]
        if errors:
            raise UserError(
                self.env._(
                    "Accept what is missing with the reason, or send the archive"
                    " back:\n\n%s",
                    "\n".join(errors),
                )
            )
        for archive in self.sudo():  # protected
            company = archive.company_id
            archive.write(
                {
                    "number": company._order_desk_next_number(self._name),
                    "state": "signed",
                    "signed_on": fields.Datetime.now(),
                    "signed_by_id": self.env.uid,
                }
            )
        self._update_todos()

    def action_send_back(self, reason):
        """Give these archives back to the sales admin, who is told why.

        :raise UserError: no reason, or not handed over
        """
        self._start("_get_sign_error")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say what is to be done about the papers."))
        self.sudo().write(  # protected
            {"state": "open", "handed_over_on": False, "handed_over_by_id": False}
        )
        self._message_log_batch(
            dict.fromkeys(self.ids, self.env._("Sent back: %s", reason))
        )
        self._update_todos()

    def _start(self, get_error):
        """Let one person at a time move these archives on, if they may at all."""
        self.check_access("write")
        self._lock()
        self.invalidate_recordset(["state"])  # the other one may have been quicker
        errors = [error for archive in self if (error := getattr(archive, get_error)())]
        if errors:
            raise UserError("\n".join(errors))

    def action_open_send_back(self):
        """Open the dialog that asks why these archives are sent back."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Back"),
            "res_model": "order.desk.archive.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_kind": "send_back", "default_archive_ids": self.ids},
        }

    def action_file_all(self):
        """Note that the papers of all shipments are filed that are complete."""
        self.line_ids.filtered(
            lambda line: (
                not line.is_filed
                and "missing"
                not in (line.slip_state, line.advice_state, line.receipt_state)
            )
        ).action_file()

    def action_view_lines(self):
        """Open the shipments of these archives."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "order_desk_delivery.order_desk_archive_line_action"
            ),
            "domain": [("archive_id", "in", self.ids)],
        }

    def _get_print_url(self):
        """Return where the QR code on paper leads: to this archive."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/order-desk-archive/{self.id}"

    # ------------------------------------------------------------- to-dos

    def _get_todos(self):
        todos = {}
        for archive in self:
            if archive.state == "signed":
                continue
            step, xmlid = (
                ("shipping_request", HAND_OVER_TYPE)
                if archive.state == "open"
                else ("claim", SIGN_TYPE)
            )
            for user in archive._get_people(step) | archive._get_told(step):
                todos[archive, xmlid, user] = {
                    "summary": archive._get_todo_summary(user),
                    "date_deadline": archive.due_on,
                }
        return todos

    def _get_told(self, step):
        """Return who is told as well, once an archive is late for days (SPEC J2)."""
        self.ensure_one()
        company = self.company_id
        day = company._order_desk_add_working_days(self.due_on, TOLD_AFTER_DAYS)
        if company._order_desk_date() < day:
            return self.env["res.users"]
        roles = self.env["order.desk.role"]._get_step_roles(company, step)
        return roles[company].superior_id.filtered("active")

    def _get_todo_summary(self, user):
        self.ensure_one()
        archive = self.with_context(lang=user.lang)
        if self.state == "open":
            return archive.env._(
                "Hand over the delivery papers of %s", archive.display_name
            )
        return archive.env._("Sign off the delivery papers of %s", archive.display_name)

    def _get_many_subject(self):
        return self.env._("%s archives of delivery papers wait for you", len(self))

    # ------------------------------------------------------------- scheduled

    @api.model
    def _cron_make(self):
        """Make last month's archives on the first working day, and refresh open ones.

        Each company by its own day; one that has shipped nothing gets none.
        """
        crons = self.env["ir.cron"]
        companies = self.env["res.company"].search([("active", "=", True)])
        crons._order_desk_follow(companies, self._make_missing, size=5, lock=False)
        waiting = self.search([("state", "!=", "signed")])
        crons._order_desk_follow(waiting, lambda some: some._follow(), size=5)

    @api.model
    def _make_missing(self, companies):
        """Make the archives that these companies are to have by now."""
        return self.create(
            [
                {"company_id": company.id, "month": month}
                for company, month in self._get_missing_months(companies)
            ]
        )

    def _follow(self):
        """Read again what is not handed over, and remind."""
        self.filtered(lambda archive: archive.state == "open")._refresh()
        self._update_todos()

    @api.model
    def _get_missing_months(self, companies):
        """Return for which companies last month's archive is to be made now."""
        there = {
            (archive.company_id, archive.month)
            for archive in self.search([("company_id", "in", companies.ids)])
        }
        missing = []
        for company in companies:
            month = company._order_desk_last_month()
            if (
                (company, month) not in there
                and company._order_desk_is_archive_day()
                and self.new({"company_id": company.id, "month": month})._get_moves()
            ):
                missing.append((company, month))
        return missing
