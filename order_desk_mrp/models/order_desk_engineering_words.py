from odoo import models


class OrderDeskEngineering(models.Model):
    """What an answer says: to the workshop, to the signers, on the sheet."""

    _inherit = "order.desk.engineering"

    def _is_settled(self):
        """Tell whether the line can be built: feasible, or confirmed in writing."""
        self.ensure_one()
        return self.state == "confirmed" or (
            self.state == "answered" and self.answer in ("feasible", "changed")
        )

    def _get_bom(self):
        """Return the bill of materials that this answer chooses, maybe none."""
        self.ensure_one()
        if self.state == "confirmed" or (
            self.state == "answered" and self.answer == "changed"
        ):
            return self.bom_id
        return self.env["mrp.bom"]

    def _get_answer_label(self):
        """Return the answer in words for the reader."""
        self.ensure_one()
        if self.state == "confirmed":
            return self.env._("The customer insists; process confirmed in writing")
        return dict(self._fields["answer"]._description_selection(self.env)).get(
            self.answer, ""
        )

    def _get_texts(self):
        """Return what the answer says, a list of texts; nothing while it is open."""
        self.ensure_one()
        if self.state == "asked" or not self.answer:
            return []
        bom = self._get_bom()
        values = [
            (self.env._("Engineering"), self._get_answer_label()),
            (self.env._("Bill of materials"), bom.display_name if bom else ""),
            (
                self.env._("Changed operations"),
                ", ".join(self.operation_ids.mapped("name")) if bom else "",
            ),
            (self.env._("Process"), self.process),
            (self.env._("Formula"), self.formula),
        ]
        if self.answer == "not_feasible":
            values += [
                (self.env._("Why not"), self.reason),
                (self.env._("Proposal"), self._get_proposal_text()),
            ]
        if self.state == "confirmed":
            values = [
                *values[:3],
                (self.env._("Process"), self.confirmed_process),
                (self.env._("Estimated result"), self.estimated_result),
                (self.env._("Risk"), self.risk),
            ]
        values += [
            (self.env._("Drawing"), drawing.display_name)
            for drawing in self.drawing_ids._filter_in_force()
        ]
        return [f"{label}: {text}" for label, text in values if text]

    def _get_proposal_text(self):
        """Return what is proposed instead, in one line."""
        self.ensure_one()
        parts = [
            self.proposed_product_id.display_name,
            self.proposed_requirement,
            self.env._("without the special requirement")
            if self.drops_requirement
            else "",
            self.proposal,
        ]
        return "; ".join(part for part in parts if part)

    def _get_content_value(self):
        """Return what is signed of this answer, in the form of a sheet's content.

        The customer's approval of a drawing is a condition of its own: it does not
        make anybody sign again, a new version does.
        """
        self.ensure_one()
        bom = self._get_bom()
        value = [[self.answer, self._get_answer_label()]]
        if bom:
            value.append([bom.id, bom.display_name])
            value.append(", ".join(self.operation_ids.mapped("name")))
        value += [self.process or "", self.formula or ""]
        if self.state == "confirmed":
            value += [self.confirmed_process or "", self.estimated_result or ""]
        value += [
            drawing.display_name for drawing in self.drawing_ids._filter_given_out()
        ]
        return value
