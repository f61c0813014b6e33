from odoo import fields, models


class OrderDeskWaiver(models.Model):
    _inherit = "order.desk.waiver"

    def _get_settled_reason(self):
        """A shipping request is made good by the request alone (SPEC G2)."""
        if self.condition == "shipping_request":
            return self.env._(
                "%s: prepare and issue the shipping request for what has left.",
                self.display_name,
            )
        return super()._get_settled_reason()


class OrderDeskSheet(models.Model):
    _inherit = "order.desk.sheet"

    def _make_good_waivers(self):
        """Close the waivers whose goods have a shipping request by now (SPEC G2)."""
        # nobody may write waivers by hand
        waivers = self.env["order.desk.waiver"].sudo()
        waivers = waivers.search(
            [
                ("sheet_id", "in", self.ids),
                ("state", "=", "open"),
                ("condition", "=", "shipping_request"),
            ]
        )
        orders = waivers.sheet_id.order_id
        owing = orders._get_left_without_request().sale_line_id.order_id
        settled = orders.order_line.shipping_request_line_ids.filtered(
            "request_id.is_made_good"
        )
        met = waivers.filtered(
            lambda waiver: (
                waiver.order_id not in owing
                and any(
                    line.order_id == waiver.order_id
                    and line.request_id.state not in ("draft", "withdrawn")
                    and line.request_id.issued_on >= waiver.given_on
                    for line in settled
                )
            )
        )
        met._close("made_good", made_good_on=fields.Datetime.now())
        return super()._make_good_waivers()
