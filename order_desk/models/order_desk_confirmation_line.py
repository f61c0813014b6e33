from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class OrderDeskConfirmationLine(models.Model):
    """One thing to proof-read before the confirmation goes out (SPEC D1).

    One for each order line, and one without: customer, ship-to, terms and dates.
    """

    _name = "order.desk.confirmation.line"
    _description = "Line of an Order Confirmation to Proof-Read"
    _order = "confirmation_id, sequence, id"
    _rec_name = "title"

    confirmation_id = fields.Many2one(
        "order.desk.confirmation",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="confirmation_id.company_id", store=True, precompute=True, index=True
    )
    sequence = fields.Integer(readonly=True)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    is_read = fields.Boolean(
        "Looked at", compute="_compute_is_read", inverse="_inverse_is_read"
    )
    read_by_id = fields.Many2one("res.users", "Looked at by", readonly=True)
    read_on = fields.Datetime("Looked at on", readonly=True)
    title = fields.Text("Item", compute="_compute_texts")
    details = fields.Text(compute="_compute_texts")
    product_uom_qty = fields.Float(related="sale_line_id.product_uom_qty")
    product_uom_id = fields.Many2one(related="sale_line_id.product_uom_id")
    price_unit = fields.Float(related="sale_line_id.price_unit")
    discount = fields.Float(related="sale_line_id.discount")
    price_subtotal = fields.Monetary(related="sale_line_id.price_subtotal")
    currency_id = fields.Many2one(related="sale_line_id.currency_id")
    packaging_note = fields.Char(related="sale_line_id.packaging_note")

    @api.depends("read_on")
    def _compute_is_read(self):
        for line in self:
            line.is_read = bool(line.read_on)

    def _inverse_is_read(self):
        sent = self.confirmation_id.filtered(lambda c: c.state != "draft")
        if sent:
            raise UserError(
                self.env._(
                    "%s has been sent, proof-reading is over.",
                    ", ".join(sent.mapped("name")),
                )
            )
        read = self.filtered("is_read")
        newly = read.filtered(lambda line: not line.read_on)
        # who looked at a line, and when, is for nobody to write but the desk
        newly.sudo().write(
            {"read_by_id": self.env.uid, "read_on": fields.Datetime.now()}
        )
        (self - read).sudo().write({"read_by_id": False, "read_on": False})

    @api.depends("sale_line_id", "confirmation_id.finish_date")
    @api.depends_context("lang")
    def _compute_texts(self):
        for line in self:
            sale_line = line.sale_line_id
            if not sale_line:
                line.title = self.env._("Customer, ship-to, terms and dates")
                line.details = line.confirmation_id._get_header_text()
                continue
            line.title = sale_line.product_id.display_name or sale_line.name
            line.details = "\n".join(
                text
                for text in (
                    sale_line.configuration_summary,
                    sale_line.special_requirement,
                )
                if text
            )

    def write(self, vals):
        if set(vals) - {"is_read"} and not self.env.su:
            raise AccessError(
                self.env._("What was proof-read is kept by the order desk.")
            )
        return super().write(vals)
