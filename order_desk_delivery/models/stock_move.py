from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    shipping_request_line_id = fields.Many2one(
        "order.desk.shipping.request.line",
        "Line of the Shipping Request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
        help="Under which these goods have left.",
    )
    shipping_advice_id = fields.Many2one(
        "order.desk.shipping.advice",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The shipping advice that tells of these goods.",
    )

    def _note_leaving(self):
        """Link what has left to the request under which it left."""
        result = super()._note_leaving()
        # the warehouse need not be able to read sales orders; nobody links by hand
        for move in self.sudo():
            lines = move.sale_line_id.shipping_request_line_ids
            requests = lines.request_id
            move.shipping_request_line_id = requests._get_open_lines().filtered(
                lambda line, move=move: line.sale_line_id == move.sale_line_id
            )[:1]
        return result
