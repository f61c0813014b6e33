from odoo import api, fields, models

from .order_desk_instruction import OPEN_STATES

# whoever is in none of them knows the customer by their code
CUSTOMER_GROUPS = (
    "sales_team.group_sale_salesman",
    "order_desk.group_order_desk_signer",
    "account.group_account_invoice",
    "account.group_account_readonly",
)


class OrderDeskSheet(models.Model):
    """The workshop is told what to make, and told again when it changes (SPEC E1)."""

    _inherit = "order.desk.sheet"

    instruction_ids = fields.One2many(
        "order.desk.instruction", "sheet_id", "Production Instructions", readonly=True
    )
    instruction_id = fields.Many2one(
        "order.desk.instruction",
        "Production Instruction",
        compute="_compute_instruction_id",
        compute_sudo=True,
        help="The version that holds.",
    )

    @api.depends("customer_code")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Name the customer to those alone who may read sheets."""
        hidden = self.browse() if self._is_customer_shown() else self
        for sheet in hidden:
            source = sheet.sudo()  # the names of the order and its codes
            parts = (source.order_id.name, source.order_code, source.customer_code)
            sheet.display_name = " · ".join(part for part in parts if part)
        return super(OrderDeskSheet, self - hidden)._compute_display_name()

    @api.model
    def _is_customer_shown(self):
        """Tell whether the current user may know who the customers are."""
        user = self.env.user
        return user._is_superuser() or any(map(user.has_group, CUSTOMER_GROUPS))

    @api.depends("instruction_ids.state")
    def _compute_instruction_id(self):
        for sheet in self:
            sheet.instruction_id = sheet.instruction_ids.filtered(
                lambda instruction: instruction.state in OPEN_STATES
            )[:1]

    def _get_last_instructions(self):
        """Return the last version of each sheet's instruction: ``{sheet: it}``."""
        return {
            sheet: sheet.instruction_ids.sorted("version")[-1]
            for sheet in self
            if sheet.instruction_ids
        }

    def _action_release(self):
        newly = self.filtered(lambda sheet: sheet.state == "confirming")
        result = super()._action_release()
        if newly:
            self.env["order.desk.instruction"]._issue(newly._get_released_revisions())
        self._reissue_instructions()
        return result

    def _get_released_revisions(self):
        """Return the content that was released: ``{sheet: order.desk.revision}``."""
        revisions = {}
        for sheet in self.sudo():  # whoever releases need not read every revision
            last = max(sheet.revision_ids, key=lambda revision: revision.number)
            revisions[sheet] = last
        return revisions

    def _advance_released(self):
        result = super()._advance_released()
        self._reissue_instructions()
        return result

    def _reissue_instructions(self):
        """Send out what has changed for the workshop, once it is released again.

        Other changes, e.g. of a price, leave the workshop in peace.
        """
        # whoever gives the last signature need not see instructions
        sheets = self.sudo().filtered(
            lambda sheet: (
                sheet.state == "released"
                and sheet.instruction_id
                and sheet.instruction_id.revision_id.digests != sheet.digests
            )
        )
        if not sheets:
            return
        pending = sheets._get_roles_to_sign()
        signed = sheets.filtered(lambda sheet: not pending[sheet])
        held = signed.order_id._get_order_desk_held()
        ready = signed.filtered(lambda sheet: sheet.order_id not in held)
        revisions = ready._take_revisions()
        instructions = self.env["order.desk.instruction"].sudo()
        changed = {
            sheet: revision
            for sheet, revision in revisions.items()
            if instructions._get_workshop_content(revision)
            != instructions._get_workshop_content(sheet.instruction_id.revision_id)
        }
        if changed:
            instructions._issue(changed)

    def _action_cancel(self):
        result = super()._action_cancel()
        self.sudo().instruction_ids._cancel()  # see there
        return result

    @api.model
    def _get_milestone_sentence(self, code):
        if code == "instruction_acknowledged":
            return self.env._("The production instruction is acknowledged.")
        return super()._get_milestone_sentence(code)

    def _get_way(self):
        """Show the acknowledgement where there is something to acknowledge."""
        way = super()._get_way()
        if self.sudo().instruction_id:  # whoever sees the sheet sees its way
            way.insert(way.index("released") + 1, "instruction_acknowledged")
        return way
