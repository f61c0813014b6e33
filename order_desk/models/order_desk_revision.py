from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..quantity import format_quantity


class OrderDeskRevision(models.Model):
    """The content of a sheet as somebody signed it or as the customer got it.

    Rows are written by ``order.desk.sheet._take_revisions`` and never changed, so the
    difference of two can be shown in words long after the order itself has moved on.
    """

    _name = "order.desk.revision"
    _description = "Revision of an Order Configuration Sheet"
    _order = "sheet_id, number desc"
    _rec_name = "number"

    sheet_id = fields.Many2one(
        "order.desk.sheet", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="sheet_id.company_id", store=True, precompute=True, index=True
    )
    number = fields.Integer(required=True, readonly=True)
    content = fields.Json(
        readonly=True,
        prefetch=False,
        help="What was signed, by aspect, see the sheet's contents.",
    )
    digests = fields.Json(readonly=True, help="The digest of each aspect.")
    changes = fields.Text(
        compute="_compute_changes", help="What is different from the revision before."
    )

    _number_uniq = models.Constraint(
        "UNIQUE(sheet_id, number)", "A sheet has each revision only once."
    )

    @api.depends("content")
    @api.depends_context("lang", "tz")
    def _compute_changes(self):
        by_sheet = self.search([("sheet_id", "in", self.sheet_id.ids)]).grouped(
            "sheet_id"
        )
        for revision in self:
            # a form that is being edited shows its sheet as a new record
            earlier = by_sheet.get(revision.sheet_id._origin, self.browse()).filtered(
                lambda r, number=revision.number: r.number < number
            )
            revision.changes = (
                self._get_changes_text(
                    self._get_changes(earlier[0].content, revision.content)
                )
                if earlier
                else False
            )

    def write(self, vals):
        if set(vals) - {"company_id"}:
            raise UserError(
                self.env._("A revision is kept as it was and cannot be changed.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_unsigned(self):
        for revision in self:
            if revision.sheet_id.signature_ids:
                raise UserError(
                    self.env._("A revision is kept as it was and cannot be deleted.")
                )

    # ------------------------------------------------------------- in words

    @api.model
    def _get_changes(self, old, new, aspects=None):
        """Return in the reader's words what differs between two contents.

        :param old: content by aspect code, as in ``content``; ``new`` the same
        :param aspects: codes of the aspects to compare, without it all
        :return: ``[{"line": product or "", "label": …, "old": text, "new": text}]``
        """
        labels = self.env["order.desk.sheet"]._get_content_labels()
        before = self._merge_aspects(old, aspects)
        after = self._merge_aspects(new, aspects)
        changes = [
            {"line": "", **change}
            for change in self._compare(before["order"], after["order"], labels)
        ]
        for line_id in sorted({*before["lines"], *after["lines"]}, key=int):
            line_before = before["lines"].get(line_id)
            line_after = after["lines"].get(line_id)
            name = self._get_product_text((line_after or line_before).get("product"))
            if line_before is None:
                found = [self._make_line_change(line_after, added=True)]
            elif line_after is None:
                found = [self._make_line_change(line_before, added=False)]
            else:
                found = self._compare(line_before, line_after, labels)
            changes += [{"line": name, **change} for change in found]
        return changes

    @api.model
    def _merge_aspects(self, content, aspects):
        """Return one content of several aspects; what two of them hold is the same."""
        merged = {"order": {}, "lines": {}}
        for code, part in (content or {}).items():
            if aspects is None or code in aspects:
                merged["order"].update(part["order"])
                for line_id, values in part["lines"].items():
                    merged["lines"].setdefault(line_id, {}).update(values)
        return merged

    @api.model
    def _compare(self, old, new, labels):
        changes = []
        for key in {**old, **new}:
            before, after = old.get(key), new.get(key)
            if before == after:
                continue
            if key == "configuration":
                answers = dict(before or []), dict(after or [])
                changes += self._compare(*answers, {})
                continue
            texts = [self._get_value_text(key, value) for value in (before, after)]
            if texts[0] == texts[1]:
                # the same words for another record, e.g. a product of the same name
                texts = [
                    f"{text} (#{value[0]})" if isinstance(value, list) else text
                    for text, value in zip(texts, (before, after), strict=True)
                ]
            changes.append(
                {"label": labels.get(key, key), "old": texts[0], "new": texts[1]}
            )
        return changes

    @api.model
    def _make_line_change(self, values, added):
        quantity = self._get_value_text("quantity", values.get("quantity"))
        return {
            "label": self.env._("Line added")
            if added
            else self.env._("Line taken away"),
            "old": "" if added else quantity,
            "new": quantity if added else "",
        }

    @api.model
    def _get_value_text(self, key, value):
        """Return a value of a content as a text for people."""
        if value is None or value == "":
            return ""
        if key == "product":
            return self._get_product_text(value)
        if key == "commitment_date":
            return format_datetime(self.env, value, dt_format="short")
        if key == "customer":
            return value[1] or ""
        if isinstance(value, list):
            parts = (
                part[1] if isinstance(part, list) else self._get_value_text("", part)
                for part in value
            )
            return (" " if key == "quantity" else ", ").join(p for p in parts if p)
        if isinstance(value, float):
            return format_quantity(value)
        return str(value)

    @api.model
    def _get_product_text(self, product):
        """Return the product of a line: code, name and whatever tells it apart."""
        if not product:
            return ""
        _id, code, name, *attributes = product
        details = ", ".join(text for texts in attributes for text in texts if text)
        text = f"[{code}] {name}" if code else name
        return f"{text} ({details})" if details else text

    @api.model
    def _get_changes_text(self, changes):
        """Return changes as plain sentences, one in each line."""
        nothing = self.env._("nothing")
        return "\n".join(
            self.env._(
                "%(what)s: %(old)s → %(new)s",
                what=" · ".join(t for t in (change["line"], change["label"]) if t),
                old=change["old"] or nothing,
                new=change["new"] or nothing,
            )
            for change in changes
        )
