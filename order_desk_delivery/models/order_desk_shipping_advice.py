from odoo import api, fields, models


class OrderDeskShippingAdvice(models.Model):
    """Tells the customer what was shipped, how, and when it should arrive (SPEC G4).

    The shipper fills it in after the goods have left under a request; the sales admin
    checks and sends it.
    """

    _name = "order.desk.shipping.advice"
    _description = "Shipping Advice"
    _inherit = [
        "order.desk.protected.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "number"
    _mail_post_access = "read"
    _check_company_auto = True

    number = fields.Char(readonly=True, copy=False, index="trigram")
    request_id = fields.Many2one(
        "order.desk.shipping.request",
        "Shipping Request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="request_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Goes to",
        required=True,
        index=True,
        ondelete="restrict",
        help="The customer's contact who is told.",
    )
    state = fields.Selection(
        [
            ("draft", "With the Shipper"),
            ("submitted", "To Check"),
            ("sent", "Sent"),
            ("arrived", "Arrived"),
            ("withdrawn", "Withdrawn"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    move_ids = fields.One2many(
        "stock.move", "shipping_advice_id", "What Has Left", readonly=True
    )
    carrier_id = fields.Many2one("delivery.carrier", check_company=True)
    tracking_ref = fields.Char("Tracking Number", copy=False)
    shipped_on = fields.Datetime(readonly=True, copy=False)
    expected_arrival = fields.Datetime(copy=False, tracking=True)
    sent_on = fields.Datetime(readonly=True, copy=False)
    arrived_on = fields.Datetime(readonly=True, copy=False, tracking=True)

    _number_uniq = models.UniqueIndex(
        "(number, company_id)", "This company already has an advice of this number."
    )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "number": False,
            "state": "draft",
            "move_ids": [],
            "shipped_on": False,
            "sent_on": False,
            "arrived_on": False,
        }

    def _note_sent(self):
        """Start what follows once the customer knows: tracking, the receipt."""
