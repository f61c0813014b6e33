from odoo import api, fields, models
from odoo.fields import Domain

PRODUCTION_ROLES = (
    "order_desk_mrp.role_engineer",
    "order_desk_mrp.role_purchasing",
    "order_desk_mrp.role_production_supervisor",
    "order_desk_mrp.role_inspector",
    "order_desk_mrp.role_sales_admin",
    "order_desk_mrp.role_customer_service_supervisor",
    "order_desk_mrp.role_marketing_director",
)


class OrderDeskRole(models.Model):
    """Who works on production; these roles sign no sheet (SPEC B5, B6, E1, E3, E4)."""

    _inherit = "order.desk.role"

    step = fields.Selection(
        selection_add=[
            ("engineering", "Engineering Confirmation"),
            ("material", "Material Statement"),
            ("instruction", "Production Instruction"),
            ("inspection", "Inspection"),
            ("incident", "Incidents"),
        ],
        ondelete={
            "engineering": "cascade",
            "material": "cascade",
            "instruction": "cascade",
            "inspection": "cascade",
            "incident": "cascade",
        },
    )

    @api.model
    def _get_default_role_xmlids(self):
        return [*super()._get_default_role_xmlids(), *PRODUCTION_ROLES]

    def _update_open_todos(self):
        result = super()._update_open_todos()
        # the administrator who changes a role need not read instructions
        instructions = self.env["order.desk.instruction"].sudo()
        instructions.search(
            Domain("company_id", "in", self.company_id.ids)
            & instructions._get_followed_domain()
        )._update_todos()
        return result
