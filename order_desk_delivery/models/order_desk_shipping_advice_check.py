from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.order_desk.quantity import format_quantity


class OrderDeskShippingAdvice(models.Model):
    """The sales admin checks an advice against what is known (SPEC G4)."""

    _inherit = "order.desk.shipping.advice"

    is_checked = fields.Boolean(
        compute="_compute_is_checked",
        compute_sudo=True,
        help="The sales admin has looked at every field as it is now.",
    )

    @api.depends("state", "check_ids.is_confirmed")
    def _compute_is_checked(self):
        for advice in self:
            advice.is_checked = not advice._get_unchecked()

    def _get_unchecked(self):
        """Return the titles of what nobody has looked at as it is now."""
        self.ensure_one()
        if self.state != "submitted":
            return []
        confirmed = set(self.check_ids.filtered("is_confirmed").mapped("key"))
        return [
            content["title"]
            for content in self._get_check_contents()
            if content["key"] not in confirmed
        ]

    def _check_may_check(self):
        """Refuse unless the current user may check these advices now."""
        self._start("shipping_request", ("submitted",))

    def _refresh_checks(self):
        """Bring what is to be looked at in line with what these advices say."""
        advices = self.sudo()  # nobody writes checks by hand
        advices.check_ids._refresh(
            "advice_id", {advice: advice._get_check_contents() for advice in advices}
        )

    def action_check_agreeing(self):
        """Tick what agrees with what is known; the rest is looked at one by one."""
        self.check_ids.action_confirm_agreeing()

    # ------------------------------------------------------------- against what

    def _get_check_contents(self):
        """Return what is to be looked at, beside what is known of it.

        :return: a list of dicts: ``key``, ``title``, ``text``, ``known``,
            ``is_different``
        """
        self.ensure_one()
        rows = (
            ("goods", self.env._("Goods"), self._get_goods_check()),
            ("ship_to", self.env._("Ship to"), self._get_address_check()),
            ("carrier", self.env._("Carrier"), self._get_carrier_check()),
            ("tracking", self.env._("Tracking number"), self._get_tracking_check()),
            ("packages", self.env._("Packages and weight"), self._get_load_check()),
            ("arrival", self.env._("Arrival"), self._get_arrival_check()),
        )
        return [
            {
                "key": key,
                "title": title,
                "text": said,
                "known": known,
                "is_different": bool(is_different),
            }
            for key, title, (said, known, is_different) in rows
        ]

    def _get_goods_check(self):
        """What has left under it, beside what the request asks for."""
        said, known = [], []
        for line in self.line_ids:
            text = f"{line._get_quantity_text()} × {line.title}"
            said.append(f"{text} ({line.lot_names})" if line.lot_names else text)
            known.append(
                self.env._(
                    "Requested: %(quantity)s %(unit)s",
                    quantity=format_quantity(line.requested_quantity),
                    unit=line.product_uom_id.name,
                )
            )
        missing = self.request_id.line_ids.filtered(
            lambda line: line.sale_line_id not in self.line_ids.sale_line_id
        )
        known += [
            self.env._(
                "Requested and not in this shipment: %(quantity)s %(unit)s ×"
                " %(product)s",
                quantity=format_quantity(line.quantity),
                unit=line.product_uom_id.name,
                product=line.product_id.display_name,
            )
            for line in missing
        ]
        is_different = bool(missing) or any(
            line.product_uom_id.compare(line.quantity, line.requested_quantity)
            for line in self.line_ids
        )
        return "\n".join(said), "\n".join(known), is_different

    def _get_address_check(self):
        """Where the transfers took the goods, beside where they were to go."""
        went = self.env["res.partner"].union(
            *(
                move.partner_id  # a vendor's transfer names the vendor
                if move.location_id.usage == "supplier"
                else move.picking_id.partner_id
                for move in self.move_ids
            )
        )
        wanted = self.request_id.partner_shipping_id or self.request_id.partner_id
        return (
            "\n".join(
                partner.with_context(show_address=True).display_name for partner in went
            ),
            wanted.with_context(show_address=True).display_name,
            went and went != wanted,
        )

    def _get_carrier_check(self):
        said = (self.carrier_id.name, self.vehicle, self.driver, self.driver_phone)
        wanted = self.request_id.carrier_id
        return (
            "\n".join(text for text in said if text),
            wanted.name or "",
            wanted and self.carrier_id != wanted,
        )

    def _get_tracking_check(self):
        refs = filter(None, self.move_ids.picking_id.mapped("carrier_tracking_ref"))
        known = ", ".join(dict.fromkeys(refs))
        return (
            self.tracking_ref or self.env._("none"),
            known,
            known and known != self.tracking_ref,
        )

    def _get_load_check(self):
        """How many packages and how heavy, beside what Odoo's transfers add up to."""
        packages = len(self.move_ids.move_line_ids.result_package_id)
        weight = sum(self.move_ids.mapped("weight"))
        unit = self.weight_uom_name
        known = [
            self.env._("%s packages", packages) if packages else "",
            f"{format_quantity(weight)} {unit}" if weight else "",
        ]
        said = self.env._("%s packages", self.package_count)
        return (
            f"{said}, {format_quantity(self.weight)} {unit}" if self.weight else said,
            ", ".join(text for text in known if text),
            # packing weighs something, but the load is no lighter than its goods
            (packages and packages != self.package_count)
            or (weight and self.weight and self.weight < weight * 0.9),
        )

    def _get_arrival_check(self):
        """When it is to arrive, beside when it left and what was promised."""
        known = [self.env._("Left: %s", self._format_on_screen(self.shipped_on))]
        if self.promised_day:
            known.append(
                self.env._("Promised: %s", format_date(self.env, self.promised_day))
            )
        return (
            self._format_on_screen(self.expected_arrival) or self.env._("none"),
            "\n".join(known),
            self.is_late,
        )
