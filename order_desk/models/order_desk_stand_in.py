from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class OrderDeskStandIn(models.Model):
    """Who signs for a signer while they are away (SPEC C3)."""

    _name = "order.desk.stand.in"
    _description = "Stand-In of a Signer"
    _order = "date_from desc, id desc"
    _rec_name = "stand_in_id"

    user_id = fields.Many2one(
        "res.users",
        "Away",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="restrict",
        help="Whose signature the stand-in gives.",
    )
    stand_in_id = fields.Many2one(
        "res.users",
        "Stand-In",
        required=True,
        index=True,
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        ondelete="restrict",
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", required=True, help="The last day, included.")
    role_ids = fields.Many2many(
        "order.desk.role",
        string="Only for the Roles",
        help="Left empty, the stand-in signs in all roles.",
    )
    note = fields.Char("Reason")
    is_used = fields.Boolean(compute="_compute_is_used", compute_sudo=True)

    _period = models.Constraint(
        "CHECK(date_to >= date_from)", "The period ends before it begins."
    )
    _two_people = models.Constraint(
        "CHECK(user_id != stand_in_id)", "Nobody stands in for themselves."
    )

    def _compute_is_used(self):
        signatures = self.env["order.desk.signature"].search(
            [
                ("on_behalf_of_id", "in", self.user_id.ids),
                ("user_id", "in", self.stand_in_id.ids),
            ]
        )
        used = {
            (
                row.on_behalf_of_id,
                row.user_id,
                row.company_id._order_desk_date(row.signed_on),
            )
            for row in signatures
        }
        for stand_in in self:
            stand_in.is_used = any(
                (away, user) == (stand_in.user_id, stand_in.stand_in_id)
                and stand_in.date_from <= day <= stand_in.date_to
                for away, user, day in used
            )

    @api.constrains("stand_in_id")
    def _check_stand_in(self):
        for stand_in in self:
            if stand_in.stand_in_id.share or not stand_in.stand_in_id.active:
                raise ValidationError(
                    self.env._(
                        "%s cannot stand in: only active employees can.",
                        stand_in.stand_in_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        stand_ins = super().create(vals_list)
        stand_ins._check_named_by_another()
        stand_ins._hand_over()
        return stand_ins

    def write(self, vals):
        used = self.filtered("is_used")
        if used and {"user_id", "stand_in_id", "date_from", "role_ids"} & set(vals):
            raise UserError(used._get_used_message())
        before = self.user_id
        result = super().write(vals)
        self.check_access("write")  # one's own has not become that of somebody else
        if {"user_id", "stand_in_id"} & set(vals):
            self._check_named_by_another()
        self.invalidate_recordset(["is_used"])
        if used.filtered(lambda stand_in: not stand_in.is_used):
            raise UserError(used._get_used_message())
        self._hand_over(before)
        return result

    def _check_named_by_another(self):
        """Nobody takes the signature of somebody else, whatever their rights."""
        own = self.filtered(lambda stand_in: stand_in.stand_in_id == self.env.user)
        if own and not self.env.su:
            raise UserError(
                self.env._(
                    "You cannot name yourself as the stand-in of %s. They do so in"
                    " their preferences, or another supervisor does.",
                    ", ".join(own.user_id.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("is_used")
        if used:
            raise UserError(used._get_used_message())

    def unlink(self):
        users = self.user_id
        result = super().unlink()
        self.browse()._hand_over(users)
        return result

    def _get_used_message(self):
        return self.env._(
            "%s has signed in this period already, so it stays on file. You can end it"
            " earlier, but not before the last of those signatures.",
            ", ".join(self.stand_in_id.mapped("name")),
        )

    def _hand_over(self, users=None):
        """Give the open to-dos to whoever may sign now; ``users`` were away before."""
        # a signer who names a stand-in need not be allowed to read everyone's sheets
        roles = self.env["order.desk.role"].sudo()
        roles.invalidate_model(["signer_ids"])
        roles._sync_signer_group()
        away = self.user_id | (users or self.env["res.users"])
        roles.search(
            [
                "|",
                ("user_ids", "in", away.ids),
                ("group_id.all_user_ids", "in", away.ids),
            ]
        )._update_open_todos()

    @api.model
    def _get_coming(self):
        """Return the stand-ins of today and of later."""
        # a day more: it is yesterday still for companies west of the server
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        return self.search([("date_to", ">=", yesterday)])

    def _get_roles(self, roles):
        """Return those of ``roles`` for which this stand-in signs."""
        self.ensure_one()
        return (roles & self.role_ids if self.role_ids else roles).filtered(
            lambda role: self.user_id in role._get_named_signers()
        )

    @api.model
    def _get_inactive(self, roles):
        """Return the user's own stand-in for these roles that is not of today."""
        signers = self.env["res.users"].union(
            *(role._get_named_signers() for role in roles)
        )
        mine = self.search(
            [("stand_in_id", "=", self.env.uid), ("user_id", "in", signers.ids)]
        )
        return (mine - self._get_active(roles))[:1]

    @api.model
    def _get_active(self, roles):
        """Return the stand-ins of today, by the calendar of the roles' companies."""
        domains = []
        for company in roles.company_id:
            today = company._order_desk_date()
            users = roles.filtered(lambda r, c=company: r.company_id == c)
            domains.append(
                Domain("date_from", "<=", today)
                & Domain("date_to", ">=", today)
                & Domain(
                    "user_id",
                    "in",
                    [u.id for role in users for u in role._get_named_signers()],
                )
            )
        return self.search(Domain.OR(domains)) if domains else self.browse()
