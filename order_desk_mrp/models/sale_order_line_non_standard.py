from odoo import fields, models

from .order_desk_engineering import CURRENT_STATES


class SaleOrderLine(models.Model):
    """Engineering's answer belongs to the line: it is signed, built and shown."""

    _inherit = "sale.order.line"

    engineering_ids = fields.One2many(
        "order.desk.engineering",
        "sale_line_id",
        "Engineering Confirmations",
        domain=[("state", "in", CURRENT_STATES)],
        readonly=True,
        copy=False,
    )
    engineering_hint = fields.Text(
        "Engineering", compute="_compute_engineering_hint", compute_sudo=True
    )

    def _compute_engineering_hint(self):
        for line in self:
            line.engineering_hint = line._get_engineering_hint()

    def _get_engineering_hint(self):
        """Return how far engineering is with this line, for whoever enters it."""
        self.ensure_one()
        engineering = self._get_engineering()
        if not engineering:
            return False
        if engineering.state == "asked":
            return self.env._(
                "Engineering has been asked (%s).", engineering._get_engineers_text()
            )
        return engineering.summary

    def _get_engineering(self):
        """Return the current engineering confirmation of this line, maybe none."""
        self.ensure_one()
        # whoever works with the line gets what engineering says about it
        return self.sudo().engineering_ids[:1]

    def _filter_engineered(self):
        """Return the lines about which engineering has a say: a note is no goods."""
        return self.filtered(lambda line: line.is_non_standard and line.product_id)

    def _get_engineering_label(self):
        """Return the line as people name it: position and product."""
        self.ensure_one()
        goods = self.sudo().order_id.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        position = goods.ids.index(self.id) + 1 if self.id in goods.ids else 0
        return f"{position}. {self.product_id.display_name}"

    def unlink(self):
        # whoever takes a line off need not see what engineering was asked about it
        self.sudo().engineering_ids._end_gone()
        return super().unlink()

    # ------------------------------------------------------------- for others

    def _get_engineering_texts(self):
        """Return what the workshop has to know of engineering's answer.

        :return: list of texts, empty where nothing has been answered
        """
        self.ensure_one()
        engineering = self._get_engineering()
        return engineering._get_texts() if engineering._is_in_force() else []

    def _get_drawings(self):
        """Return the files of the drawings by which this line is built.

        :return: ``ir.attachment``: current versions, approved by the customer or
            given out without need of approval
        """
        drawings = self.sudo().engineering_ids.drawing_ids._filter_in_force()
        # whoever may read the drawing may read its file
        return drawings.attachment_id.sudo(self.env.su)

    def _get_engineering_bom(self):
        """Return the bill of materials engineering has chosen, maybe none."""
        self.ensure_one()
        engineering = self._get_engineering()
        bom = engineering and engineering._get_bom()
        return bom.sudo(self.env.su) if bom and bom.active else self.env["mrp.bom"]

    def _get_making_bom(self, found=None):
        return self._get_engineering_bom() or super()._get_making_bom(found)

    # ------------------------------------------------------------- what is signed

    def _get_content_values(self):
        values = super()._get_content_values()
        # everybody's signature covers the answer, whoever may read it
        for line in self.sudo():
            engineering = line.engineering_ids.with_env(line.env)[:1]
            if engineering and engineering.state != "asked" and engineering.answer:
                values[line.sudo(self.env.su)]["engineering"] = (
                    engineering._get_content_value()
                )
        return values

    def _get_engineering_contents(self):
        """Return what an answer is bound to: ``{line: content}``."""
        keys = self.env["order.desk.sheet"]._get_content_keys()["engineering"][1]
        # texts in the source language, whoever asks
        lines = self.with_context(lang="en_US", tz="UTC")
        values = lines._get_content_values()
        return {
            line: {key: values[source][key] for key in keys if key in values[source]}
            for line, source in zip(self, lines, strict=True)
        }

    def _prepare_engineering_values(self):
        """Return what the question about each line holds: ``{line: values}``."""
        sheets = self.env["order.desk.sheet"]
        return {
            line: {
                "product_id": line.product_id.id,
                "special_requirement": line.special_requirement,
                "configuration": line.configuration_summary or False,
                "tolerance": line._get_tolerance_text(),
                "digest": sheets._get_digest(content),
            }
            for line, content in self._get_engineering_contents().items()
        }

    def _get_tolerance_text(self):
        self.ensure_one()
        if not self.tolerance_over and not self.tolerance_under:
            return False
        return f"+{self.tolerance_over:g} % / −{self.tolerance_under:g} %"
