from odoo import models
from odoo.exceptions import AccessError


class OrderDeskEngineering(models.Model):
    """Who answers, and who decides about an answer; the server asks, not the screen."""

    _inherit = "order.desk.engineering"

    def _get_engineer_roles(self):
        """Return the roles that may answer: ``{company: roles}``.

        To-dos go to the engineers; whoever signs for them may answer as well.
        """
        roles = self.env["order.desk.role"]
        companies = self.company_id
        engineers = roles._get_engineers(companies)
        signers = roles._get_engineering_signers(companies)
        return {company: engineers[company] | signers[company] for company in companies}

    def _filter_engineer(self):
        """Return the confirmations on which the current user may answer."""
        mine = {
            company: bool(roles._filter_mine())
            for company, roles in self._get_engineer_roles().items()
        }
        return self.filtered(lambda engineering: mine.get(engineering.company_id))

    def _check_engineer(self):
        others = self - self._filter_engineer()
        if others and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(names)s: engineering answers: %(people)s.",
                    names=", ".join(others.mapped("display_name")),
                    people=others._get_engineers_text(),
                )
            )

    def _get_engineers_text(self):
        """Return the people who answer, for messages."""
        roles = self.env["order.desk.role"]._get_engineers(self.company_id)
        users = [
            user.name
            for found in roles.values()
            for role in found
            for user in role._get_signers()
        ]
        return ", ".join(dict.fromkeys(users)) or self.env._("no one assigned")

    def _filter_sales(self):
        """Return the confirmations of orders that the current user takes care of."""
        # the rights on the sheet decide, also for who does not see the field
        sheets = self.sudo().sheet_id.sudo(False)._filtered_access("write")
        return self.filtered(lambda engineering: engineering.sudo().sheet_id in sheets)

    def _check_sales(self):
        others = self - self._filter_sales()
        if others:
            raise AccessError(
                self.env._(
                    "%(names)s: the salesperson decides about it: %(people)s.",
                    names=", ".join(others.mapped("display_name")),
                    people=", ".join(others.sudo().user_id.mapped("name"))
                    or self.env._("no one assigned"),
                )
            )
