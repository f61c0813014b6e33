from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_process

from odoo.addons.order_desk.models.ir_attachment import IMAGE_TYPES

# as many as show a damage, and no more than a stranger may fill the disk with
MAX_PHOTOS = 6
PHOTO_SIZE = (1600, 1600)


class OrderDeskReceipt(models.Model):
    _inherit = "order.desk.receipt"

    def _get_line(self, line_id):
        """Return the line of this receipt with an id that came from outside.

        :raise UserError: it is no line of this receipt
        """
        self.ensure_one()
        line = self.line_ids.filtered(lambda line: str(line.id) == str(line_id))
        if not line:
            raise UserError(
                self.env._("%s has changed. Load the page again.", self.number)
            )
        return line


class OrderDeskReceiptLine(models.Model):
    """Photos of what came damaged or wrong (SPEC G7)."""

    _inherit = "order.desk.receipt.line"

    def _add_photo(self, name, raw):
        """Keep a photo with this line, and return it.

        It is made small, and loses what a phone writes into it: where and when.

        :raise UserError: signed already, too many, or no picture
        """
        self.ensure_one()
        self._check_photos_open()
        name = str(name or "").strip()[:100] or self.env._("Photo")
        if len(self.photo_ids) >= MAX_PHOTOS:
            raise UserError(
                self.env._(
                    "%(product)s: %(count)s photos are enough. Remove one before you"
                    " take another.",
                    product=self.title,
                    count=MAX_PHOTOS,
                )
            )
        attachments = self.env["ir.attachment"]
        attachments._order_desk_check_file(name, raw, IMAGE_TYPES)
        # the receiver has no rights of their own; the link has been checked
        photo = attachments.sudo().create(
            {
                "name": f"{name.rpartition('.')[0] or name}.jpg",
                "raw": self._shrink_photo(name, raw),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.sudo().write({"photo_ids": [fields.Command.link(photo.id)]})
        return photo

    def _shrink_photo(self, name, raw):
        try:
            return image_process(
                raw,
                PHOTO_SIZE,
                verify_resolution=True,
                quality=80,
                output_format="JPEG",
            )
        except (OSError, SyntaxError, UserError, ValueError) as error:
            raise UserError(
                self.env._("%s cannot be read. Take the picture again.", name)
            ) from error

    def _remove_photo(self, photo_id):
        """Take a photo of this line away.

        :raise UserError: signed already
        """
        self.ensure_one()
        self._check_photos_open()
        photo = self.photo_ids.filtered(lambda photo: str(photo.id) == str(photo_id))
        photo.sudo().unlink()  # see _add_photo

    def _check_photos_open(self):
        if reason := self.receipt_id._get_closed_reason():
            raise UserError(reason)
