from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

FURTHEST_DAYS = 366


class OrderDeskTrackingCheck(models.Model):
    """One tap says what a check has found (SPEC G6)."""

    _inherit = "order.desk.tracking.check"

    # ------------------------------------------------------------- who may

    @api.model
    def _get_tracking_companies(self, companies):
        """Return the companies whose shipments the current user may look for.

        It is the sales admin's work; where nobody has that role, any clerk's.
        """
        user = self.env.user
        if self.env.su or user.has_group("order_desk.group_order_desk_supervisor"):
            return companies
        roles = self.env["order.desk.role"]._get_step_roles(
            companies, "shipping_request"
        )
        is_clerk = user.has_group("order_desk.group_order_desk_clerk")
        return companies.filtered(
            lambda company: (
                roles[company]._filter_mine() if roles[company] else is_clerk
            )
        )

    def _start(self):
        """Let the current user, and nobody else, answer these checks now.

        :raise AccessError: tracking is not theirs
        :raise UserError: answered already, or the shipment is not on its way
        """
        self.check_access("write")
        self._lock()
        self.advice_id._lock()
        self.invalidate_recordset(["state"])
        self.advice_id.invalidate_recordset(["state"])
        companies = self.company_id
        if foreign := companies - self._get_tracking_companies(companies):
            raise AccessError(
                self.env._(
                    "Shipments of %s are looked for by the sales admin. Ask them to"
                    " enter it.",
                    ", ".join(foreign.mapped("name")),
                )
            )
        if answered := self.filtered(lambda check: check.state != "planned"):
            raise UserError(answered._get_answered_error())
        idle = self.advice_id.filtered(lambda advice: advice.state != "sent")
        if idle:
            raise UserError(
                self.env._(
                    "%s: not on its way any more.",
                    ", ".join(idle.mapped("display_name")),
                )
            )

    # ------------------------------------------------------------- what was found

    def action_on_way(self, note=False):
        """Note that these shipments are on their way as expected."""
        self._start()
        self._answer("on_way", note)
        self.advice_id._plan_further_check()

    def action_arrived(self, arrived_on=None):
        """Note that these shipments have arrived (SPEC G6).

        :param arrived_on: when (UTC), by default now
        :raise UserError: in the future, or before the goods have left
        """
        self._start()
        now = fields.Datetime.now()
        arrived_on = self._read_moment(arrived_on) or now
        for advice in self.advice_id:
            left = advice.shipped_on or advice.sent_on or advice.create_date
            day = advice.company_id._order_desk_date
            if arrived_on > now or day(arrived_on) < day(left):
                raise UserError(
                    self.env._(
                        "%(shipment)s: the goods cannot have arrived on %(date)s.",
                        shipment=advice.display_name,
                        date=format_date(self.env, day(arrived_on)),
                    )
                )
        self._answer("arrived")
        self.advice_id._note_arrival(arrived_on)

    def action_delay(self, new_date, reason, tell_customer=False):
        """Note that these shipments arrive on another day, and why.

        :param new_date: the new day, a date or its ISO text
        :param tell_customer: whether the customers get an e-mail about it
        :raise UserError: no day or reason, in the past, or no e-mail address
        """
        self._start()
        new_date = self._read_moment(new_date, fields.Date.to_date)
        reason = str(reason or "").strip()
        for check in self:
            check._check_delay(new_date, reason)
        if tell_customer:
            self.advice_id._check_mail_address()
        self._answer("delayed", reason, new_date)
        self.advice_id._move_arrival(new_date, reason, tell_customer)

    def _read_moment(self, value, read=fields.Datetime.to_datetime):
        """Return the moment, or the day, that a client has sent.

        :raise UserError: names the shipments, and what is no date
        """
        try:
            return read(value)
        except (TypeError, ValueError) as error:
            raise UserError(
                self.env._(
                    "%(shipment)s: “%(text)s” is no date.",
                    shipment=", ".join(self.mapped("display_name")),
                    text=str(value)[:40],
                )
            ) from error

    def _check_delay(self, new_date, reason):
        self.ensure_one()
        today = self.company_id._order_desk_date()
        if not reason:
            raise UserError(self.env._("Say why the goods arrive later."))
        if not new_date:
            raise UserError(self.env._("Give the new day of arrival."))
        if not today <= new_date <= today + timedelta(days=FURTHEST_DAYS):
            raise UserError(
                self.env._(
                    "%(shipment)s: %(date)s is in the past or more than a year away.",
                    shipment=self.display_name,
                    date=format_date(self.env, new_date),
                )
            )

    def action_trouble(self, name, description=False):
        """Hand trouble with these shipments to those who deal with it (SPEC H2).

        :param name: what happened, in one line
        """
        self._start()
        name = str(name or "").strip()
        if not name:
            raise UserError(self.env._("Say in one line what happened."))
        self._answer("trouble", name)
        for check in self.sudo():  # whoever tracks need not be able to read the order
            text = check._get_trouble_text(description)
            for sheet in check.advice_id.sheet_ids:
                sheet.sudo(False)._report_trouble("transport", name, text)
        self.advice_id._plan_further_check()

    def _get_trouble_text(self, description):
        """Return what is known about the shipment, for those who deal with it."""
        self.ensure_one()
        rows = [
            (self.env._("Shipment"), self.advice_id.display_name),
            (self.env._("Carrier"), self.carrier_id.name),
            (self.env._("Tracking number"), self.tracking_ref),
        ]
        lines = [
            self.env._("%(label)s: %(value)s", label=label, value=value)
            for label, value in rows
            if value
        ]
        return "\n".join(filter(None, [description, *lines]))

    def _answer(self, outcome, note=False, new_date=False):
        """Write down what these checks have found; older open ones lapse."""
        checks = self.sudo()  # protected fields, the callers have checked
        checks.write(
            {
                "state": "done",
                "outcome": outcome,
                "new_date": new_date,
                "answered_on": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
                **({"note": note} if note else {}),
            }
        )
        for check in checks:
            today = check.company_id._order_desk_date()
            check.advice_id.tracking_check_ids.filtered(
                lambda other, today=today: (
                    other.state == "planned" and other.due_date <= today
                )
            )._skip()
            check._log_outcome()
        checks._update_todos()

    def _log_outcome(self):
        """Tell the story where people look for it: on the advice."""
        self.ensure_one()
        names = dict(self._fields["outcome"]._description_selection(self.env))
        body = self.env._("Tracking: %s.", names[self.outcome])
        if self.note:
            body = self.env._(
                "Tracking: %(outcome)s. %(note)s",
                outcome=names[self.outcome],
                note=self.note,
            )
        self.advice_id._message_log(
            body=body,
            author_id=self.env["res.users"].browse(self.env.uid).partner_id.id,
        )

    def _skip(self):
        """Take these checks out of the plan: nobody needs to look any more."""
        checks = self.sudo()  # protected fields; only what is planned lapses
        checks.write({"state": "skipped"})
        checks._update_todos()

    def action_undo_arrival(self):
        """Take back that these shipments have arrived: it was a wrong tap.

        :raise UserError: the customer has signed for the goods
        """
        self.check_access("write")
        self._lock()
        self.invalidate_recordset(["state", "outcome"])
        companies = self.company_id
        wrong = self.filtered(lambda check: check.outcome != "arrived")
        if companies - self._get_tracking_companies(companies) or wrong:
            raise UserError(
                self.env._(
                    "Only who looks for shipments takes back that one has arrived."
                )
            )
        self.advice_id._take_back_arrival()
        # protected fields, the checks are above
        self.sudo().write(
            {
                "state": "planned",
                "outcome": False,
                "answered_on": False,
                "answered_by_id": False,
            }
        )
        self._update_todos()

    # ------------------------------------------------------------- screens

    def action_open_link(self):
        """Open the carrier's page about this shipment."""
        self.ensure_one()
        # whoever tracks need not be able to read transfers
        links = self.sudo().advice_id._get_tracking_links()
        if not links:
            raise UserError(
                self.env._(
                    "%s: the carrier has no page to look at, or there is no tracking"
                    " number. Ask the carrier or the driver.",
                    self.display_name,
                )
            )
        return {"type": "ir.actions.act_url", "url": links[0][1], "target": "new"}

    def action_open_advice(self):
        """Open the shipping advice of this shipment."""
        return self.advice_id._get_records_action()

    def action_open_delay(self):
        """Ask for the new day of arrival, and why."""
        return self._open_answer("delayed")

    def action_open_trouble(self):
        """Ask what has happened."""
        return self._open_answer("trouble")

    def _open_answer(self, outcome):
        titles = {
            "delayed": self.env._("Delayed"),
            "trouble": self.env._("Trouble"),
        }
        dialog = self.env["order.desk.tracking.answer"].create(
            {"check_ids": self.ids, "outcome": outcome}
        )
        return dialog._get_records_action(name=titles[outcome], target="new")
