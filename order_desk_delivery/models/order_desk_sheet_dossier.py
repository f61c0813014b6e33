from odoo import models


class OrderDeskSheet(models.Model):
    """What shipping adds to the dossier of an order (SPEC I2)."""

    _inherit = "order.desk.sheet"

    def _get_dossier_documents(self):
        return [
            *super()._get_dossier_documents(),
            self._get_dossier_accessories(),
            *self._get_dossier_shipments(),
        ]

    def _get_dossier_events(self):
        """Tell also what was packed, and what the customer has complained of."""
        make = self._make_dossier_event
        accessories = self._filter_dossier_readable(self.accessory_ids)
        claims = self._filter_dossier_readable(self.claim_ids)
        receipts = self._filter_dossier_readable(self.receipt_ids)
        return [
            *super()._get_dossier_events(),
            *(
                make(
                    accessory.packed_on,
                    accessory.packed_by_id.name,
                    self.env._("Accessory packed: %s", accessory._get_text()),
                    accessory.note,
                )
                for accessory in accessories
            ),
            *(
                make(
                    claim.opened_on,
                    claim.opened_by_id.name,
                    self.env._("Claim %s", claim.display_name),
                    claim.description,
                )
                for claim in claims
            ),
            *(
                make(
                    receipt.signed_on,
                    receipt.signed_name,
                    self.env._("Delivery receipt %s signed", receipt.number),
                    receipt.remark,
                )
                for receipt in receipts
            ),
        ]

    def _get_dossier_accessories(self):
        """Return the chapter about what travels with the order."""
        return self._make_dossier_chapter(
            880,
            self.env._("Accessories"),
            self.accessory_ids,
            fields=(
                "quantity",
                "product_uom_id",
                "sale_line_id",
                "travels",
                "state",
                "packing",
                "package_count",
                "prepared_by_id",
                "packed_by_id",
                "packed_on",
                "shipped_on",
                "picking_id",
                "request_id",
                "reason",
                "note",
            ),
            photos=("image_1920",),
            missing=[
                self.env._("Not packed: %s", accessory._get_text())
                for accessory in self.accessory_ids
                if accessory.state in ("wanted", "prepared")
            ],
        )

    def _get_dossier_shipments(self):
        """Return the chapters about what was asked for, announced and received."""
        env = self.env
        requests = self.order_id.order_line.shipping_request_line_ids.request_id
        requests = requests.filtered(lambda request: request.state != "draft")
        left = self.order_id.order_line.move_ids.filtered(
            lambda move: move.state == "done" and move._is_leaving()
        )
        advices = left.shipping_advice_id.filtered("number")
        receipts = self.receipt_ids.filtered(lambda r: r.state != "withdrawn")
        return [
            self._make_dossier_chapter(
                890,
                env._("Shipping Requests"),
                requests.sorted("id"),
                report="order_desk_delivery.action_report_shipping_request",
                missing=[
                    env._("Without a shipping request: %s", name)
                    for name in self.order_id._get_left_without_request()._get_slips()
                ],
            ),
            self._make_dossier_chapter(
                910,
                env._("Shipping Advices"),
                advices.sorted("id"),
                report="order_desk_delivery.action_report_shipping_advice",
                goes_along=True,
                files=advices.photo_ids,
                missing=[
                    env._("%s has left without a shipping advice.", name)
                    for name in left.filtered(
                        lambda move: (
                            move._needs_advice() and not move.shipping_advice_id.sent_on
                        )
                    )._get_slips()
                ],
            ),
            self._make_dossier_chapter(
                920,
                env._("Delivery Receipts"),
                receipts.sorted("id"),
                report="order_desk_delivery.action_report_receipt",
                goes_along=True,
                files=receipts.paper_ids | receipts.line_ids.photo_ids,
                photos=("signature",),
                missing=[
                    env._("The customer has not signed %s yet.", receipt.number)
                    for receipt in receipts
                    if receipt.state == "open"
                ]
                or [
                    env._("There is no delivery receipt.")
                    if left and not receipts
                    else ""
                ],
            ),
        ]
