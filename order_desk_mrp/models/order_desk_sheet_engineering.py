from odoo import api, fields, models

from odoo.addons.order_desk.models.order_desk_sheet import SIGNING_STATES

from .order_desk_engineering import CURRENT_STATES

ANSWER_ASPECT = "answer"


class OrderDeskSheet(models.Model):
    """Engineering is asked about each line outside the standard (SPEC B5)."""

    _inherit = "order.desk.sheet"

    engineering_ids = fields.One2many(
        "order.desk.engineering",
        "sheet_id",
        "Engineering Confirmations",
        domain=[("state", "in", CURRENT_STATES)],
        readonly=True,
    )

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "engineering_ids": []}

    def unlink(self):
        # with their to-dos and messages, which the database knows nothing of
        everything = self.env["order.desk.engineering"].sudo()
        everything.search([("sheet_id", "in", self.ids)]).unlink()
        return super().unlink()

    @api.model
    def _get_milestone_sentence(self, code):
        if code == "engineering_answered":
            return self.env._("Engineering has answered on every non-standard line.")
        return super()._get_milestone_sentence(code)

    # ------------------------------------------------------------- asking

    def _advance(self):
        self._update_engineering()
        return super()._advance()

    def action_open_sign(self, role_id=False, decision="signed"):
        # an order that was under way before engineering was asked at all
        self._update_engineering()
        return super().action_open_sign(role_id, decision)

    def _action_cancel(self):
        result = super()._action_cancel()
        # whoever may cancel the order need not see what engineering was asked
        current = self.sudo().engineering_ids
        current._end("cancelled", self.env._("The order is cancelled."))
        return result

    def _update_engineering(self):
        """Ask engineering about the lines outside the standard, and anew if changed.

        Answers to what is not ordered any more become history.
        """
        sheets = self.sudo()._filter_engineering()
        if not sheets:
            return
        engineering = self.env["order.desk.engineering"].sudo()
        lines = sheets.order_id.order_line.with_prefetch()
        wanted = lines._filter_engineered() & lines.browse(
            [line.id for sheet in sheets for line in sheet._get_content_lines()]
        )
        current = {e.sale_line_id: e for e in sheets.engineering_ids}
        values = wanted | lines.browse(line.id for line in current)
        values = values._prepare_engineering_values()
        gone = sheets.engineering_ids.filtered(lambda e: e.sale_line_id not in wanted)
        changed = (sheets.engineering_ids - gone).filtered(
            lambda e: e.digest != values[e.sale_line_id]["digest"]
        )
        gone._end_gone()
        changed._follow_line(values)
        asked = wanted.filtered(
            lambda line: (
                line not in current or current[line].state not in CURRENT_STATES
            )
        )
        asked = asked & sheets._filter_asking(asked).order_id.order_line
        engineering._ask(asked, {line: values[line] for line in asked}, current)
        sheets.engineering_ids._update_todos()

    def _filter_engineering(self):
        """Return the sheets under way that have to do with engineering."""
        under_way = self.filtered(lambda sheet: sheet.state in SIGNING_STATES)
        roles = self.env["order.desk.role"]._get_engineering_signers(
            under_way.company_id
        )
        return under_way.filtered(
            lambda sheet: (
                sheet.engineering_ids
                or (sheet.is_non_standard and roles[sheet.company_id])
            )
        )

    def _filter_asking(self, lines):
        """Return the sheets whose engineers have yet to sign for these lines.

        What was signed before engineering was asked at all stays as it was signed.
        """
        sheets = self & lines.order_id.sheet_id
        roles = self.env["order.desk.role"]._get_engineering_signers(sheets.company_id)
        pending = sheets._get_pending_roles("countersign")
        return sheets.filtered(
            lambda sheet: (
                roles[sheet.company_id]
                and (sheet.engineering_ids or roles[sheet.company_id] & pending[sheet])
            )
        )

    # ------------------------------------------------------------- what is signed

    @api.depends(
        "order_id.order_line.engineering_ids.state",
        "order_id.order_line.engineering_ids.drawing_ids.state",
    )
    def _compute_digests(self):
        return super()._compute_digests()

    @api.model
    def _get_content_keys(self):
        """Make engineering's answer an aspect of its own.

        Whoever answers for engineering answers for it; but it is nothing that was
        entered, so it asks nobody for another second look.
        """
        return {**super()._get_content_keys(), ANSWER_ASPECT: ((), ("engineering",))}

    def _get_contents(self):
        contents = super()._get_contents()
        for content in contents.values():
            answers = content.pop(ANSWER_ASPECT)
            lines = {key: values for key, values in answers["lines"].items() if values}
            # orders without such an answer keep what was signed
            if lines:
                content[ANSWER_ASPECT] = {**answers, "lines": lines}
        return contents

    @api.model
    def _get_content_labels(self):
        return {
            **super()._get_content_labels(),
            "engineering": self.env._("Engineering's answer"),
        }

    # ------------------------------------------------------------- in words

    def _get_engineering_missing(self):
        """Return the lines without a feasible answer: ``[(line, why, who)]``."""
        self.ensure_one()
        # whoever signs reads what is missing, and need not read everything behind
        lines = self.sudo()._get_content_lines()._filter_engineered()
        return [
            (line, *missing)
            for line in lines
            if (missing := self._get_engineering_gap(line))
        ]

    def _get_engineering_gap(self, line):
        """Return why a line cannot be built yet, and who has it; nothing if it can."""
        engineering = line._get_engineering()
        if not engineering:
            roles = self.env["order.desk.role"]._get_engineers(self.company_id)
            people = roles[self.company_id].signer_ids.mapped("name")
            return self.env._("engineering has not been asked yet"), ", ".join(
                people
            ) or self.env._("no one assigned")
        return engineering._get_gap()

    def _get_engineering_summary(self):
        """Return the answers of all lines, as the chief engineer signs them."""
        self.ensure_one()
        answered = [
            (line, line._get_engineering())
            for line in self._get_content_lines()._filter_engineered()
        ]
        return "\n".join(
            "{}: {}".format(
                line._get_engineering_label(),
                "; ".join(engineering._get_texts()) or self.env._("not answered yet"),
            )
            for line, engineering in answered
        ) or self.env._("Nothing is outside the standard.")
