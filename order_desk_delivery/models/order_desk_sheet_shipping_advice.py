from odoo import api, fields, models


class OrderDeskSheet(models.Model):
    """What the customer was told about the shipments of an order (SPEC G4)."""

    _inherit = "order.desk.sheet"

    shipping_advice_ids = fields.Many2many(
        "order.desk.shipping.advice",
        "order_desk_shipping_advice_sheet_rel",
        "order_desk_sheet_id",
        "order_desk_shipping_advice_id",
        "Shipping Advices",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman,order_desk.group_order_desk_signer,stock.group_stock_user",
    )

    def _get_promised_arrival(self):
        """Return the day by which the goods are promised to arrive, or False.

        Shipping was promised to the customer; with a service level of some days on the
        way they arrive as many working days later, else on the customer's date if that
        comes later.
        """
        self.ensure_one()
        day, order = self.promise_date, self.order_id
        if not day:
            return False
        level = order.service_level_id
        if level.due_by == "days":
            return self.company_id._order_desk_add_working_days(day, level.days)
        wished = order.commitment_date
        return max(day, self.company_id._order_desk_date(wished)) if wished else day

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "shipping_advice_ids": []}
