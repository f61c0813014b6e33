from odoo import api, fields, models

from .order_desk_sheet import SIGNING_STATES


class OrderDeskSheet(models.Model):
    """Open questions hold a sheet back until they are answered (SPEC A3)."""

    _inherit = "order.desk.sheet"

    clarification_ids = fields.One2many(
        "order.desk.clarification", "sheet_id", "Clarifications", readonly=True
    )
    clarification_open_count = fields.Integer(
        "Open Questions", compute="_compute_clarification_count"
    )
    has_overdue_clarification = fields.Boolean(
        "Overdue Questions", compute="_compute_clarification_count"
    )

    @api.depends("clarification_ids.state", "clarification_ids.due_on")
    def _compute_clarification_count(self):
        now = fields.Datetime.now()
        for sheet in self:
            questions = sheet.clarification_ids
            open_questions = questions.filtered(lambda q: q.state == "open")
            sheet.clarification_open_count = len(open_questions)
            sheet.has_overdue_clarification = any(
                question.due_on and question.due_on < now for question in open_questions
            )

    def unlink(self):
        # with their to-dos and messages, which the database knows nothing of
        self.sudo().clarification_ids.unlink()
        return super().unlink()

    def _action_cancel(self):
        result = super()._action_cancel()
        sheets = self.sudo()  # whoever may cancel the order need not see its questions
        sheets.activity_unlink(["order_desk.mail_activity_type_answered"])
        sheets.clarification_ids.filtered(
            lambda question: question.state == "open"
        )._withdraw(self.env._("The order is cancelled."))
        return result

    def _get_missing_clarifications(self):
        """Return what this sheet waits for, one entry for each open question."""
        self.ensure_one()
        return [
            self._make_missing(
                self.env._(
                    "Open question to %(who)s: %(question)s",
                    who=question._get_asked_partner().name,
                    question=question.name,
                ),
                "answer",
                question,
            )
            for question in self.clarification_ids.sorted("id")
            if question.state == "open"
        ]

    def _get_sales_managers(self):
        """Return who decides for sales on this order, the first one first.

        The leader of the sales team; then whoever signs as the sales manager.
        """
        self.ensure_one()
        roles = self._get_roles()[self.company_id]
        managers = roles.filtered(lambda role: role.code == "sales_manager")
        signers = managers._get_signers() if managers else managers.user_ids
        # whoever reads a sheet may ask, and need not read sales teams
        leader = self.sudo().order_id.team_id.user_id
        return (leader | signers).sudo(self.env.su).filtered("active")

    def _tell_all_settled(self, users):
        """Give those who have asked a to-do: nothing is open any more, go on."""
        self.ensure_one()
        deadline = self.company_id._order_desk_date(
            self.company_id._order_desk_plan_hours(8)
        )
        for user in users:
            sheet = self.with_context(lang=user.lang)
            sheet.activity_schedule(
                "order_desk.mail_activity_type_answered",
                deadline,
                summary=sheet.env._("All questions are settled: go on"),
                user_id=user.id,
            )

    def _follow_answers(self):
        """Go on with what the open questions of these sheets have held back."""
        self.filtered(lambda sheet: sheet.state in SIGNING_STATES)._advance()

    def action_open_ask(self):
        """Open the dialog in which a question on this sheet is asked."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask a Question"),
            "res_model": "order.desk.clarification",
            "views": [
                (
                    self.env.ref(
                        "order_desk.order_desk_clarification_view_form_ask"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
            "context": {"default_sheet_id": self.id},
        }

    def action_view_clarifications(self):
        """Open the questions on these sheets."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "order_desk.order_desk_clarification_action"
        )
        action["domain"] = [("sheet_id", "in", self.ids)]
        action["context"] = {
            "default_sheet_id": self.id if len(self) == 1 else False,
            "search_default_open": 0,
        }
        return action
