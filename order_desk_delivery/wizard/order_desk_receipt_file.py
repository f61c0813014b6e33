from odoo import api, fields, models


class OrderDeskReceiptFile(models.TransientModel):
    _name = "order.desk.receipt.file"
    _description = "File a Delivery Receipt Signed on Paper"

    receipt_id = fields.Many2one("order.desk.receipt", required=True, readonly=True)
    name = fields.Char("Signed by", help="Who took the goods in.")
    received_on = fields.Date("Received on", help="As it stands on the paper.")
    file_ids = fields.Many2many(
        "ir.attachment",
        string="Signed Paper",
        help="Photos or a scan of all pages.",
    )
    remark = fields.Text(
        "The Receiver's Remarks", help="What the receiver wrote on the paper."
    )
    line_ids = fields.One2many(
        "order.desk.receipt.file.line",
        "wizard_id",
        "Goods",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("receipt_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [
                fields.Command.create(
                    {
                        "receipt_line_id": line.id,
                        "received_qty": line.expected_qty,
                    }
                )
                for line in wizard.receipt_id.line_ids
            ]

    def action_file(self):
        """File what was entered here."""
        self.ensure_one()
        self.receipt_id.action_file(
            self.name,
            self.received_on,
            self.file_ids,
            {line.receipt_line_id.id: line._get_entry() for line in self.line_ids},
            self.remark,
        )
        return {"type": "ir.actions.act_window_close"}


class OrderDeskReceiptFileLine(models.TransientModel):
    _name = "order.desk.receipt.file.line"
    _description = "Line of a Delivery Receipt Signed on Paper"
    _inherit = ["order.desk.number.mixin"]

    wizard_id = fields.Many2one(
        "order.desk.receipt.file", required=True, ondelete="cascade"
    )
    receipt_line_id = fields.Many2one(
        "order.desk.receipt.line", required=True, readonly=True
    )
    title = fields.Char(related="receipt_line_id.title", related_sudo=False)
    product_uom_id = fields.Many2one(related="receipt_line_id.product_uom_id")
    expected_qty = fields.Float(
        related="receipt_line_id.expected_qty", related_sudo=False
    )
    received_qty = fields.Float("Received", digits="Product Unit")
    damaged_qty = fields.Float(
        "Of These Damaged", digits="Product Unit", help="Counted as received, too."
    )
    is_more = fields.Boolean(compute="_compute_is_more")
    more_came = fields.Boolean(
        "More Has Arrived", help="Tick that more has arrived than was shipped."
    )
    is_wrong = fields.Boolean("Wrong Goods")
    note = fields.Char()

    @api.model
    def _get_entered_numbers(self):
        return ("received_qty", "damaged_qty")

    @api.depends("received_qty", "expected_qty", "product_uom_id")
    def _compute_is_more(self):
        for line in self:
            unit = line.product_uom_id
            line.is_more = bool(
                unit and unit.compare(line.received_qty, line.expected_qty) > 0
            )

    def _get_entry(self):
        """Return what was entered of this line, as the receipt reads it."""
        self.ensure_one()
        return {
            "received": self.received_qty,
            "damaged": self.damaged_qty,
            "more": self.more_came,
            "wrong": self.is_wrong,
            "note": self.note,
        }
