import base64
from datetime import timedelta
from io import BytesIO

from PIL import Image

from odoo import Command, fields

from .common import OrderDeskDeliveryCommon


class ReceiptCommon(OrderDeskDeliveryCommon):
    """Goods on their way, and a receiver who signs for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hose = cls.env["product.product"].create(
            {
                "name": "Test hose",
                "default_code": "TH-1",
                "type": "consu",
                "is_storable": True,
                "categ_id": cls.category.id,
                "list_price": 20.0,
            }
        )
        cls._put_in_stock(cls.hose, 1000)

    @classmethod
    def _make_two_lines(cls, **order_vals):
        """Return the released sheet of an order for 10 pumps and 4 hoses."""
        sheet = cls._make_sheet(10)
        sheet.order_id.write(order_vals)
        sheet.order_id.order_line = [
            Command.create({"product_id": cls.hose.id, "product_uom_qty": 4})
        ]
        cls._configure(sheet.order_id.order_line)
        return cls._bring_to(sheet, "released")

    @classmethod
    def _advise(cls, moves, hours=24):
        """Return the advice for these moves, as it is once the customer knows."""
        request = moves.shipping_request_line_id.request_id
        advice = (
            cls.env["order.desk.shipping.advice"]
            .sudo()
            .create(
                {
                    "request_id": request.id,
                    "partner_id": request.partner_id.id,
                    "expected_arrival": fields.Datetime.now() + timedelta(hours=hours),
                    "move_ids": [Command.set(moves.ids)],
                    "number": cls.env.company._order_desk_next_number(
                        "order.desk.shipping.advice"
                    ),
                    "state": "sent",
                    "shipped_on": fields.Datetime.now(),
                    "sent_on": fields.Datetime.now(),
                }
            )
        )
        advice._note_sent()
        return advice

    @classmethod
    def _ship_and_advise(cls, sheet, quantity=None):
        """Return the receipt for what has just left of this order."""
        if not sheet.order_id.order_line.shipping_request_line_ids:
            cls._issue(sheet)
        pickings = cls._ship(sheet, quantity)
        return cls._advise(pickings.move_ids).receipt_ids.with_user(cls.sales_admin)

    @classmethod
    def _make_receipt(cls, quantity=10, **line_vals):
        """Return the receipt that is awaited for a shipped order."""
        return cls._ship_and_advise(cls._make_released(quantity, **line_vals))

    @classmethod
    def _get_entries(cls, receipt, **values):
        """Return entries that say all came well, but for ``values`` of the first line.

        :param values: ``received``, ``damaged``, ``note``, ``more``, ``wrong``
        """
        entries = receipt.sudo().line_ids._get_good_entries()
        entries[receipt.line_ids[0].id].update(values)
        return entries

    @classmethod
    def _sign(cls, receipt, name="Ms Wang", remark=False, **values):
        """Let the receiver sign; ``values`` are of the first line."""
        receipt.sudo()._sign_in_portal(
            receipt.partner_id,
            name,
            cls._get_entries(receipt, **values),
            remark,
            signature=cls._make_signature(),
        )

    @classmethod
    def _make_signature(cls):
        return cls._make_picture((60, 20), "PNG")

    @classmethod
    def _make_picture(cls, size=(60, 40), kind="JPEG"):
        """Return a picture, base64."""
        buffer = BytesIO()
        Image.new("RGB", size, (30, 90, 160)).save(buffer, kind)
        return base64.b64encode(buffer.getvalue())

    @classmethod
    def _get_size(cls, raw):
        return Image.open(BytesIO(raw)).size
