from odoo import api, fields, models
from odoo.exceptions import ValidationError

DELIVERY_ROLES = (
    "order_desk_delivery.role_shipping_request",
    "order_desk_delivery.role_shipper",
    "order_desk_delivery.role_followup_clerk",
    "order_desk_delivery.role_customer_service",
)
# who is named for these steps works with the rights they have, without prices
RIGHTS = {
    "shipping": ("stock.group_stock_user", "order_desk.group_order_desk_clerk"),
    "accessory": ("stock.group_stock_user", "order_desk.group_order_desk_clerk"),
}


class OrderDeskRole(models.Model):
    """Who works on shipping and claims; these roles sign no sheet (SPEC G, I).

    A company where nobody fills the role of shipping requests does without them.
    """

    _inherit = "order.desk.role"

    step = fields.Selection(
        selection_add=[
            ("shipping_request", "Shipping Request"),
            ("shipping", "Shipping"),
            ("accessory", "Accessories"),
            ("claim", "Claims"),
        ],
        ondelete={
            "shipping_request": "cascade",
            "shipping": "cascade",
            "accessory": "cascade",
            "claim": "cascade",
        },
    )

    @api.model
    def _get_steps_without_sheet(self):
        return super()._get_steps_without_sheet() | set(RIGHTS)

    @api.constrains("step", "user_ids")
    def _check_rights(self):
        """Name only people whose rights are enough: the role gives them no more.

        :raise ValidationError: names them, and the rights they need
        """
        for role in self:
            role._check_rights_of(role.user_ids)

    def _check_rights_of(self, users):
        """Refuse people whose rights are not enough for this role.

        :raise ValidationError: names them, and the rights they need
        """
        self.ensure_one()
        groups = RIGHTS.get(self.step, ())
        lacking = users.filtered(
            lambda user: groups and not any(map(user.has_group, groups))
        )
        if lacking:
            raise ValidationError(
                self.env._(
                    "%(role)s: %(people)s cannot do this work. Give them one of these"
                    " rights first: %(rights)s.",
                    role=self.name,
                    people=", ".join(lacking.mapped("name")),
                    rights="; ".join(
                        self.env.ref(group).sudo().full_name for group in groups
                    ),
                )
            )

    @api.model
    def _get_default_role_xmlids(self):
        return [*super()._get_default_role_xmlids(), *DELIVERY_ROLES]
