from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

DELAY_TEMPLATE = "order_desk_delivery.mail_template_shipment_delayed"
ARRIVED_TYPE = "order_desk_delivery.mail_activity_type_arrived"
DELAYED_TYPE = "order_desk_delivery.mail_activity_type_delayed"
# of a shipment without a service level or an expected arrival
USUAL_DAYS = 3


class OrderDeskShippingAdvice(models.Model):
    """A shipment is looked for until it has arrived (SPEC G6)."""

    _inherit = "order.desk.shipping.advice"

    tracking_check_ids = fields.One2many(
        "order.desk.tracking.check", "advice_id", "Tracking Checks"
    )

    def _get_next_check(self):
        """Return the first planned check of this shipment, if there is any."""
        self.ensure_one()
        planned = self.tracking_check_ids.filtered(
            lambda check: check.state == "planned"
        )
        return planned.sorted(lambda check: (check.due_date, check._origin.id))[:1]

    # ------------------------------------------------------------- the plan

    def _note_sent(self):
        result = super()._note_sent()
        self._plan_checks()
        return result

    def _note_corrected(self):
        result = super()._note_corrected()
        self._plan_checks()
        return result

    def _note_withdrawn(self):
        result = super()._note_withdrawn()
        self._skip_checks()
        return result

    def _skip_checks(self):
        """Stop looking for these shipments."""
        # nobody needs rights to have a shipment looked for, or not any more
        self.sudo().tracking_check_ids.filtered(
            lambda check: check.state == "planned"
        )._skip()

    def _get_arrival_day(self):
        """Return the day on which this shipment is to arrive, as far as one knows."""
        self.ensure_one()
        company, request = self.company_id, self.request_id
        if self.expected_arrival:
            return company._order_desk_date(self.expected_arrival)
        if request.due_arrival_date:
            return request.due_arrival_date
        left = company._order_desk_date(self.shipped_on or self.sent_on)
        return company._order_desk_add_working_days(left, USUAL_DAYS)

    def _get_receiver(self):
        """Return where this shipment goes."""
        self.ensure_one()
        request = self.request_id
        return (
            request.partner_shipping_id
            or request.order_ids.partner_shipping_id[:1]
            or request.partner_id
        )

    def _get_check_days(self, start):
        """Return when to look for this shipment: ``{day: kind of check}`` (SPEC G6).

        On its way as often as the service level asks for that distance, on the day of
        its arrival, and the day after, in case it is not there.

        :param start: the day from which on the way is divided evenly
        """
        self.ensure_one()
        company = self.company_id
        today = company._order_desk_date()
        arrival = max(self._get_arrival_day(), today)
        last = company._order_desk_get_working_day(arrival)
        number = self.request_id.service_level_id._get_way_checks(
            company.partner_id, self._get_receiver()
        )
        length = (arrival - start).days
        days = {
            company._order_desk_get_working_day(
                start + timedelta(days=round(length * count / (number + 1)))
            )
            for count in range(1, number + 1)
        }
        after = company._order_desk_add_working_days(last, 1)
        plan = {day: "way" for day in days if max(today, start) < day < last}
        return {**plan, last: "arrival", after: "late"}

    def _plan_checks(self, start=None):
        """Plan when to look for these shipments; what was planned before lapses."""
        self._skip_checks()
        advices = self.sudo()  # see there
        vals_list = []
        for advice in advices:
            left = advice.shipped_on or advice.sent_on or fields.Datetime.now()
            begin = start or advice.company_id._order_desk_date(left)
            vals_list += [
                {"advice_id": advice.id, "due_date": day, "kind": kind}
                for day, kind in advice._get_check_days(begin).items()
            ]
        advices.tracking_check_ids.create(vals_list)._update_todos()

    def _plan_further_check(self):
        """Look again on the next working day, where nothing is planned any more."""
        advices = self.sudo()  # see _skip_checks
        vals_list = []
        for advice in advices.filtered(lambda advice: advice.state == "sent"):
            if advice._get_next_check():
                continue
            company = advice.company_id
            today = company._order_desk_date()
            day = company._order_desk_add_working_days(today, 1)
            arrival = advice._get_arrival_day()
            if arrival > day:
                day = company._order_desk_get_working_day(arrival)
            kind = "arrival" if arrival >= day else "late"
            vals_list.append({"advice_id": advice.id, "due_date": day, "kind": kind})
        advices.tracking_check_ids.create(vals_list)

    # ------------------------------------------------------------- it is there

    def _note_arrival(self, moment=None):
        """Tell the salespeople that goods are there, and stop looking for them."""
        arrived = super()._note_arrival(moment)
        advices = arrived.sudo()  # whoever says it need not be able to read orders
        advices._skip_checks()
        advices.sheet_ids._add_milestones("arrived")
        for advice in advices:
            day = advice.company_id._order_desk_date(advice.arrived_on)
            advice._give_salespeople_todos(ARRIVED_TYPE, day)
        return arrived

    def _take_back_arrival(self):
        """Note that these shipments have not arrived after all.

        :raise UserError: the customer has signed for the goods
        """
        self._lock()
        advices = self.sudo()  # protected fields; who may has been checked
        signed = advices.filtered(
            lambda advice: advice.receipt_ids.filtered(lambda receipt: receipt._is_in())
        )
        if signed:
            raise UserError(
                self.env._(
                    "%s: the customer has signed for the goods, so they are there.",
                    ", ".join(signed.mapped("display_name")),
                )
            )
        advices.write({"state": "sent", "arrived_on": False})
        sheets = advices.sheet_ids
        sheets.activity_unlink([ARRIVED_TYPE])
        body = self.env._("The goods have not arrived yet; it was noted by mistake.")
        for documents in (advices, sheets):
            documents._message_log_batch(dict.fromkeys(documents.ids, body))

    # ------------------------------------------------------------- it is late

    def _check_mail_address(self):
        """Refuse to mail to customers without an address."""
        without = self.filtered(lambda advice: not advice.partner_id.email)
        if without:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter it on the contact, or call them.",
                    ", ".join(without.partner_id.mapped("display_name")),
                )
            )

    def _move_arrival(self, day, reason, tell_customer=False):
        """Expect these shipments on another day, and plan new checks."""
        advices = self.sudo()  # protected once sent; who tracks has been checked
        for advice in advices:
            company = advice.company_id
            advice.expected_arrival = company._order_desk_get_end_of_day(day)
            advice._plan_checks(start=company._order_desk_date())
            advice._give_salespeople_todos(DELAYED_TYPE, day, reason)
        if tell_customer:
            advices._mail_to_customer(DELAY_TEMPLATE)

    def _get_delay_reason(self):
        """Return why this shipment is late, as it was entered last."""
        self.ensure_one()
        delayed = self.tracking_check_ids.filtered(
            lambda check: check.outcome == "delayed"
        )
        return delayed.sorted("answered_on")[-1:].note or ""

    # ------------------------------------------------------------- the salespeople

    def _give_salespeople_todos(self, type_xmlid, day=None, reason=""):
        """Give who speaks to the customer a to-do, unless they have said it themselves.

        :param day: on which the goods arrived; if they are late, are expected now
        """
        self.ensure_one()
        deadline = self.company_id._order_desk_add_working_days(
            self.company_id._order_desk_date(), 1
        )
        for sheet in self.sheet_ids:
            user = sheet.user_id.filtered("active")
            if not user or user.id == self.env.uid:
                continue
            sheet.activity_unlink([type_xmlid], user_id=user.id)
            sheet.activity_schedule(
                type_xmlid,
                deadline,
                user_id=user.id,
                summary=self._get_salespeople_summary(user, type_xmlid, day),
                note=reason or False,
            )

    def _get_salespeople_summary(self, user, type_xmlid, day):
        """Return the to-do's one line in the language of who has to do it."""
        advice = self.with_context(lang=user.lang)
        values = {
            "shipment": self.display_name,
            "customer": self.partner_id.name,
            "day": format_date(advice.env, day),
        }
        if type_xmlid == ARRIVED_TYPE:
            return advice.env._(
                "Arrived on %(day)s: %(shipment)s at %(customer)s", **values
            )
        return advice.env._(
            "Late: %(shipment)s arrives on %(day)s. Tell %(customer)s.", **values
        )
