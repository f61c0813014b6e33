import math

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from odoo.addons.order_desk.quantity import format_quantity

from .order_desk_release_standard import KINDS, LIMIT_DIGITS

# what an inspector enters; all else is kept as the standard said when it began
ENTRY_FIELDS = {"result", "measured", "photo", "remark"}


class OrderDeskInspectionPoint(models.Model):
    """One point of an inspection, with what the inspector found (SPEC E4)."""

    _name = "order.desk.inspection.point"
    _description = "Point of an Inspection"
    _order = "sequence, id"

    inspection_id = fields.Many2one(
        "order.desk.inspection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="inspection_id.company_id", store=True, precompute=True, index=True
    )
    state = fields.Selection(related="inspection_id.state", string="Inspection Status")
    can_enter = fields.Boolean(related="inspection_id.can_enter")
    sequence = fields.Integer(readonly=True)
    name = fields.Char("Point", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    check_type = fields.Selection(
        [("pass_fail", "Pass or fail"), ("measure", "Measured value")],
        required=True,
        readonly=True,
    )
    instruction = fields.Text("How to Check", readonly=True)
    has_min = fields.Boolean(readonly=True)
    limit_min = fields.Float(readonly=True, digits=(16, 3))
    has_max = fields.Boolean(readonly=True)
    limit_max = fields.Float(readonly=True, digits=(16, 3))
    unit_text = fields.Char(readonly=True)
    needs_photo = fields.Boolean("Photo Required", readonly=True)
    limits = fields.Char(compute="_compute_limits")
    measured = fields.Char("Measured Value")
    result = fields.Selection(
        [("pass", "Pass"), ("fail", "Fail")],
        compute="_compute_result",
        store=True,
        readonly=False,
    )
    photo = fields.Image(max_width=1600, max_height=1600)
    has_photo = fields.Boolean(compute="_compute_has_photo")
    remark = fields.Text()

    @api.depends("check_type", "has_min", "limit_min", "has_max", "limit_max")
    @api.depends_context("lang")
    def _compute_limits(self):
        for point in self:
            point.limits = (
                point._get_limits_text() if point.check_type == "measure" else False
            )

    def _get_limits_text(self):
        self.ensure_one()
        values = {
            "min": format_quantity(self.limit_min),
            "max": format_quantity(self.limit_max),
        }
        if self.has_min and self.has_max:
            text = self.env._("%(min)s to %(max)s", **values)
        elif self.has_min:
            text = self.env._("at least %(min)s", **values)
        else:
            text = self.env._("at most %(max)s", **values)
        return " ".join(part for part in (text, self.unit_text) if part)

    @api.depends("photo")
    def _compute_has_photo(self):
        for point in self.with_context(bin_size=True):
            point.has_photo = bool(point.photo)

    @api.depends("measured", "check_type")
    def _compute_result(self):
        for point in self:
            if point.check_type == "measure":
                point.result = point._get_measured_result()
            else:
                point.result = point.result

    def _get_value(self):
        """Return the measured number, None when there is none."""
        self.ensure_one()
        text = (self.measured or "").strip().replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    def _get_measured_result(self):
        """Return whether the measured value is within the limits, False if none."""
        self.ensure_one()
        value = self._get_value()
        if value is None:
            return False
        too_low = self.has_min and float_compare(value, self.limit_min, LIMIT_DIGITS)
        too_high = self.has_max and float_compare(value, self.limit_max, LIMIT_DIGITS)
        return "fail" if too_low == -1 or too_high == 1 else "pass"

    # ------------------------------------------------------------- entering

    def write(self, vals):
        if not self.env.su:
            if set(vals) - ENTRY_FIELDS:
                raise UserError(
                    self.env._(
                        "The points of an inspection stay as they were when it was"
                        " begun."
                    )
                )
            self.inspection_id._begin()
        return super().write(vals)

    def action_pass(self):
        """Find these points in order."""
        self.filtered(lambda point: point.check_type == "pass_fail").result = "pass"

    def action_fail(self):
        """Find this point not in order, and open it for remark and photo."""
        self.ensure_one()
        if self.check_type == "pass_fail":
            self.result = "fail"
        return self.action_open()

    def action_open(self):
        """Open this point as a dialog: value, photo, remark."""
        self.ensure_one()
        return {**self._get_records_action(name=self.name), "target": "new"}

    def _get_errors(self):
        """Return what is missing or wrong on these points, a text for each."""
        return [error for point in self for error in point._get_point_errors()]

    def _get_point_errors(self):
        self.ensure_one()
        errors = []
        if self.check_type == "measure":
            if not (self.measured or "").strip():
                errors.append(self.env._("“%s”: enter the measured value.", self.name))
            elif self._get_value() is None:
                errors.append(
                    self.env._(
                        "“%(point)s”: “%(value)s” is not a number.",
                        point=self.name,
                        value=self.measured,
                    )
                )
        elif not self.result:
            errors.append(self.env._("“%s”: choose pass or fail.", self.name))
        if self._is_failed() and not (self.remark or "").strip():
            errors.append(
                self.env._("“%s” failed: say in a remark what is wrong.", self.name)
            )
        if self.needs_photo and not self.has_photo:
            errors.append(self.env._("“%s”: take the photo.", self.name))
        return errors

    def _is_failed(self):
        self.ensure_one()
        if self.check_type == "measure":
            return self._get_measured_result() == "fail"
        return self.result == "fail"
