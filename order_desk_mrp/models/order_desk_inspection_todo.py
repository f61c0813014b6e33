from odoo import models

INSPECT = "order_desk_mrp.mail_activity_type_inspect"
RECEIVE = "order_desk_mrp.mail_activity_type_receive"
FAILED = "order_desk_mrp.mail_activity_type_inspection_failed"


class OrderDeskInspection(models.Model):
    """Who has to do what about an inspection (SPEC E4, J2)."""

    _inherit = "order.desk.inspection"

    def _get_todos(self):
        """Give inspectors what is to inspect, the warehouse what is to receive.

        What failed waits for the production supervisor.
        """
        todos = {}
        waiting = self.filtered(lambda one: one.state == "to_inspect")
        todos.update(waiting._get_role_todos(INSPECT, waiting._get_inspectors()))
        to_receive = self._filter_to_receive()
        todos.update(
            to_receive._get_role_todos(RECEIVE, to_receive._get_warehouse_roles())
        )
        failed = self.filtered(
            lambda one: one.state in ("partly", "failed") and not one.disposition
        )
        supervisors = self.env["order.desk.role"]._get_step_roles(
            failed.company_id, "instruction"
        )
        todos.update(failed._get_role_todos(FAILED, supervisors))
        return todos

    def _get_inspectors(self):
        return self.env["order.desk.role"]._get_step_roles(
            self.company_id, "inspection"
        )

    def _get_warehouse_roles(self):
        """Return who receives into stock, the warehouse supervisor, by company."""
        roles = self.env["order.desk.role"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("code", "=", "warehouse_supervisor"),
            ]
        )
        return roles.grouped("company_id")

    def _filter_to_receive(self):
        """Return those whose passed goods are not in stock yet."""
        decided = self.filtered(lambda one: any(one._get_released().values()))
        keep = self.browse()
        for production, inspections in decided.grouped("production_id").items():
            group = production.production_group_id.production_ids or production
            for product, same in inspections.grouped("product_id").items():
                inspected = group._get_inspections(product)
                released = sum(inspected._get_released().values())
                released += sum(group._get_received_before(product).values())
                made = sum(group._get_done_quantities(product).values())
                if product.uom_id.compare(made, released) < 0:
                    keep |= same
        return keep

    def _get_role_todos(self, type_xmlid, roles_by_company):
        """Return the same to-do about each of these for all who fill these roles."""
        todos = {}
        for one in self:
            company = one.company_id
            roles = roles_by_company.get(company) or self.env["order.desk.role"]
            for role in roles:
                until = company._order_desk_plan_hours(role.deadline_hours)
                for user in role._get_signers():
                    todos[one, type_xmlid, user] = {
                        "summary": one._get_todo_summary(type_xmlid, user),
                        "date_deadline": company._order_desk_date(until),
                    }
        return self._keep_deadlines(todos)

    def _keep_deadlines(self, todos):
        """Let a to-do that is there keep the deadline it was given."""
        for (one, type_xmlid, user), values in todos.items():
            type_id = self.env["ir.model.data"]._xmlid_to_res_id(type_xmlid)
            present = one.activity_ids.filtered(
                lambda todo, type_id=type_id, user=user: (
                    todo.automated
                    and todo.activity_type_id.id == type_id
                    and todo.user_id == user
                )
            )
            if present:
                values["date_deadline"] = present[0].date_deadline
        return todos

    def _get_todo_summary(self, type_xmlid, user):
        self.ensure_one()
        one = self.with_context(lang=user.lang)
        values = {
            "quantity": one._format(
                {
                    INSPECT: one.quantity,
                    RECEIVE: sum(one._get_released().values()),
                    FAILED: one.quantity_failed,
                }[type_xmlid]
            ),
            "product": one.product_id.display_name,
            "order": one.production_id.name,
        }
        if type_xmlid == RECEIVE:
            return one.env._(
                "Receive into stock: %(quantity)s %(product)s (%(order)s)", **values
            )
        if type_xmlid == FAILED:
            return one.env._(
                "Failed: %(quantity)s %(product)s (%(order)s): rework, scrap or waiver",
                **values,
            )
        return one.env._("Inspect %(quantity)s %(product)s (%(order)s)", **values)
