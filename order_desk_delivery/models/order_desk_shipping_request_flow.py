from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskShippingRequest(models.Model):
    """The way of a request: prepared, issued, shipped or withdrawn (SPEC G1)."""

    _inherit = "order.desk.shipping.request"

    def _start(self):
        """Let one person at a time move these requests on.

        Whoever ships under one at the same moment writes on the sheets, too, and on the
        request later; the second of the two starts over and sees what the first has
        done. Both take them in this order, or each would wait for the other.
        """
        self.check_access("write")
        self._check_role()
        self.sheet_ids._start_over_if_second()
        self._lock()
        self.invalidate_recordset()  # the other one may have been quicker

    def _check_role(self):
        """Refuse unless the user fills the role of shipping requests."""
        self._check_role_in(self.company_id)

    @api.model
    def _check_role_in(self, companies):
        """Refuse unless the user fills the role in these companies."""
        roles = self.env["order.desk.role"]._get_step_roles(
            companies, "shipping_request"
        )
        for company, filled in roles.items():
            if not filled:
                raise UserError(
                    self.env._(
                        "%s does without shipping requests: nobody fills the role."
                        " Name somebody under Configuration / Signer Roles.",
                        company.name,
                    )
                )
            if not (self.env.su or filled._filter_mine()):
                raise UserError(
                    self.env._(
                        "Shipping requests are up to %s.",
                        ", ".join(role._get_signers_text() for role in filled),
                    )
                )

    def _check_states(self, states):
        """Refuse unless each request is in one of ``states``; name those that are not.

        :raise UserError:
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        errors = [
            self.env._(
                "%(request)s is in the state “%(state)s”, so this cannot be done now.",
                request=request.display_name,
                state=labels[request.state],
            )
            for request in self
            if request.state not in states
        ]
        if errors:
            raise UserError("\n".join(errors))

    def _tell(self, body):
        """Tell the story on the requests and on their sheets."""
        for request in self:
            request._message_log(body=body)
            # whoever issues a request need not be able to write on the sheets
            sheets = request.sheet_ids.sudo()
            sheets._message_log_batch(dict.fromkeys(sheets.ids, body))

    # ------------------------------------------------------------- issuing

    def _get_issue_errors(self):
        """Return why these requests cannot be issued: ``{request: [text]}``."""
        later = self.filtered("is_made_good")
        errors = {request: request._get_content_errors() for request in self}
        for request in later:
            errors[request] += request._get_make_good_errors()
        leaving = (self - later).line_ids._get_further()
        gates = (self - later).order_ids._get_gate_conditions("shipping", leaving)
        requested = (self - later).line_ids._get_requested()
        for request in self - later:
            errors[request] += request._get_quantity_errors(requested)
            errors[request] += request._get_gate_errors(gates)
        return errors

    def _get_content_errors(self):
        """Return what is missing or has not been looked at."""
        self.ensure_one()
        if not self.line_ids:
            return [self.env._("Enter what is to leave.")]
        errors = [
            self.env._(
                "%(order)s goes to %(other)s: that needs a request of its own.",
                order=order.name,
                other=order.partner_shipping_id.display_name,
            )
            for order in self.order_ids
            if order.partner_shipping_id != self.partner_shipping_id
        ]
        unlooked = self._get_unlooked_error()
        return [*errors, unlooked] if unlooked else errors

    def _get_unlooked_error(self):
        """Return what the second look has not been taken at, or ""."""
        self.ensure_one()
        names = [
            check.line_id.product_id.display_name or check.title
            for check in self._get_unlooked()
        ]
        if not names:
            return ""
        return self.env._(
            "Nobody has taken the second look at this yet: %s.", ", ".join(names)
        )

    def _get_quantity_errors(self, requested):
        """Return of which lines more is requested than is open.

        :param requested: in all, see ``_get_requested``
        """
        self.ensure_one()
        shipped = self.order_ids._get_whole_shipped_quantities()
        to_exchange = self.order_ids._get_quantities_to_exchange()
        errors = []
        for line in self.line_ids:
            sale_line = line.sale_line_id
            most = sale_line._get_most_to_ship() - shipped.get(sale_line, 0.0)
            most += to_exchange.get(sale_line, 0.0)
            elsewhere = requested[sale_line] - line.remaining_quantity
            if line.product_uom_id.compare(requested[sale_line], most) <= 0:
                continue
            errors.append(
                self.env._(
                    "%(product)s of %(order)s: %(quantity)s are requested, and only"
                    " %(open)s of what is ordered are neither shipped nor requested"
                    " elsewhere.",
                    product=line.product_id.display_name,
                    order=line.order_id.name,
                    quantity=line._format(line.remaining_quantity),
                    open=line._format(max(0.0, most - elsewhere)),
                )
            )
        return errors

    def _get_gate_errors(self, gates):
        """Return which conditions of the shipping gate these goods do not meet.

        :param gates: ``{order: [condition]}``
        """
        self.ensure_one()
        return [
            self.env._(
                "%(order)s: %(condition)s — %(reason)s (%(actor)s)",
                order=order.name,
                condition=condition["label"],
                reason=condition["reason"],
                actor=condition["actor"] or self.env._("no one assigned"),
            )
            for order in self.order_ids
            for condition in gates.get(order, ())
            if condition["code"] != "shipping_request" and not condition["holds"]
        ]

    def _get_issued_sentence(self):
        self.ensure_one()
        goods = ", ".join(line._get_look_value() for line in self.line_ids)
        values = {"number": self.number, "goods": goods}
        if self.is_made_good:
            return self.env._(
                "%(number)s makes good what had left without a shipping request:"
                " %(goods)s",
                **values,
            )
        if self.issue_count > 1:
            return self.env._("%(number)s is issued again: %(goods)s", **values)
        return self.env._("%(number)s is issued: %(goods)s", **values)

    # ------------------------------------------------------------- taking back

    def action_revise(self):
        """Take issued requests back to be prepared anew; nothing leaves meanwhile.

        :raise UserError: not issued, or goods have left already
        """
        self._start()
        self._check_states(["issued"])
        self._check_nothing_left()
        self.sudo()._take_back("draft")  # protected fields, the checks are above
        for request in self.sudo():
            request._tell(
                self.env._(
                    "%s is being revised; nothing leaves under it until it is issued"
                    " again.",
                    request.number,
                )
            )
        return True

    def action_withdraw(self, reason=False):
        """Take requests back for good: nothing leaves under them any more.

        One that has never been issued disappears.

        :raise UserError: shipped or withdrawn, goods have left, or no reason
        """
        self._start()
        self._check_states(["draft", "issued"])
        self._check_nothing_left()
        numbered = self.filtered("number")
        reason = str(reason or "").strip()
        if numbered and not reason:
            raise UserError(self.env._("Say why the request is withdrawn."))
        # protected fields, the checks are above
        numbered.sudo()._withdraw(reason)
        (self - numbered).unlink()
        return True

    def _withdraw(self, reason):
        """Take these requests out of the way, as superuser, and say why."""
        self._take_back("withdrawn")
        self.write(
            {
                "withdrawn_on": fields.Datetime.now(),
                "withdrawn_by_id": self.env.uid,
                "withdrawal_reason": reason,
            }
        )
        for request in self:
            request._tell(
                self.env._(
                    "%(number)s is withdrawn: %(reason)s",
                    number=request.number,
                    reason=reason,
                )
            )

    def _take_back(self, state):
        """Let nothing leave under these requests any more, as superuser."""
        self.write({"state": state})
        self._free_transfers()
        self.sheet_ids._update_todos()
        self._update_todos()

    def _check_nothing_left(self):
        """Refuse to take back what goods have left under."""
        left = self.filtered(lambda request: request.sudo().line_ids.move_ids)
        if left:
            raise UserError(
                self.env._(
                    "Goods have left under %s. If the rest is not to leave, close the"
                    " rest instead.",
                    ", ".join(left.mapped("display_name")),
                )
            )

    def action_close_rest(self):
        """Say that what has not left under these requests will not leave.

        :raise UserError: not issued, or nothing has left yet
        """
        self._start()
        self._check_states(["issued"])
        untouched = self.filtered(lambda request: not request.sudo().line_ids.move_ids)
        if untouched:
            raise UserError(
                self.env._(
                    "Nothing has left under %s yet. Withdraw it instead.",
                    ", ".join(untouched.mapped("display_name")),
                )
            )
        self.sudo().line_ids._close_rest()  # protected fields, the checks are above
        return True

    # ------------------------------------------------------------- shipping

    def _note_left(self):
        """Note on these requests, as superuser, that goods have left under them."""
        issued = self.filtered(lambda request: request.state == "issued")
        shipped = issued - issued._get_open_lines().request_id
        if shipped:
            shipped.write({"state": "shipped", "shipped_on": fields.Datetime.now()})
            shipped._free_transfers()
            shipped._note_shipped()
        self._update_todos()

    def _get_ship_to_error(self):
        """Return why goods may not go where this request sends them, or ""."""
        self.ensure_one()
        moved = self.order_ids.filtered(
            lambda order: order.partner_shipping_id != self.partner_shipping_id
        )
        if not moved and self.issued_ship_to == self._get_neutral_ship_to():
            return ""
        return self.env._(
            "the ship-to has changed since %s was issued; revise the request and look"
            " at it again",
            self.number,
        )

    def _goes_to(self, move):
        """Tell whether a move takes goods where this request sends them."""
        self.ensure_one()
        picking = move.picking_id
        # a drop shipment's transfer names the vendor, its goods the customer
        is_own = picking.picking_type_id.code == "outgoing"
        partner = picking.partner_id if is_own else move.partner_id
        if partner and partner != self.partner_shipping_id:
            return False
        return not self._get_ship_to_error()

    def _free_transfers(self):
        """Let go of the transfers that have not been done under these requests."""
        open_pickings = self.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        open_pickings.shipping_request_id = False
        # another request may be waiting for them
        open_pickings.move_ids._link_shipping_request()
