from odoo import Command, models
from odoo.exceptions import UserError


class OrderDeskInspection(models.Model):
    """What becomes of failed goods: rework, scrap, or a waiver (SPEC E4)."""

    _inherit = "order.desk.inspection"

    def _check_disposable(self):
        """Refuse unless these inspections have failed goods to decide about."""
        errors = []
        for one in self:
            if one.state not in ("partly", "failed"):
                errors.append(self.env._("%s: nothing has failed.", one.name))
            elif one.disposition in ("rework", "scrap"):
                labels = dict(
                    one._fields["disposition"]._description_selection(self.env)
                )
                errors.append(
                    self.env._(
                        "%(inspection)s: it is decided already what becomes of the"
                        " failed goods: %(what)s.",
                        inspection=one.name,
                        what=labels[one.disposition],
                    )
                )
            elif one._is_waived():
                errors.append(
                    self.env._(
                        "%s: the failed goods were let through by a waiver.", one.name
                    )
                )
        if errors:
            raise UserError("\n".join(errors))

    def _check_disposers(self):
        """Refuse who neither inspects nor works on manufacturing orders."""
        if not self.env.user.has_group("mrp.group_mrp_user"):
            self._check_inspectors()

    def _dispose(self, disposition):
        """Note what becomes of the failed goods."""
        self.check_access("read")
        self._check_disposers()
        self._lock()
        self._check_disposable()
        # protected; the checks are above
        self.sudo().disposition = disposition

    def action_rework(self):
        """Rework what failed: it is inspected once more, the failed one stays on file.

        :return: the action that opens the new inspections
        """
        self._dispose("rework")
        # nobody has the right to create inspections but by asking for them
        inspections = self.sudo().create([one._prepare_rework_vals() for one in self])
        inspections._number()
        for one in inspections:
            one.production_id.message_post(
                body=self.env._(
                    "%(failed)s: %(quantity)s are reworked and inspected once more"
                    " with %(new)s.",
                    failed=one.previous_id.name,
                    quantity=one._format(one.quantity),
                    new=one.name,
                ),
                author_id=self.env.user.partner_id.id,
            )
        (self.sudo() | inspections)._update_todos()
        return inspections.sudo(self.env.su)._get_records_action(
            name=self.env._("Inspections")
        )

    def _prepare_rework_vals(self):
        self.ensure_one()
        one = self.sudo()  # the standard is for those who set it up
        standard = one.standard_id
        current, _for_stock = standard._find(one.product_id, one.company_id)
        return {
            "company_id": one.company_id.id,
            "production_id": one.production_id.id,
            "product_id": one.product_id.id,
            "sheet_ids": [Command.set(one.sheet_ids.ids)],
            "quantity": one.quantity_failed,
            "previous_id": one.id,
            "asked_by_id": self.env.uid,
            "lot_ids": [
                Command.create(
                    {"lot_id": row.lot_id.id, "quantity": row.quantity_failed}
                )
                for row in one.lot_ids
                if one.product_uom_id.compare(row.quantity_failed, 0) > 0
            ],
            **one._prepare_standard_vals(current or standard),
        }

    def action_scrap(self):
        """Scrap what failed on the manufacturing order, with Odoo's own scrap order."""
        self._dispose("scrap")
        # inspectors need not be stock users; what is scrapped never was in stock
        scraps = self.env["stock.scrap"].sudo()
        vals_list = [vals for one in self.sudo() for vals in one._prepare_scrap_vals()]
        scraps.create(vals_list).do_scrap()
        for one in self:
            one.sudo().production_id.message_post(
                body=self.env._(
                    "%(inspection)s: %(quantity)s scrapped. Reduce the quantity made by"
                    " it, and record what went into it as consumed.",
                    inspection=one.name,
                    quantity=one._format(one.quantity_failed),
                ),
                author_id=self.env.user.partner_id.id,
            )
        self._update_todos()

    def _prepare_scrap_vals(self):
        self.ensure_one()
        shared = {
            "production_id": self.production_id.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "company_id": self.company_id.id,
            "location_id": self.production_id.production_location_id.id,
            "origin": self.name,
        }
        failed = self.lot_ids.filtered(
            lambda row: self.product_uom_id.compare(row.quantity_failed, 0) > 0
        )
        if not failed:
            return [{**shared, "scrap_qty": self.quantity_failed}]
        return [
            {**shared, "scrap_qty": row.quantity_failed, "lot_id": row.lot_id.id}
            for row in failed
        ]

    def action_ask_waiver(self):
        """Ask that failed goods are let through: a condition of the shipping gate.

        Who may waive it decides; until then they are neither received nor shipped.
        """
        for one in self:
            if not one.sudo().sheet_ids:  # the workshop reads no sheets
                raise UserError(
                    self.env._(
                        "%s: these goods are made for stock, so nobody can let them"
                        " through for a customer. Rework or scrap them.",
                        one.name,
                    )
                )
        self._dispose("waiver")
        for one in self:
            one.sudo().sheet_ids._message_log_batch(
                dict.fromkeys(
                    one.sudo().sheet_ids.ids,
                    self.env._(
                        "%(user)s asks that %(quantity)s of %(product)s that failed"
                        " %(inspection)s are let through: %(points)s",
                        user=self.env.user.name,
                        quantity=one._format(one.quantity_failed),
                        product=one.product_id.display_name,
                        inspection=one.name,
                        points=one.failed_points or one.remark or "",
                    ),
                )
            )
        self._update_todos()

    def action_raise_incident(self):
        """Open the dialog in which a failure is reported as an incident (SPEC E3)."""
        self.ensure_one()
        return self.env["order.desk.incident"]._get_raise_action(
            kind="quality",
            name=self.env._(
                "%(inspection)s: %(quantity)s of %(product)s failed",
                inspection=self.name,
                quantity=self._format(self.quantity_failed),
                product=self.product_id.display_name,
            ),
            description=self._get_failure_text(),
            production_id=self.production_id.id,
            order_code=self.order_code,
            quantity=self.quantity_failed,
        )

    def _get_failure_text(self):
        """Return what failed, point by point, with the remarks."""
        self.ensure_one()
        failed = self.point_ids.filtered(lambda point: point._is_failed())
        texts = [f"{point.name}: {point.remark or ''}" for point in failed]
        return "\n".join([*texts, self.remark or ""]).strip()
