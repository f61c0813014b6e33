from odoo import models


class OrderDeskSheet(models.Model):
    """What production adds to the dossier of an order (SPEC I2)."""

    _inherit = "order.desk.sheet"

    def _get_dossier_documents(self):
        return [
            *super()._get_dossier_documents(),
            *self._get_dossier_engineering(),
            *self._get_dossier_production(),
            self._get_dossier_incidents(),
        ]

    def _get_dossier_engineering(self):
        """Return the chapters about how it is built, and of what."""
        env = self.env
        drawings = self.engineering_ids.drawing_ids.sorted("id")
        return [
            self._make_dossier_chapter(
                310,
                env._("Engineering Confirmations"),
                self.engineering_ids.sorted("id"),
                fields=(
                    "special_requirement",
                    "configuration",
                    "tolerance",
                    "state",
                    "answer",
                    "process",
                    "formula",
                    "reason",
                    "proposal",
                    "answered_by_id",
                    "answered_on",
                    "settle_reason",
                    "settled_by_id",
                    "confirmed_process",
                    "estimated_result",
                    "risk",
                    "confirmed_by_id",
                ),
                missing=[
                    env._("%(line)s: %(reason)s", line=line.display_name, reason=why)
                    for line, why, _who in self._get_engineering_missing()
                ],
            ),
            self._make_dossier_chapter(
                320,
                env._("Drawings"),
                drawings,
                fields=(
                    "product_id",
                    "version",
                    "change_note",
                    "state",
                    "sent_on",
                    "decided_by_name",
                    "decided_on",
                    "markup",
                ),
                files=drawings.attachment_id | drawings.reply_file_ids,
            ),
            self._make_dossier_chapter(
                330,
                env._("Material Statements"),
                self.material_statement_ids.sorted("id"),
                report="order_desk_mrp.action_report_material_statement",
            ),
        ]

    def _get_dossier_production(self):
        """Return the chapters about what was made and inspected."""
        env = self.env
        inspections = self.inspection_ids.filtered(lambda i: i.state != "cancelled")
        return [
            self._make_dossier_chapter(
                650,
                env._("Production Instructions"),
                self.instruction_ids.sorted("id"),
                report="order_desk_mrp.order_desk_instruction_report",
            ),
            self._make_dossier_chapter(
                660,
                env._("Shell Samples"),
                self.sample_ids.sorted("id"),
                fields=(
                    "quantity",
                    "state",
                    "found_where",
                    "lent_to_id",
                    "lent_on",
                    "due_back",
                    "returned_on",
                    "return_condition",
                    "return_note",
                    "note",
                ),
                photos=("image_1920",),
                missing=[
                    env._("Still lent: %s", sample.display_name)
                    for sample in self.sample_ids
                    if sample.state == "lent"
                ],
            ),
            self._make_dossier_chapter(
                670,
                env._("Inspections"),
                inspections.sorted("id"),
                report="order_desk_mrp.action_report_inspection",
            ),
        ]

    def _get_dossier_incidents(self):
        """Return the chapter about what went wrong, and what came of it."""
        incidents = self.incident_ids.sorted("id")
        return self._make_dossier_chapter(
            680,
            self.env._("Incidents"),
            incidents,
            fields=(
                "kind",
                "description",
                "reporter_id",
                "raised_on",
                "owner_id",
                "plan",
                "plan_owner_id",
                "plan_until",
                "state",
                "outcome_kind",
                "outcome",
            ),
            files=incidents.attachment_ids | incidents.photo_id,
        )

    def _get_dossier_events(self):
        """Tell also what went wrong and what engineering answered."""
        events = super()._get_dossier_events()
        make = self._make_dossier_event
        incidents = self._filter_dossier_readable(self.incident_ids)
        answers = self._filter_dossier_readable(self.engineering_ids)
        return [
            *events,
            *(
                make(
                    incident.raised_on,
                    incident.reporter_id.name,
                    self.env._("Incident: %s", incident.name),
                    incident.description,
                )
                for incident in incidents
            ),
            *(
                make(
                    answer.answered_on,
                    answer.answered_by_id.name,
                    self.env._("Engineering has answered: %s", answer.display_name),
                    answer.summary,
                )
                for answer in answers
            ),
        ]
