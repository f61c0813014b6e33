from datetime import time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .order_desk_claim import DEAD_STATES

# whose fault it was is for those alone who deal with claims and orders
RESPONSIBLE_GROUPS = (
    "order_desk.group_order_desk_clerk,order_desk.group_order_desk_signer"
)


class OrderDeskClaim(models.Model):
    """Who was responsible for what the customer complains about (SPEC I1, J4)."""

    _inherit = "order.desk.claim"

    responsible_user_id = fields.Many2one(
        "res.users",
        string="Responsible Person",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups=RESPONSIBLE_GROUPS,
    )
    responsible_department_id = fields.Many2one(
        "order.desk.department",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups=RESPONSIBLE_GROUPS,
    )
    responsible_reason = fields.Text(
        "Why Responsible", readonly=True, tracking=True, groups=RESPONSIBLE_GROUPS
    )
    can_blame = fields.Boolean(compute="_compute_can_blame")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "responsible_user_id": False,
            "responsible_department_id": False,
            "responsible_reason": False,
        }

    @api.depends("company_id")
    @api.depends_context("uid")
    def _compute_can_blame(self):
        judged = self._filter_judged()
        for claim in self:
            claim.can_blame = claim in judged

    def _filter_judged(self):
        """Return those of which the current user says who was responsible.

        That is customer service, not whoever a claim was handed over to.
        """
        user = self.env.user
        if self.env.su or user.has_group("order_desk.group_order_desk_supervisor"):
            return self
        return self.filtered(lambda claim: claim.sudo()._get_roles()._filter_mine())

    def action_set_responsible(self, user_id, department_id, reason):
        """Say who was responsible for what these claims are about, and why.

        Neither user nor department: nobody of the company was.

        :raise AccessError: not customer service
        :raise UserError: withdrawn or refused, no reason, or of another company
        """
        self.check_access("read")
        self._lock()
        others = self - self._filter_judged()
        if others:
            raise AccessError(
                self.env._(
                    "%(claim)s: customer service says who was responsible"
                    " (%(people)s).",
                    claim=", ".join(others.mapped("display_name")),
                    people=", ".join(others.sudo()._get_all_role_people()),
                )
            )
        over = self.filtered(lambda claim: claim.state in DEAD_STATES)
        if over:
            raise UserError(
                self.env._(
                    "%s came to nothing, so nobody was responsible.",
                    ", ".join(over.mapped("display_name")),
                )
            )
        reason = self._read_text(reason, self.env._("Say why."))
        user = self.env["res.users"].browse(user_id or 0).exists()
        department = self.env["order.desk.department"].browse(department_id or 0)
        for company in self.company_id:
            if user and (user.share or company not in user.sudo().company_ids):
                raise UserError(
                    self.env._(
                        "%(user)s does not work for %(company)s.",
                        user=user.name,
                        company=company.name,
                    )
                )
        # protected, the checks are above
        self.sudo().write(
            {
                "responsible_user_id": user.id,
                "responsible_department_id": department.exists().id,
                "responsible_reason": reason,
            }
        )

    def _get_all_role_people(self):
        """Return the names of those who deal with these claims."""
        people = self.env["res.users"].union(*(c._get_role_people() for c in self))
        return people.mapped("name")

    @api.model
    def _count_complaints(self, users, date_from, date_to):
        """Return how many claims each of ``users`` was responsible for (SPEC J4).

        Claims count on the day they were opened; those that came to nothing do not.

        :param date_from: the first day, of the current company
        :param date_to: the last day, which counts too
        :return: ``{user: number}``
        """
        company = self.env.company
        counts = self.sudo()._read_group(  # the score card counts for everybody
            [
                ("company_id", "=", company.id),
                ("responsible_user_id", "in", users.ids),
                ("state", "not in", DEAD_STATES),
                ("opened_on", ">=", company._order_desk_to_utc(date_from, time.min)),
                (
                    "opened_on",
                    "<",
                    company._order_desk_to_utc(date_to + timedelta(days=1), time.min),
                ),
            ],
            ["responsible_user_id"],
            ["__count"],
        )
        found = {user.id: count for user, count in counts}
        return {user: found.get(user.id, 0) for user in users}
