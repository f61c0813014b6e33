from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .order_desk_claim import DEAD_STATES


class OrderDeskClaim(models.Model):
    """Claims that open by themselves from a delivery receipt (SPEC G7, I1)."""

    _inherit = "order.desk.claim"

    receipt_id = fields.Many2one(
        "order.desk.receipt",
        "Delivery Receipt",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="What the customer has signed.",
    )

    @api.model
    def _get_fixed_fields(self):
        return {*super()._get_fixed_fields(), "receipt_id"}

    @api.constrains("receipt_id", "sheet_id")
    def _check_receipt(self):
        """Tie a claim to a receipt of its own order that its opener may see."""
        self.receipt_id.check_access("read")
        for claim in self.sudo():  # receipts name orders that need not be readable
            receipt = claim.receipt_id
            if receipt and claim.sheet_id not in receipt.sheet_ids:
                raise ValidationError(
                    self.env._(
                        "%(order)s is not on the delivery receipt %(number)s.",
                        order=claim.order_id.name,
                        number=receipt.number,
                    )
                )

    @api.model
    def _open_from_receipt(self, receipts):
        """Open a claim for each order of these receipts of which not all came well.

        Whatever the customer has signed: what is more than what has left is told in
        words, so that nobody is stopped from signing.

        :param receipts: signed or filed ones, as superuser
        :return: the claims
        """
        vals_list = []
        for receipt in receipts:
            receipt = receipt._in_desk_language()
            claimed = receipt.claim_ids.filtered(
                lambda claim: (
                    claim.source == "receipt" and claim.state not in DEAD_STATES
                )
            ).order_id
            differences = receipt._get_difference_lines()
            for order, lines in differences.grouped("order_id").items():
                if order.sheet_id and order not in claimed:
                    vals_list.append(self._prepare_receipt_vals(receipt, order, lines))
        # the customer's word opens it, whoever files it
        claims = self.sudo().create(vals_list)
        claims._mail_received()
        return claims

    @api.model
    def _prepare_receipt_vals(self, receipt, order, lines):
        """Return the values of the claim about one order of a receipt."""
        kinds = lines.mapped("difference")
        kind = next(k for k in ("damage", "wrong", "shortage") if k in kinds)
        facts = [line._get_difference_text() for line in lines]
        if receipt.remark:
            facts.append(receipt.remark)
        customer = order.partner_id.commercial_partner_id
        receiver = receipt.partner_id
        own = receiver.commercial_partner_id == customer
        return {
            "sheet_id": order.sheet_id.id,
            "partner_id": receiver.id if own else order.partner_id.id,
            "contact": receipt.signed_name,
            "opened_by_id": receipt.filed_by_id.id,
            "source": "receipt",
            "receipt_id": receipt.id,
            "kind": kind,
            "name": self.env._(
                "Differences on the delivery receipt %s", receipt.number
            ),
            "description": "\n".join(facts),
            "line_ids": [
                (0, 0, vals) for vals in self._prepare_receipt_line_vals(lines)
            ],
            "attachment_ids": [(4, file.id) for file in lines.photo_ids],
        }

    @api.model
    def _prepare_receipt_line_vals(self, lines):
        """Return the claimed goods: a line each of what is damaged, wrong or missing.

        No more than can still be claimed; the facts are in the claim's words anyway.
        """
        claimable = lines.sale_line_id._get_claimable_quantities()
        left = {line: found.open for line, found in claimable.items()}
        vals_list = []
        for line in lines.filtered("sale_line_id"):
            wrong = line.received_qty if line.is_wrong else line.surplus_qty
            for kind, quantity in (
                ("damage", line.damaged_qty),
                ("wrong", wrong),
                ("shortage", line.missing_qty),
            ):
                sale_line = line.sale_line_id
                wanted = sale_line._get_quantity_of_parts(
                    {
                        line.product_id: line.product_uom_id._compute_quantity(
                            quantity, line.product_id.uom_id, round=False
                        )
                    }
                )
                uom = sale_line.product_uom_id
                taken = uom.round(min(wanted, left[sale_line]))
                if uom.compare(taken, 0) <= 0:
                    continue
                left[sale_line] -= taken
                vals_list.append(
                    {
                        "sale_line_id": sale_line.id,
                        "kind": kind,
                        "quantity": taken,
                        "note": line.note,
                    }
                )
        return vals_list
