from odoo import api, fields, models
from odoo.exceptions import ValidationError

# the general manager may waive whatever can be waived, until somebody says otherwise
DEFAULT_ROLE = "general_manager"


class OrderDeskWaiverRight(models.Model):
    """Who may pass which unmet condition of a gate, up to which amount.

    What is not among the conditions here can be waived by nobody: entries, signatures,
    codes and the release itself.
    """

    _name = "order.desk.waiver.right"
    _description = "Right to Waive a Condition"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    condition = fields.Selection(
        [
            ("confirmation", "Order confirmation by the customer"),
            ("deposit", "Deposit"),
            ("agreed_deposit", "Deposit below that of the customer class"),
            ("credit", "Credit of the customer"),
            ("balance", "Balance of what ships"),
        ],
        required=True,
        help="Entries, signatures, codes and the release itself can be waived by"
        " nobody.",
    )
    gate = fields.Selection(
        [("production", "Production gate"), ("shipping", "Shipping gate")],
        help="Left empty, the right counts at both gates.",
    )
    role_id = fields.Many2one(
        "order.desk.role",
        "Signer Role",
        check_company=True,
        ondelete="set null",
        help="Whoever signs in this role, their stand-ins included.",
    )
    user_ids = fields.Many2many(
        "res.users", string="People", domain=[("share", "=", False)]
    )
    group_id = fields.Many2one("res.groups", "Members of", ondelete="set null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    max_amount = fields.Monetary(
        "Up to",
        help="The highest missing amount that may be waived. Zero means any amount.",
    )
    make_good_days = fields.Integer(
        "Working Days to Make Good",
        default=5,
        help="The deadline that the dialog proposes, by the working calendar.",
    )

    _max_amount_positive = models.Constraint(
        "CHECK(max_amount >= 0)", "The highest amount cannot be negative."
    )
    _make_good_days_positive = models.Constraint(
        "CHECK(make_good_days >= 0)",
        "The working days to make good cannot be negative.",
    )

    @api.model
    def _selection_condition(self):
        """Return the conditions that can be waived, in the reader's language."""
        return self._fields["condition"]._description_selection(self.env)

    @api.model
    def _selection_gate(self):
        return self._fields["gate"]._description_selection(self.env)

    @api.depends("condition", "gate")
    @api.depends_context("lang")
    def _compute_display_name(self):
        conditions, gates = (
            dict(self._selection_condition()),
            dict(self._selection_gate()),
        )
        for right in self:
            names = (conditions.get(right.condition), gates.get(right.gate))
            right.display_name = " · ".join(name for name in names if name)

    @api.constrains("condition", "role_id", "user_ids", "group_id")
    def _check_holder(self):
        for right in self:
            if not (right.role_id or right.user_ids or right.group_id):
                raise ValidationError(
                    self.env._(
                        "Say who may waive “%s”: a signer role, people or a group.",
                        right.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rights = super().create(vals_list)
        self.env["order.desk.role"]._sync_signer_group()
        return rights

    def write(self, vals):
        result = super().write(vals)
        if {"user_ids", "active"} & set(vals):
            self.env["order.desk.role"]._sync_signer_group()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["order.desk.role"]._sync_signer_group()
        return result

    @api.model
    def _create_default_rights(self, companies, conditions=None):
        """Let somebody waive what nobody has had a right to waive so far.

        That is the general managers, unless ``_get_default_roles`` says otherwise. A
        company that has rights to a condition, be they archived, keeps its own.

        :param conditions: those that are new, by default all
        """
        conditions = conditions or [key for key, _label in self._selection_condition()]
        known = self.with_context(active_test=False)._read_group(
            [("company_id", "in", companies.ids)], ["company_id", "condition"]
        )
        there = set(known)
        special = self._get_default_roles()
        roles = self.env["order.desk.role"].search(
            [
                ("company_id", "in", companies.ids),
                ("code", "in", [DEFAULT_ROLE, *special.values()]),
            ]
        )
        self.create(
            [
                {
                    "company_id": role.company_id.id,
                    "role_id": role.id,
                    "condition": condition,
                    "sequence": 10 * number,
                }
                for role in roles
                for number, condition in enumerate(conditions, start=1)
                if special.get(condition, DEFAULT_ROLE) == role.code
                and (role.company_id, condition) not in there
            ]
        )

    @api.model
    def _get_default_roles(self):
        """Return who else may waive something at first: ``{condition: role code}``."""
        return {}

    @api.model
    def _get_mine(self, companies, gate):
        """Return the current user's rights: ``{(company, condition): rights}``."""
        # whoever signs need not be able to read the set-up of the desk
        rights = self.sudo().with_context(active_test=True)
        mine = rights.search(
            [("company_id", "in", companies.ids), ("gate", "in", (gate, False))]
        ).filtered(lambda right: self.env.user in right._get_holders())
        return mine.grouped(lambda right: (right.company_id, right.condition))

    def _get_holders(self):
        """Return the users who have this right today."""
        self.ensure_one()
        named = self.user_ids | self.group_id.all_user_ids
        return self.role_id.filtered("active").signer_ids | named.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )

    def _get_absent(self, user):
        """Return for whom ``user`` stands in today, empty if the right is their own."""
        self.ensure_one()
        if not self.role_id or user in self.user_ids | self.group_id.all_user_ids:
            return self.env["res.users"]
        return self.role_id._get_absent_signer(user)

    def _filter_reaching(self, order, missing):
        """Return those rights that reach as far as an amount missing on ``order``."""
        unlimited = self.filtered(lambda right: not right.max_amount)
        if unlimited or not missing:
            return unlimited or self
        amount = order._get_company_amount(missing)
        return self.filtered(
            lambda right: (
                amount is not None
                and right.currency_id.compare_amounts(amount, right.max_amount) <= 0
            )
        )
