from markupsafe import Markup

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from odoo.addons.order_desk.quantity import format_quantity


class OrderDeskInspection(models.Model):
    """The way of an inspection: begun, decided, cancelled."""

    _inherit = "order.desk.inspection"

    # ------------------------------------------------------------- who and when

    def _lock(self):
        """Let one person at a time decide.

        :raise UserError: somebody else is at it right now
        """
        result = super()._lock()
        self.invalidate_recordset(["state", "disposition", "inspector_id"])
        return result

    def _check_inspectors(self):
        """Refuse unless the user fills the inspector's role in each company."""
        roles = self.env["order.desk.role"]._get_step_roles(
            self.company_id, "inspection"
        )
        for company, found in roles.items():
            if not found._filter_mine():
                names = "; ".join(role._get_signers_text() for role in found)
                raise UserError(
                    self.env._(
                        "You cannot inspect %(inspections)s. It waits for: %(roles)s.",
                        inspections=", ".join(
                            self.filtered(
                                lambda one, company=company: one.company_id == company
                            ).mapped("name")
                        ),
                        roles=names or self.env._("no one assigned"),
                    )
                )

    def _check_open(self):
        """Refuse what is decided or cancelled already; name who has done it."""
        errors = [one._get_closed_error() for one in self if one.state != "to_inspect"]
        if errors:
            raise UserError("\n".join(errors))

    def _get_closed_error(self):
        self.ensure_one()
        if self.state == "cancelled":
            return self.env._("%s is cancelled.", self.name)
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(user)s has decided %(inspection)s on %(moment)s already: %(state)s.",
            user=self.sudo().inspector_id.name,  # a colleague's name
            inspection=self.name,
            moment=format_datetime(self.env, self.decided_on, dt_format="short"),
            state=labels[self.state],
        )

    def _check_alone(self):
        """Refuse to enter anything while another inspector is at it."""
        for one in self:
            if one.inspector_id not in (self.env.user, self.env["res.users"]):
                raise UserError(
                    self.env._(
                        "%(user)s is inspecting %(inspection)s. Use “Take Over” if you"
                        " go on with it.",
                        user=one.sudo().inspector_id.name,  # a colleague's name
                        inspection=one.name,
                    )
                )

    def _begin(self):
        """Let the user enter what they find; the first one keeps others out."""
        self._check_inspectors()
        self._check_open()
        self._check_alone()
        mine = self.filtered(lambda one: not one.inspector_id)
        if mine:
            mine._lock()
            mine._check_open()
            mine._check_alone()
            # protected; whoever begins has been checked above
            mine.sudo().inspector_id = self.env.user

    def action_begin(self):
        """Begin to inspect: nobody else enters anything meanwhile."""
        self.check_access("read")
        self._begin()

    def action_take_over(self):
        """Go on with what another inspector has begun."""
        self.check_access("read")
        self._check_inspectors()
        self._lock()
        self._check_open()
        # protected; the user is an inspector
        self.sudo().write({"inspector_id": self.env.uid})

    def action_take_over_standard(self):
        """Begin anew with the points of the standard's newest version (SPEC E4)."""
        self.check_access("read")
        self._begin()
        self._lock()
        for one in self.sudo():  # the points are kept from being written by hand
            one.point_ids.unlink()
            one.write(one._prepare_standard_vals(one.standard_id))
            one._message_log(
                body=self.env._(
                    "%(user)s has taken over version %(version)s of the release"
                    " standard; the points are to be inspected anew.",
                    user=self.env.user.name,
                    version=one.standard_version,
                )
            )

    def _prepare_standard_vals(self, standard):
        """Return what an inspection keeps of a standard as it is now."""
        return {
            "standard_id": standard.id,
            "standard_version": standard.version,
            "point_ids": [
                Command.create(line._prepare_point_vals()) for line in standard.line_ids
            ],
        }

    def action_pass_rest(self):
        """Find all numbers in order that nobody has looked at yet."""
        self.check_access("read")
        self._begin()
        self.lot_ids.filtered(lambda row: not row.is_checked).action_pass()

    # ------------------------------------------------------------- deciding

    def action_decide(self):
        """Decide by what was entered (SPEC E4).

        :raise UserError: not an inspector, decided already, or names all that is
            missing or wrong; nothing is decided then
        """
        self.check_access("read")
        self._check_inspectors()
        self._lock()
        self._check_open()
        self._check_alone()
        self.filtered("lot_ids")._compute_quantities()  # the numbers tell, not the sum
        errors = []
        for one in self:
            if found := one._get_decide_errors():
                errors.append("\n".join([one.name, *(f"• {text}" for text in found)]))
        if errors:
            raise UserError("\n\n".join(errors))
        self._decide()

    def _get_decide_errors(self):
        """Return all that is missing or wrong, a text for each."""
        self.ensure_one()
        errors = self._get_quantity_errors()
        errors += self.lot_ids._get_errors()
        errors += self.point_ids._get_errors()
        failed = any(point._is_failed() for point in self.point_ids)
        pieces = self.product_uom_id.compare(self.quantity_failed, 0) > 0
        if failed and not pieces:
            errors.append(self.env._("A point failed: enter how many pieces failed."))
        if pieces and not failed and not (self.remark or "").strip():
            errors.append(
                self.env._(
                    "Pieces failed: choose the point that failed, or say why in the"
                    " remark."
                )
            )
        return errors

    def _get_quantity_errors(self):
        self.ensure_one()
        compare = self.product_uom_id.compare
        found = self.quantity_passed + self.quantity_failed
        if compare(self.quantity_passed, 0) < 0 or compare(self.quantity_failed, 0) < 0:
            return [self.env._("Quantities cannot be negative.")]
        if compare(found, 0) == 0:
            return [
                self.env._("Nothing was inspected: enter how many passed and failed.")
            ]
        if compare(found, self.quantity) > 0:
            return [
                self.env._(
                    "%(found)s inspected, but only %(presented)s were presented.",
                    found=self._format(found),
                    presented=self._format(self.quantity),
                )
            ]
        looked_at = len(self.lot_ids.filtered("is_checked"))
        missing = min(self.sample_size, len(self.lot_ids)) - looked_at
        if self.tracking == "serial" and missing > 0:
            return [
                self.env._(
                    "Look at %(missing)d more serial numbers: %(sample)s of"
                    " %(presented)s are to be inspected.",
                    missing=missing,
                    sample=format_quantity(self.sample_size),
                    presented=self._format(self.quantity),
                )
            ]
        return []

    def _decide(self):
        """Write the decision down; the caller has checked everything."""
        for one in self:
            is_zero = one.product_uom_id.is_zero
            state = (
                "passed"
                if is_zero(one.quantity_failed)
                else "failed"
                if is_zero(one.quantity_passed)
                else "partly"
            )
            # protected; it is the inspector's own decision
            one.sudo().write(
                {
                    "state": state,
                    "inspector_id": self.env.uid,
                    "decided_on": fields.Datetime.now(),
                }
            )
            one._tell_decision()
        self.sudo()._follow_decision()

    def _follow_decision(self):
        """Tell the warehouse and the order what has passed (SPEC E4)."""
        self._update_todos()
        self.sheet_ids._note_inspected()

    def _tell_decision(self):
        """Tell the decision on the manufacturing order, the warehouse included."""
        self.ensure_one()
        lines = [
            self.env._(
                "%(inspection)s by %(user)s: %(passed)s of %(product)s passed,"
                " %(failed)s failed.",
                inspection=self.name,
                user=self.env.user.name,
                passed=self._format(self.quantity_passed),
                product=self.product_id.display_name,
                failed=self._format(self.quantity_failed),
            )
        ]
        if self.failed_points:
            lines.append(self.env._("Failed: %s", self.failed_points))
        if self.product_uom_id.compare(self.quantity_passed, 0) > 0:
            lines.append(
                self.env._(
                    "To the warehouse: receive into stock what has passed (%s).",
                    self._format(self.quantity_passed),
                )
            )
        # inspectors need not be able to write manufacturing orders
        self.sudo().production_id.message_post(
            body=Markup("<br/>").join(lines),
            author_id=self.env.user.partner_id.id,
        )

    # ------------------------------------------------------------- cancelled

    def action_cancel(self):
        """Take back an inspection that nobody has decided.

        Who asked for it may, anybody who works on manufacturing orders, and inspectors.
        """
        self.check_access("read")
        self._check_disposers()
        self._lock()
        self._check_open()
        self.sudo()._cancel(self.env._("cancelled by %s", self.env.user.name))

    def _cancel(self, reason):
        """Cancel these inspections; what had passed does not count any more."""
        for one in self:
            given_back = one.quantity_passed if one.state != "to_inspect" else 0.0
            one.state = "cancelled"
            body = self.env._(
                "%(inspection)s: %(reason)s.", inspection=one.name, reason=reason
            )
            if given_back:
                body += " " + self.env._(
                    "%s that had passed would have to be inspected anew.",
                    one._format(given_back),
                )
            one._message_log(body=body)
            one.production_id._message_log(body=body)
        self._update_todos()

    # ------------------------------------------------------------- numbers, links

    def _number(self):
        for one in self:
            one.name = one.company_id._order_desk_next_number("order.desk.inspection")

    def action_view_production(self):
        """Open the manufacturing order of this inspection."""
        self.ensure_one()
        return self.production_id._get_records_action()

    def _get_url(self):
        """Return where the QR code on paper leads."""
        self.ensure_one()
        return f"{self.get_base_url()}/odoo/inspections/{self.id}"
