from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class OrderDeskMaterialStatement(models.Model):
    """Making a statement, and reading the stock again (SPEC B6)."""

    _inherit = "order.desk.material.statement"

    @api.model
    def _make(self, sheets):
        """Return a statement to sign for each of ``sheets``, with today's figures.

        One that nobody has signed for material control is read again; what people have
        corrected on it stays. Else there is a new one, the older ones stay on file.
        """
        sheets = sheets.sudo()  # whoever moves a sheet on need not read the stock
        plans = self.env["order.desk.material.plan"]._get_plans(sheets)
        digests = sheets._get_material_digests()
        requested = self._get_requested(sheets)
        drafts = sheets.material_statement_ids.filtered(lambda s: s.state == "draft")
        by_sheet = drafts.grouped("sheet_id")
        vals_list = []
        for sheet in sheets:
            draft = by_sheet.get(sheet, drafts.browse())
            vals = self._prepare_vals(sheet, plans[sheet], digests[sheet])
            vals["line_ids"] = [
                Command.create(line_vals)
                for line_vals in self._prepare_lines_vals(
                    sheet, plans[sheet], draft, requested
                )
            ]
            if draft:
                draft.line_ids.unlink()
                draft.write(vals)
            else:
                number = sheet.company_id._order_desk_next_number(self._name)
                vals_list.append({"name": number, "sheet_id": sheet.id, **vals})
        statements = drafts | self.sudo().create(vals_list)
        statements._ask_purchasing()
        statements._update_todos()
        return statements.sudo(self.env.su)

    @api.model
    def _prepare_vals(self, sheet, plan, digest):
        company = sheet.company_id
        wished = sheet.commitment_date
        needed_by = False
        if wished:
            days = sheet._get_making_days(plan)
            needed_by = max(
                fields.Date.subtract(company._order_desk_date(wished), days=days),
                company._order_desk_date(),
            )
        return {
            "read_on": fields.Datetime.now(),
            "digest": digest,
            "problem": "\n".join(dict.fromkeys(plan.errors + plan.problems)) or False,
            "is_impossible": bool(plan.errors),
            "needed_by": needed_by,
            # what purchasing has signed were the figures of then
            "purchasing_by_id": False,
            "purchasing_on": False,
            "purchasing_for_id": False,
        }

    @api.model
    def _prepare_lines_vals(self, sheet, plan, draft, requested):
        """Return the lines: what is missing or late first, what is made here last."""
        corrected = {
            line.product_id: line
            for line in draft.line_ids
            if line.is_corrected or line.comment
        }
        lines = [
            self._prepare_line_vals(
                need,
                corrected.get(need.product),
                requested.get((sheet, need.product), 0.0),
            )
            for need in plan.needs.values()
            if need.bom or need.product.is_storable
        ]
        far = fields.Date.to_date("9999-12-31")
        lines.sort(
            key=lambda vals: (
                vals["kind"] == "made",
                not vals["expected_missing_qty"],
                -(vals["expected_date"] or far).toordinal(),
            )
        )
        shared = {"company_id": sheet.company_id.id}  # not worked out line by line
        return [
            {**vals, **shared, "sequence": number} for number, vals in enumerate(lines)
        ]

    @api.model
    def _prepare_line_vals(self, need, corrected, requested):
        """Return the values of one material; a correction of it stays.

        A material that has arrived meanwhile needs no correction any more.
        """
        supply = need.supply
        is_made = bool(need.bom)
        missing = 0.0 if is_made else supply["missing"]
        day = False if is_made else supply["date"] or False
        vals = {
            "product_id": need.product.id,
            "product_uom_id": need.product.uom_id.id,
            "kind": "made" if is_made else "bought",
            "needed_qty": need.quantity,
            "on_hand_qty": supply["on_hand"],
            "reserved_qty": supply["reserved"],
            "planned_qty": supply["planned"],
            "free_qty": supply["free"],
            "incoming_qty": supply["incoming"],
            "incoming_date": supply["incoming_date"] or False,
            "to_make_qty": need.to_make,
            "missing_qty": missing,
            "earliest_date": day,
            "expected_missing_qty": missing,
            "expected_date": day,
            "requested_qty": min(requested, missing),
        }
        if corrected:
            vals["comment"] = corrected.comment
            if corrected.is_corrected and (missing or corrected.expected_missing_qty):
                vals["expected_missing_qty"] = corrected.expected_missing_qty
                vals["expected_date"] = corrected.expected_date
        return vals

    def _ask_purchasing(self):
        """Ask purchasing to sign where something is missing or comes late."""
        for statement in self:
            statement.asks_purchasing = bool(
                statement.line_ids.filtered(
                    lambda line: line.status in ("missing", "late", "unknown")
                )
            )

    def action_read_again(self):
        """Look at stock and arrivals again; a signed statement gets a successor.

        :raise UserError: not material control or purchasing, or the order is done
        """
        self.check_access("read")
        self._lock()
        self._check_may_renew()
        statements = self._make(self.sheet_id)
        return statements._get_records_action() if statements != self else True

    def _lock(self):
        """Let one person at a time work on the statements of an order."""
        # material control need not have rights on sheets
        self.sheet_id.sudo()._lock()
        self.invalidate_recordset(["state", "purchasing_on"])

    def _check_may_renew(self):
        for statement in self:
            if not statement.can_renew:
                raise UserError(statement._get_closed_error())

    def _check_can_correct(self):
        """Refuse changes by others, and of what has been signed.

        :raise UserError: names the statement and what can be done
        """
        for statement in self:
            if not statement.can_correct:
                raise UserError(statement._get_closed_error(for_change=True))

    def _get_closed_error(self, for_change=False):
        """Return why the current user cannot work on this statement now."""
        self.ensure_one()
        name = self.display_name
        if self.state == "replaced":
            return self.env._("%s has been replaced by a newer statement.", name)
        if not self.sudo().sheet_id._takes_material_statement():
            return self.env._(
                "%s: the order is not at a step at which its material is stated.", name
            )
        if not any(self in side for side in self.sudo()._get_my_sides()):
            return self.env._(
                "%(statement)s is the business of material control and purchasing:"
                " %(people)s.",
                statement=name,
                people=self._get_people_text(),
            )
        if for_change:
            return self.env._(
                "%s has been signed. Read the stock again to change it; then it is"
                " signed anew.",
                name,
            )
        return ""

    def _get_people_text(self):
        """Return who works on this statement, for messages."""
        self.ensure_one()
        statement = self.sudo()  # who may sign is no secret
        roles = statement.sheet_id._get_material_roles()[statement.company_id]
        roles |= statement._get_purchasing_roles()
        return "; ".join(role._get_signers_text() for role in roles)
