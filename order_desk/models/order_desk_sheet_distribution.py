from odoo import api, fields, models


class OrderDeskSheet(models.Model):
    """Copies of the coded sheet go out, and the sheet shows who has not (SPEC C5)."""

    _inherit = "order.desk.sheet"

    distribution_ids = fields.One2many(
        "order.desk.distribution", "sheet_id", copy=False
    )
    distribution_count = fields.Integer(
        "Copies", compute="_compute_distribution", compute_sudo=True
    )
    distribution_progress = fields.Char(
        "Copies Done", compute="_compute_distribution", compute_sudo=True
    )
    distribution_open_text = fields.Text(
        "Who Has Not",
        compute="_compute_distribution",
        compute_sudo=True,
        help="Who has not taken note, or not reported done.",
    )

    @api.depends("distribution_ids.state", "distribution_ids.due_on")
    def _compute_distribution(self):
        for sheet in self:
            copies = sheet.distribution_ids.filtered(lambda c: c.state != "cancelled")
            done = copies.filtered(lambda copy: copy.state == "done")
            sheet.distribution_count = len(copies)
            sheet.distribution_progress = bool(copies) and self.env._(
                "%(done)s of %(all)s done", done=len(done), all=len(copies)
            )
            sheet.distribution_open_text = "\n".join(
                copy._get_open_text() for copy in copies - done
            )

    def action_view_distribution(self):
        """Open the copies of this sheet."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "order_desk.order_desk_distribution_action"
            ),
            "domain": [("sheet_id", "in", self.ids)],
            "context": {},
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def _distribute(self):
        """Give each recipient their copy of the coded sheets, by the templates.

        Of a sheet that comes back with changed content the open copies are called
        back and new ones go out; unchanged content is not distributed twice.
        """
        self._take_revisions()
        # whoever gives the last signature or the codes need not see templates or copies
        due = self.sudo().filtered(lambda sheet: sheet._is_distribution_due())
        due.distribution_ids._filter_open()._cancel()
        copies = self.env["order.desk.distribution"].sudo()
        copies = copies.create(due._prepare_distribution_vals_list())
        for sheet, sheet_copies in copies.grouped("sheet_id").items():
            names = dict.fromkeys(copy._get_recipient_text() for copy in sheet_copies)
            sheet.message_post(
                body=self.env._(
                    "Copies of revision %(revision)s went to: %(recipients)s.",
                    revision=sheet.revision,
                    recipients=", ".join(names),
                )
            )

    def _prepare_distribution_vals_list(self):
        """Return the copies of these sheets by the templates, the same one once."""
        templates = self.env["order.desk.distribution.template"]
        vals_list = []
        due_on = {}  # the calendar is asked once for each number of hours
        for sheet, lines in templates._get_lines_by_sheet(self).items():
            by_copy = {}
            for line in lines.sorted("hours"):
                key = (sheet.company_id, line.hours)
                if key not in due_on:
                    due_on[key] = sheet.company_id._order_desk_plan_hours(line.hours)
                vals = line._prepare_distribution_vals(sheet)
                by_copy.setdefault(
                    tuple(vals.values()), {**vals, "due_on": due_on[key]}
                )
            vals_list += by_copy.values()
        return vals_list

    def _distribute_changes(self):
        """Distribute what was changed after the coding, once it is signed again."""
        coded = self.sudo().filtered(
            lambda sheet: (
                sheet.state in ("confirming", "released")
                and sheet.distribution_ids
                and max(sheet.distribution_ids.mapped("revision")) < sheet.revision
            )
        )
        pending = coded._get_roles_to_sign()
        coded.filtered(lambda sheet: not pending[sheet])._distribute()

    def _is_distribution_due(self):
        """Tell whether the present content has not been distributed yet."""
        self.ensure_one()
        numbers = [
            copy.revision
            for copy in self.distribution_ids
            if copy.revision >= self.valid_from_revision
        ]
        last = self.revision_ids.filtered(
            lambda revision: revision.number == max(numbers, default=0)
        )
        return not last or last.digests != self.digests
