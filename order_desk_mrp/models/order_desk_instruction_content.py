from odoo import api, fields, models

# what the workshop reads of the signed content: neither prices nor the customer
ORDER_KEYS = ("other_requirements",)
LINE_KEYS = (
    "product",
    "quantity",
    "description",
    "configuration",
    "packaging_note",
    "special_requirement",
    "engineering",
    "tolerance_over",
    "tolerance_under",
)


class OrderDeskInstruction(models.Model):
    """What an instruction says: the workshop's part of what was released (SPEC E1)."""

    _inherit = "order.desk.instruction"

    drawing_ids = fields.Many2many(
        "ir.attachment",
        string="Drawings",
        compute="_compute_drawing_ids",
        compute_sudo=True,
        help="The drawings by which the goods are made, in the versions that hold.",
    )

    @api.model
    def _get_workshop_keys(self):
        """Return what the workshop reads: (keys of the order, keys of its lines).

        Modules add keys of their own content; another value of one of them makes
        another version of the instruction.
        """
        return ORDER_KEYS, LINE_KEYS

    @api.model
    def _get_workshop_content(self, revision):
        """Return the workshop's part of a revision: ``{"order": …, "lines": …}``."""
        order_keys, line_keys = self._get_workshop_keys()
        content = revision._merge_aspects(revision.content, None)
        return {
            "order": {key: content["order"].get(key) for key in order_keys},
            "lines": {
                line_id: {key: values[key] for key in line_keys if key in values}
                for line_id, values in content["lines"].items()
            },
        }

    @api.depends("revision_id")
    def _compute_other_requirements(self):
        for instruction in self:
            content = self._get_workshop_content(instruction.revision_id)
            instruction.other_requirements = content["order"]["other_requirements"]

    @api.depends("revision_id", "previous_id.revision_id")
    @api.depends_context("lang", "tz")
    def _compute_changes(self):
        for instruction in self:
            revisions = instruction.previous_id.revision_id | instruction.revision_id
            if len(revisions) < 2:
                instruction.changes = False
                continue
            contents = [
                {"workshop": self._get_workshop_content(revision)}
                for revision in revisions
            ]
            instruction.changes = revisions._get_changes_text(
                revisions._get_changes(*contents)
            )

    @api.depends("revision_id", "item_ids.sale_line_id")
    def _compute_drawing_ids(self):
        for instruction in self:
            content = self._get_workshop_content(instruction.revision_id)
            drawings = self.env["ir.attachment"]
            for point in instruction.item_ids:
                values = content["lines"].get(point.content_key) or {}
                drawings |= point._get_engineering(values)[1]
            instruction.drawing_ids = drawings

    def _get_applying_concerns(self, order_lines):
        """Return which of the checklist's concerns this order has."""
        self.ensure_one()
        content = self._get_workshop_content(self.revision_id)
        lines = content["lines"].values()
        concerns = {"all"}
        if any(v.get("tolerance_over") or v.get("tolerance_under") for v in lines):
            concerns.add("tolerance")
        if any(v.get("packaging_note") for v in lines):
            concerns.add("packaging")
        if content["order"]["other_requirements"] or any(
            (v.get("special_requirement") or "").strip() for v in lines
        ):
            concerns.add("special")
        if any(line._get_drawings() for line in order_lines):
            concerns.add("drawing")
        return concerns
