from odoo import api, fields, models


class OrderDeskSettings(models.TransientModel):
    _inherit = "order.desk.settings"

    order_desk_material_days = fields.Integer(
        "Material Statements Hold (Days)",
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        help="Working days for which a signed material statement holds.",
    )
    order_desk_daily_scope = fields.Selection(
        [
            ("all", "All manufacturing orders"),
            ("orders", "Those of orders with a configuration sheet"),
        ],
        "Daily Report Shows",
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    order_desk_daily_user_ids = fields.Many2many(
        "res.users",
        "order_desk_settings_daily_user_rel",
        string="Mail It to",
        compute="_compute_company_values",
        store=True,
        precompute=True,
        readonly=False,
        domain=[("share", "=", False)],
        help="They get each closed daily production report as PDF.",
    )

    @api.model
    def _get_company_fields(self):
        return [
            *super()._get_company_fields(),
            "order_desk_material_days",
            "order_desk_daily_scope",
            "order_desk_daily_user_ids",
        ]
