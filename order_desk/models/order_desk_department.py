from odoo import api, fields, models


class OrderDeskDepartment(models.Model):
    """A department that gets copies; one of its people acts for all (SPEC C5)."""

    _name = "order.desk.department"
    _description = "Department that Receives Copies"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_ids = fields.Many2many(
        "res.users",
        string="People",
        domain=[("share", "=", False)],
        help="Each of them gets the copies; what one reports counts for all.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        departments._follow_people()
        return departments

    def write(self, vals):
        result = super().write(vals)
        if "user_ids" in vals:
            self._follow_people()
        return result

    def _follow_people(self):
        """Hand the open copies of these departments to whoever belongs to them now."""
        # who administers departments need not see the orders of others
        copies = self.env["order.desk.distribution"].sudo()
        copies._admit_recipients(self.user_ids)
        copies.search(
            [("department_id", "in", self.ids), ("state", "in", ("to_note", "noted"))]
        )._update_todos()
