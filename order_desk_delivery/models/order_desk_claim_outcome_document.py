from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class OrderDeskClaimOutcome(models.Model):
    """The documents of Odoo's own that outcomes make (SPEC I1)."""

    _inherit = "order.desk.claim.outcome"

    move_ids = fields.One2many(
        "stock.move", "claim_outcome_id", "Stock Moves", readonly=True
    )
    credit_note_ids = fields.One2many(
        "account.move", "claim_outcome_id", "Credit Notes", readonly=True
    )
    resend_order_ids = fields.One2many(
        "sale.order", "claim_outcome_id", "Orders Sent anew", readonly=True
    )
    # repairs are another module; which orders it made is all there is to know of them
    repair_res_ids = fields.Json("Repair Orders", readonly=True)
    document_names = fields.Char(
        "Documents", compute="_compute_document_names", compute_sudo=True
    )

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "move_ids": [],
            "credit_note_ids": [],
            "resend_order_ids": [],
            "repair_res_ids": False,
        }

    @api.depends(
        "move_ids.picking_id.name",
        "credit_note_ids.name",
        "resend_order_ids.name",
        "repair_res_ids",
    )
    def _compute_document_names(self):
        for outcome in self:
            outcome.document_names = ", ".join(
                document.display_name for document in outcome._get_documents()
            )

    def _get_documents(self):
        """Return the document(s) this outcome has made: records of one model."""
        self.ensure_one()
        if self.kind in ("return", "exchange"):
            return self.move_ids.picking_id
        if self.kind == "credit":
            return self.credit_note_ids
        if self.kind == "resend":
            return self.resend_order_ids
        return self._get_repairs()

    def _get_repairs(self):
        """Return the repair orders of this outcome that are still there."""
        if "repair.order" not in self.env:
            return self.env["res.partner"]
        return self.env["repair.order"].browse(self.repair_res_ids or []).exists()

    def _get_document_states(self):
        """Return the states of the documents, of "open", "done" and "cancel"."""
        self.ensure_one()
        if self.kind in ("return", "exchange"):
            states = self.move_ids.mapped("state")
        elif self.kind == "resend":
            states = [
                "done" if order.delivery_status == "full" else order.state
                for order in self.resend_order_ids
            ]
        else:
            states = [document.state for document in self._get_documents()]
        names = {"done": "done", "posted": "done", "cancel": "cancel"}
        return {names.get(state, "open") for state in states}

    def _get_living_documents(self):
        """Return the names of the documents that are not cancelled."""
        self.ensure_one()
        documents = self.sudo()._get_documents()  # of the warehouse, of accounting
        return [d.display_name for d in documents if d.state != "cancel"]

    def action_open_documents(self):
        """Open what these outcomes have made, as far as the user may see it.

        :raise UserError: nothing was made yet
        """
        self.ensure_one()
        documents = self._get_documents()
        if not documents:
            raise UserError(
                self.env._("%s: there is no document yet.", self.display_name)
            )
        return documents._get_records_action(name=self._get_kind_text())

    def _check_makeable(self):
        """Refuse at once what nobody could make later.

        :raise UserError: nothing was invoiced, or the goods are not there any more
        """
        for outcome in self:
            if outcome.kind == "credit":
                outcome._get_invoiced_quantities()
            elif outcome.kind in ("return", "exchange"):
                outcome._get_back_quantities()

    # ------------------------------------------------------------- goods back

    def _make_return(self):
        """Let Odoo prepare the transfers that bring the goods back."""
        for wizard in self._prepare_returns():
            wizard.action_create_returns()
        self._choose_lots()

    def _make_exchange(self):
        """Let Odoo prepare the way back and the goods that leave instead.

        These leave like all goods: under a shipping request, through the gate.
        """
        for wizard in self._prepare_returns():
            wizard.action_create_exchanges()
        self._choose_lots()

    def _prepare_returns(self):
        """Return Odoo's return dialogs, filled in; one for each delivered transfer."""
        self.ensure_one()
        quantities = self._get_back_quantities()
        wizards = self.env["stock.return.picking"]
        for picking in self.env["stock.move"].union(*quantities).picking_id:
            wizard = wizards.create({"picking_id": picking.id})
            # protected; the user has the right to make returns
            wizard.sudo().claim_outcome_id = self
            for line in wizard.product_return_moves:
                line.quantity = quantities.get(line.move_id, 0.0)
            wizards |= wizard
        return wizards

    def _get_back_quantities(self):
        """Return how much of which delivered move comes back: ``{move: quantity}``.

        What was delivered last comes back first, and of the claimed lots, where the
        customer has named them.

        :raise UserError: less was delivered and is still there
        """
        quantities = defaultdict(float)
        for line in self.line_ids:
            claim_line = line.claim_line_id
            moves = claim_line.sale_line_id._get_delivered_moves()
            moves = moves.sorted(
                lambda move, lots=claim_line.lot_ids: not (move.lot_ids & lots)
            )
            for product, needed in line._get_part_quantities(moves).items():
                for move in moves.filtered(lambda m, p=product: m.product_id == p):
                    uom = move.product_uom
                    needed_here = product.uom_id._compute_quantity(
                        needed, uom, round=False
                    )
                    taken = min(needed_here, move._get_returnable() - quantities[move])
                    if uom.compare(taken, 0) <= 0:
                        continue
                    quantities[move] += taken
                    needed -= uom._compute_quantity(taken, product.uom_id, round=False)
                if product.uom_id.compare(needed, 0) > 0:
                    raise UserError(
                        self.env._(
                            "%(line)s: not that much is at the customer's any more."
                            " Look at the returns of the order.",
                            line=claim_line._get_title(),
                        )
                    )
        # without those of which nothing comes back
        return {
            move.with_env(self.env): quantity
            for move, quantity in quantities.items()
            if quantity
        }

    def _choose_lots(self):
        """Let the lots come back that the customer has named, as far as they go."""
        for line in self.line_ids:
            sale_line = line.claim_line_id.sale_line_id
            for move in self.move_ids.filtered(
                lambda move, sale_line=sale_line: (
                    move.sale_line_id == sale_line
                    and move.state not in ("done", "cancel")
                    and not move._is_leaving()
                )
            ):
                move._choose_lots(line.claim_line_id.lot_ids)

    # ------------------------------------------------------------- money back

    def _make_credit(self):
        """Draft the credit note, by Odoo's reversal of what was invoiced.

        :raise UserError: these goods were not invoiced yet
        """
        invoiced = self._get_invoiced_quantities()
        for invoice in self.env["account.move"].union(
            *(line.move_id for line in invoiced)
        ):
            wizard = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create(
                    {
                        "reason": self.env._("Claim %s", self.claim_id.number),
                        "journal_id": invoice.journal_id.id,
                    }
                )
            )
            wizard.refund_moves()
            self._keep_credited(invoice, wizard.new_move_ids, invoiced)

    def _get_invoiced_quantities(self):
        """Return what to credit: ``{invoice line: quantity in its unit}``."""
        quantities = {}
        for line in self.line_ids:
            sale_line = line.claim_line_id.sale_line_id
            needed = line.quantity
            invoice_lines = sale_line.invoice_lines.filtered(
                lambda line: (
                    line.move_id.move_type == "out_invoice"
                    and line.parent_state == "posted"
                )
            ).sorted("id", reverse=True)
            credited = sale_line._get_credited_quantities()
            for invoice_line in invoice_lines:
                uom = invoice_line.product_uom_id
                there = uom._compute_quantity(
                    invoice_line.quantity - quantities.get(invoice_line, 0.0),
                    sale_line.product_uom_id,
                    round=False,
                )
                for source in (invoice_line.move_id, invoice_line.move_id.browse()):
                    gone = min(there, credited.get(source, 0.0))
                    credited[source] = credited.get(source, 0.0) - gone
                    there -= gone
                taken = min(needed, there)
                if sale_line.product_uom_id.compare(taken, 0) <= 0:
                    continue
                needed -= taken
                quantities[invoice_line] = quantities.get(
                    invoice_line, 0.0
                ) + sale_line.product_uom_id._compute_quantity(taken, uom, round=False)
            if sale_line.product_uom_id.compare(needed, 0) > 0:
                raise UserError(
                    self.env._(
                        "%(line)s: %(quantity)s of it is on no posted invoice, so there"
                        " is nothing to credit. Invoice the order first, or drop the"
                        " credit note and take the quantity off the order.",
                        line=line.claim_line_id._get_title(),
                        quantity=line.claim_line_id._get_quantity_text(needed),
                    )
                )
        return quantities

    def _keep_credited(self, invoice, credit_note, invoiced):
        """Leave on a full reversal what this outcome is about, and link it."""
        goods = credit_note.invoice_line_ids
        # Odoo copies the lines in their order
        pairs = zip(invoice.invoice_line_ids.sorted(), goods.sorted(), strict=True)
        commands = [
            Command.update(copy.id, {"quantity": invoiced[line]})
            if line in invoiced
            else Command.delete(copy.id)
            for line, copy in pairs
        ]
        credit_note.invoice_line_ids = commands
        # protected; the user has the right to make credit notes
        credit_note.sudo().claim_outcome_id = self

    # ------------------------------------------------------------- sent anew

    def _make_resend(self):
        """Make a quotation under control for the goods that are sent anew."""
        claim = self.claim_id
        order = claim.order_id
        copy = order.copy(
            {
                "origin": claim.number,
                "client_order_ref": order.client_order_ref,
                "order_line": [
                    Command.create(line._prepare_resend_vals())
                    for line in self.line_ids
                ],
            }
        )
        # protected; the user has the right to make orders
        copy.sudo().claim_outcome_id = self
        if not copy.sheet_id:
            copy._order_desk_make_sheet()
        copy.message_post(
            body=plaintext2html(
                self.env._(
                    "Sent anew because of the claim %(claim)s on %(order)s.",
                    claim=claim.display_name,
                    order=order.name,
                )
            ),
            subtype_xmlid="mail.mt_note",
        )

    # ------------------------------------------------------------- repaired

    def _make_repair(self):
        """Make Odoo's repair orders: one for each serial number or line."""
        repairs = self.env["repair.order"].create(
            [vals for line in self.line_ids for vals in line._prepare_repair_vals()]
        )
        # protected; the user has the rights to make repair orders
        self.sudo().repair_res_ids = [*(self.repair_res_ids or []), *repairs.ids]
