from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# an order in these states is being made, or is made
STARTED_STATES = ("progress", "to_close", "done")


class MrpProduction(models.Model):
    """Nothing is made before its instruction is acknowledged (SPEC E1).

    Planning, reserving and looking for components goes on. The rule stands where all
    doors meet: work that starts or is timed, quantities that are being made, goods
    that are consumed or made.
    """

    _inherit = "mrp.production"

    instruction_id = fields.Many2one(
        "order.desk.instruction",
        "Production Instruction",
        compute="_compute_instruction_id",
        compute_sudo=True,
    )
    instruction_state = fields.Selection(
        selection=lambda self: (
            self.env["order.desk.instruction"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="Instruction",
        compute="_compute_instruction_id",
        compute_sudo=True,
    )
    is_unacknowledged = fields.Boolean(
        "Not Acknowledged",
        compute="_compute_is_unacknowledged",
        search="_search_is_unacknowledged",
        compute_sudo=True,
        help="The production instruction waits for the production supervisor.",
    )
    instruction_waits_for = fields.Char(
        compute="_compute_is_unacknowledged", compute_sudo=True
    )

    @api.depends("sheet_id.instruction_ids.state")
    def _compute_instruction_id(self):
        for production in self:
            instruction = production.sheet_id.instruction_id
            production.instruction_id = instruction
            production.instruction_state = instruction.state

    @api.depends(
        "sheet_id.instruction_ids.state",
        "reference_ids.sale_ids.sheet_id.instruction_ids.state",
        "state",
    )
    def _compute_is_unacknowledged(self):
        waiting = self._get_waiting_instructions()
        for production in self:
            instruction = waiting.get(production)
            production.is_unacknowledged = bool(instruction)
            production.instruction_waits_for = instruction and instruction.waits_for

    def _search_is_unacknowledged(self, operator, value):
        if operator != "in":
            return NotImplemented
        instructions = self._get_waiting_domain(self.env.companies)
        waiting = instructions.subselect("sheet_id")
        # the workshop need not be able to read orders
        orders = self.env["sale.order"].sudo()._search([("sheet_id", "in", waiting)])
        references = self.env["stock.reference"].sudo()
        shared = references._search([("sale_ids", "in", orders)])
        domain = Domain("state", "not in", ("done", "cancel")) & (
            Domain("sheet_id", "in", waiting)
            | (Domain("sheet_id", "=", False) & Domain("reference_ids", "in", shared))
        )
        return domain if True in value else ~domain

    @api.model
    def _get_waiting_domain(self, companies):
        """Return the query of the instructions that hold work back."""
        # the workshop need not be able to read them
        instructions = self.env["order.desk.instruction"].sudo()
        roles = instructions._get_supervisor_roles(companies)
        asked = [company.id for company, found in roles.items() if found]
        return instructions._search(
            [("state", "=", "to_acknowledge"), ("company_id", "in", asked)]
        )

    def _get_waiting_instructions(self, sheets=None):
        """Return what is not acknowledged yet: ``{production: instruction}``.

        A company in which nobody acknowledges instructions waits for none.

        What is made for several orders waits until it is for each of them.

        :param sheets: ``{production: sheets}``, by default the orders' own
        """
        # the workshop need not be able to read sheets
        productions = self.sudo()
        if sheets is None:
            sheets = {p: p._get_own_sheets() for p in productions}
        sheets = {p: found for p, found in sheets.items() if found.instruction_ids}
        if not sheets:
            return {}
        roles = self.env["order.desk.instruction"]._get_supervisor_roles(
            productions.company_id
        )
        return {
            production: waiting[0]
            for production, found in sheets.items()
            if production.state not in ("done", "cancel")
            and roles[production.company_id]
            and (
                waiting := found.instruction_id.filtered(
                    lambda instruction: instruction.state == "to_acknowledge"
                )
            )
        }

    def _get_own_sheets(self):
        """Return for which sheets this order is: of merged orders there are several."""
        self.ensure_one()
        return self.sheet_id or self.reference_ids.sale_ids.sheet_id

    def _get_supplied_sheets(self):
        """Return for which sheet others make these orders: ``{production: sheet}``.

        What a subcontractor makes is received and then goes to the customer; Odoo links
        the receipt with the sale, not the order.
        """
        sheets = {}
        for production in self.sudo():  # as in _get_waiting_instructions
            receipts = production.move_finished_ids.move_dest_ids.filtered(
                lambda move: move.picking_type_id.code == "incoming"
            )
            sale = receipts.move_dest_ids.sale_line_id.order_id
            sheet = (sale | receipts.reference_ids.sale_ids).sheet_id
            if len(sheet) == 1:
                sheets[production] = sheet
        return sheets

    def _check_instruction(self):
        """Refuse to make anything of which the instruction is not acknowledged.

        :raise UserError: names the orders, the instructions and who acknowledges them
        """
        if not self:
            return
        # as in _get_waiting_instructions
        own = self.sudo().filtered(lambda production: production._get_own_sheets())
        others = self.sudo() - own
        waiting = own._get_waiting_instructions()
        waiting |= others._get_waiting_instructions(others._get_supplied_sheets())
        if waiting:
            raise UserError(
                "\n".join(
                    self.env._(
                        "%(production)s cannot be made yet: production instruction"
                        " %(instruction)s is not acknowledged. It waits for"
                        " %(people)s.",
                        production=production.display_name,
                        instruction=instruction.display_name,
                        people=instruction.waits_for,
                    )
                    for production, instruction in waiting.items()
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        productions = super().create(vals_list)
        productions.browse(
            production.id
            for production, vals in zip(productions, vals_list, strict=True)
            if self._starts_production(vals)
        )._check_instruction()
        return productions

    def write(self, vals):
        if self._starts_production(vals):
            self._check_instruction()
        return super().write(vals)

    @api.model
    def _starts_production(self, vals):
        """Tell whether these values say that something is being made."""
        return bool(vals.get("qty_producing")) or vals.get("state") in STARTED_STATES

    def action_print_instruction(self):
        """Print the instructions of these manufacturing orders."""
        self.check_access("read")
        # who makes it reads its instruction
        instructions = self.instruction_id.with_env(self.env)
        if not instructions:
            raise UserError(
                self.env._(
                    "%s: there is no production instruction to print.",
                    ", ".join(self.mapped("display_name")),
                )
            )
        return instructions.action_print()

    def action_view_instruction(self):
        """Open the instruction of this manufacturing order."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "order_desk_mrp.order_desk_instruction_action"
            ),
            "res_id": self.instruction_id.id,
            "views": [(False, "form")],
        }
