from odoo import api, fields, models


class OrderDeskClassChangeAsk(models.TransientModel):
    """The dialog behind the button “Change Class” of a customer (SPEC F1)."""

    _name = "order.desk.class.change.ask"
    _description = "Change the Class of Customers"

    partner_ids = fields.Many2many(
        "res.partner",
        "order_desk_class_change_ask_partner_rel",
        string="Customers",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
        help="The class holds for the orders of this company.",
    )
    customers = fields.Text("Customer", compute="_compute_present_classes")
    present_classes = fields.Text("Class Now", compute="_compute_present_classes")
    new_class_id = fields.Many2one(
        "order.desk.customer.class",
        required=True,
        domain=[("active", "=", True)],
    )
    policy = fields.Text(related="new_class_id.policy", string="Which Means")
    reason = fields.Text(required=True)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("partner_ids", "company_id")
    def _compute_present_classes(self):
        for dialog in self:
            customers, company = dialog.partner_ids._origin, dialog.company_id
            classes = self.env["order.desk.customer.class"].union(
                *(customer._get_order_desk_class(company) for customer in customers)
            )
            dialog.customers = ", ".join(customers.mapped("display_name"))
            dialog.present_classes = "\n".join(classes.mapped("display_name"))

    @api.depends_context("uid")
    def _compute_can_decide(self):
        self.can_decide = self.env["order.desk.class.change"]._is_decider(self.env.user)

    def action_change(self):
        """Change the class at once as a supervisor, else ask for it."""
        self.ensure_one()
        self.partner_ids.change_order_desk_class(
            self.new_class_id, self.reason, self.company_id
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The class has been changed.")
                if self.can_decide
                else self.env._(
                    "The supervisors have been asked; you will hear from them."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
