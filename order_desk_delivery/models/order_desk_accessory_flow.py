from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .order_desk_accessory import OPEN_STATES, RELEASED_STATES


class OrderDeskAccessory(models.Model):
    """Preparing and packing accessories: the follow-up clerk's work (SPEC C6)."""

    _inherit = "order.desk.accessory"

    def _start(self, *states):
        """Let one person at a time move these accessories on, if they may at all.

        :raise UserError: somebody else is at it, the order is cancelled, or an
            accessory is not in ``states``
        """
        self.check_access("write")
        self._lock()
        self.invalidate_recordset(["state"])  # the other one may have been quicker
        # whoever packs need not read the sheet
        cancelled = self.filtered(lambda a: a.sudo().sheet_id.state == "cancel")
        if cancelled:
            raise UserError(
                self.env._(
                    "%s: the order is cancelled.",
                    ", ".join(cancelled.mapped("display_name")),
                )
            )
        labels = dict(self._fields["state"]._description_selection(self.env))
        errors = [
            self.env._(
                "%(accessory)s has the status “%(state)s”, so this cannot be done.",
                accessory=accessory.display_name,
                state=labels[accessory.state],
            )
            for accessory in self
            if accessory.state not in states
        ]
        if errors:
            raise UserError("\n".join(errors))

    def _get_packers(self):
        """Return who prepares and packs for each company: ``{company: users}``."""
        roles = self.env["order.desk.role"]
        return {
            company: found.signer_ids
            for company, found in roles._get_step_roles(
                self.company_id, "accessory"
            ).items()
        }

    def _check_packer(self):
        """Leave packing to those who answer for it; where nobody does, to anybody.

        :raise AccessError: names who may
        """
        for users in self._get_packers().values():
            if users and self.env.user not in users:
                raise AccessError(
                    self.env._(
                        "Accessories are prepared and packed by %s.",
                        ", ".join(users.mapped("name")),
                    )
                )

    def _move(self, sentence=False, **vals):
        """Write the step, which the caller has checked, and keep it in the history."""
        self.sudo().write(vals)  # protected
        if sentence:
            self._message_log_batch(dict.fromkeys(self.ids, sentence))
        self.sudo().sheet_id._update_todos()

    def action_prepare(self):
        """Note that these accessories lie ready to be packed."""
        self._check_packer()
        self._start("wanted")
        self._move(
            self.env._("Prepared."),
            state="prepared",
            prepared_on=fields.Datetime.now(),
            prepared_by_id=self.env.uid,
        )

    def action_pack(self, packing, package_count=1, request_id=False, note=False):
        """Note how these accessories are packed, and with which goods they go.

        :param packing: "bulk" or "small"
        :param package_count: of each of them
        :param request_id: the shipping request they leave with, else the next
        :raise UserError: no proper packing, or the request is not of this order
        """
        self._check_packer()
        self._start(*OPEN_STATES)
        if packing not in ("bulk", "small"):
            raise UserError(
                self.env._("Say how it is packed: in bulk or in small batches.")
            )
        package_count = self._read_number("package_count", package_count)
        if package_count < 1:
            raise UserError(self.env._("Packed accessories take one package or more."))
        self._check_request(request_id)
        vals = {"note": note} if note else {}
        self._move(
            self.env._("Packed, packages: %s.", package_count),
            state="packed",
            packing=packing,
            package_count=package_count,
            packed_on=fields.Datetime.now(),
            packed_by_id=self.env.uid,
            request_id=request_id,
            **vals,
        )

    def _check_request(self, request_id):
        """Refuse a shipping request under which these accessories cannot leave."""
        if not request_id:
            return
        # whoever packs need not read requests
        request = self.env["order.desk.shipping.request"].browse(request_id).sudo()
        if request.state not in ("draft", "issued", "shipped"):
            raise UserError(
                self.env._(
                    "%s is closed: choose the shipping request of the next goods.",
                    request.display_name,
                )
            )
        foreign = self.sudo().order_id - request.order_ids
        if foreign:
            raise UserError(
                self.env._(
                    "%(request)s ships nothing of %(orders)s.",
                    request=request.display_name,
                    orders=", ".join(foreign.mapped("name")),
                )
            )

    def action_unpack(self):
        """Take these accessories out of their packages again."""
        self._check_packer()
        self._start("packed")
        self._move(
            self.env._("Unpacked."),
            state="prepared",
            packing=False,
            package_count=0,
            packed_on=False,
            packed_by_id=False,
            request_id=False,
        )

    def action_ship(self, how):
        """Note that these accessories were sent on their own, after or beside goods.

        :param how: carrier, tracking number, who took them along
        :raise UserError: they travel with goods that are still to leave
        """
        self._check_packer()
        self._start("packed")
        how = (how or "").strip()
        if not how:
            raise UserError(
                self.env._("Say how it was sent: carrier, tracking number, by whom.")
            )
        waiting = self.filtered(lambda accessory: accessory._waits_for_goods())
        if waiting:
            raise UserError(
                self.env._(
                    "%s leaves with the goods of its order. To send it by itself,"
                    " let it travel on its own.",
                    ", ".join(waiting.mapped("display_name")),
                )
            )
        self._move(
            self.env._("Sent on its own: %s", how),
            state="shipped",
            shipped_on=fields.Datetime.now(),
            reason=how,
        )

    def action_leave_behind(self):
        """Note that these accessories have not gone along after all."""
        self._check_packer()
        self._start("shipped")
        self._move(
            self.env._("Was left behind: it has not been shipped."),
            state="packed",
            shipped_on=False,
            picking_id=False,
            request_id=False,
            reason=False,
        )

    def action_cancel(self, reason):
        """Take these accessories off the list; why stays on file.

        :raise UserError: shipped already, or no reason
        """
        self._start("wanted", "prepared", "packed")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the accessory is not needed any more."))
        # before the release it leaves the list that the managers sign
        unreleased = self.filtered(
            lambda a: a.sudo().sheet_id.state not in RELEASED_STATES
        )
        unreleased.sudo().is_signed = False  # protected
        self._move(state="cancelled", reason=reason, request_id=False)
        unreleased.sudo().sheet_id.order_id._order_desk_follow_change()

    def action_reopen(self):
        """Want these accessories after all."""
        self._start("cancelled")
        unreleased = self.filtered(
            lambda a: a.sudo().sheet_id.state not in RELEASED_STATES
        )
        unreleased.sudo().is_signed = True  # protected
        self._move(self.env._("Wanted again."), state="wanted", reason=False)
        unreleased.sudo().sheet_id.order_id._order_desk_follow_change()

    # ------------------------------------------------------------- dialogs

    def action_open_pack(self):
        """Open the dialog that asks how these accessories are packed."""
        return self._open_dialog("pack", self.env._("Pack"))

    def action_open_cancel(self):
        """Open the dialog that asks why these accessories are not needed."""
        return self._open_dialog(
            "reason", self.env._("Not Needed"), default_kind="cancel"
        )

    def action_open_ship(self):
        """Open the dialog that asks how these accessories were sent."""
        return self._open_dialog(
            "reason", self.env._("Sent on Its Own"), default_kind="ship"
        )

    def _open_dialog(self, name, title, **context):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": f"order.desk.accessory.{name}",
            "view_mode": "form",
            "target": "new",
            "context": {"default_accessory_ids": self.ids, **context},
        }

    def action_open_sheet(self):
        """Open the configuration sheet of this accessory."""
        self.ensure_one()
        return self.sheet_id._get_records_action()
