from odoo import api, fields, models

from ..models.order_desk_accessory_shipping import OPEN_REQUESTS


class OrderDeskAccessoryPack(models.TransientModel):
    _name = "order.desk.accessory.pack"
    _description = "Pack Accessories"
    _inherit = ["order.desk.number.mixin"]

    accessory_ids = fields.Many2many(
        "order.desk.accessory", string="Accessories", required=True, readonly=True
    )
    packing = fields.Selection(
        selection="_selection_packing", default="bulk", required=True
    )
    package_count = fields.Integer("Packages of Each", default=1, required=True)
    request_ids = fields.Many2many(
        "order.desk.shipping.request",
        compute="_compute_request_ids",
        compute_sudo=True,
    )
    request_id = fields.Many2one(
        "order.desk.shipping.request",
        "Leaves with",
        compute="_compute_request_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'in', request_ids)]",
        help="Left empty, it goes with the next goods that it belongs to.",
    )
    note = fields.Char("Remark", help="Where it stands, how it is packed.")

    @api.model
    def _get_entered_numbers(self):
        return ("package_count",)

    @api.model
    def _selection_packing(self):
        accessories = self.env["order.desk.accessory"]
        return accessories._fields["packing"]._description_selection(self.env)

    @api.depends("accessory_ids")
    def _compute_request_ids(self):
        # anybody can name an accessory here; who may not read it gets nothing of it
        self.accessory_ids.sudo(False).check_access("read")
        for dialog in self:
            requests = dialog.accessory_ids.order_id.order_line
            requests = requests.shipping_request_line_ids.request_id
            dialog.request_ids = requests.filtered(
                lambda request, orders=dialog.accessory_ids.order_id: (
                    request.state in OPEN_REQUESTS and orders <= request.order_ids
                )
            )

    @api.depends("request_ids")
    def _compute_request_id(self):
        """Propose the request where there is but one."""
        for dialog in self:
            requests = dialog.request_ids._origin
            dialog.request_id = requests if len(requests) == 1 else False

    def action_pack(self):
        """Pack the accessories as entered here."""
        self.ensure_one()
        self.accessory_ids.action_pack(
            self.packing, self.package_count, self.request_id.id, self.note
        )
        return {"type": "ir.actions.act_window_close"}
