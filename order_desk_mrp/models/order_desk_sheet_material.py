from odoo import api, fields, models
from odoo.exceptions import UserError

# from the contract on until everything is made, material is somebody's business
MATERIAL_STATES = ("countersign", "coding", "confirming", "released")
PENDING = "order.desk.material"


class OrderDeskSheet(models.Model):
    """The material statement of an order (SPEC B6)."""

    _inherit = "order.desk.sheet"

    material_statement_ids = fields.One2many(
        "order.desk.material.statement",
        "sheet_id",
        readonly=True,
    )
    material_statement_id = fields.Many2one(
        "order.desk.material.statement",
        "Current Material Statement",
        compute="_compute_material",
        compute_sudo=True,
        help="The statement to sign, else the signed one.",
    )
    material_state = fields.Selection(
        "_selection_material_state",
        "Material Status",
        compute="_compute_material",
        compute_sudo=True,
    )
    material_summary = fields.Text(
        "Material", compute="_compute_material", compute_sudo=True
    )
    material_alert = fields.Text(compute="_compute_material", compute_sudo=True)
    material_is_outdated = fields.Boolean(
        "Material Statement Outdated", compute="_compute_material", compute_sudo=True
    )
    material_valid_until = fields.Date(
        "Material Statement Holds until", compute="_compute_material", compute_sudo=True
    )
    material_statement_count = fields.Integer(
        compute="_compute_material", compute_sudo=True
    )

    @api.model
    def _selection_material_state(self):
        field = self.env["order.desk.material.statement"]._fields["state"]
        return field._description_selection(self.env)

    @api.depends(
        "material_statement_ids.state",
        "material_statement_ids.alert",
        "material_statement_ids.is_outdated",
        "material_statement_ids.summary",
    )
    @api.depends_context("lang")
    def _compute_material(self):
        for sheet in self:
            current = sheet._get_current_statement()
            sheet.material_statement_id = current
            sheet.material_state = current.state
            sheet.material_summary = current.summary
            sheet.material_is_outdated = current.is_outdated
            sheet.material_valid_until = current.valid_until
            sheet.material_statement_count = len(sheet.material_statement_ids)
            sheet.material_alert = sheet._get_signed_statement().alert

    def _get_current_statement(self):
        """Return the statement that is to be signed, else the signed one."""
        self.ensure_one()
        statements = self.material_statement_ids
        drafts = statements.filtered(lambda statement: statement.state == "draft")
        return drafts[:1] or self._get_signed_statement()

    def _get_signed_statement(self):
        self.ensure_one()
        return self.material_statement_ids.filtered(lambda s: s.state == "signed")[:1]

    @api.model
    def _get_protected_defaults(self):
        return {**super()._get_protected_defaults(), "material_statement_ids": []}

    def _takes_material_statement(self):
        """Tell whether somebody has a say on this order's material now."""
        self.ensure_one()
        return self.state in MATERIAL_STATES

    def _get_material_roles(self):
        """Return the roles that sign the material statements: ``{company: roles}``."""
        return {
            company: roles.filtered(
                lambda role: role.statement == "material"
            ).with_prefetch(roles._prefetch_ids)
            for company, roles in self._get_roles().items()
        }

    def _get_material_digests(self):
        """Return what a statement is made from: ``{sheet: digest}``.

        It is what is ordered, and by which bills of materials it is made.
        """
        lines = self.env["order.desk.material.plan"]._get_goods_lines(self)
        boms = lines._get_making_boms()
        return {
            sheet: self._get_digest(
                [
                    (sheet.digests or {}).get("materials"),
                    [
                        [line.id, boms[line].id]
                        for line in lines.sorted("id")
                        if line.order_id == sheet.order_id
                    ],
                ]
            )
            for sheet in self
        }

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state", MATERIAL_STATES[0]) not in MATERIAL_STATES:
            # whoever refuses or cancels an order need not read its material
            self.sudo().material_statement_ids._update_todos()
        return result

    # ------------------------------------------------------------- making

    def _make_missing_statements(self):
        """Make the statements that material control has to sign and that are not there.

        A signed one goes on as long as the order is as it was and the statement holds.
        """
        sheets = self.sudo().filtered(lambda sheet: sheet._takes_material_statement())
        roles = sheets._get_material_roles()
        waiting = {
            sheet: pending & roles[sheet.company_id]
            for sheet, pending in sheets._get_roles_to_sign().items()
        }
        lacking = sheets.filtered(
            lambda sheet: (
                (waiting[sheet] or sheet.material_statement_ids)
                and sheet._lacks_statement(waiting[sheet])
            )
        )
        if lacking:
            self.env["order.desk.material.statement"].sudo()._make(lacking)

    def _lacks_statement(self, waiting):
        """Tell whether there is no statement that can be signed or that holds.

        :param waiting: material control's roles that have yet to sign this sheet
        """
        self.ensure_one()
        current = self._get_current_statement()
        if not current or current.is_outdated:
            return True
        return bool(waiting) and current.is_expired

    def _advance(self):
        result = super()._advance()
        self._follow_material()
        return result

    def _follow_material(self):
        """Make the first statement at once, and those of changed orders at the end.

        Whoever changes ten lines of an order changes it once.
        """
        roles = self._get_material_roles()
        sheets = self.sudo().filtered(
            lambda sheet: (
                sheet._takes_material_statement() and roles.get(sheet.company_id)
            )
        )
        new = sheets.filtered(lambda sheet: not sheet.material_statement_ids)
        new._make_missing_statements()
        if sheets - new:
            precommit = self.env.cr.precommit
            if PENDING not in precommit.data:
                precommit.data[PENDING] = set()
                # the desk makes them, whoever changed the order
                precommit.add(self.sudo().browse()._make_changed_statements)
            precommit.data[PENDING].update((sheets - new).ids)

    def _make_changed_statements(self):
        ids = self.env.cr.precommit.data.pop(PENDING, ())
        self.browse(sorted(ids)).exists()._make_missing_statements()
        self.env.flush_all()  # the transaction has been flushed before this

    def _follow_statements(self):
        """Look again at what these sheets' statements say."""
        self._make_missing_statements()
        self.material_statement_ids._follow()

    # ------------------------------------------------------------- signing

    def action_open_sign(self, role_id=False, decision="signed"):
        if decision == "signed":
            self._make_missing_statements()
        return super().action_open_sign(role_id, decision)

    def _sign(self, role, decision, *args, **kwargs):
        signatures = super()._sign(role, decision, *args, **kwargs)
        if decision == "signed" and role.statement == "material":
            for signature in signatures:
                statement = signature.sheet_id.sudo()._get_current_statement()
                if statement.state == "draft":
                    statement._take_signature(signature)
        return signatures

    # ------------------------------------------------------------- on the screen

    def action_open_material(self):
        """Open the material statement of this sheet, made if it is missing.

        :raise UserError: not at a step at which material is stated
        """
        self.ensure_one()
        if not self.material_statement_id:
            self._make_missing_statements()
            self.invalidate_recordset(["material_statement_id"])
        if not self.material_statement_id:
            raise UserError(
                self.env._(
                    "%s has no material statement. It is made when the sheet gets to"
                    " countersigning, where a role gives one.",
                    self.sudo().order_id.name,
                )
            )
        return self.material_statement_id._get_records_action()

    def action_view_materials(self):
        """Open all material statements of these sheets, the replaced ones too."""
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "order_desk_mrp.order_desk_material_statement_action"
            ),
            "domain": [("sheet_id", "in", self.ids)],
            "context": {},
        }
