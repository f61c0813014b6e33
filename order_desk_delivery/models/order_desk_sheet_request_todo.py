from odoo import api, models


class OrderDeskSheet(models.Model):
    """The sales admin is told what is ready, and what left without a request (J2)."""

    _inherit = "order.desk.sheet"

    @api.model
    def _get_todo_xmlids(self):
        module = "order_desk_delivery"
        return {
            **super()._get_todo_xmlids(),
            "request_shipping": f"{module}.mail_activity_type_request_shipping",
            "request_later": f"{module}.mail_activity_type_request_later",
        }

    def _get_todos(self):
        todos = super()._get_todos()
        roles = self.env["order.desk.role"]._get_step_roles(
            self.company_id, "shipping_request"
        )
        asking = self.filtered(lambda sheet: roles[sheet.company_id])
        left = asking.order_id._get_left_without_request().sale_line_id.order_id
        for sheet in asking._filter_ready_to_ship() | left.sheet_id:
            kind = "request_later" if sheet in left.sheet_id else "request_shipping"
            for role in roles[sheet.company_id]:
                for user in role.signer_ids:
                    key = (sheet, kind, user)
                    todos[key] = todos.get(key, role) | role
        return todos

    def _filter_ready_to_ship(self):
        """Return those of which goods are ready and only the request is missing."""
        released = self.filtered(lambda sheet: sheet.state == "released")
        ready = released.order_id._get_to_request()
        orders = self.env["sale.order"].union(*(line.order_id for line in ready))
        gates = orders._get_gate_conditions("shipping", ready)
        return released.filtered(
            lambda sheet: (
                sheet.order_id in orders
                and all(
                    condition["holds"] or condition["code"] == "shipping_request"
                    for condition in gates.get(sheet.order_id, ())
                )
            )
        )

    def _get_todo_summary(self, kind, user, roles):
        env = self.with_context(lang=user.lang).env
        if kind == "request_shipping":
            return env._("Prepare the shipping request for what is ready")
        if kind == "request_later":
            return env._("Goods left without a shipping request: make it now")
        return super()._get_todo_summary(kind, user, roles)
