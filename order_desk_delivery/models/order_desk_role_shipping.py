from odoo import api, fields, models
from odoo.exceptions import UserError

LATE_TYPE = "order_desk_delivery.mail_activity_type_shipping_late"


class OrderDeskRole(models.Model):
    """Who does what in shipping, by when, and who is told when it is late (SPEC J2)."""

    _inherit = "order.desk.role"

    @api.model
    def _check_fills(self, companies, step):
        """Refuse unless the current user fills a role of ``step`` in each company.

        :raise UserError: names who does
        """
        for company, roles in self._get_step_roles(companies, step).items():
            if not roles._filter_mine():
                raise UserError(
                    self.env._(
                        "In %(company)s this is done by: %(people)s.",
                        company=company.sudo().name,  # whose document was read
                        people="; ".join(role._get_signers_text() for role in roles)
                        or self.env._("no one assigned"),
                    )
                )

    def _get_shipping_todos(self, document, kind, since, note=False):
        """Return the to-dos of those who fill these roles, as ``_get_todos`` does.

        :param kind: XML id of the activity type, whose name tells what to do
        :param since: since when the document waits for them
        """
        activity_type = self.env.ref(kind)
        people, superiors = self._get_waiting(since)
        todos = {}
        for user, day in people.items():
            todos[document, kind, user] = {
                "summary": activity_type.with_context(lang=user.lang).name,
                "date_deadline": day,
                **({"note": note} if note else {}),
            }
        for user in superiors:
            todos[document, LATE_TYPE, user] = {
                "summary": self.with_context(lang=user.lang).env._(
                    "Not done in time: %s",
                    activity_type.with_context(lang=user.lang).name,
                ),
                "date_deadline": min(people.values()),
            }
        return todos

    def _get_waiting(self, since):
        """Return who has to act until which day, and who is told that they are late.

        :return: ``({user: day}, superiors)``
        """
        people, superiors = {}, self.env["res.users"]
        for role in self:
            due = role.company_id._order_desk_plan_hours(role.deadline_hours, since)
            day = role.company_id._order_desk_date(due)
            for user in role.signer_ids:
                people[user] = min(day, people.get(user, day))
            if due < fields.Datetime.now():
                superiors |= role.superior_id
        return people, superiors - superiors.browse().union(*people)
