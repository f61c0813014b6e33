from odoo import api, models
from odoo.exceptions import UserError

from .order_desk_accessory import RELEASED_STATES

# what the managers sign of an accessory; it stays once somebody has worked with it
CONTENT_FIELDS = (
    "product_id",
    "description",
    "quantity",
    "product_uom_id",
    "sale_line_id",
)


class OrderDeskAccessory(models.Model):
    """Who may change the accessories, until when, and what follows (SPEC C6)."""

    _inherit = "order.desk.accessory"

    @api.model_create_multi
    def create(self, vals_list):
        accessories = super().create(vals_list)
        # who packs does not decide what travels
        accessories.sheet_id.check_access("write")
        accessories._check_open_sheets()
        later = accessories.filtered(
            lambda accessory: accessory.sheet_id.state in RELEASED_STATES
        )
        later.sudo().write({"is_signed": False})  # protected
        for accessory in later:
            accessory.sheet_id._message_log(
                body=self.env._(
                    "Accessory added after the release: %s", accessory._get_text()
                )
            )
        accessories._follow_change()
        return accessories

    def write(self, vals):
        if set(CONTENT_FIELDS) & set(vals) and not self.env.su:
            self._check_content_open()
        result = super().write(vals)
        if {*CONTENT_FIELDS, "needed_by", "travels"} & set(vals):
            self._follow_change()
        return result

    def _follow_change(self):
        """Ask for new signatures where a signed list has changed, and tell packers."""
        self.filtered("is_signed").sheet_id.order_id._order_desk_follow_change()
        self.sheet_id._update_todos()

    def _check_open_sheets(self):
        closed = self.sheet_id.filtered(lambda sheet: sheet.state in ("done", "cancel"))
        if closed:
            raise UserError(
                self.env._(
                    "%s is closed, so nothing is added to its list of accessories.",
                    ", ".join(closed.order_id.mapped("name")),
                )
            )

    def _check_content_open(self):
        """Keep what was signed, and what somebody has worked with.

        :raise UserError: names the accessories and what to do instead
        """
        # who packs does not decide what travels
        self.sheet_id.check_access("write")
        used = self.filtered(lambda accessory: accessory.state != "wanted")
        if used:
            raise UserError(
                self.env._(
                    "%s: somebody has worked with it, so it stays as it is. Cancel it"
                    " with the reason and add another.",
                    ", ".join(used.mapped("display_name")),
                )
            )
        signed = self.filtered(
            lambda accessory: (
                accessory.is_signed and accessory.sheet_id.state in RELEASED_STATES
            )
        )
        if signed:
            raise UserError(
                self.env._(
                    "%s was signed with the sheet, so it stays as it is. Cancel it"
                    " with the reason and add another.",
                    ", ".join(signed.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.env.su:  # they go with a sheet that was never signed
            return
        self._check_content_open()

    def unlink(self):
        sheets = self.sheet_id
        result = super().unlink()
        sheets.exists().order_id._order_desk_follow_change()
        sheets.exists()._update_todos()
        return result
