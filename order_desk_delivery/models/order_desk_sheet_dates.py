from odoo import api, fields, models
from odoo.tools import format_date


class OrderDeskSheet(models.Model):
    """When an order is placed, arranged, picked up and due to arrive (SPEC A6, G8)."""

    _inherit = "order.desk.sheet"

    service_level_id = fields.Many2one(
        related="order_id.service_level_id", readonly=False
    )
    placed_date = fields.Date(
        "Placed",
        compute="_compute_placed_date",
        store=True,
        help="T: the working day as whose the order counts, by the cut-off time.",
    )
    arranged_date = fields.Date(
        "Delivery Arranged",
        compute="_compute_placed_date",
        store=True,
        help="The working day after it: until then delivery is arranged.",
    )
    due_pick_date = fields.Date(
        "Due to Be Picked up",
        compute="_compute_due_dates",
        store=True,
        index=True,
        help="By the service level, not before the goods are promised to be ready.",
    )
    due_arrival_date = fields.Date(
        "Due to Arrive", compute="_compute_due_dates", store=True, index=True
    )
    dates_note = fields.Char(compute="_compute_dates_note")

    def _get_received_on(self):
        """Return when the desk came to know of this order (UTC)."""
        self.ensure_one()
        return self.create_date or fields.Datetime.now()

    @api.depends("create_date", "company_id")
    def _compute_placed_date(self):
        """Count from when the order came in, by the calendar as it is at that time.

        A holiday or a cut-off time that is entered later changes no order's past.
        """
        known = {}  # few days, very many orders
        for sheet in self:
            company = sheet.company_id or self.env.company
            day = company._order_desk_get_counted_day(sheet._get_received_on())
            if (company, day) not in known:
                placed = company._order_desk_get_working_day(day)
                arranged = company._order_desk_add_working_days(placed, 1)
                known[company, day] = placed, arranged
            sheet.placed_date, sheet.arranged_date = known[company, day]

    @api.depends(
        "arranged_date",
        "order_id.service_level_id",
        "order_id.commitment_date",
        "finish_date",
        "promise_date",
    )
    def _compute_due_dates(self):
        known = {}  # few combinations, very many orders
        for sheet in self:
            company, order = sheet.company_id, sheet.order_id
            ready = sheet.promise_date or sheet.finish_date or sheet.arranged_date
            wished = order.commitment_date and company._order_desk_date(
                order.commitment_date
            )
            key = (
                order.service_level_id,
                company,
                max(sheet.arranged_date, ready),
                wished,
            )
            if key not in known:
                level, *arguments = key
                known[key] = level._get_due_dates(*arguments)
            sheet.due_pick_date, sheet.due_arrival_date = known[key]

    @api.depends("due_pick_date", "due_arrival_date", "service_level_id.days")
    @api.depends_context("lang")
    def _compute_dates_note(self):
        """Say when the way to the customer is shorter than the level allows for."""
        for sheet in self:
            level, company = sheet.service_level_id, sheet.company_id
            pick, arrival = sheet.due_pick_date, sheet.due_arrival_date
            sheet.dates_note = False
            if not (level.due_by == "customer" and pick and arrival):
                continue
            needed = company._order_desk_add_working_days(pick, level.days)
            if needed > arrival:
                sheet.dates_note = self.env._(
                    "%(arrival)s is too soon for %(days)s working days on the way:"
                    " picked up on %(pick)s, the goods would be there on %(needed)s."
                    " Choose a faster service level, or agree another date.",
                    arrival=format_date(self.env, arrival),
                    days=level.days,
                    pick=format_date(self.env, pick),
                    needed=format_date(self.env, needed),
                )

    @api.onchange("service_level_id")
    def _onchange_service_level_id(self):
        """Propose the date of a level that goes by days, where there is none."""
        for sheet in self.filtered(lambda sheet: not sheet.commitment_date):
            sheet.commitment_date = sheet._get_proposed_commitment_date(
                sheet.service_level_id
            )

    def _get_proposed_commitment_date(self, level):
        """Return the moment (UTC) until which goods of this level arrive, or False."""
        if level.due_by != "days" or not self.arranged_date:
            return False
        company = self.company_id
        # an order that has waited is not delivered in the past
        _placed, arranged = company._order_desk_get_placed_and_arranged(
            fields.Datetime.now()
        )
        earliest = max(self.arranged_date, arranged)
        _pick, arrival = level._get_due_dates(company, earliest)
        return company._order_desk_get_end_of_day(arrival)

    # ------------------------------------------------------------- what follows them

    def write(self, vals):
        watched = {"finish_date", "promise_date"} & set(vals)
        sheets = self if watched else self.browse()
        before = sheets._read_due_dates()
        result = super().write(vals)
        sheets._follow_due_dates(before)
        return result

    def _read_due_dates(self):
        """Return what ``_follow_due_dates`` compares with: ``{sheet: values}``."""
        return {
            sheet: (
                sheet.order_id.service_level_id,
                sheet.due_pick_date,
                sheet.due_arrival_date,
            )
            # whoever changes an order need not be able to read its sheet
            for sheet in self.sudo()
        }

    def _follow_due_dates(self, before):
        """Say that these orders are due at another time, and reschedule transfers.

        :param before: see ``_read_due_dates``
        """
        after = self._read_due_dates()
        for sheet in self.sudo():  # see _read_due_dates
            (old_level, old_pick, _old_arrival) = before[sheet]
            if before[sheet] == after[sheet]:
                continue
            if old_level and old_level != sheet.order_id.service_level_id:
                sheet._message_log(body=sheet._get_level_text(old_level))
            if sheet.order_id.service_level_id and old_pick != sheet.due_pick_date:
                sheet._move_scheduled_dates(old_pick)

    def _get_level_text(self, old_level):
        """Return what the chatter says about another service level."""
        days = (self.due_pick_date, self.due_arrival_date)
        pick, arrival = (
            format_date(self.env, day) if day else self.env._("not known yet")
            for day in days
        )
        return self.env._(
            "Service level: %(old)s → %(new)s. Due to be picked up: %(pick)s; due to"
            " arrive: %(arrival)s.",
            old=old_level.name,
            new=self.order_id.service_level_id.name or self.env._("none"),
            pick=pick,
            arrival=arrival,
        )

    def _get_pick_moment(self, day=None):
        """Return the moment (UTC) until which the goods are picked up, if known."""
        day = day or self.due_pick_date
        return day and self.company_id._order_desk_get_end_of_day(day)

    def _move_scheduled_dates(self, old_pick):
        """Let open transfers follow the day on which goods are picked up.

        What somebody has scheduled by hand stays as it is.
        """
        self.ensure_one()
        old, new = self._get_pick_moment(old_pick or None), self._get_pick_moment()
        if not (old_pick and old and new):
            return
        moves = self.order_id.order_line.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.date == old
                and move._is_leaving()
            )
        )
        moves.date = new
