from odoo import api, fields, models
from odoo.fields import Domain

from .order_desk_sheet_todo import SIGNER_TODOS

WAY = (
    "created",
    "submitted",
    "approved",
    "countersigned",
    "coded",
    "confirmation_sent",
    "confirmation_verified",
    "released",
)


# what has been reached whatever becomes of the content: the money is there
KEPT_MILESTONES = ("deposit_received", "balance_received")


class OrderDeskSheet(models.Model):
    """Seeing it: age, lateness, whom it waits for, the way it has come (SPEC J1)."""

    _inherit = "order.desk.sheet"

    days_in_step = fields.Integer(
        "Days in Step",
        compute="_compute_days_in_step",
        help="Days since the sheet entered the step it is in.",
    )
    is_late = fields.Boolean(
        "Late",
        compute="_compute_is_late",
        compute_sudo=True,
        search="_search_is_late",
        help="A to-do is overdue, or the delivery date has passed.",
    )
    waiting_for = fields.Char(
        compute="_compute_waiting_for",
        compute_sudo=True,
        help="Whom the sheet waits for now.",
    )
    my_task = fields.Char(
        compute="_compute_my_task",
        compute_sudo=True,
        search="_search_my_task",
        help="What the current user has to do: check, sign, code, or another to-do.",
    )
    my_due = fields.Date(
        "Due",
        compute="_compute_my_task",
        compute_sudo=True,
        help="By when the current user has to act.",
    )
    my_changes = fields.Json(compute="_compute_my_changes", compute_sudo=True)
    way = fields.Json(compute="_compute_way")

    def _get_access_action(self, access_uid=None, force_website=False):
        """Lead the links in notifications straight to the card of whoever signs."""
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if self.with_user(user).sudo().my_task in SIGNER_TODOS and user.has_group(
            "order_desk.group_order_desk_signer"
        ):
            return {
                "type": "ir.actions.act_url",
                "url": f"/odoo/order-desk-to-sign/{self.id}",
                "target": "self",
            }
        return super()._get_access_action(access_uid, force_website)

    @api.depends("step_since")
    def _compute_days_in_step(self):
        now = fields.Datetime.now()
        for sheet in self:
            since = sheet.step_since or sheet.create_date
            sheet.days_in_step = (now - since).days if since else 0

    def _get_own_todos(self):
        """Return the desk's own open activities on these sheets, by sheet."""
        types = set(self._get_todo_types())
        return {
            sheet: sheet.activity_ids.filtered(
                lambda activity: (
                    activity.automated and activity.activity_type_id.id in types
                )
            )
            for sheet in self
        }

    @api.depends("activity_ids.date_deadline", "commitment_date", "state")
    def _compute_is_late(self):
        for sheet, todos in self._get_own_todos().items():
            today = sheet.company_id._order_desk_date()
            delivery = sheet.commitment_date and sheet.company_id._order_desk_date(
                sheet.commitment_date
            )
            sheet.is_late = sheet.state not in ("done", "cancel") and (
                any(todo.date_deadline < today for todo in todos)
                or bool(delivery and delivery < today and sheet.state != "released")
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        companies = self.env["res.company"].sudo().search(Domain.TRUE)
        late = Domain("state", "not in", ("done", "cancel")) & Domain.OR(
            Domain("company_id", "in", same_day.ids)
            & (
                Domain(
                    "activity_ids",
                    "any",
                    [("automated", "=", True), ("date_deadline", "<", today)],
                )
                | (
                    Domain("state", "!=", "released")
                    & Domain("order_id.commitment_date", "<", midnight)
                )
            )
            for (today, midnight), same_day in companies.grouped(
                lambda company: company._order_desk_begin_of_today()
            ).items()
        )
        return late if True in value else ~late

    @api.depends("activity_ids.user_id", "clarification_ids.state")
    @api.depends_context("lang")
    def _compute_waiting_for(self):
        for sheet, todos in self._get_own_todos().items():
            questions = sheet.clarification_ids.filtered(lambda q: q.state == "open")
            asked = [
                (question.partner_id or question.user_id).name for question in questions
            ]
            names = list(dict.fromkeys([*todos.user_id.mapped("name"), *asked]))
            sheet.waiting_for = (
                self.env._("%(first)s and %(count)s more", first=names[0], count=more)
                if (more := len(names) - 1) > 1
                else ", ".join(names)
            )

    @api.depends("activity_ids.user_id")
    @api.depends_context("uid")
    def _compute_my_task(self):
        kinds = self._get_todo_types()
        mine = self.env["mail.activity"].search_fetch(
            self._get_my_todo_domain(kinds) & Domain("res_id", "in", self.ids),
            ["res_id", "activity_type_id", "date_deadline"],
            order="date_deadline desc, id desc",
        )
        first = {todo.res_id: todo for todo in mine}
        for sheet in self:
            todo = first.get(sheet._origin.id)
            sheet.my_task = todo and kinds[todo.activity_type_id.id]
            sheet.my_due = todo and todo.date_deadline

    def _search_my_task(self, operator, value):
        if operator != "in":
            return NotImplemented
        types = [
            type_id for type_id, kind in self._get_todo_types().items() if kind in value
        ]
        if False in value:  # nothing to do is the opposite of anything to do
            others = [kind for kind in self._get_todo_xmlids() if kind not in value]
            return ~Domain("my_task", "in", others)
        # everybody may read their own to-dos
        todos = (
            self.env["mail.activity"].sudo()._search(self._get_my_todo_domain(types))
        )
        return Domain("id", "in", todos.subselect("res_id"))

    @api.model
    def _get_my_todo_domain(self, types):
        """Return the domain of the current user's to-dos of these activity types."""
        return (
            Domain("res_model", "=", self._name)
            & Domain("user_id", "=", self.env.uid)
            & Domain("activity_type_id", "in", list(types))
            & Domain("automated", "=", True)
        )

    @api.depends("signature_ids", "digests")
    @api.depends_context("uid", "lang", "tz")
    def _compute_my_changes(self):
        """What has changed since the current user signed, in words."""
        for sheet in self:
            changes = []
            for signature in sheet._get_my_stale():
                changes += [
                    change
                    for change in signature._get_changes()
                    if change not in changes
                ]
            sheet.my_changes = changes

    @api.depends("milestone_ids", "state")
    @api.depends_context("lang")
    def _compute_way(self):
        """The steps of the order with their dates, passed and to come."""
        labels = dict(
            self.env["order.desk.milestone"]
            ._fields["code"]
            ._description_selection(self.env)
        )
        for sheet in self:
            passed = sheet._get_passed_milestones()
            codes = [
                *sheet._get_way(),
                *(["cancelled"] if "cancelled" in passed else []),
            ]
            sheet.way = [
                {
                    "code": code,
                    "label": labels[code],
                    "reached_on": fields.Datetime.to_string(passed[code].reached_on)
                    if code in passed
                    else False,
                    "user": passed[code].user_id.name if code in passed else "",
                }
                for code in codes
            ]

    def _get_way(self):
        """Return the milestones of an order that goes well, in their order."""
        self.ensure_one()
        return list(WAY)

    def _get_passed_milestones(self):
        """Return the milestones that still count: ``{code: milestone}``.

        A refusal or a cancellation takes the order back, so what came before it has to
        be reached again, apart from the creation and a contract that stands.
        """
        self.ensure_one()
        passed = {}
        for milestone in self.milestone_ids.sorted("id"):
            if milestone.code in ("refused", "cancelled"):
                kept = {"created", *KEPT_MILESTONES}
                if milestone.code == "refused" and self.order_state == "sale":
                    kept.add("approved")  # the contract stands
                passed = {c: m for c, m in passed.items() if c in kept}
            if milestone.code != "refused":
                passed[milestone.code] = milestone
        if self.state != "cancel":
            passed.pop("cancelled", None)
        return passed
