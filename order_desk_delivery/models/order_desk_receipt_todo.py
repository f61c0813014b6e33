from odoo import api, fields, models

OVERDUE_TYPE = "order_desk_delivery.mail_activity_type_receipt_overdue"
DEFAULT_HOURS = 8.0


class OrderDeskReceipt(models.Model):
    """Receipts that do not come are chased (SPEC G7, J2)."""

    _inherit = "order.desk.receipt"

    def _get_role(self):
        """Return the sales admin's role, which asks for receipts; maybe none."""
        self.ensure_one()
        roles = self.env["order.desk.role"].sudo()  # whoever acts need not read roles
        return roles._get_step_roles(self.company_id, "shipping_request")[
            self.company_id
        ][:1]

    def _get_hours(self):
        """Return how many hours of work after the arrival a receipt may take."""
        self.ensure_one()
        return self._get_role().deadline_hours or DEFAULT_HOURS

    def _get_chasing_people(self):
        """Return who asks for this receipt: the sales admin, else the order's clerk."""
        self.ensure_one()
        people = self._get_role().signer_ids
        sheets = self.sheet_ids
        return people or (sheets.clerk_id or sheets.user_id).filtered("active")

    def _get_superior(self):
        """Return who is told when nobody gets this receipt in; maybe nobody."""
        self.ensure_one()
        superior = self._get_role().superior_id.filtered("active")
        return superior or self.sheet_ids._get_sales_managers()[:1]

    def _get_todos(self):
        now = fields.Datetime.now()
        todos = {}
        for receipt in self.filtered("is_overdue"):
            people = receipt._get_chasing_people()
            if receipt.escalate_on <= now:
                people |= receipt._get_superior()
            day = receipt.company_id._order_desk_date(receipt.due_on)
            for user in people:
                todos[receipt, OVERDUE_TYPE, user] = {
                    "summary": receipt._get_todo_summary(user),
                    "date_deadline": day,
                }
        return todos

    def _get_todo_summary(self, user):
        """Return the to-do's one line in the language of who has to do it."""
        self.ensure_one()
        env = self.with_context(lang=user.lang).env
        return env._(
            "Delivery receipt missing: %(number)s of %(customer)s",
            number=self.number,
            customer=self.customer_id.name,
        )

    def _get_many_subject(self):
        return self.env._("%s delivery receipts have not come in", len(self))

    # ------------------------------------------------------------- scheduled

    @api.model
    def _cron_follow(self):
        """Ask for receipts that are overdue; close what has nothing open any more."""
        crons = self.env["ir.cron"]
        overdue = self.search([("is_overdue", "=", True)])
        crons._order_desk_follow(overdue, lambda some: some._update_todos(), lock=False)
        received = self.env["order.desk.sheet"]._get_received_sheets()
        crons._order_desk_follow(received, lambda some: some._close_delivered())
