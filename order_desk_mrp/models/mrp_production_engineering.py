from odoo import api, fields, models


class MrpProduction(models.Model):
    """The workshop reads engineering's answer and drawings on its order (SPEC B5)."""

    _inherit = "mrp.production"

    engineering_id = fields.Many2one(
        "order.desk.engineering",
        "Engineering Confirmation",
        compute="_compute_engineering",
        compute_sudo=True,
    )
    engineering_text = fields.Text(
        "Engineering", compute="_compute_engineering", compute_sudo=True
    )
    engineering_warning = fields.Text(compute="_compute_engineering", compute_sudo=True)
    drawing_ids = fields.Many2many(
        "ir.attachment",
        string="Drawings",
        compute="_compute_engineering",
        compute_sudo=True,
    )

    @api.depends("bom_id", "state", "sale_line_id.engineering_ids.drawing_ids.state")
    @api.depends_context("lang")
    def _compute_engineering(self):
        for production in self:
            line = production.sale_line_id
            if not line or line.product_id != production.product_id:
                line = line.browse()
            engineering = self.env["order.desk.engineering"]
            drawings = self.env["ir.attachment"]
            if line:
                engineering, drawings = line._get_engineering(), line._get_drawings()
            production.engineering_id = engineering
            production.drawing_ids = drawings
            production.engineering_text = "\n".join(
                line._get_engineering_texts() if line else ()
            )
            production.engineering_warning = (
                production._get_engineering_warning(engineering)
                if engineering and production.state not in ("done", "cancel")
                else False
            )

    def _get_engineering_warning(self, engineering):
        """Return why this order is not made as engineering says now, or nothing."""
        self.ensure_one()
        if not engineering._is_settled():
            return self.env._(
                "The order line has changed: wait for engineering's new answer (%s).",
                engineering._get_engineers_text(),
            )
        bom = engineering._get_bom()
        if bom and self.bom_id != bom:
            return self.env._(
                "Engineering has chosen %(new)s since; this order is made by %(old)s."
                " Change it as long as nothing is made.",
                new=bom.display_name,
                old=self.bom_id.display_name or self.env._("none"),
            )
        return False

    def action_open_engineering(self):
        """Open engineering's confirmation for what is made here."""
        self.ensure_one()
        return self.engineering_id._get_records_action()
