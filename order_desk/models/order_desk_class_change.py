from odoo import api, fields, models
from odoo.exceptions import UserError


class OrderDeskClassChange(models.Model):
    """One change of a customer's class, asked for or proposed, and its decision.

    The classes decide about money, so nobody writes them by hand: every change has a
    reason and a person who decided, and stays on file (SPEC F1).
    """

    _name = "order.desk.class.change"
    _description = "Change of a Customer Class"
    _inherit = ["order.desk.protected.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    kind = fields.Selection(
        [("request", "Request"), ("proposal", "Proposal")],
        required=True,
        default="request",
        readonly=True,
        help="Request: somebody asked for the change. Proposal: the payment history"
        " suggests it.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    old_class_id = fields.Many2one(
        "order.desk.customer.class",
        "Present Class",
        readonly=True,
        ondelete="restrict",
        help="The class that applied when the change was asked for; once it is"
        " decided, the class before.",
    )
    new_class_id = fields.Many2one(
        "order.desk.customer.class",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    old_class_code = fields.Char("Class", related="old_class_id.code")
    new_class_code = fields.Char("Becomes", related="new_class_id.code")
    is_laxer = fields.Boolean(
        compute="_compute_is_laxer", help="The customer would have to pay less early."
    )
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Asked by", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("applied", "Applied"),
            ("declined", "Declined"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        tracking=True,
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Datetime(readonly=True, copy=False)
    note = fields.Text(
        "Note on the Decision",
        copy=False,
        help="Whoever asked for the change reads it.",
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")

    average_days_late = fields.Float(
        "Days Late",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="How many days after the due date money came on average, weighted by"
        " amount; what is still overdue counts until the day of the figures.",
    )
    overdue_share = fields.Float(
        "Overdue (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="What is overdue, in percent of what was invoiced in twelve months.",
    )
    turnover = fields.Monetary(
        readonly=True,
        help="Invoiced in twelve months without taxes, less credit notes.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    figures_on = fields.Date(
        "Figures of", readonly=True, help="The day on which the figures were counted."
    )

    _open_uniq = models.UniqueIndex(
        "(partner_id, company_id, kind) WHERE state = 'open'",
        "A change of this customer's class is open already.",
    )

    @api.depends("partner_id.name", "old_class_id.code", "new_class_id.code")
    def _compute_display_name(self):
        for change in self:
            change.display_name = self.env._(
                "%(customer)s: %(old)s → %(new)s",
                customer=change.partner_id.name or "",
                old=change.old_class_id.code or "–",
                new=change.new_class_id.code or "",
            )

    @api.depends("old_class_id.sequence", "new_class_id.sequence")
    def _compute_is_laxer(self):
        for change in self:
            change.is_laxer = change.new_class_id._is_laxer_than(change.old_class_id)

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        may = self._is_decider(self.env.user)
        for change in self:
            change.can_decide = may and change.state == "open"

    @api.model
    def _is_decider(self, user):
        """Tell whether ``user`` decides about the classes of customers."""
        return user.has_group("order_desk.group_order_desk_supervisor")

    @api.model
    def _get_protected_defaults(self):
        return {
            **super()._get_protected_defaults(),
            "state": "open",
            "decided_by_id": False,
            "decided_on": False,
        }

    @api.model
    def _get_fixed_fields(self):
        return {
            "kind",
            "partner_id",
            "company_id",
            "old_class_id",
            "new_class_id",
            "reason",
            "user_id",
            "average_days_late",
            "overdue_share",
            "turnover",
            "figures_on",
        }

    @api.model
    def _get_protected_message(self, names):
        return self.env._(
            "%s cannot be changed by hand. Use the buttons on the change of class.",
            names,
        )

    def write(self, vals):
        decided = self.filtered(lambda change: change.state != "open")
        if "note" in vals and decided and not self.env.su:
            raise UserError(
                self.env._(
                    "%s: this is decided, the note stays as it is. Ask for another"
                    " change of the class instead.",
                    ", ".join(decided.mapped("display_name")),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Changes of a customer's class stay on file. Decline them.")
        )
