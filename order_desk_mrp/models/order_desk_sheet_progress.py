from odoo import api, fields, models
from odoo.fields import Domain

LATE_TYPE = "order_desk_mrp.mail_activity_type_running_late"
# who decides what to do about an order that will miss its date, beside its clerk
MANAGER_CODE = "production_manager"


class OrderDeskSheet(models.Model):
    """How far orders are, and which will miss their date (SPEC E2, J1, J2)."""

    _inherit = "order.desk.sheet"

    making_line_ids = fields.Many2many(
        "sale.order.line",
        string="Progress of the Lines",
        compute="_compute_making_progress",
        compute_sudo=True,
    )
    making_progress = fields.Float(
        "Progress",
        compute="_compute_making_progress",
        compute_sudo=True,
        help="How much of the ordered goods is made or reserved, by their value.",
    )
    expected_finish = fields.Datetime(
        compute="_compute_expected_finish",
        compute_sudo=True,
        help="When the last open manufacturing order will be done, as it is planned and"
        " as far as it is.",
    )
    days_late = fields.Integer(
        compute="_compute_expected_finish",
        compute_sudo=True,
        help="How many days after its finish date the order will be finished.",
    )
    is_running_late = fields.Boolean(
        "Running Late",
        compute="_compute_expected_finish",
        compute_sudo=True,
        search="_search_is_running_late",
        help="By its manufacturing orders it will be finished after the finish date.",
    )

    # ------------------------------------------------------------- computed

    @api.depends("order_line.making_progress", "state")
    def _compute_making_progress(self):
        made = self.filtered(lambda sheet: sheet.state in ("released", "done"))
        # all lines of all sheets at once
        progress = {
            line: values["progress"]
            for line, values in made.order_id.order_line._get_progress_values().items()
        }
        for sheet in self:
            lines = sheet.order_id.order_line.filtered(lambda line: line in progress)
            sheet.making_line_ids = lines if sheet in made else False
            values = {line: max(line.price_subtotal, 0.0) for line in lines}
            if not sum(values.values()):  # free goods count alike
                values = dict.fromkeys(lines, 1.0)
            whole = sum(values.values())
            done = sum(progress[line] * value for line, value in values.items())
            sheet.making_progress = done / whole if whole else 0.0

    @api.depends("finish_date", "state")
    def _compute_expected_finish(self):
        ends = self.filtered(
            lambda sheet: sheet.state == "released"
        )._get_expected_finishes()
        for sheet in self:
            end = ends.get(sheet._origin.id, False)
            sheet.expected_finish = end
            sheet.days_late = sheet._get_days_late(end)
            sheet.is_running_late = sheet.days_late > 0

    def _get_expected_finishes(self):
        """Return when these sheets will be finished: ``{id of the sheet: moment}``."""
        if not self._origin:
            return {}
        ends = self.env["mrp.production"]._get_expected_ends(
            "sheet_id", self._origin.ids
        )
        return {sheet_id: max(found.values()) for sheet_id, found in ends.items()}

    def _get_days_late(self, end):
        """Return how many days after the finish date ``end`` is, as the company counts.

        :param end: a moment (UTC), or nothing when there is nothing left to make
        """
        if not (self and self.finish_date and end):
            return 0
        return max(0, (self.company_id._order_desk_date(end) - self.finish_date).days)

    def _search_is_running_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        # one query for what is being made, whoever asks; the rules come on top
        ends = self.env["mrp.production"].sudo()._get_expected_ends("sheet_id")
        sheets = self.sudo().search_fetch(
            [
                ("id", "in", list(ends)),
                ("state", "=", "released"),
                ("finish_date", "!=", False),
            ],
            ["finish_date", "company_id"],
        )
        late = [
            sheet.id
            for sheet in sheets
            if sheet._get_days_late(max(ends[sheet.id].values()))
        ]
        domain = Domain("id", "in", late)
        return domain if True in value else ~domain

    # ------------------------------------------------------------- being told

    @api.model
    def _get_todo_xmlids(self):
        return {**super()._get_todo_xmlids(), "running_late": LATE_TYPE}

    def _get_todos(self):
        """Ask those who decide to act, as long as the order will miss its date."""
        todos = super()._get_todos()
        none = self.env["order.desk.role"].sudo()
        late = self.filtered(lambda sheet: sheet.state == "released").filtered(
            "is_running_late"
        )
        roles = late._get_roles()
        for sheet in late:
            managers = roles[sheet.company_id].filtered(
                lambda role: role.code == MANAGER_CODE
            )
            for user in managers.signer_ids | sheet.clerk_id:
                todos[sheet, "running_late", user] = none
        return todos

    def _get_todo_summary(self, kind, user, roles):
        if kind != "running_late":
            return super()._get_todo_summary(kind, user, roles)
        env = self.with_context(lang=user.lang).env
        return env._("Will miss its finish date: act or move the date")

    def _get_exceptions(self):
        found = super()._get_exceptions()
        for sheet in self:
            if sheet.is_running_late:
                found[sheet].append(f"running_late:{sheet.days_late}")
        return found

    @api.model
    def _get_exception_labels(self, details):
        return {
            **super()._get_exception_labels(details),
            "running_late": (
                self.env._(
                    "Will miss its date by %s days", details.get("running_late")
                ),
                "danger",
            ),
        }

    @api.model
    def _cron_follow_progress(self):
        """Tell of orders that will miss their date, and take back what is on time."""
        late = self.search([("is_running_late", "=", True)])
        kind = self.env["ir.model.data"]._xmlid_to_res_id(LATE_TYPE)
        told = self.env["mail.activity"]._search(
            [
                ("res_model", "=", self._name),
                ("automated", "=", True),
                ("activity_type_id", "=", kind),
            ]
        )
        sheets = late | self.search([("activity_ids", "in", told)])
        self.env["ir.cron"]._order_desk_follow(
            sheets, lambda some: some._update_todos(), lock=False
        )
