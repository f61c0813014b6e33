from odoo import models

# whatever of these changes, money is another matter than what was signed
SIGNED_TERMS = ("customer", "currency")


class OrderDeskSheet(models.Model):
    """Terms changed after they were signed, so that less money comes in (SPEC C3)."""

    _inherit = "order.desk.sheet"

    def _get_roles_for_terms(self):
        """Return who has yet to sign terms laxer than those signed: ``{sheet: roles}``.

        More or fewer of the same goods at the same price are no matter of terms: what
        leaves is paid anyway.
        """
        to_sign = self._get_roles_to_sign()
        contents = {}
        waiting = {}
        for sheet, roles in to_sign.items():
            waiting[sheet] = roles.browse()
            now = (sheet.digests or {}).get("commercial")
            for role, signature in sheet._get_last_approvals().items():
                then = (signature.digests or {}).get("commercial")
                if role not in roles or not then or then == now:
                    continue
                if sheet not in contents:
                    contents.update(sheet._get_contents())
                if sheet._is_laxer_than(signature, contents[sheet]["commercial"]):
                    waiting[sheet] |= role
        return waiting

    def _get_last_approvals(self):
        """Return what each role signed last, whatever it refused since."""
        self.ensure_one()
        return {
            signature.role_id: signature
            for signature in self.signature_ids.sorted("id")
            if signature.decision == "signed"
            and signature.revision >= self.valid_from_revision
        }

    def _is_laxer_than(self, signature, now):
        """Tell whether the commercial content ``now`` brings in less than signed."""
        revision = self.revision_ids.filtered(
            lambda revision: revision.number == signature.revision
        )
        then = (revision.content or {}).get("commercial")
        if not then:
            return False
        if any(then["order"].get(k) != now["order"].get(k) for k in SIGNED_TERMS):
            return True
        old, new = then["lines"], now["lines"]
        goods = {str(line.id) for line in self.order_line if line._is_goods()}
        return any(
            self._is_line_laxer(old.get(line_id), new.get(line_id), line_id in goods)
            for line_id in {*old, *new}
        )

    def _is_line_laxer(self, old, new, is_goods):
        """Tell whether a line brings in less than the one that was signed.

        :param old: its content when it was signed, None for a new line
        :param new: its content now, None for one that is gone
        """
        before, after = self._get_line_worth(old), self._get_line_worth(new)
        if not old or not new:
            return self.currency_id.compare_amounts(after, before) < 0
        if old["taxes"] != new["taxes"] or old["quantity"][1] != new["quantity"][1]:
            return True
        if is_goods and old["quantity"][0] > 0:
            after = after / new["quantity"][0] * old["quantity"][0]
        return self.currency_id.compare_amounts(after, before) < 0

    def _get_line_worth(self, content):
        """Return what a line of the content comes to, before taxes."""
        if not content:
            return 0.0
        price = content["price_unit"] * (1 - content["discount"] / 100)
        return price * content["quantity"][0]
